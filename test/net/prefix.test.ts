import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Address, parseAddress } from '../../functions/net/address.ts'
import { formatPrefix, type Prefix, PrefixTable, parsePrefix, prefixContains } from '../../functions/net/prefix.ts'

const prefix = (text: string): Prefix => {
  const parsed = parsePrefix(text)
  if (!parsed) throw new Error(`not a prefix: ${text}`)
  return parsed
}

describe('a prefix', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.168.1.7/24', '192.168.1.0/24'],
    ['10.1.2.3/0', '0.0.0.0/0'],
    ['255.255.255.255/32', '255.255.255.255/32'],
    ['2001:DB8::1/32', '2001:db8::/32'],
    ['2600:1f14:fff:ffff::/63', '2600:1f14:fff:fffe::/63'],
    ['::1/128', '::1/128'],
    ['ffff::/1', '8000::/1'],
  ])('%s is the network %s', (text, canonical) => {
    expect(formatPrefix(prefix(text))).toBe(canonical)
  })

  it.each([
    '192.0.2.0',
    '192.0.2.0/',
    '192.0.2.0/33',
    '192.0.2.0/024',
    '192.0.2.0/-1',
    '::/129',
    '/8',
    'a/8',
    '1.2.3/8',
    '1.2.3.4/8/8',
    '::/1e1',
    '1.2.3.4/ 8',
  ])('is not read from %j', (text) => expect(parsePrefix(text)).toBeNull())

  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/8', '::a00:0', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['::1/128', '::1', true],
    ['::1/128', '::2', false],
  ])('%s holds %s: %s', (text, ip, holds) => {
    const address = parseAddress(ip)
    if (!address) throw new Error(ip)
    expect(prefixContains(prefix(text), address.family, ...address.words)).toBe(holds)
  })
})

describe('a prefix table', () => {
  // Few distinct bits, so that prefixes nest, touch and repeat.
  const word = fc.constantFrom(0, 1, 2, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff, 0x0a000000)
  const address: fc.Arbitrary<Address> = fc.oneof(
    fc.tuple(word).map(([w0]) => ({ family: 4 as const, words: [w0, 0, 0, 0] as const })),
    fc.tuple(word, word, word, word).map((words) => ({ family: 6 as const, words })),
  )
  const anyPrefix = fc.tuple(address, fc.nat(128)).map(([{ family, words }, n]) => {
    const length = family === 4 ? n % 33 : n
    const bit = (i: number) => (i < length ? ((words[i >> 5] ?? 0) >>> (31 - (i & 31))) & 1 : 0)
    const cleared = [0, 0, 0, 0] as [number, number, number, number]
    for (let i = 0; i < 128; i++) cleared[i >> 5] = (((cleared[i >> 5] ?? 0) << 1) | bit(i)) >>> 0
    return { family, words: cleared, length } satisfies Prefix
  })

  it('gives what a scan for the longest prefix gives, in whatever order it was filled', () => {
    fc.assert(
      fc.property(
        fc.array(anyPrefix, { maxLength: 40 }),
        fc.array(address, { minLength: 1, maxLength: 20 }),
        (prefixes, probes) => {
          const entries = prefixes.map((p) => [p, formatPrefix(p)] as const)
          const table = new PrefixTable(entries, (one) => one)
          const reversed = new PrefixTable([...entries].reverse(), (one) => one)
          const ends: Address[] = prefixes
          for (const { family, words } of [...probes, ...ends]) {
            let longest: Prefix | undefined
            for (const p of prefixes)
              if (prefixContains(p, family, ...words) && (!longest || p.length > longest.length)) longest = p
            expect(table.find(family, ...words)).toBe(longest && formatPrefix(longest))
            expect(reversed.find(family, ...words)).toBe(longest && formatPrefix(longest))
          }
          expect(table.size).toBe(new Set(entries.map(([, text]) => text)).size)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('merges the values of one prefix', () => {
    const table = new PrefixTable(
      [
        [prefix('10.0.0.0/8'), 1],
        [prefix('10.0.0.0/8'), 2],
        [prefix('10.0.0.0/9'), 4],
      ],
      (a, b) => a + b,
    )
    expect(table.find(4, 0x0aff0000, 0, 0, 0)).toBe(3)
    expect(table.find(4, 0x0a000001, 0, 0, 0)).toBe(4)
    expect(table.size).toBe(2)
  })

  it('finds nothing where it is empty', () => {
    const table = new PrefixTable<string>([], (a) => a)
    expect(table.find(4, 0, 0, 0, 0)).toBeUndefined()
    expect(table.find(6, 0xffffffff, 0, 0, 0)).toBeUndefined()
  })
})
