/**
 * Every rule of docs/locating.md with real addresses and dates, as their publishers listed them then: AWS's ip-ranges.json of
 * 2018 to 2026 and its geofeed of 2025-09-18, the registries, DB-IP, and others' lists.
 */
import { describe, expect, it } from 'vitest'
import { createLocator } from '../../functions/locate/locator.ts'
import type { Location } from '../../functions/model.ts'
import { at, database, listed, ranges } from '../support/locating.ts'

const aws = [
  ranges('2018-06-29', [
    '52.84.0.0/15 GLOBAL CLOUDFRONT',
    '54.222.0.0/19 cn-north-1 AMAZON',
    '54.183.0.0/16 us-west-1 EC2',
  ]),
  ranges('2019-12-20', [
    '52.84.0.0/15 GLOBAL CLOUDFRONT',
    '54.222.0.0/19 cn-north-1 AMAZON',
    '108.166.232.0/21 us-east-2 AMAZON',
    '70.224.192.0/18 us-west-2 EC2',
    '54.183.0.0/16 us-west-1 EC2',
    '18.166.0.0/15 ap-east-1 EC2',
  ]),
  ranges('2022-06-30', [
    '52.84.0.0/15 GLOBAL CLOUDFRONT GLOBAL',
    '54.222.0.0/19 cn-north-1 AMAZON cn-north-1',
    '108.166.232.0/21 us-east-2 AMAZON us-east-2',
    '70.224.192.0/18 us-west-2 EC2 us-west-2-lax-1',
    '54.183.0.0/16 us-west-1 EC2 us-west-1',
    '18.166.0.0/15 ap-east-1 EC2 ap-east-1',
    '15.181.0.0/20 us-west-2 EC2 us-west-2-sea-1',
  ]),
  ...['2024-06-30', '2025-06-28', '2026-06-05'].map((day) =>
    ranges(day, [
      '52.84.0.0/15 GLOBAL CLOUDFRONT GLOBAL',
      '54.222.0.0/19 cn-north-1 AMAZON cn-north-1',
      '13.144.0.0/16 ap-southeast-1 EC2 ap-southeast-1',
      '108.166.232.0/21 us-west-2 AMAZON us-west-2',
      '70.224.192.0/18 us-west-2 EC2 us-west-2-lax-1',
      '54.183.0.0/16 us-west-1 EC2 us-west-1',
      '18.166.0.0/15 ap-east-1 EC2 ap-east-1',
      '1.178.0.0/24 us-west-1 EC2 us-west-1',
      '15.181.0.0/20 us-west-2 EC2 us-west-2-sea-1',
      ...(day === '2025-06-28'
        ? ['35.96.96.0/20 eu-central-1 EC2 eu-central-1', '83.119.64.0/18 eu-west-2 EC2 eu-west-2']
        : []),
      ...(day === '2026-06-05'
        ? [
            '136.18.140.0/23 ap-southeast-1 EC2 ap-southeast-1-sggov-sin-2',
            '45.57.128.0/18 ap-southeast-1 EC2 ap-southeast-1-han-1',
            '46.168.0.0/15 us-south-1 EC2 us-south-1',
          ]
        : []),
    ]),
  ),
  ranges('2026-08-22', [
    '52.84.0.0/15 GLOBAL CLOUDFRONT GLOBAL',
    '64.73.196.0/24 us-west-1 EC2 us-west-1',
    '64.73.204.0/22 us-west-2 EC2 us-west-2',
    '108.166.232.0/21 us-west-2 AMAZON us-west-2',
  ]),
]
const geofeed = listed('geofeed/aws', '2025-09-18', {
  '13.144.0.0/16': { stated: ['SG', 'SG-01', 'Singapore'] },
  '13.144.0.0/20': { stated: ['TH', 'TH-10', 'Bangkok'] },
  '13.144.16.0/20': { stated: ['PH', 'PH-U', 'Manila'] },
  // As the parser gives what AWS writes as CN,CN-HK.
  '18.166.0.0/15': { stated: ['HK', null, 'Hong Kong'] },
  '54.222.0.0/19': { stated: ['CN', 'CN-BJ', 'Beijing'] },
  '52.93.0.0/24': { stated: [null] },
})
const cloudflare = listed('ranges/cloudflare', '2025-07-01', {
  '1.1.1.0/24': { edge: 'Cloudflare, a network announced from many places' },
  '104.16.0.0/13': { edge: 'Cloudflare, a network announced from many places' },
})
const anycast = listed('anycast/bgptools', '2026-08-22', {
  '1.1.1.0/24': { edge: 'announced from many places (anycast)' },
  '13.248.56.0/22': { edge: 'announced from many places (anycast)' },
})
const others = [
  listed('ranges/alibaba', '2025-07-01', { '47.88.0.0/17': {}, '47.241.0.0/16': {} }),
  listed('ranges/azure', '2025-07-01', {
    '20.40.0.0/16': { region: 'azure:eastus', service: 'AzureCloud' },
    '13.64.0.0/16': { region: 'azure:westus', service: 'AzureCloud' },
  }),
  listed('ranges/azure-china', '2025-07-01', { '40.72.0.0/18': { region: 'azure:chinaeast', service: 'AzureCloud' } }),
  listed('ranges/google', '2025-07-01', { '34.82.0.0/15': { region: 'google:us-west1', service: 'Google Cloud' } }),
  listed('ranges/digitalocean', '2025-07-01', {
    '45.33.0.0/24': { stated: ['SG', 'SG-03', 'Singapore'] },
    '128.199.64.0/18': { stated: ['SG', 'SG-03', 'Singapore'] },
  }),
  listed('ranges/oracle', '2025-07-01', { '20.40.0.0/24': { region: 'oracle:us-phoenix-1' } }),
  listed('ranges/linode', '2025-07-01', {
    '45.33.0.0/24': { stated: ['US', 'US-TX', 'Dallas'] },
    '1.178.0.0/23': { stated: ['DE', 'DE-HE', 'Frankfurt'] },
  }),
]
const record = (country_code: string, state1 = '', city = '', ...[latitude, longitude]: number[]) => ({
  country_code,
  state1,
  city,
  ...(latitude === undefined || longitude === undefined ? {} : { latitude, longitude }),
})
const dbip = database('database/dbip-city', '2026-06-05', {
  '47.88.0.0/19': record('US', 'California', 'Minkler'),
  '47.241.0.0/16': record('SG', '', 'Singapore'),
  '1.1.1.0/24': record('AU', 'New South Wales', 'Sydney'),
  '52.84.0.0/23': record('US', 'Illinois', 'Chicago'),
  '13.144.0.0/20': record('TH', '', 'Bangkok'),
  '23.246.2.0/23': record('US', 'Texas', 'Dallas'),
  '203.107.0.0/20': record('CN', 'Zhejiang', 'Hangzhou'),
  '35.96.96.0/20': record('DE', 'Hesse', 'Frankfurt am Main', 50.11, 8.68),
  '83.119.64.0/18': record('GB', 'England', '', 52.5, -1.5),
  '64.73.196.0/23': record('US', 'Virginia', 'Ashburn', 39.04, -77.49),
  '64.73.204.0/22': record('US', 'Virginia', 'Ashburn', 39.04, -77.49),
})
const registries = database('database/geo-whois-asn-country', '2026-06-17', {
  '47.88.0.0/14': { country_code: 'US' },
  '47.240.0.0/14': { country_code: 'US' },
  '1.1.1.0/24': { country_code: 'AU' },
  '52.84.0.0/14': { country_code: 'US' },
  '198.38.96.0/19': { country_code: 'US' },
  '45.57.0.0/17': { country_code: 'US' },
})
const netflix = listed('geofeed/netflix', '2025-07-01', {
  '23.246.2.0/23': { stated: ['US', 'US-TX', 'Dallas-Fort Worth'] },
  '45.57.8.0/24': { stated: ['GB', 'GB-LND', 'London'] },
  '198.38.96.0/24': { stated: ['US', 'US-CA', 'Los Angeles'] },
  '37.77.184.0/24': { stated: ['NL', null, 'Amsterdam'] },
})
const locator = createLocator({
  ranges: [...aws, geofeed, cloudflare, anycast, ...others, netflix],
  databases: [dbip, registries],
})
const locate = (ip: string, time: string): Location => locator.locate(ip, at(time))

