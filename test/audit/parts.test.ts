/** An audit in parts is the same audit: however the observations are divided, and in whatever order the parts come. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AuditInput,
  auditObservations,
  concludeAudit,
  concludeStreamedAudit,
  weighObservations,
} from '../../functions/audit.ts'
import { readWeighedPart } from '../../functions/judge/read-weighed-part.ts'
import type { WeighedPart } from '../../functions/judge/weighed-part.ts'
import type { Location, Locator, Observation } from '../../functions/model.ts'
import { renderJson } from '../../functions/report/json.ts'
import { observations, world } from '../judge/arbitrary.ts'
import { declare, locatorOf, observe } from '../judge/world.ts'
import { exampleInput } from './example.ts'

const declaration = declare(world.declaration)
const input: Omit<AuditInput, 'observations'> = {
  declaration,
  sessions: world.sessions,
  ledgers: world.ledgers,
  locator: locatorOf(),
}

/** As another machine reads it. */
const sent = (part: WeighedPart) => readWeighedPart(JSON.parse(JSON.stringify(part)))

/** Weighs batches of their own, and concludes. */
function inParts(whole: Omit<AuditInput, 'observations'>, batches: readonly (readonly Observation[])[]): string {
  return renderJson(
    concludeAudit(
      whole,
      batches.map((batch) => sent(weighObservations({ ...whole, observations: batch }))),
    ),
  )
}

/** Deals observations to batches; batches may be empty. */
function dealt(all: readonly Observation[], to: readonly number[], batches: number): Observation[][] {
  const dealt = Array.from({ length: batches }, (): Observation[] => [])
  for (const [i, observation] of all.entries()) dealt[(to[i % to.length] ?? 0) % batches]?.push(observation)
  return dealt
}

const deal = fc.record({
  to: fc.array(fc.nat(7), { minLength: 1, maxLength: 40 }),
  batches: fc.integer({ min: 1, max: 8 }),
})

describe('an audit in parts', () => {
  it('writes the bytes of an audit of everything at once', () => {
    fc.assert(
      fc.property(observations, deal, (given, { to, batches }) => {
        const whole = renderJson(auditObservations({ ...input, observations: given }))
        expect(inParts(input, dealt(given, to, batches))).toBe(whole)
        expect(inParts(input, dealt(given, to, batches).reverse())).toBe(whole)
      }),
      { numRuns: 300 },
    )
  })

  it('writes the same bytes for every division of the Redmi 1S example', async () => {
    const { observations: all, ...example } = await exampleInput()
    const whole = renderJson(auditObservations({ ...example, observations: all }))
    fc.assert(
      fc.property(deal, ({ to, batches }) => {
        expect(inParts(example, dealt(all, to, batches))).toBe(whole)
      }),
      { numRuns: 30 },
    )
    const alone = all.map((one) => [one])
    expect(inParts(example, alone)).toBe(whole)
  })

  it('keeps apart the spellings of an address, the places where it stood, and other circumstances', () => {
    const moving: Locator = {
      snapshots: [],
      locate: (ip, at): Location => ({
        ip: ip.toLowerCase(),
        grade: 'proven',
        country: at % 2_000_000 === 0 ? 'CN' : 'SG',
        subdivision: null,
        city: null,
        cloud: null,
        prefix: null,
        evidence: [],
      }),
    }
    const whole = { ...input, locator: moving }
    const all = ['2A00::1', '2a00::1', '2A00::2'].flatMap((remote) =>
      [0, 1, 2, 3].map((second) => observe({ remote, first: 1_415_000_000_000_000 + second * 1_000_000 })),
    )
    const one = renderJson(auditObservations({ ...whole, observations: all }))
    expect(inParts(whole, all.map((each) => [each]).reverse())).toBe(one)
    expect(JSON.parse(one).findings).toHaveLength(4)
    expect(JSON.parse(one).summary.remotes).toBe(3)
  })

  it('is the same from parts that come one after another', async () => {
    const given = [observe(), observe({ flows: 3, session: 's2' }), observe({ remote: '10.0.0.1' })]
    const parts = given.map((one) => weighObservations({ ...input, observations: [one] }))
    async function* stream() {
      for (const part of parts) yield part
    }
    const streamed = renderJson(await concludeStreamedAudit(input, stream()))
    expect(streamed).toBe(renderJson(auditObservations({ ...input, observations: given })))
  })

  it('of nothing at all is that of no observations', () => {
    const none = renderJson(auditObservations({ ...input, observations: [] }))
    expect(renderJson(concludeAudit(input, []))).toBe(none)
    expect(inParts(input, [[], []])).toBe(none)
  })

  it('refuses parts of another declaration and of other reference data', () => {
    const part = weighObservations({ ...input, observations: [observe()] })
    const other = { ...input, declaration: { ...declaration, sha256: 'e'.repeat(64) } }
    expect(() => concludeAudit(other, [part])).toThrow(/weighed by d{64}; weigh its observations again/)
    const moved = { ...input, locator: { snapshots: [] } }
    expect(() => concludeAudit(moved, [part])).toThrow(/with the snapshots \(none\): a part was weighed with a{64}/)
  })
})
