import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../functions/net/address.ts'
import { MergedPrefixes, uncovered } from '../../functions/net/merged-prefixes.ts'
import { formatPrefix, PrefixTable, prefixAround } from '../../functions/net/prefix.ts'

// Few distinct bits, so that prefixes nest, touch and repeat.
const word = fc.constantFrom(0, 1, 2, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff)
const address: fc.Arbitrary<Address> = fc.oneof(
  word.map((w0) => ({ family: 4 as const, words: [w0, 0, 0, 0] as const })),
  fc.tuple(word, word, word, word).map((words) => ({ family: 6 as const, words })),
)
const anyPrefix = fc
  .tuple(address, fc.nat(128))
  .map(([one, length]) => prefixAround(one, one.family === 4 ? length % 33 : length))
const tableOf = (prefixes: readonly ReturnType<typeof prefixAround>[], name: number) =>
  new PrefixTable(
    prefixes.map((prefix) => [prefix, `${name} ${formatPrefix(prefix)}`] as const),
    (one) => one,
  )

describe('merged prefix tables', () => {
  it('say of an address what each table says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyPrefix, { maxLength: 12 }), { maxLength: 6 }),
        fc.array(address, { minLength: 1, maxLength: 20 }),
        (lists, probes) => {
          const tables = lists.map(tableOf)
          const merged = new MergedPrefixes(tables)
          for (const { family, words } of [...probes, ...lists.flat()]) {
            const found = merged.find(family, ...words)
            const separately = tables.map((table) => table.find(family, ...words))
            expect(merged.values(family, found)).toEqual(separately)
            expect(found < merged.count(family)).toBe(true)
            expect(found === uncovered).toBe(separately.every((value) => value === undefined))
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('have one number for addresses of which no table knows anything', () => {
    const merged = new MergedPrefixes([tableOf([prefixAround({ family: 4, words: [0x0a000000, 0, 0, 0] }, 8)], 0)])
    expect([merged.find(4, 0, 0, 0, 0), merged.find(4, 0xffffffff, 0, 0, 0)]).toEqual([uncovered, uncovered])
    expect(merged.find(4, 0x0affffff, 0, 0, 0)).toBe(1)
    expect([merged.count(4), merged.count(6)]).toEqual([2, 1])
  })
})