/** Grade, cloud or country, subdivision, city: what a verdict is made of. */
function short({ grade, cloud, country, subdivision, city }: Location): string {
  return [grade, cloud, country, subdivision, city].filter((part) => part !== null).join(' ')
}
/** Sentences of a rule that speak for (true) or against what was concluded. */
const pieces = ({ evidence }: Location, rule: string, supports: boolean) =>
  evidence.filter((piece) => piece.rule === rule && piece.supports === supports).map((piece) => piece.says)

describe('the time of the packet picks the snapshots', () => {
  it.each([
    ['108.166.232.1', '2018-06-01', 'unknown'], // on no list for another year and a half
    ['108.166.232.1', '2019-01-01', 'corroborated aws:us-east-2 US US-OH Columbus'], // only the later list has it
    ['108.166.232.1', '2021-01-01', 'proven aws:us-east-2 US US-OH Columbus'],
    ['108.166.232.1', '2022-06-30', 'conflicted'],
    ['108.166.232.1', '2022-07-15', 'conflicted'],
    ['108.166.232.1', '2024-06-29', 'conflicted'],
    ['108.166.232.1', '2024-06-30', 'proven aws:us-west-2 US US-OR Boardman'],
    ['108.166.232.1', '2025-01-01', 'proven aws:us-west-2 US US-OR Boardman'],
    ['108.166.232.1', '2026-09-20', 'proven aws:us-west-2 US US-OR Boardman'], // a single one, 29 days old
    ['108.166.232.1', '2026-11-22', 'corroborated aws:us-west-2 US US-OR Boardman'], // a single one, 92 days old
    ['54.222.0.1', '2014-11-05', 'corroborated aws:cn-north-1 CN CN-BJ Beijing'], // four years before the first list
    ['54.222.0.1', '2021-01-01', 'proven aws:cn-north-1 CN CN-BJ Beijing'], // "It's Amazon" proves nothing
    ['54.183.1.1', '2021-01-01', 'proven aws:us-west-1 US US-CA'],
  ])('%s at %s is %s', (ip, time, expected) => expect(short(locate(ip, time))).toBe(expected))

  it('names both dates where the address moved in between', () => {
    const [says] = pieces(locate('108.166.232.1', '2023-03-01'), 'time', false)
    expect(says).toMatch(/us-east-2 on 2022-06-30.*us-west-2 on 2024-06-30/)
  })
})

