import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SnapshotError } from '../../../functions/errors.ts'
import type { Published } from '../../../functions/locate/published/published.ts'
import { knownSources, providerOf, publisherOf } from '../../../functions/locate/published/publishers.ts'
import { isCountry } from '../../../functions/net/country.ts'
import { parsePrefix } from '../../../functions/net/prefix.ts'

const sources = knownSources().map((source) => source.replace('NAME', 'any'))

function parse(source: string, bytes: Uint8Array): Published {
  const publisher = publisherOf(source)
  if (!publisher) throw new Error(`${source} is not known`)
  return publisher.parse(bytes, 'file')
}

describe('the table of sources', () => {
  it('knows every source that it names', () => {
    for (const source of sources) expect(publisherOf(source)).not.toBeNull()
  })

  it.each([
    ['geofeed/netflix', true],
    ['geofeed/as64500.example_1-a', true],
    ['geofeed/', false],
    ['geofeed/-x', false],
    ['geofeed/A', false],
    ['geofeed/a/b', false],
    ['ranges/netflix', false],
    ['ranges/', false],
    ['constructor', false],
  ])('knows of %s: %s', (source, known) => {
    expect(publisherOf(source) !== null).toBe(known)
  })

  it.each([
    ['ranges/aws', 'aws'],
    ['geofeed/aws', 'aws'],
    ['ranges/azure-china', 'azure'],
    ['ranges/azure-government', 'azure'],
    ['ranges/google-all', 'google'],
    ['ranges/google', 'google'],
    ['geofeed/google-fiber', 'google-fiber'],
    ['geofeed/google-cloud', 'google'],
    ['geofeed/azure-china', 'azure'],
    ['geofeed/azure-gov', 'azure'],
    ['geofeed/aws-china', 'aws'],
    ['geofeed/aliyun', 'alibaba'],
    ['geofeed/constructor', 'constructor'],
  ])('%s is about %s', (source, provider) => {
    expect(providerOf(source)).toBe(provider)
  })
})

const bodies: Readonly<Record<string, unknown>> = {
  aws: { createDate: '2026-06-05-00-37-05', prefixes: [{ ip_prefix: '3.0.0.0/15', region: 'r', service: 'EC2' }] },
  google: { creationTime: '2025-07-24T19:16:28', prefixes: [{ ipv4Prefix: '8.8.8.0/24', service: 's', scope: 'x' }] },
  azure: { cloud: 'Public', values: [{ name: 'A.b', properties: { region: 'b', addressPrefixes: ['1.2.3.0/24'] } }] },
  oracle: {
    last_updated_timestamp: '2025-07-21T07:13:25',
    regions: [{ region: 'r', cidrs: [{ cidr: '1.2.3.0/24' }] }],
  },
  fastly: { addresses: ['1.2.3.0/24'], ipv6_addresses: [] },
  cloudflare: { result: { ipv4_cidrs: ['1.2.3.0/24'] } },
  collected: { provider: 'Tencent', last_update: '2025-07-21T07:13:25', ipv4: ['1.2.3.0/24'], ipv6: [] },
}
const texts = [
  ...Object.values(bodies).map((body) => JSON.stringify(body)),
  'Type,Address\nIPv4,1.2.3.0/24\n',
  '# x lastupdated (rfc3339): 2026-08-22T16:53:12Z\n1.2.3.0/24,US,US-CA,"a ""b""",\n2001:db8::/32,,,,\n',
  '1.1.1.0/24,1.1.1.1\n2001:db8::/48,2001:db8::1\n',
]
/** Deep enough that recursion would run out of stack. */
const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
const part = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
  fc.constantFrom('"', ',', '\n', '\ud800', '{"toString":1}', 'null', '/', '#', '__proto__', 'constructor', deep, '<'),
)

