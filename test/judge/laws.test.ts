import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Observation, Waiver } from '../../functions/model.ts'
import { observations, world } from './arbitrary.ts'
import { ADDRESSES, at, judged } from './world.ts'

describe('laws of judging', () => {
  it('every flow ends in exactly one bucket', () => {
    fc.assert(
      fc.property(observations, (given) => {
        const { summary, findings, outOfScope } = judged(given, world)
        const flows = given.reduce((sum, one) => sum + one.flows, 0)
        const { compliant, violation, indeterminate } = summary.judged
        const outside = Object.values(summary.outOfScope).reduce((sum, number) => sum + number, 0)
        expect(outOfScope.reduce((sum, { flows }) => sum + flows, 0)).toBe(outside)
        expect(summary.flows).toBe(flows)
        expect(compliant + violation + indeterminate + outside).toBe(flows)
        for (const verdict of ['compliant', 'violation', 'indeterminate'] as const) {
          const all = findings.filter((finding) => finding.verdict === verdict)
          // Consent is another question about the same flows.
          const found = all.filter(({ rule }) => !rule.startsWith('consent-'))
          expect(found.reduce((sum, finding) => sum + finding.flows, 0)).toBe(summary.judged[verdict])
          expect(all).toHaveLength(summary.findings[verdict])
        }
      }),
    )
  })

  it('the order in which observations, captures and sessions come does not matter', () => {
    const shuffled = observations.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
    )
    fc.assert(
      fc.property(shuffled, ([given, other]) => {
        const turned = { ...world, sessions: [...world.sessions].reverse(), ledgers: [...world.ledgers].reverse() }
        expect(JSON.stringify(judged(other, turned))).toBe(JSON.stringify(judged(given, world)))
      }),
    )
  })

  it('the same flows in two observations are the same findings', () => {
    fc.assert(
      fc.property(observations, (given) => {
        // As many flows in each: of one flow more is known than of two that were folded.
        const halves = given.flatMap((one) => [one, one])
        const verdicts = (of: readonly Observation[]) =>
          judged(of, world).findings.map(({ id, verdict, reasons }) => [id, verdict, reasons])
        expect(verdicts(halves)).toEqual(verdicts(given))
        expect(judged(halves, world).summary.flows).toBe(2 * judged(given, world).summary.flows)
      }),
    )
  })

  it('adding a waiver changes no verdict, no id and no conclusion', () => {
    const waiver: fc.Arbitrary<Waiver> = fc.record({
      id: fc.constantFrom('W1', 'W2'),
      rule: fc.constantFrom('residency', 'undeclared-host'),
      match: fc.constantFrom({}, { service: 'mi-cloud' }, { host: '*.xiaomi.com' }, { remote: ADDRESSES.beijing }),
      reason: fc.constant('because'),
      owner: fc.constant('a'),
      approver: fc.constant('b'),
      expires: fc.constantFrom(at('2014-01-01T00:00:00Z'), at('2020-01-01T00:00:00Z')),
    })
    fc.assert(
      fc.property(observations, fc.array(waiver, { maxLength: 2 }), (given, waivers) => {
        const without = judged(given, world)
        const waived = judged(given, { ...world, declaration: { ...world.declaration, waivers } })
        expect(waived.conclusion).toBe(without.conclusion)
        expect(waived.summary).toEqual(without.summary)
        expect(waived.findings.map((finding) => ({ ...finding, waiver: null }))).toEqual(without.findings)
      }),
    )
  })

  it('every indeterminate finding says what would settle it, every decided one that nothing needs to', () => {
    fc.assert(
      fc.property(observations, (given) => {
        for (const finding of judged(given, world).findings) {
          expect(finding.settle === null).toBe(finding.verdict !== 'indeterminate')
          expect(finding.reasons.length).toBeGreaterThan(0)
        }
      }),
    )
  })

  it('every finding has an id of its own and rests on a location of the judgement', () => {
    fc.assert(
      fc.property(observations, (given) => {
        const { findings, locations } = judged(given, world)
        expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length)
        expect(new Set(locations.map(({ id }) => id))).toEqual(new Set(findings.map(({ location }) => location.id)))
      }),
    )
  })
})
