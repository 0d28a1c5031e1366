import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CaptureObservations, Ledger, Observation } from '../../functions/model.ts'
import { withoutDoubles } from '../../functions/observe/doubles.ts'

const captureOf = (session: string, changes: Partial<Ledger> = {}): CaptureObservations => ({
  ledger: {
    source: `${session}/captures/a.log`,
    session,
    sha256: 'bytes',
    size: 10,
    format: 'vpc-flow-log',
    records: 2,
    used: 2,
    leftOut: {},
    flows: 2,
    unnamed: {},
    gaps: [],
    first: 1,
    last: 2,
    error: null,
    ...changes,
  },
  observations: [{ session } as Observation],
})
const unread = { format: 'unknown', records: 0, used: 0, flows: 0, first: null, last: null, error: 'not known' }

/** The sessions that count. */
const counted = (captures: readonly CaptureObservations[]) =>
  withoutDoubles(captures)
    .filter(({ observations }) => observations.length > 0)
    .map(({ ledger }) => ledger.session)

describe('the same bytes in several sessions', () => {
  it('count in the first, and the others say where', () => {
    expect(withoutDoubles([captureOf('b'), captureOf('a')])).toMatchObject([
      { ledger: { session: 'b', used: 0, leftOut: { 'the same capture as a/captures/a.log': 2 } }, observations: [] },
      { ledger: { session: 'a', used: 2, leftOut: {} } },
    ])
  })

  it('count where they were read, if a session before could not read them', () => {
    const captures = [{ ...captureOf('a', unread), observations: [] }, captureOf('b')]
    expect(counted(captures)).toEqual(['b'])
    expect(withoutDoubles(captures)[0]?.ledger.error).toBe('not known')
  })

  it('count as the same one in whatever order they come', () => {
    const all = [captureOf('a', unread), captureOf('b', { used: 1 }), captureOf('c'), captureOf('d')]
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (some) => {
        expect(counted(some)).toEqual(['c'])
      }),
    )
  })
})
