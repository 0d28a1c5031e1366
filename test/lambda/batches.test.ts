import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchesOf, FILES_PER_BATCH } from '../../functions/lambda/batches.ts'

const files = fc
  .array(fc.nat(50))
  .map((counts) => counts.map((observations, i) => ({ key: `observations/${i}.parquet`, observations })))

describe('batches', () => {
  it('hold every observation exactly once, in order, and none too many', () => {
    fc.assert(
      fc.property(files, fc.integer({ min: 1, max: 60 }), (given, most) => {
        const batches = batchesOf(given, most)
        expect(batches.map(({ number }) => number)).toEqual(batches.map((_, i) => i))
        const rows = (of: typeof batches) =>
          of.flatMap((batch) => batch.files.flatMap(({ key, from, until }) => rowsOf(key, from, until)))
        expect(rows(batches)).toEqual(given.flatMap(({ key, observations }) => rowsOf(key, 0, observations)))
        for (const batch of batches) {
          expect(rows([batch]).length).toBeGreaterThan(0)
          expect(rows([batch]).length).toBeLessThanOrEqual(most)
        }
      }),
    )
  })

  it('divide only files that are too large for one', () => {
    const given = [5, 6, 25, 3].map((observations, i) => ({ key: `${i}`, observations }))
    const shape = batchesOf(given, 10).map((batch) => batch.files.map(({ key, from, until }) => [key, from, until]))
    expect(shape).toEqual([
      [['0', 0, 5]],
      [['1', 0, 6]],
      [['2', 0, 10]],
      [['2', 10, 20]],
      [
        ['2', 20, 25],
        ['3', 0, 3],
      ],
    ])
  })

  it('stay items that a Distributed Map takes: 256 KiB', () => {
    const given = Array.from({ length: 1000 }, (_, i) => ({ key: `${i}`.padEnd(1024, 'k'), observations: 1 }))
    const batches = batchesOf(given)
    expect(batches).toHaveLength(1000 / FILES_PER_BATCH)
    for (const batch of batches) expect(JSON.stringify(batch).length).toBeLessThan(256 * 1024)
  })
})

const rowsOf = (key: string, from: number, until: number) =>
  Array.from({ length: until - from }, (_, i) => `${key} ${from + i}`)
