import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Prefix, PrefixTable, parsePrefix } from '../../functions/net/prefix.ts'
import { lostShare } from '../../functions/reference/address-space.ts'

function tableOf(prefixes: readonly string[]) {
  const entries = prefixes.map((text): [Prefix, { readonly prefix: Prefix }] => {
    const prefix = parsePrefix(text)
    if (!prefix) throw new Error(text)
    return [prefix, { prefix }]
  })
  return new PrefixTable(entries, (one) => one)
}

describe('the share of addresses that was lost', () => {
  it.each<[readonly string[], readonly string[], 4 | 6, number]>([
    [['10.0.0.0/8'], ['10.0.0.0/9', '10.128.0.0/9'], 4, 0],
    [['10.0.0.0/9', '10.128.0.0/9'], ['10.0.0.0/8'], 4, 0],
    [['10.0.0.0/8'], ['10.0.0.0/9'], 4, 0.5],
    [['10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/24'], ['10.0.0.0/9'], 4, 0.5],
    [['10.0.0.0/8'], ['11.0.0.0/8'], 4, 1],
    [['0.0.0.0/0'], ['128.0.0.0/1'], 4, 0.5],
    [['10.0.0.0/8'], ['2001:db8::/32'], 4, 1],
    [['10.0.0.0/8'], ['2001:db8::/32'], 6, 0],
    [['2001:db8::/32'], ['2001:db8::/33'], 6, 0.5],
    [['2001:db8::/47'], ['2001:db8:0:1::/64'], 6, 0.5],
    [['::/0'], ['8000::/1'], 6, 0.5],
  ])('of %j, of which %j is left, is in IPv%i %f', (before, after, family, share) => {
    expect(lostShare(tableOf(before), tableOf(after), family)).toBe(share)
  })

  it('is what counting each address gives', () => {
    const prefix = fc
      .record({ start: fc.integer({ min: 0, max: 255 }), length: fc.integer({ min: 25, max: 32 }) })
      .map(({ start, length }) => `192.0.2.${start}/${length}`)
    const prefixes = fc.array(prefix, { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(prefixes, prefixes, (before, after) => {
        const [old, young] = [tableOf(before), tableOf(after)]
        const covered = (table: typeof old) =>
          Array.from({ length: 256 }, (_, i) => i).filter((i) => table.find(4, 0xc0000200 + i, 0, 0, 0) !== undefined)
        const all = covered(old)
        const left = new Set(covered(young))
        expect(lostShare(old, young, 4)).toBeCloseTo(all.filter((i) => !left.has(i)).length / all.length, 9)
      }),
    )
  })
})