describe('a zone', () => {
  it.each([
    // A region on the list before, a zone on the one after. Zones have names since April 2020: until then, Oregon or Los Angeles.
    ['70.224.192.1', '2019-12-25', 'corroborated aws:us-west-2 US'],
    ['70.224.192.1', '2020-04-06', 'corroborated aws:us-west-2 US'],
    ['70.224.192.1', '2020-04-07', 'conflicted'],
    ['70.224.192.1', '2023-01-01', 'proven aws:us-west-2-lax-1 US US-CA Los Angeles'],
    // Only the later list has it, and the zone has been named for three months: blocks still come to it from its region.
    ['136.18.140.1', '2025-06-29', 'conflicted'],
    ['136.18.140.1', '2025-10-01', 'corroborated aws:ap-southeast-1-sggov-sin-2 SG Singapore'],
    // Only the later list has it. Hanoi was on no list between April 2023 and May 2026: Singapore's region, in one of two countries.
    ['45.57.128.1', '2025-10-01', 'corroborated aws:ap-southeast-1'],
    ['45.57.128.1', '2026-05-13', 'corroborated aws:ap-southeast-1-han-1 VN VN-HN Hanoi'],
    // A region that was on no list yet has no region that it could have been listed under.
    ['46.168.0.1', '2025-10-01', 'conflicted'],
    // Both lists name Seattle, and those from April 2023 to July 2024 did not.
    ['15.181.0.1', '2024-01-01', 'corroborated aws:us-west-2-sea-1 US US-WA Seattle'],
    ['15.181.0.1', '2024-12-01', 'proven aws:us-west-2-sea-1 US US-WA Seattle'],
  ])('%s at %s is %s', (ip, time, expected) => expect(short(locate(ip, time))).toBe(expected))

  it('that has a name only later is said to be open between itself and its region', () => {
    const [says] = pieces(locate('45.57.128.1', '2025-10-01'), 'time', false)
    expect(says).toMatch(
      /aws:ap-southeast-1-han-1 was on none of AWS's lists after 2023-04-26 and before 2026-05-13.*here aws:ap-southeast-1\./,
    )
  })
})

