import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SnapshotError } from '../../../functions/errors.ts'
import { createLocator } from '../../../functions/locate/locator.ts'
import { parseAwsRanges } from '../../../functions/locate/published/aws.ts'
import { parseAddress } from '../../../functions/net/address.ts'
import { formatPrefix, parsePrefix, prefixContains } from '../../../functions/net/prefix.ts'
import { at, awsJson, rangesOf } from '../../support/locating.ts'

const material = new URL('../../../../shared/material/ranges/', import.meta.url)
const present = existsSync(material)
if (!present) console.warn(`skipped: AWS's published ranges are not at ${material.pathname}`)
const published = (name: string) => readFileSync(new URL(name, material))

function find(bytes: Buffer, ip: string) {
  const address = parseAddress(ip)
  if (!address) throw new Error(ip)
  return parseAwsRanges(bytes, 'test').table.find(address.family, ...address.words)
}

describe("AWS's ip-ranges.json", () => {
  it('is dated by its own createDate, in UTC', () => {
    const { time, table } = parseAwsRanges(awsJson('2026-06-05-00-37-05', ['3.0.0.0/15 us-west-1 EC2']), 'test')
    expect(new Date(time / 1000).toISOString()).toBe('2026-06-05T00:37:05.000Z')
    expect(table.size).toBe(1)
  })

  it('says the same whatever the order of its rows', () => {
    const row = fc.tuple(
      fc.constantFrom('3.0.0.0/15', '3.0.0.0/16', '3.0.0.0/24', '2600::/24', '2600::/32'),
      fc.constantFrom('us-west-1', 'us-west-2', 'GLOBAL'),
      fc.constantFrom('AMAZON', 'EC2', 'S3', 'CLOUDFRONT'),
      fc.constantFrom('', ' us-west-2-lax-1'),
    )
    const shuffled = fc
      .array(
        row.map(([a, b, c, d]) => `${a} ${b} ${c}${d}`),
        { minLength: 1, maxLength: 12 },
      )
      .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })))
    fc.assert(
      fc.property(shuffled, ([rows, others]) => {
        for (const ip of ['3.0.0.9', '3.0.1.9', '3.1.0.9', '2600::9', '2600:0:1::9', '4.0.0.0'])
          expect(find(awsJson('2026-06-05-00-00-00', others), ip)).toEqual(
            find(awsJson('2026-06-05-00-00-00', rows), ip),
          )
      }),
    )
  })

  const good = {
    createDate: '2026-06-05-00-37-05',
    prefixes: [{ ip_prefix: '3.0.0.0/15', region: 'r', service: 'EC2' }],
    ipv6_prefixes: [],
  }
  it.each([
    ['', /it is empty; get it from https:..ip-ranges/],
    ['<html><body>Log in</body></html>', /a web page/],
    ['{"createDate":"2026-06-05-00-37-05","prefixes":[{"ip_pre', /not JSON/],
    ['\xff\xfe', /not text in UTF-8/],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, /needs createDate/],
    ['null', /needs createDate/],
    ['[]', /needs createDate/],
    [JSON.stringify({ ...good, createDate: '2026-06-05' }), /needs createDate/],
    [JSON.stringify({ ...good, createDate: '2026-02-30-00-00-00' }), /needs createDate/],
    [JSON.stringify({ ...good, createDate: '2026-06-05-99-00-00' }), /needs createDate/],
    [JSON.stringify({ ...good, prefixes: {} }), /lists prefixes/],
    [JSON.stringify({ ...good, prefixes: [] }), /no prefix at all/],
    [
      JSON.stringify({
        ...good,
        prefixes: [...good.prefixes, { ip_prefix: '3.0.0.0/33', region: 'r', service: 'EC2' }],
      }),
      /ip_prefix 2 of 2/,
    ],
    [
      JSON.stringify({ ...good, prefixes: [{ ip_prefix: '2600::/32', region: 'r', service: 'EC2' }] }),
      /ip_prefix 1 of 1/,
    ],
    [
      JSON.stringify({ ...good, prefixes: [{ ip_prefix: '3.0.0.0/15', region: '<script>', service: 'EC2' }] }),
      /ip_prefix 1 of 1/,
    ],
    [
      JSON.stringify({ ...good, prefixes: [{ ip_prefix: '0.0.0.0/0', region: 'r', service: 'EC2' }] }),
      /ip_prefix 1 of 1/,
    ],
    [
      JSON.stringify({ ...good, ipv6_prefixes: [{ ipv6_prefix: '2000::/15', region: 'r', service: 'EC2' }] }),
      /ipv6_prefix 1 of 1/,
    ],
    [JSON.stringify({ ...good, prefixes: [{ ip_prefix: '3.0.0.0/15', region: 'r' }] }), /ip_prefix 1 of 1/],
    [JSON.stringify({ ...good, prefixes: [null] }), /ip_prefix 1 of 1/],
    [
      `{"createDate":"2026-06-05-00-37-05","prefixes":[{"region":${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`,
      /ip_prefix 1 of 1/,
    ],
    [
      JSON.stringify({ ...good, ipv6_prefixes: [{ ipv6_prefix: 7, region: 'r', service: 'EC2' }] }),
      /ipv6_prefix 1 of 1/,
    ],
    [JSON.stringify({ ...good, prefixes: [{ ...good.prefixes[0], network_border_group: 7 }] }), /ip_prefix 1 of 1/],
  ])('is refused where it is %j', (text, message) => {
    const parse = () => parseAwsRanges(Buffer.from(text, 'latin1'), 'ip-ranges.json')
    expect(parse).toThrow(SnapshotError)
    expect(parse).toThrow(message)
  })

  it('gives ranges or a SnapshotError for any bytes', () => {
    const text = JSON.stringify(good)
    const broken = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((json) => Buffer.from(json)),
      fc
        .tuple(fc.nat(text.length), fc.string({ maxLength: 3 }))
        .map(([i, s]) => Buffer.from(text.slice(0, i) + s + text.slice(i + 1))),
    )
    fc.assert(
      fc.property(broken, (bytes) => {
        try {
          expect(parseAwsRanges(bytes, 'test').table.size).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(SnapshotError)
        }
      }),
      { numRuns: 500 },
    )
  })

  it.skipIf(!present)('is found in by the longest prefix, as a scan of the whole file finds it', () => {
    const bytes = published('aws-ip-ranges__2026-08-22.json')
    const { table } = parseAwsRanges(bytes, 'test')
    const file = JSON.parse(bytes.toString()) as Record<'prefixes' | 'ipv6_prefixes', Record<string, string>[]>
    const rows = [...file.prefixes, ...file.ipv6_prefixes]
    const prefixes = rows
      .map((row) => parsePrefix(row.ip_prefix ?? row.ipv6_prefix ?? ''))
      .filter((prefix) => prefix !== null)
    expect(prefixes).toHaveLength(rows.length)
    for (let i = 0; i < prefixes.length; i += 97) {
      const probe = prefixes[i]
      if (!probe) continue
      const { family, words } = probe
      let longest = probe
      for (const prefix of prefixes)
        if (prefix.length > longest.length && prefixContains(prefix, family, ...words)) longest = prefix
      const found = table.find(family, ...words)
      expect(found && formatPrefix(found.prefix)).toBe(formatPrefix(longest))
    }
  })
})

