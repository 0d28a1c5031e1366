import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { regionFacts, regionKeys } from '../../functions/net/cloud-regions.ts'
import { isCountry } from '../../functions/net/country.ts'

const material = new URL('../../../shared/material/ranges/', import.meta.url)
const present = existsSync(material)
if (!present) console.warn(`skipped: AWS's published ranges and geofeeds are not at ${material.pathname}`)

interface Published {
  readonly prefixes: readonly { ip_prefix: string; region: string; network_border_group?: string }[]
  readonly ipv6_prefixes: readonly { ipv6_prefix: string; region: string; network_border_group?: string }[]
}
const read = (name: string): Published => JSON.parse(readFileSync(new URL(name, material), 'utf8'))

/** Border group of every published prefix. */
function groups(published: Published): Map<string, string> {
  const all = [
    ...published.prefixes.map((p) => [p.ip_prefix, p] as const),
    ...published.ipv6_prefixes.map((p) => [p.ipv6_prefix, p] as const),
  ]
  return new Map(all.map(([prefix, p]) => [prefix, p.network_border_group ?? p.region]))
}

describe('a region', () => {
  it.each([
    ['aws:us-west-1', 'US', 'US-CA', 'aws', null],
    ['aws:us-west-2-lax-1', 'US', 'US-CA', 'aws', 'aws:us-west-2'],
    ['aws:us-east-1-bue-1', 'AR', null, 'aws', 'aws:us-east-1'],
    ['aws:ap-southeast-1', 'SG', null, 'aws', null],
    ['aws:ap-southeast-1-mnl-1', 'PH', 'PH-00', 'aws', 'aws:ap-southeast-1'],
    ['aws:ap-east-1', 'HK', null, 'aws', null],
    ['aws:cn-north-1', 'CN', 'CN-BJ', 'aws-cn', null],
    ['aws:us-gov-west-1', 'US', 'US-OR', 'aws-us-gov', null],
    ['aws:us-isob-east-1', 'US', 'US-OH', 'aws-iso-b', null],
    ['aws:eusc-de-east-1', 'DE', 'DE-BB', 'aws-eusc', null],
    ['aws:eu-west-2-wl2-man-wlz-1', 'GB', 'GB-MAN', 'aws', 'aws:eu-west-2'],
  ])('%s stands in %s, %s', (key, country, subdivision, partition, zoneOf) => {
    expect(regionFacts(key)).toMatchObject({ key, country, subdivision, partition, zoneOf })
  })

  it.each(['aws:us-east-1-pilot-1', 'aws:zz-nowhere-1', 'alibaba:us-west-1', 'us-west-1', 'aws:GLOBAL', 'constructor'])(
    '%s is not guessed',
    (key) => expect(regionFacts(key)).toBeNull(),
  )

  it('has a country of ISO 3166-1, a subdivision of that country, and coordinates on the globe', () => {
    expect(new Set(regionKeys).size).toBe(regionKeys.length)
    for (const key of regionKeys) {
      const facts = regionFacts(key)
      if (!facts) throw new Error(key)
      expect(isCountry(facts.country), key).toBe(true)
      if (facts.subdivision) expect(facts.subdivision, key).toMatch(new RegExp(`^${facts.country}-[A-Z0-9]{1,3}$`))
      if (facts.zoneOf) expect(regionFacts(facts.zoneOf)?.zoneOf, key).toBeNull()
      if (facts.latitude !== null) expect(Math.abs(facts.latitude), key).toBeLessThan(65)
      if (facts.longitude !== null) expect(Math.abs(facts.longitude), key).toBeLessThan(180)
    }
  })

  it.skipIf(!present)('is known for every border group that AWS has published, except its pilot zones', () => {
    const files = ['aws-ip-ranges__2022-05-31.json', 'aws-ip-ranges__2026-08-22.json']
    const history = readdirSync(new URL('aws-history/', material)).map((name) => `aws-history/${name}`)
    const published = new Set([...files, ...history].flatMap((name) => [...groups(read(name)).values()]))
    const unknown = [...published].filter((group) => group !== 'GLOBAL' && !regionFacts(`aws:${group}`))
    expect(unknown.filter((group) => !/-pilot-\d$/.test(group))).toEqual([])
    expect(published.size).toBeGreaterThan(100)
  })

  it.skipIf(!present).each([
    ['geofeed/aws-geofeed.csv', 'aws-ip-ranges__2026-08-22.json'],
    ['aws-geofeed__2025-09-18.csv', 'aws-history/ip-ranges.2025-07-01.json'],
  ])('stands in the country and, where it has one, the subdivision that %s names', (feed, ranges) => {
    const groupOf = groups(read(ranges))
    // AWS's geofeed has other codes for these; the table's head says why.
    const other = new Set(['aws:ap-southeast-1-han-1', 'aws:eusc-de-east-1'])
    // The older feed is younger than the ranges beside it, so some prefixes had moved.
    const moved: string[] = []
    let compared = 0
    for (const line of readFileSync(new URL(feed, material), 'utf8').split('\n')) {
      const [prefix = '', country, subdivision = ''] = line.split(',')
      const group = groupOf.get(prefix)
      const facts = group && regionFacts(`aws:${group}`)
      if (!facts) continue
      compared++
      const actual = subdivision === 'CN-HK' ? 'HK' : country
      const older: Record<string, string> = { 'IN-TG': 'IN-TS', 'ES-Z': 'ES-AR', 'PH-U': 'PH-00' }
      const differs =
        facts.country !== actual ||
        (facts.subdivision && !other.has(facts.key) && facts.subdivision !== (older[subdivision] ?? subdivision))
      if (differs) moved.push(`${prefix} ${facts.key}: ${country},${subdivision}`)
    }
    expect(compared).toBeGreaterThan(3000)
    expect(moved.length / compared, moved.join('\n')).toBeLessThan(feed.startsWith('geofeed/') ? 1e-9 : 0.01)
  })
})