describe('a location', () => {
  it.each([
    ['15.181.0.1', '2023-06-01', '2024-03-01'],
    ['45.57.128.1', '2025-10-01', '2025-11-20'],
    ['136.18.140.1', '2025-07-01', '2025-09-01'],
    ['70.224.192.1', '2020-01-10', '2020-04-06'],
  ])('of %s says the same of %s and of %s, whichever is asked first', (ip, one, other) => {
    const snapshots = { ranges: aws, databases: [dbip, registries] }
    const first = createLocator(snapshots)
    const second = createLocator(snapshots)
    const asked = [first.locate(ip, at(one)), first.locate(ip, at(other))]
    const reversed = [second.locate(ip, at(other)), second.locate(ip, at(one))].reverse()
    expect(JSON.stringify(reversed)).toBe(JSON.stringify(asked))
  })
})

describe('the service of a range', () => {
  const regional = (service: string, day: string) => ranges(day, [`99.77.130.0/24 us-west-1 ${service} us-west-1`])
  it.each([
    ['CLOUDFRONT', 'corroborated aws:us-west-1 US US-CA'],
    ['EC2', 'proven aws:us-west-1 US US-CA'],
  ])('%s gives %s at most', (service, expected) => {
    const lists = [regional(service, '2024-06-30'), regional(service, '2025-06-28')]
    expect(short(createLocator({ ranges: lists, databases: [] }).locate('99.77.130.1', at('2025-01-01')))).toBe(
      expected,
    )
  })

  it.each([['CLOUDFRONT'], ['EC2']])('%s does not decide what was given up later', (service) => {
    const lists = [regional(service, '2022-06-30'), ranges('2025-06-28', ['3.0.0.0/15 us-east-1 EC2 us-east-1'])]
    expect(short(createLocator({ ranges: lists, databases: [] }).locate('99.77.130.1', at('2025-01-01')))).toBe(
      'conflicted',
    )
  })
})

describe('a zone that a single list names', () => {
  it.each([
    ['2023-04-26', 'proven aws:us-west-2-sea-1 US US-WA Seattle'],
    ['2023-05-10', 'corroborated aws:us-west-2-sea-1 US US-WA Seattle'], // no list of that day named it
  ])('20 days or less before, is at %s %s', (time, expected) => {
    const list = ranges('2023-04-20', ['15.181.0.0/20 us-west-2 EC2 us-west-2-sea-1'])
    expect(short(createLocator({ ranges: [list], databases: [] }).locate('15.181.0.1', at(time)))).toBe(expected)
  })
})

describe('an edge', () => {
  it.each([
    ['1.1.1.1', '2025-07-02', 'edge'], // a resolver, on a provider's list and on one of anycast prefixes
    ['52.84.0.1', '2025-07-02', 'edge'], // CloudFront, whatever databases say
    ['104.16.1.1', '2025-07-02', 'edge'],
    ['13.248.56.1', '2026-07-01', 'edge'], // on the list of anycast prefixes alone
    ['13.248.56.1', '2019-01-01', 'unknown'], // which was made seven years later
  ])('%s at %s is %s', (ip, time, expected) => expect(short(locate(ip, time))).toBe(expected))

  it('says which list it is on, and what the databases made of it', () => {
    const location = locate('52.84.0.1', '2025-07-02')
    expect(pieces(location, 'edge', true)[0]).toMatch(/AWS.*52\.84\.0\.0\/15 \(CLOUDFRONT\).*not observable/)
    expect(pieces(location, 'database', false)[0]).toContain('Chicago, Illinois, US')
  })

  it('says of a list that is too far away that it does not count', () => {
    expect(pieces(locate('13.248.56.1', '2019-01-01'), 'edge', false)[0]).toContain('more than three years')
  })
})