describe('a real address', () => {
  const history = ['2018-07-01', '2020-01-01', '2022-07-01', '2025-07-01', '2026-06-05'].map(
    (day) => `aws-history/ip-ranges.${day}.json`,
  )
  const locator = present
    ? createLocator({
        ranges: [...history, 'aws-ip-ranges__2026-08-22.json'].map((name) => rangesOf(published(name))),
        databases: [],
      })
    : null

  it.skipIf(!present).each([
    // Alibaba's: AWS's ranges say nothing of them, so only databases could.
    ['47.88.0.1', '2025-12-01', 'unknown', null],
    ['47.241.7.88', '2025-12-01', 'unknown', null],
    ['52.84.0.1', '2025-12-01', 'edge', null],
    ['54.222.0.1', '2025-12-01', 'proven', 'aws:cn-north-1'],
    ['54.222.0.1', '2014-11-03', 'corroborated', 'aws:cn-north-1'],
    ['54.183.1.1', '2019-05-01', 'proven', 'aws:us-west-1'],
    // A range that moved from Ohio to Oregon between 2022-06-30 and 2025-06-28.
    ['108.166.232.1', '2021-01-01', 'proven', 'aws:us-east-2'],
    ['108.166.232.1', '2024-01-01', 'conflicted', null],
    ['108.166.232.1', '2025-12-01', 'proven', 'aws:us-west-2'],
    // A GLOBAL range inside Ningxia's, and a neighbour that is Ningxia's.
    ['52.82.128.1', '2019-06-30', 'edge', null],
    ['52.82.128.1', '2021-01-01', 'edge', null],
    ['52.82.192.1', '2019-06-30', 'proven', 'aws:cn-northwest-1'],
    // Los Angeles, not Oregon; before mid-2020 the file does not tell zones from their region.
    ['70.224.192.1', '2025-12-01', 'proven', 'aws:us-west-2-lax-1'],
    ['13.144.0.1', '2026-07-01', 'proven', 'aws:ap-southeast-1'],
    ['2600:1f1c::1', '2025-12-01', 'proven', 'aws:us-west-1'],
    ['2400:7fc0:2f00::1', '2025-12-01', 'proven', 'aws:cn-north-1'],
    // After the last snapshot: 35 days, and one more.
    ['54.183.1.1', '2026-09-26', 'proven', 'aws:us-west-1'],
    ['54.183.1.1', '2026-09-27', 'corroborated', 'aws:us-west-1'],
  ])('%s is on %s %s %s', (ip, day, grade, cloud) => {
    const location = locator?.locate(ip, at(`${day}T00:00:00Z`))
    expect({ grade: location?.grade, cloud: location?.cloud }).toEqual({ grade, cloud })
  })
})
