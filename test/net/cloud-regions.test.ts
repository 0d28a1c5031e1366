import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { regionAliases, regionFacts, regionKeys, unplacedRegions } from '../../functions/net/cloud-regions.ts'
import { isCountry } from '../../functions/net/country.ts'

const material = new URL('../../../shared/material/ranges/', import.meta.url)
const present = existsSync(material)
if (!present) console.warn(`skipped: the providers' published ranges and geofeeds are not at ${material.pathname}`)

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

/** The names that neither have facts nor are named as without any. */
const unknownOf = (provider: string, names: ReadonlySet<string>) =>
  [...names].map((name) => `${provider}:${name}`).filter((key) => !regionFacts(key) && !unplacedRegions.includes(key))

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
    ['google:us-west1', 'US', 'US-OR', 'google', null],
    ['google:asia-east1', 'TW', 'TW-CHA', 'google', null],
    ['google:asia-east2', 'HK', null, 'google', null],
    ['azure:eastasia', 'HK', null, 'AzureCloud', null],
    ['azure:norwaye', 'NO', null, 'AzureCloud', null],
    ['azure:usgovvirginia', 'US', 'US-VA', 'AzureUSGovernment', null],
    ['azure:chinaeast2', 'CN', null, 'AzureChinaCloud', null],
    ['oracle:us-ashburn-1', 'US', 'US-VA', 'oc1', null],
    ['oracle:eu-frankfurt-2', 'DE', 'DE-HE', 'oc19', null],
    ['oracle:me-alain-1', 'AE', null, 'oc26', null],
    ['alibaba:us-west-1', 'US', 'US-CA', 'alibaba', null],
    ['alibaba:cn-hongkong', 'HK', null, 'alibaba', null],
    ['tencent:ap-hongkong', 'HK', null, 'tencent', null],
    ['tencent:ap-taipei', 'TW', 'TW-TPE', 'tencent', null],
    ['alibaba:cn-beijing-finance-1', 'CN', 'CN-BJ', 'alibaba-finance', null],
    ['aws:eu-west-2-wl2-man-wlz-1', 'GB', 'GB-MAN', 'aws', 'aws:eu-west-2'],
  ])('%s stands in %s, %s', (key, country, subdivision, partition, zoneOf) => {
    expect(regionFacts(key)).toMatchObject({ key, country, subdivision, partition, zoneOf })
  })

  it.each([
    'aws:us-east-1-pilot-1',
    'aws:zz-nowhere-1',
    'alibaba:us-west-3',
    'azure:northeurope2',
    'us-west-1',
    'aws:GLOBAL',
    'constructor',
  ])('%s is not guessed', (key) => expect(regionFacts(key)).toBeNull())

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

  it('has one key however its provider spells it', () => {
    expect(regionFacts('azure:norwayeast')).toBe(regionFacts('azure:norwaye'))
    for (const [other, key] of regionAliases) {
      expect(regionKeys, other).not.toContain(other)
      expect(regionFacts(other)?.key).toBe(key)
    }
  })

  it('has no facts where its place is named as unknown', () => {
    for (const key of unplacedRegions) expect(regionFacts(key), key).toBeNull()
  })

  it.skipIf(!present)('is known for every region of the service tags that Microsoft has published', () => {
    const tags: { values: { properties: { region: string } }[] } = JSON.parse(
      readFileSync(new URL('femueller__microsoft-azure-ip-ranges.json', material), 'utf8'),
    )
    const published = new Set(tags.values.map(({ properties }) => properties.region).filter((region) => region !== ''))
    expect(published.size).toBeGreaterThan(60)
    expect(unknownOf('azure', published)).toEqual([])
  })

  it.skipIf(!present).each(['femueller__oracle-cloud-ip-ranges.json', 'oracle-cloud__2023-06-01.json'])(
    'is known for every region of %s',
    (name) => {
      const ranges: { regions: { region: string }[] } = JSON.parse(readFileSync(new URL(name, material), 'utf8'))
      expect(ranges.regions.length).toBeGreaterThan(30)
      expect(unknownOf('oracle', new Set(ranges.regions.map(({ region }) => region)))).toEqual([])
    },
  )

  it.skipIf(!present)('is known for every border group that AWS has published, except its pilot zones', () => {
    const files = ['aws-ip-ranges__2022-05-31.json', 'aws-ip-ranges__2026-08-22.json']
    const history = readdirSync(new URL('aws-history/', material)).map((name) => `aws-history/${name}`)
    const published = new Set([...files, ...history].flatMap((name) => [...groups(read(name)).values()]))
    published.delete('GLOBAL')
    expect(unknownOf('aws', published)).toEqual([])
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
