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
    ]),
  ),
]
const geofeed = listed('geofeed/aws', '2025-09-18', {
  '13.144.0.0/16': { stated: ['SG', 'SG-01', 'Singapore'] },
  '13.144.0.0/20': { stated: ['TH', 'TH-10', 'Bangkok'] },
  '13.144.16.0/20': { stated: ['PH', 'PH-U', 'Manila'] },
  // As the parser gives what AWS writes as CN,CN-HK.
  '18.166.0.0/15': { stated: ['HK', undefined, 'Hong Kong'] },
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
  listed('ranges/azure', '2025-07-01', { '13.64.0.0/16': { region: 'azure:westus', service: 'AzureCloud' } }),
  listed('ranges/azure-china', '2025-07-01', { '40.72.0.0/18': { region: 'azure:chinaeast', service: 'AzureCloud' } }),
  listed('ranges/google', '2025-07-01', { '34.82.0.0/15': { region: 'google:us-west1', service: 'Google Cloud' } }),
  listed('ranges/digitalocean', '2025-07-01', { '128.199.64.0/18': { stated: ['SG', 'SG-03', 'Singapore'] } }),
  listed('ranges/linode', '2025-07-01', { '1.178.0.0/23': { stated: ['DE', 'DE-HE', 'Frankfurt'] } }),
]
const record = (country_code: string, state1 = '', city = '') => ({ country_code, state1, city })
const dbip = database('database/dbip-city', '2026-06-05', {
  '47.88.0.0/19': record('US', 'California', 'Minkler'),
  '47.241.0.0/16': record('SG', '', 'Singapore'),
  '1.1.1.0/24': record('AU', 'New South Wales', 'Sydney'),
  '52.84.0.0/23': record('US', 'Illinois', 'Chicago'),
  '13.144.0.0/20': record('TH', '', 'Bangkok'),
  '23.246.2.0/23': record('US', 'Texas', 'Dallas'),
  '203.107.0.0/20': record('CN', 'Zhejiang', 'Hangzhou'),
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
  '37.77.184.0/24': { stated: ['NL', undefined, 'Amsterdam'] },
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
    ['108.166.232.1', '2026-07-01', 'proven aws:us-west-2 US US-OR Boardman'], // a single one, 26 days old
    ['108.166.232.1', '2026-11-22', 'corroborated aws:us-west-2 US US-OR Boardman'], // a single one, 170 days old
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
    ['70.224.192.1', '2019-12-25', 'conflicted'], // a region on the list before, a zone on the one after
    ['70.224.192.1', '2023-01-01', 'proven aws:us-west-2-lax-1 US US-CA Los Angeles'],
  ])('%s at %s is %s, and not its region', (ip, time, expected) => expect(short(locate(ip, time))).toBe(expected))
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

describe('without a provider', () => {
  it.each([
    ['47.88.0.1', '2026-07-01', 'corroborated US'], // two publishers agree on the country; the state is dropped
    ['47.241.7.88', '2026-07-01', 'conflicted'], // Singapore in one database, where it was registered in the other
    ['203.107.1.65', '2026-07-01', 'suspected CN Hangzhou'], // one database alone
    ['198.38.96.1', '2025-08-01', 'corroborated US'], // a feed and the registries
    ['23.246.2.1', '2025-08-01', 'suspected US'], // a feed and a database that may have it from the feed
    ['45.57.8.1', '2025-08-01', 'conflicted'], // a feed against the registries
    ['37.77.184.1', '2025-08-01', 'suspected NL Amsterdam'], // a feed alone
    ['198.51.44.1', '2025-08-01', 'unknown'],
  ])('%s at %s is %s', (ip, time, expected) => expect(short(locate(ip, time))).toBe(expected))
})
