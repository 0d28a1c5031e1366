import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeEntries } from '../../functions/locate/published/merge-entries.ts'
import { entryOf, type Published, type Words } from '../../functions/locate/published/published.ts'
import { publisherOf } from '../../functions/locate/published/publishers.ts'
import type { Address } from '../../functions/net/address.ts'
import { PrefixTable, prefixAround } from '../../functions/net/prefix.ts'
import { packPublished, unpackPublished } from '../../functions/reference/packed-published.ts'

const name = { source: 'geofeed/any', sha256: 'a'.repeat(64), parsers: 'those of this test' }

const restored = (published: Published): Published => {
  const unpacked = unpackPublished(packPublished(published, name), name)
  if (!unpacked) throw new Error('it was not restored')
  return unpacked
}

function expectSame(one: Published, other: Published, probes: readonly Address[]): void {
  const { table: a, ...restOfOne } = one
  const { table: b, ...restOfOther } = other
  expect(restOfOne).toStrictEqual(restOfOther)
  expect(a.size).toBe(b.size)
  for (const { family, words } of probes) expect(a.find(family, ...words)).toStrictEqual(b.find(family, ...words))
  for (const family of [4, 6] as const) {
    expect(a.spans(family)).toStrictEqual(b.spans(family))
    const { length } = a.values(family)
    expect(length).toBe(b.values(family).length)
    expect([...a.values(family)]).toStrictEqual([...b.values(family)])
    expect(JSON.stringify([...a.values(family)])).toBe(JSON.stringify([...b.values(family)]))
    expect([a.value(family, -1), a.value(family, length)]).toEqual([undefined, undefined])
    expect(a.value(family, 0)).toBe(a.value(family, 0))
  }
}

// Few distinct bits, so that prefixes nest, touch and repeat.
const word = fc.constantFrom(0, 1, 2, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff, 0x0a000000)
const address: fc.Arbitrary<Address> = fc.oneof(
  word.map((w0) => ({ family: 4 as const, words: [w0, 0, 0, 0] as const })),
  fc.tuple(word, word, word, word).map((words) => ({ family: 6 as const, words })),
)
const prefix = fc
  .tuple(address, fc.nat(128))
  .map(([one, length]) => prefixAround(one, one.family === 4 ? length % 33 : length))
const text = fc.string({ unit: 'binary', maxLength: 6 })
const orNull = fc.option(text, { nil: null })
const words: fc.Arbitrary<Words> = fc.record(
  {
    regions: fc.array(text, { maxLength: 2 }),
    services: fc.array(text, { maxLength: 2 }),
    edge: orNull,
    doubt: orNull,
    stated: fc.option(fc.record({ country: orNull, subdivision: orNull, city: orNull }, { noNullPrototype: true }), {
      nil: null,
    }),
  },
  { noNullPrototype: true },
)
const published: fc.Arbitrary<Published> = fc
  .record({
    time: fc.option(fc.maxSafeInteger(), { nil: null }),
    entries: fc.array(fc.tuple(prefix, words), { maxLength: 30 }),
    badLines: fc.array(fc.record({ line: fc.nat(), what: text }, { noNullPrototype: true }), { maxLength: 3 }),
    leftOut: fc.constantFrom<Readonly<Record<string, number>>>({}, { 'shorter than /22': 3 }),
  })
  .map(({ time, entries, badLines, leftOut }) => ({
    time,
    table: new PrefixTable(
      entries.map(([one, says]) => entryOf(one, says)),
      mergeEntries,
    ),
    badLines,
    leftOut,
  }))

describe('a published file that was packed', () => {
  it('is restored as it was: every look-up, every entry, its time and its bad lines', () => {
    fc.assert(
      fc.property(published, fc.array(address, { maxLength: 20 }), (one, probes) => {
        const ends = [4, 6].flatMap((family) => Array.from(one.table.values(family as 4 | 6), (entry) => entry.prefix))
        expectSame(restored(one), one, [...probes, ...ends])
      }),
      { numRuns: 300 },
    )
  })

  it('is restored wherever its bytes stand in their buffer', () => {
    const [one] = fc.sample(published, { seed: 7, numRuns: 1 })
    if (!one) throw new Error('no sample')
    const packed = packPublished(one, name)
    const within = new Uint8Array(packed.length + 8)
    within.set(packed, 4)
    const unpacked = unpackPublished(within.subarray(4, 4 + packed.length), name)
    expect([...(unpacked?.table.values(6) ?? [])]).toStrictEqual([...one.table.values(6)])
  })

  const feed = publisherOf('geofeed/any')?.parse(
    Buffer.from('192.0.2.0/24,US,US-CA,,\n2001:db8::/32,SG,,Singapore,\nno line\n'),
    'feed',
  )
  if (!feed) throw new Error('feeds cannot be read')
  const packed = packPublished(feed, name)

  it('is not believed where any byte of it is another', () => {
    for (let i = 0; i < packed.length; i++) {
      const changed = packed.slice()
      changed[i] = (changed[i] ?? 0) ^ (1 << (i % 8))
      expect([i, unpackPublished(changed, name)]).toEqual([i, null])
    }
  })

  it('is not believed where it is cut short or goes on', () => {
    for (let length = 0; length < packed.length; length++)
      expect(unpackPublished(packed.slice(0, length), name)).toBeNull()
    expect(unpackPublished(new Uint8Array([...packed, 0, 0, 0, 0]), name)).toBeNull()
  })

  it.each([
    ['source', { ...name, source: 'ranges/aws' }],
    ['file', { ...name, sha256: 'b'.repeat(64) }],
    ['program', { ...name, parsers: 'others' }],
  ])('is not taken for that of another %s', (_, other) => expect(unpackPublished(packed, other)).toBeNull())
})

/** Files as their publishers made them, which stand beside the checkout where somebody has them. */
const material = resolve(import.meta.dirname, '../../../shared/material/ranges')
describe.skipIf(!existsSync(material))('a real file that was packed (skipped where the files are not there)', () => {
  it.each([
    ['ranges/aws', 'aws-ip-ranges__2026-08-22.json'],
    ['ranges/azure', 'femueller__microsoft-azure-ip-ranges.json'],
    ['ranges/oracle', 'oracle-cloud__2023-06-01.json'],
    ['ranges/tencent', 'disposable__tencent.csv'],
    ['geofeed/aws', 'aws-geofeed__2025-09-18.csv'],
    ['anycast/bgptools', 'bgptools-anycast-v6__2026-08-22.csv'],
  ])('%s is restored as it was', (source, file) => {
    const bytes = readFileSync(join(material, file))
    const read = publisherOf(source)?.parse(bytes, file)
    if (!read) throw new Error(source)
    const [a, b] = [restored(read).table, read.table]
    for (const family of [4, 6] as const) {
      expect(a.spans(family)).toStrictEqual(b.spans(family))
      expect(JSON.stringify([...a.values(family)])).toBe(JSON.stringify([...b.values(family)]))
    }
  })
})