describe('any bytes', () => {
  it('give a table with something in it, or a SnapshotError, from every source', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((json) => Buffer.from(json)),
      fc.tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(20), part).map(([text, at, cut, piece]) => {
        const start = at % text.length
        return Buffer.from(text.slice(0, start) + piece + text.slice(start + cut))
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...sources), bytes, (source, given) => {
        try {
          expect(parse(source, given).table.size).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(SnapshotError)
          expect((error as Error).message).not.toMatch(/[\p{Cc}\p{Cs}]/u)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('take time in proportion to their number', () => {
    const many = 20_000
    const cruel: readonly (readonly [string, string])[] = [
      ['geofeed/any', `1.2.3.0/24,US,,,\n`.repeat(many)],
      ['geofeed/any', ','.repeat(10 * many)],
      ['geofeed/any', `1.2.3.0/24,${'"'.repeat(900)}\n`.repeat(many / 100)],
      ['geofeed/any', `#${' last updated (rfc3339)'.repeat(many)}`],
      ['ranges/linode', `#${' '.repeat(10 * many)}x`],
      ['ranges/akamai', `${' '.repeat(10 * many)}\n`.repeat(3)],
      ['ranges/akamai', `# provider:${' '.repeat(10 * many)}\n`],
      // One prefix in many tags, which each say something else.
      [
        'ranges/azure',
        JSON.stringify({
          cloud: 'Public',
          values: Array.from({ length: many }, (_, i) => ({
            name: `T${i}`,
            properties: { region: `r${i}`, addressPrefixes: ['1.2.3.0/24'] },
          })),
        }),
      ],
      [
        'ranges/google',
        JSON.stringify({
          creationTime: '2025-07-24T19:16:28',
          prefixes: Array.from({ length: many }, (_, i) => ({
            ipv4Prefix: '8.8.8.0/24',
            service: `s${i}`,
            scope: `r${i}`,
          })),
        }),
      ],
    ]
    for (const [source, text] of cruel) {
      const start = performance.now()
      try {
        parse(source, Buffer.from(text))
      } catch (error) {
        expect(error).toBeInstanceOf(SnapshotError)
      }
      expect(performance.now() - start, `${source} ${text.slice(0, 20)}`).toBeLessThan(4000)
    }
  })
})

const material = new URL('../../../../shared/material/ranges/', import.meta.url)
const present = existsSync(material)
if (!present) console.warn(`skipped: published address ranges are not at ${material.pathname}`)

/** What files of others are, by their names. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^aws-history\/|^aws-ip-ranges/, 'ranges/aws'],
  [/^geofeed\/|geofeed__/, 'geofeed/any'],
  [/microsoft-azure/, 'ranges/azure'],
  [/oracle-cloud/, 'ranges/oracle'],
  [/google-cloud/, 'ranges/google'],
  [/^bgptools-anycast/, 'anycast/bgptools'],
  [/^disposable__huawei/, 'ranges/huawei'],
  [/^disposable__(\w+)/, 'ranges/$1'],
]

/** Those that are broken on purpose: what is said of them. */
const broken: Readonly<Record<string, RegExp>> = {
  'geofeed/mm__empty.csv': /it is empty/,
  'geofeed/mm__geofeed-invalid-missing-fields.csv': /^2: has 3 fields/,
  'geofeed/mm__geofeed-invalid-network.csv': /^1: has no valid address or prefix: "2a02:\/29/,
}

describe.skipIf(!present)('a file as it was published', () => {
  const names = present
    ? readdirSync(material, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name))
    : []

  it.each(names)('%s is read whole', (name) => {
    const [pattern, source = ''] = kinds.find(([pattern]) => pattern.test(name)) ?? []
    const bytes = readFileSync(new URL(name, material))
    const text = bytes.toString()
    const outcome = (): Published | string => {
      try {
        return parse(source.replace('$1', pattern?.exec(name)?.[1] ?? ''), bytes)
      } catch (error) {
        if (error instanceof SnapshotError) return error.message
        throw error
      }
    }
    const published = outcome()
    const expected = broken[name]
    if (typeof published === 'string') {
      expect(published).toMatch(expected ?? /nothing is wrong/)
      return
    }
    expect(published.badLines.map(({ line, what }) => `${line}: ${what}`).join('\n')).toMatch(expected ?? /^$/)
    const found = new Set(text.match(/(?<![\w.:])[0-9a-f.:]+\/\d+/g) ?? [])
    const left = Object.values(published.leftOut).reduce((sum, count) => sum + count, 0)
    expect(published.table.size + left + published.badLines.length).toBe(found.size)
    // Every prefix of the file is found in the table, but for those left out.
    for (const prefixText of [...found].slice(0, 3000)) {
      const prefix = parsePrefix(prefixText)
      const entry = prefix && published.table.find(prefix.family, ...prefix.words)
      if (!entry) {
        expect(left + published.badLines.length).toBeGreaterThan(0)
        continue
      }
      for (const region of entry.regions) expect(region).toMatch(/^(aws|azure|google|oracle):[a-z0-9-]+$/)
      const { country } = entry.stated ?? { country: null }
      expect(country === null || isCountry(country)).toBe(true)
    }
  })
})
