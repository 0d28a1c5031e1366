import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Name, Observation, Waiver } from '../../functions/model.ts'
import { ADDRESSES, at, DEADLINE, judged, ledger, observe, service, session } from './world.ts'

const host = fc.constantFrom(
  'api.account.xiaomi.com',
  'b.account.xiaomi.com',
  'x.cloud.xiaomi.net',
  'tracker.xiaomi.com',
  'example.org',
  '<script>',
  '203.0.113.9',
)
const name: fc.Arbitrary<Name> = fc.oneof(
  fc.record({
    name: host,
    via: fc.constantFrom('tls-sni', 'http-host', 'mipush', 'dns', 'dns-cname', 'http-dns', 'log'),
  }),
  fc.record({ name: host, via: fc.constant('http-dns'), asked: fc.constant(true) }),
)
const observation: fc.Arbitrary<Observation> = fc
  .record({
    session: fc.constantFrom('s1', 's2', 'stray'),
    step: fc.constantFrom('idle', null),
    names: fc.array(name, { maxLength: 3 }),
    hidden: fc.constantFrom(null, 'tls-ech', 'quic'),
    deviceKnown: fc.boolean(),
    remote: fc.constantFrom(...Object.values(ADDRESSES), '10.0.0.1', 'ff02::1', '2a00::1'),
    port: fc.constantFrom(443, 80, null),
    protocol: fc.constantFrom(6, 17, -1),
    flows: fc.integer({ min: 1, max: 50 }),
    packetsIn: fc.constantFrom(0, 3),
    bytesOut: fc.constantFrom(40, 4000),
    first: fc.integer({ min: -3, max: 3 }).map((seconds) => DEADLINE + seconds * 1_000_000),
    capture: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
  })
  .map((over) => observe(over as Partial<Observation>))

const observations = fc.array(observation, { maxLength: 40 })
const world = {
  declaration: {
    services: [
      service('mi-account', ['api.account.xiaomi.com', '*.account.xiaomi.com']),
      service('mi-cloud', ['*.xiaomi.net']),
    ],
  },
  sessions: [session('s1'), session('s2', { rig: { id: 'rig-2', clockErrorMs: 0 } })],
  ledgers: [ledger({ sha256: 'a'.repeat(64) }), ledger({ sha256: 'b'.repeat(64), source: 'b', session: 's2' })],
}

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
          const found = findings.filter((finding) => finding.verdict === verdict)
          expect(found.reduce((sum, finding) => sum + finding.flows, 0)).toBe(summary.judged[verdict])
          expect(found).toHaveLength(summary.findings[verdict])
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
        const halves = given.flatMap((one) => [{ ...one, flows: one.flows + 1 }, one])
        const verdicts = (of: readonly Observation[]) =>
          judged(of, world).findings.map(({ id, verdict, reasons }) => [id, verdict, reasons])
        expect(verdicts(halves)).toEqual(verdicts(given))
        expect(judged(halves, world).summary.flows).toBe(2 * judged(given, world).summary.flows + given.length)
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