describe("a provider's own geofeed", () => {
  it.each([
    ['13.144.1.1', '2025-10-01', 'conflicted'], // Singapore by the ranges, Bangkok by the feed
    ['13.144.17.1', '2025-10-01', 'conflicted'], // Manila by the feed
    ['13.144.128.1', '2025-10-01', 'proven aws:ap-southeast-1 SG Singapore'],
    ['18.166.0.1', '2025-10-01', 'proven aws:ap-east-1 HK Hong Kong'],
    ['54.222.0.1', '2025-10-01', 'proven aws:cn-north-1 CN CN-BJ Beijing'],
    ['54.222.0.1', '2021-01-01', 'proven aws:cn-north-1 CN CN-BJ Beijing'], // the feed is four years younger
  ])('%s at %s is %s', (ip, time, expected) => expect(short(locate(ip, time))).toBe(expected))

  it('is named with both places where it contradicts the ranges', () => {
    const location = locate('13.144.1.1', '2025-10-01')
    expect(pieces(location, 'geofeed', false)[0]).toMatch(
      /2025-09-18.*13\.144\.0\.0\/20.*Bangkok, TH-10, TH, not in SG/,
    )
    expect(pieces(location, 'provider-range', false)[0]).toMatch(/aws:ap-southeast-1, Singapore, SG/)
  })

  it("is known by the name of any of the provider's clouds", () => {
    for (const source of ['geofeed/azure', 'geofeed/azure-china', 'geofeed/azure-gov']) {
      const feed = listed(source, '2025-07-01', { '40.72.0.0/18': { stated: ['SG', null, 'Singapore'] } })
      const locator = createLocator({ ranges: [...others, feed], databases: [] })
      expect(locator.locate('40.72.0.1', at('2025-07-10')).grade).toBe('conflicted')
    }
  })

  it('does not count where it was made more than three years away', () => {
    expect(pieces(locate('54.222.0.1', '2021-01-01'), 'geofeed', false)[0]).toContain('more than three years')
  })
})

describe('other providers', () => {
  it.each([
    ['13.64.1.1', '2025-07-02', 'proven azure:westus US US-CA'],
    ['40.72.1.1', '2025-07-02', 'proven azure:chinaeast CN'],
    ['34.82.1.1', '2025-07-02', 'proven google:us-west1 US US-OR The Dalles'],
    ['34.82.1.1', '2025-12-01', 'corroborated google:us-west1 US US-OR The Dalles'],
    ['128.199.64.1', '2025-07-02', 'corroborated SG SG-03 Singapore'], // a feed's word of itself never proves
    ['1.178.0.1', '2025-07-02', 'conflicted'], // two providers, two countries
    ['1.178.1.1', '2025-07-02', 'corroborated DE DE-HE Frankfurt'],
    ['20.40.0.1', '2025-07-02', 'conflicted'], // Virginia by Azure, and Phoenix by Oracle for a part of it
    ['45.33.0.1', '2025-07-02', 'conflicted'], // the same block, and no region by either
  ])('%s at %s is %s', (ip, time, expected) => expect(short(locate(ip, time))).toBe(expected))

  it('says which two providers do not agree', () => {
    const said = pieces(locate('1.178.0.1', '2025-07-02'), 'provider-range', false)
    expect(said.at(-1)).toMatch(
      /Two providers.*aws:us-west-1 by 1\.178\.0\.0\/24, Frankfurt, DE-HE, DE by 1\.178\.0\.0\/23/,
    )
  })

  it('tell whose an address is where they name no region, and the databases decide', () => {
    const location = locate('47.88.0.1', '2026-07-01')
    expect(short(location)).toBe('corroborated US')
    expect(pieces(location, 'provider-range', false)[0]).toMatch(/alibaba.*47\.88\.0\.0\/17, and name no region/i)
  })
})

