import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLocator } from '../../functions/locate/locator.ts'
import type { LoadedSnapshots } from '../../functions/locate/snapshots.ts'
import type { Location } from '../../functions/model.ts'
import { at, database, ranges } from '../support/locating.ts'

/** Grade, cloud or country, subdivision: what a verdict is made of. */
function short({ grade, cloud, country, subdivision, city }: Location): string {
  return [grade, cloud, country, subdivision, city].filter((part) => part !== null).join(' ')
}
const locate = (snapshots: Partial<LoadedSnapshots>, ip: string, time: string): Location =>
  createLocator({ ranges: [], databases: [], ...snapshots }).locate(ip, at(time))

const early = ranges('2014-10-01', [
  '54.176.0.0/12 us-west-1 AMAZON',
  '54.176.0.0/12 us-west-1 EC2',
  '54.222.0.0/19 cn-north-1 AMAZON',
  '70.224.192.0/18 us-west-2 EC2 us-west-2',
  '205.251.192.0/19 GLOBAL CLOUDFRONT',
  '108.166.232.0/21 us-east-2 AMAZON',
  '10.0.0.0/8 us-west-1 EC2',
  '1.178.0.0/16 us-east-1 EC2',
])
const late = ranges('2014-12-01', [
  '54.176.0.0/12 us-west-1 EC2',
  '54.176.0.0/12 us-west-1 AMAZON',
  '54.222.0.0/19 cn-north-1 AMAZON',
  '70.224.192.0/18 us-west-2 EC2 us-west-2-lax-1',
  '205.251.192.0/19 GLOBAL CLOUDFRONT',
  '108.166.232.0/21 us-west-2 AMAZON',
  '46.51.216.0/21 ap-southeast-1 EC2',
  '13.33.0.0/16 GLOBAL AMAZON',
])
const both = { ranges: [early, late] }

