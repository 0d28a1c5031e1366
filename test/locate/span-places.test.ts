import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeFrom, type Said } from '../../functions/locate/conclusion.ts'
import { databasesAround } from '../../functions/locate/database-evidence.ts'
import { createLocator } from '../../functions/locate/locator.ts'
import { providerEvidence } from '../../functions/locate/provider-evidence.ts'
import { type LoadedSnapshots, nearest } from '../../functions/locate/snapshots.ts'
import type { Micros } from '../../functions/model.ts'
import { parseAddress } from '../../functions/net/address.ts'
import { at, database, listed, ranges } from '../support/locating.ts'

// Few addresses and lengths, so that prefixes of different sources nest, touch and repeat.
const ipv4 = fc
  .tuple(fc.constantFrom(52, 54, 223), fc.constantFrom(0, 127, 128, 255), fc.constantFrom(0, 1, 255))
  .map(([first, second, third]) => `${first}.${second}.${third}.9`)
const ipv6 = fc.constantFrom('2600:1f14::9', '2600:1f14:8000::9', '2600:1f15::9', '2a05:d000::9')
const ip = fc.oneof({ weight: 3, arbitrary: ipv4 }, ipv6)
const prefix = fc
  .tuple(ip, fc.constantFrom(8, 9, 15, 16, 17, 24, 32))
  .map(([text, length]) => `${text}/${text.includes(':') ? Math.max(16, length) : length}`)
const day = fc.constantFrom('2019-01-01', '2025-05-20', '2025-06-01', '2025-06-20', '2026-06-01')
const some = <Value>(values: fc.Arbitrary<Value>) => fc.array(values, { maxLength: 3 })

const aws = fc
  .tuple(
    day,
    fc.array(fc.tuple(prefix, fc.constantFrom('us-west-1 EC2', 'cn-north-1 EC2', 'GLOBAL CLOUDFRONT')), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([made, rows]) =>
    ranges(
      made,
      rows.map(([text, rest]) => `${text} ${rest}`),
    ),
  )
const published = (source: string, row: Parameters<typeof listed>[2][string]) =>
  fc
    .tuple(day, fc.array(prefix, { maxLength: 4 }))
    .map(([made, prefixes]) => listed(source, made, Object.fromEntries(prefixes.map((text) => [text, row]))))
const geolocation = fc
  .tuple(
    fc.constantFrom('x', 'y'),
    day,
    fc.array(fc.tuple(prefix, fc.constantFrom('US', 'SG')), { minLength: 1, maxLength: 5 }),
  )
  .map(([name, made, rows]) => {
    const byLength = rows.sort(([a], [b]) => Number(a.split('/')[1]) - Number(b.split('/')[1]))
    return database(
      `database/${name}`,
      made,
      Object.fromEntries(byLength.map(([text, country]) => [text, { country_code: country }])),
    )
  })

const snapshots: fc.Arbitrary<LoadedSnapshots> = fc
  .tuple(
    some(aws),
    some(published('ranges/google', { region: 'google:us-west1' })),
    some(published('geofeed/aws', { stated: ['SG'] })),
    some(published('anycast/bgptools', { edge: 'anycast' })),
    some(geolocation),
  )
  .map(([one, two, three, four, databases]) => ({ ranges: [...one, ...two, ...three, ...four], databases }))

/** What a locator would say that searches each table by itself and remembers nothing. */
function placeWithoutShortcuts({ ranges, databases }: LoadedSnapshots, text: string, time: Micros) {
  const address = parseAddress(text)
  if (!address) throw new Error(text)
  const { family, words } = address
  const said = [...new Set(ranges.map(({ source }) => source))].sort().flatMap((source): Said[] => {
    const around = nearest(
      // One without addresses of the family may be the other half of a list: it says nothing of this one.
      ranges.filter((one) => one.source === source && one.table.values(family).length > 0),
      time,
    )
    const earlier = around.before?.table.find(family, ...words) ?? null
    const later = around.after?.table.find(family, ...words) ?? null
    if (!earlier && !later) return []
    const isProvider = source.startsWith('ranges/')
    return [
      {
        source,
        around,
        listed: { earlier, later },
        provider: isProvider ? providerEvidence(around, { earlier, later }, time) : null,
      },
    ]
  })
  const sources = [...new Set(databases.map(({ source }) => source))].sort()
  const asked = databasesAround(
    sources.map((source) => databases.filter((one) => one.source === source)),
    family,
    time,
  )
  const findings = asked.map((one) => one.find(address)).filter((found) => found !== null)
  const { grade, country, subdivision, city, cloud, prefix, evidence } = placeFrom(said, findings, asked.length, time)
  return { ip: text, grade, country, subdivision, city, cloud, prefix, evidence }
}

describe('a locator', () => {
  it('says what searching every table by itself says, whatever it was asked before', () => {
    const question = fc.tuple(ip, fc.constantFrom('2018-01-01', '2025-06-01', '2025-06-19T12:00:00Z', '2030-01-01'))
    fc.assert(
      fc.property(snapshots, fc.array(question, { minLength: 1, maxLength: 30 }), (loaded, questions) => {
        const locator = createLocator(loaded)
        for (const [text, time] of questions)
          expect(locator.locate(text, at(time))).toEqual(placeWithoutShortcuts(loaded, text, at(time)))
      }),
      { numRuns: 300 },
    )
  })

  it('gives locations that look like plain ones, although their evidence is worded when it is read', () => {
    const locator = createLocator({ ranges: [ranges('2025-06-01', ['54.0.0.0/8 us-west-1 EC2'])], databases: [] })
    const location = locator.locate('54.1.2.3', at('2025-06-02'))
    const { evidence } = location
    expect(Object.keys(location)).toEqual([
      'ip',
      'grade',
      'country',
      'subdivision',
      'city',
      'cloud',
      'prefix',
      'evidence',
    ])
    expect({ ...location }).toEqual(location)
    expect({ ...location }.evidence).toBe(evidence)
    expect(JSON.parse(JSON.stringify(location))).toEqual(structuredClone(location))
    expect(evidence).toHaveLength(1)
    expect(locator.locate('54.1.2.3', at('2025-06-02')).evidence).toBe(evidence)
    expect(locator.locate('54.1.2.4', at('2025-06-02')).evidence).toBe(evidence)
  })
})