describe('a database of the day, where one list alone has an address', () => {
  it.each([
    ['35.96.96.1', '2026-05-20', 'corroborated aws:eu-central-1 DE DE-HE Frankfurt am Main'], // given up later; it still was there
    ['35.96.96.1', '2026-04-20', 'conflicted'], // no database within 35 days
    ['83.119.64.1', '2026-05-20', 'conflicted'], // none knows the city
    ['64.73.196.1', '2026-06-20', 'conflicted'], // only on the later list, as California; Virginia by the database
    ['64.73.196.1', '2026-07-20', 'corroborated aws:us-west-1 US US-CA'],
    ['64.73.204.1', '2026-06-20', 'corroborated aws:us-west-2 US US-OR Boardman'], // no block as small as those that are rented
  ])('%s at %s is %s', (ip, time, expected) => expect(short(locate(ip, time))).toBe(expected))

  it('says what it makes of the place', () => {
    expect(pieces(locate('35.96.96.1', '2026-05-20'), 'witness', true)[0]).toMatch(
      /within 35 days.*Frankfurt.*still was there/,
    )
    expect(pieces(locate('64.73.196.1', '2026-06-20'), 'witness', false)[0]).toMatch(
      /Ashburn.*more than 500 km from aws:us-west-1/,
    )
  })
})

describe('databases of the day against the only list, which is older', () => {
  const list = (region: string) => listed('ranges/aws', '2025-06-28', { '2406:da2a:8000::/36': { region } })
  const city = database('database/dbip-city', '2026-06-05', { '2406:da2a:8000::/36': record('VN', '', 'Hanoi') })
  const part = database('database/dbip-city', '2026-06-05', { '2406:da2a:8000::/40': record('VN', '', 'Hanoi') })
  const registered = (country: string) =>
    database('database/geo-whois-asn-country', '2026-06-17', { '2406:da2a:8000::/36': { country_code: country } })
  const located = (time: string, region: string, databases: readonly ReturnType<typeof registered>[]) =>
    createLocator({ ranges: [list(region)], databases }).locate('2406:da2a:8000::7', at(time))
  const singapore = 'aws:ap-southeast-1'

  it.each([
    ['of two makers that agree on another country', '2026-06-05', singapore, [city, registered('VN')], 'conflicted'],
    ['of one maker', '2026-06-05', singapore, [city], 'corroborated'],
    ['that do not agree', '2026-06-05', singapore, [city, registered('SG')], 'corroborated'],
    ['that speak of a part of what is listed', '2026-06-05', singapore, [part, registered('VN')], 'corroborated'],
    ['built more than 35 days later', '2026-04-05', singapore, [city, registered('VN')], 'corroborated'],
    ['where the list is of the day', '2025-07-02', singapore, [city, registered('VN')], 'proven'],
    ['of its own country', '2026-06-05', 'aws:ap-southeast-1-han-1', [city, registered('VN')], 'corroborated'],
  ])('%s, at %s', (_, time, region, databases, grade) => {
    expect(located(time, region, databases).grade).toBe(grade)
  })

  it('are named, and what they say', () => {
    const said = located('2026-06-05', singapore, [city, registered('VN')])
    expect([said.cloud, said.country, said.prefix]).toEqual([null, null, null])
    expect(pieces(said, 'witness', false)).toEqual([
      'The databases database/dbip-city and database/geo-whois-asn-country, built within 35 days of the packet, agree on VN, not SG; the only list is farther from the packet than they are.',
    ])
  })
})

describe('without a provider', () => {
  it.each([
    ['47.88.0.1', '2026-07-01', 'corroborated US'], // two publishers agree on the country; the state is dropped
    ['47.241.7.88', '2026-07-01', 'conflicted'], // Singapore in one database, where it was registered in the other
    ['203.107.1.65', '2026-07-01', 'suspected CN Hangzhou'], // one database alone
    ['47.88.0.1', '2025-11-01', 'suspected US'], // both built more than half a year later
    ['198.38.96.1', '2026-06-17', 'corroborated US'], // a feed and the registries
    ['23.246.2.1', '2025-08-01', 'suspected US'], // a feed and a database that may have it from the feed
    ['45.57.8.1', '2025-08-01', 'conflicted'], // a feed against the registries
    ['37.77.184.1', '2025-08-01', 'suspected NL Amsterdam'], // a feed alone
    ['198.51.44.1', '2025-08-01', 'unknown'],
  ])('%s at %s is %s', (ip, time, expected) => expect(short(locate(ip, time))).toBe(expected))
})