describe('an address of a provider', () => {
  it.each([
    ['both snapshots agree', '54.183.1.1', '2014-11-03', 'proven aws:us-west-1 US US-CA'],
    ['Amazon, but in Beijing', '54.222.0.1', '2014-11-03', 'proven aws:cn-north-1 CN CN-BJ Beijing'],
    [
      'the region became a zone in between, which no list named yet',
      '70.224.192.1',
      '2014-11-03',
      'corroborated aws:us-west-2 US',
    ],
    ['it was in the region still', '70.224.192.1', '2014-09-20', 'proven aws:us-west-2 US US-OR Boardman'],
    // The lists of 2014 are invented; AWS's own named no zone before 2020.
    ['it is in the zone by now', '70.224.192.1', '2014-12-20', 'corroborated aws:us-west-2-lax-1 US US-CA Los Angeles'],
    ['it moved in between', '108.166.232.1', '2014-11-03', 'conflicted'],
    ['it is a network without a place', '205.251.200.1', '2014-11-03', 'edge'],
    ['only the later one knows it', '46.51.216.9', '2014-11-03', 'corroborated aws:ap-southeast-1 SG Singapore'],
    ['only the later one knows it, as global', '13.33.0.1', '2014-11-03', 'edge'],
    ['given up, and the earlier one is near', '1.178.0.1', '2014-11-03', 'corroborated aws:us-east-1 US US-VA Ashburn'],
    ['given up, and the earlier one is far', '1.178.0.1', '2014-11-20', 'conflicted'],
    [
      'at the very time of a snapshot, which counts as before',
      '46.51.216.9',
      '2014-12-01',
      'proven aws:ap-southeast-1 SG Singapore',
    ],
    ['no snapshot knows it', '93.184.216.34', '2014-11-03', 'unknown'],
  ])('where %s: %s at %s is %s', (_, ip, time, expected) => expect(short(locate(both, ip, time))).toBe(expected))

  it.each([
    ['2014-11-05T00:00:00Z', 'proven'], // 35 days after
    ['2014-11-05T00:00:01Z', 'corroborated'],
    ['2014-08-27T00:00:00Z', 'proven'], // 35 days before
    ['2014-08-26T23:59:59Z', 'corroborated'],
    ['2026-01-01T00:00:00Z', 'corroborated'],
  ])('is at %s %s by a single snapshot of 2014-10-01', (time, grade) =>
    expect(locate({ ranges: [early] }, '54.183.1.1', time).grade).toBe(grade),
  )

  it.each([
    ['2020-06-01', '2014-11-20', 'corroborated'], // five years and eight months apart, and far from both
    ['2020-06-01', '2014-10-20', 'proven'], // as wide, and near the earlier one
    ['2020-06-01', '2020-05-20', 'proven'], // as wide, and near the later one
    ['2017-09-30', '2016-01-01', 'proven'], // a day less than three years apart
    ['2017-10-03', '2016-01-01', 'corroborated'],
  ])('between snapshots of 2014-10-01 and %s that agree is at %s %s', (later, time, grade) => {
    const snapshots = { ranges: [early, ranges(later, ['54.176.0.0/12 us-west-1 EC2'])] }
    expect(locate(snapshots, '54.183.1.1', time).grade).toBe(grade)
  })

  it('is judged by the nearest snapshots on each side only', () => {
    const far = ranges('2013-01-01', ['108.166.232.0/21 eu-west-1 EC2'])
    const later = ranges('2015-06-01', ['108.166.232.0/21 eu-west-1 EC2'])
    expect(short(locate({ ranges: [later, late, far, early] }, '54.183.1.1', '2014-11-03'))).toBe(
      'proven aws:us-west-1 US US-CA',
    )
    expect(locate({ ranges: [late, later] }, '108.166.232.1', '2015-01-10').grade).toBe('conflicted')
  })

  it('is where the most specific prefix says, and among equal ones where a service says', () => {
    const file = ranges('2020-07-01', [
      '3.0.0.0/15 ap-southeast-1 AMAZON ap-southeast-1',
      '3.0.0.0/24 GLOBAL AMAZON GLOBAL',
      '3.0.1.0/24 us-east-1 EC2 us-east-1-bue-1',
      '3.0.2.0/24 GLOBAL AMAZON GLOBAL',
      '3.0.2.0/24 us-west-2 S3 us-west-2',
      '3.0.3.0/24 us-west-2 S3 us-west-2',
      '3.0.3.0/24 us-west-1 EC2 us-west-1',
      '3.0.4.0/24 us-west-2 GLOBALACCELERATOR us-west-2',
      '3.0.5.0/24 mars-north-1 EC2 mars-north-1',
      '2600:1f1c::/36 us-west-1 EC2 us-west-1',
    ])
    const answer = (ip: string) => short(locate({ ranges: [file] }, ip, '2020-07-02'))
    expect(answer('3.1.0.1')).toBe('proven aws:ap-southeast-1 SG Singapore')
    expect(answer('3.0.0.1')).toBe('edge')
    expect(answer('3.0.1.1')).toBe('corroborated aws:us-east-1-bue-1 AR Buenos Aires')
    expect(answer('3.0.2.1')).toBe('proven aws:us-west-2 US US-OR Boardman')
    expect(answer('3.0.3.1')).toBe('conflicted')
    expect(answer('3.0.4.1')).toBe('corroborated aws:us-west-2 US US-OR Boardman')
    expect(answer('3.0.5.1')).toBe('proven aws:mars-north-1')
    expect(answer('2600:1f1c::1')).toBe('proven aws:us-west-1 US US-CA')
    expect(answer('64:ff9b::3.1.0.1')).toBe('proven aws:ap-southeast-1 SG Singapore')
    expect(answer('::ffff:3.1.0.1')).toBe('proven aws:ap-southeast-1 SG Singapore')
  })

  it.each([
    ['the earlier one does not list it', both, '46.51.216.9', '2014-11-03', '2014-10-01', 'of 2014-10-01, before'],
    ['the later one no longer lists it', both, '1.178.0.1', '2014-11-03', '2014-12-01', 'of 2014-12-01, after'],
    ['there is none on the other side', { ranges: [early] }, '54.183.1.1', '2016-01-01', '2014-10-01', 'no snapshot'],
    [
      'they lie far apart',
      { ranges: [early, ranges('2020-06-01', ['54.176.0.0/12 us-west-1 EC2'])] },
      '54.183.1.1',
      '2016-01-01',
      '2020-06-01',
      'more than three years',
    ],
  ])(
    'says from the snapshot that it speaks of, and as a reason for less, that %s',
    (_, known, ip, time, date, says) => {
      const note = locate(known, ip, time).evidence.find(({ rule }) => rule === 'time')
      expect(note).toMatchObject({ source: 'ranges/aws', date, supports: false })
      expect(note?.says).toContain(says)
    },
  )

  it('names both snapshots with their dates where they disagree', () => {
    const { evidence, prefix } = locate(both, '108.166.232.1', '2014-11-03')
    expect(prefix).toBeNull()
    const ranges = evidence.filter(({ rule }) => rule === 'provider-range')
    expect(ranges.map(({ date, supports }) => [date, supports])).toEqual([
      ['2014-10-01', false],
      ['2014-12-01', false],
    ])
    expect(ranges[0]?.says).toContain('108.166.232.0/21')
    const time = evidence.find(({ rule }) => rule === 'time')
    expect(time?.says).toMatch(/us-east-2 on 2014-10-01.*us-west-2 on 2014-12-01/)
  })
})

const sg = { country_code: 'SG', state1: '', city: 'Singapore' }
const california = { country_code: 'US', state1: 'California', city: 'San Jose' }
const dbip = database('database/dbip-city', '2014-11-01', {
  '47.88.0.0/19': california,
  '47.241.0.0/16': sg,
  '54.176.0.0/12': { country_code: 'GB', state1: 'England', city: 'London' },
  '9.0.0.0/8': { country_code: 'EU', state1: '', city: '' },
  '1.1.1.0/24': { country_code: 'AU', state1: '', city: '' },
})
const registries = database('database/registries', '2014-11-02', {
  '47.88.0.0/14': { country_code: 'US' },
  '47.240.0.0/14': { country_code: 'US' },
  '1.1.1.0/24': { country_code: 'AU' },
})

describe('an address that no provider lists', () => {
  const databases = [registries, dbip]
  it.each([
    ['two databases agree', '47.88.0.1', 'corroborated US'],
    ['they disagree', '47.241.7.88', 'conflicted'],
    ['one alone says it', '54.183.1.1', 'suspected GB London'],
    ['the code is no country', '9.9.8.8', 'unknown'],
    ['none knows it', '2.2.2.2', 'unknown'],
    ['it is a public resolver, announced everywhere', '1.1.1.1', 'edge'],
  ])('is, where %s: %s', (_, ip, expected) => expect(short(locate({ databases }, ip, '2014-11-03'))).toBe(expected))

  it('keeps what is finer than the country as a hint where it is corroborated', () => {
    const { evidence, prefix } = locate({ databases }, '47.88.0.1', '2014-11-03')
    expect(prefix).toBe('47.88.0.0/19')
    expect(evidence.map(({ rule, source, date, supports }) => [rule, source, date, supports])).toEqual([
      ['database', 'database/dbip-city', '2014-11-01', true],
      ['database', 'database/registries', '2014-11-02', true],
    ])
    expect(evidence[0]?.says).toContain('San Jose, California, US')
  })

  it('is not corroborated by two databases of one publisher, nor by two builds of one', () => {
    const record = { '47.88.0.0/19': { country: { iso_code: 'US' } } }
    const city = database('database/city', '2014-11-01', record, { type: 'GeoLite2-City' })
    const country = database('database/country', '2014-11-02', record, { type: 'GeoIP2-Country' })
    const newer = database('database/city', '2014-12-01', record, { type: 'GeoLite2-City' })
    expect(locate({ databases: [city, country, newer] }, '47.88.0.1', '2014-11-03').grade).toBe('suspected')
    expect(locate({ databases: [city, registries] }, '47.88.0.1', '2014-11-03').grade).toBe('corroborated')
  })

  it('is not corroborated by two databases whose makers cannot be told: one may be a copy of the other', () => {
    const record = { '47.88.0.0/19': { country: { iso_code: 'US' } } }
    const [one, other] = ['one', 'other'].map((name) => database(`database/${name}`, '2014-11-01', record))
    if (!one || !other) throw new Error('two databases')
    expect(locate({ databases: [one, other] }, '47.88.0.1', '2014-11-03').grade).toBe('suspected')
    expect(locate({ databases: [one, dbip] }, '47.88.0.1', '2014-11-03').grade).toBe('suspected')
    expect(locate({ databases: [one, registries] }, '47.88.0.1', '2014-11-03').grade).toBe('corroborated')
  })

  it('is in conflict where the builds before and after the packet disagree', () => {
    const newer = database('database/dbip-city', '2014-12-01', { '47.88.0.0/19': sg })
    expect(locate({ databases: [...databases, newer] }, '47.88.0.1', '2014-11-03').grade).toBe('conflicted')
    expect(locate({ databases: [...databases, newer] }, '47.88.0.1', '2014-12-03').grade).toBe('conflicted')
    expect(locate({ databases: [dbip, newer] }, '47.88.0.1', '2014-12-03')).toMatchObject({
      grade: 'suspected',
      country: 'SG',
    })
  })

  it('never lets a database overrule a provider, but records what it says', () => {
    const location = locate({ ...both, databases }, '54.183.1.1', '2014-11-03')
    expect(short(location)).toBe('proven aws:us-west-1 US US-CA')
    expect(location.evidence.filter(({ rule }) => rule === 'database')).toMatchObject([{ supports: false }])
    const edge = locate(
      { ...both, databases: [database('database/x', '2014-11-01', { '205.251.0.0/16': sg })] },
      '205.251.200.1',
      '2014-11-03',
    )
    expect(edge).toMatchObject({
      grade: 'edge',
      country: null,
      evidence: [{ rule: 'edge' }, { rule: 'edge' }, { supports: false }],
    })
  })

  it('has no answer from a damaged record, and says so', () => {
    const damaged = database('database/x', '2014-11-01', { '47.88.0.0/19': Buffer.from([0xff, 0xff, 0xff]) })
    const location = locate({ databases: [damaged] }, '47.88.0.1', '2014-11-03')
    expect(location.grade).toBe('unknown')
    expect(location.evidence[0]?.says).toContain('damaged')
  })
})

describe('an address without a place', () => {
  it.each([
    ['10.1.2.3', 'private-use'],
    ['::ffff:192.168.0.1', 'private-use'],
    ['224.0.0.251', 'multicast'],
    ['2001:db8::1', 'documentation'],
    ['100.64.0.1', 'shared-address-space'],
  ])('%s is %s, whatever ranges and databases say', (ip, reason) => {
    const location = locate(both, ip, '2014-11-03')
    expect(location).toMatchObject({ grade: 'unknown', country: null, cloud: null, prefix: null })
    expect(location.evidence.at(-1)).toMatchObject({ rule: 'special-purpose', supports: true })
    expect(location.evidence.at(-1)?.says).toContain(reason)
  })

  it('is an answer, not a crash, where the text is no address', () => {
    for (const ip of ['foo', '', '81.2.69.144.9', 'fe80::1%eth0'])
      expect(locate({ ...both, databases: [dbip] }, ip, '2014-11-03')).toMatchObject({ ip, grade: 'unknown' })
  })
})

describe('a locator', () => {
  it('gives the same answers in whatever order it is asked and filled', () => {
    const ips = ['54.183.1.1', '70.224.192.1', '1.178.0.1', '47.88.0.1', '205.251.200.1', '10.0.0.1']
    const times = ['2014-08-01', '2014-09-20', '2014-11-03', '2014-11-20', '2014-12-20', '2015-03-01'].map(at)
    const one = createLocator({ ranges: [early, late], databases: [dbip, registries] })
    const other = createLocator({ ranges: [late, early], databases: [registries, dbip] })
    const asked = times.flatMap((time) => ips.map((ip) => [ip, time] as const))
    const answers = new Map([...asked].reverse().map(([ip, time]) => [`${ip} ${time}`, other.locate(ip, time)]))
    for (const [ip, time] of [...asked, ...asked]) expect(one.locate(ip, time)).toEqual(answers.get(`${ip} ${time}`))
    expect(one.snapshots).toEqual(other.snapshots)
    expect(one.snapshots.map(({ source, date }) => `${source} ${date}`)).toEqual([
      'database/dbip-city 2014-11-01',
      'database/registries 2014-11-02',
      'ranges/aws 2014-10-01',
      'ranges/aws 2014-12-01',
    ])
  })

  it('gives the same object from the second time on within a span of time in which no other snapshot counts', () => {
    const locator = createLocator({ ranges: [early, late], databases: [] })
    const first = locator.locate('54.183.1.1', at('2014-11-03T10:00:00Z'))
    const second = locator.locate('54.183.1.1', at('2014-11-03T10:30:00Z'))
    expect(second).toEqual(first)
    expect(locator.locate('54.183.1.1', at('2014-11-03T11:00:00Z'))).toBe(second)
    expect(locator.locate('54.183.1.1', at('2014-12-03T11:00:00Z'))).not.toBe(second)
  })

  it('has one list of evidence for the addresses that no source tells apart, and another for those that one does', () => {
    const nested = ranges('2014-11-01', ['54.176.0.0/12 us-west-1 EC2', '54.183.1.0/24 us-west-2 EC2'])
    const coarse = database('database/x', '2014-11-01', { '54.0.0.0/8': sg, '54.183.2.0/24': california })
    const locator = createLocator({ ranges: [nested], databases: [coarse] })
    const of = (ip: string) => locator.locate(ip, at('2014-11-03'))
    const first = of('54.183.3.1')
    expect(short(first)).toBe('proven aws:us-west-1 US US-CA')
    expect(of('54.183.3.200')).toMatchObject({ ip: '54.183.3.200', evidence: first.evidence })
    expect(of('54.183.3.200').evidence).toBe(first.evidence)
    expect(short(of('54.183.1.1'))).toBe('proven aws:us-west-2 US US-OR Boardman')
    expect(of('54.183.2.1').evidence[0]).toBe(first.evidence[0])
    expect(of('54.183.2.1').evidence[1]?.says).toContain('San Jose')
    expect(short(of('54.1.1.1'))).toBe('suspected SG Singapore')
    expect(of('::ffff:54.183.3.1').evidence).toEqual([
      expect.objectContaining({ rule: 'special-purpose' }),
      ...first.evidence,
    ])
  })

  it('answers any two addresses as it would had it been asked nothing else', () => {
    const small = fc.record({ start: fc.nat(63), length: fc.integer({ min: 26, max: 32 }) })
    const text = ({ start, length }: { start: number; length: number }) =>
      `54.183.1.${(start << 2) & (0xff << (32 - length)) & 255}/${length}`
    const regions = ['us-west-1', 'us-west-2', 'eu-central-1']
    const codes = ['US', 'DE', 'SG']
    fc.assert(
      fc.property(
        fc.array(fc.tuple(small, fc.nat(2)), { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(small, fc.nat(2)), { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(small, fc.nat(2)), { maxLength: 6 }),
        (before, after, records) => {
          const file = (day: string, rows: typeof before) =>
            ranges(
              day,
              rows.map(([block, region]) => `${text(block)} ${regions[region]} EC2`),
            )
          const shorterFirst = [...records].sort(([a], [b]) => a.length - b.length)
          const snapshots = {
            ranges: [file('2014-10-01', before), file('2014-12-01', after)],
            databases: [
              database(
                'database/x',
                '2014-11-01',
                Object.fromEntries(
                  shorterFirst.map(([block, code]) => [text(block), { country_code: codes[code] ?? '' }]),
                ),
              ),
            ],
          }
          const asked = createLocator(snapshots)
          for (let i = 0; i < 256; i += 2) {
            const ip = `54.183.1.${i}`
            expect(asked.locate(ip, at('2014-11-03'))).toEqual(locate(snapshots, ip, '2014-11-03'))
          }
        },
      ),
      { numRuns: 40 },
    )
    // Some five thousand locators are made.
  }, 180_000)
})
