import { describe, expect, it } from 'vitest'
import { SnapshotError } from '../../../functions/errors.ts'
import { parseGeofeed } from '../../../functions/locate/published/geofeed.ts'
import { parseAddress } from '../../../functions/net/address.ts'
import { formatPrefix } from '../../../functions/net/prefix.ts'

const parse = (text: string) => parseGeofeed(Buffer.from(text), 'feed.csv')

/** The place of an address: `prefix country subdivision city`, `-` for what is not said. */
function place(text: string, ip: string): string | null {
  const address = parseAddress(ip)
  const entry = address && parse(text).table.find(address.family, ...address.words)
  if (!entry?.stated) return null
  const { country, subdivision, city } = entry.stated
  return [formatPrefix(entry.prefix), country, subdivision, city].map((part) => part ?? '-').join(' ')
}

describe('a line of a geofeed', () => {
  it.each([
    ['192.0.2.0/24,US,US-CA,Fremont,', '192.0.2.0/24 US US-CA Fremont'],
    ['192.0.2.0/24,us,us-ca,Fremont,', '192.0.2.0/24 US US-CA Fremont'],
    [' 192.0.2.0/24 , US,\tUS-CA , San José ,94555\r', '192.0.2.0/24 US US-CA San José'],
    ['192.0.2.0/24,"US","US-DC","Washington ""the"" City",', '192.0.2.0/24 US US-DC Washington "the" City'],
    ['192.0.2.0/24,US,,"Fremont, CA",,', '192.0.2.0/24 US - Fremont, CA'],
    ['192.0.2.0/24,US,US-CA,Fremont,94555,more,and more', '192.0.2.0/24 US US-CA Fremont'],
    ['192.0.2.0/24,DE,DE-BE,Berlin', '192.0.2.0/24 DE DE-BE Berlin'],
    ['192.0.2.0/24,US,US-CA,Fremont,# moved', '192.0.2.0/24 US US-CA Fremont'],
    ['192.0.2.4,US,,,', '192.0.2.4/32 US - -'],
    ['192.0.2.4/24,US,,,', '192.0.2.0/24 US - -'],
    // No place on purpose (section 2.1.2).
    ['192.0.2.0/24,,,,', '192.0.2.0/24 - - -'],
    ['192.0.2.0/24,ZZ,,,', '192.0.2.0/24 - - -'],
    ['192.0.2.0/24,,US-CA,,', '192.0.2.0/24 US US-CA -'],
    // Countries that are subdivisions of others as well.
    ['192.0.2.0/24,CN,CN-HK,Hong Kong,', '192.0.2.0/24 HK - Hong Kong'],
    ['192.0.2.0/24,CN,CN-91,Hong Kong,', '192.0.2.0/24 HK - Hong Kong'],
    ['192.0.2.0/24,CN,CN-MO,,', '192.0.2.0/24 MO - -'],
    ['192.0.2.0/24,TW,CN-TW,,', '192.0.2.0/24 TW - -'],
    ['192.0.2.0/24,US,US-PR,San Juan,', '192.0.2.0/24 PR - San Juan'],
    ['192.0.2.0/24,TW,TW-TPE,Taipei,', '192.0.2.0/24 TW TW-TPE Taipei'],
    [`192.0.2.0/24,US,,${'x'.repeat(300)},`, `192.0.2.0/24 US - ${'x'.repeat(100)}`],
    ['192.0.2.0/24,US,,a\u0007b\u202ec\ud83d,', '192.0.2.0/24 US - a b c�'],
  ])('%s is %s', (line, expected) => {
    expect(place(line, '192.0.2.4')).toBe(expected)
  })

  it.each([
    ['2001:DB8:0:0::/32,US,,,', '2001:db8::/32 US - -'],
    ['2001:db8::7,US,,,', '2001:db8::7/128 US - -'],
  ])('%s is %s', (line, expected) => {
    expect(place(line, '2001:db8::7')).toBe(expected)
  })

  it.each([
    [',US,,,', 'has no valid address or prefix: ",US,,,"'],
    ['192.0.2.0/33,US,,,', 'has no valid address or prefix: "192.0.2.0/33,US,,,"'],
    ['0.0.0.0/0,US,,,', 'has a prefix shorter than anybody holds: "0.0.0.0/0,US,,,"'],
    ['192.0.0.0/7,US,,,', 'has a prefix shorter than anybody holds: "192.0.0.0/7,US,,,"'],
    ['2000::/15,US,,,', 'has a prefix shorter than anybody holds: "2000::/15,US,,,"'],
    ['192.0.2.0/24 - 192.0.3.0/24,US,,,', 'has no valid address or prefix: "192.0.2.0/24 - 192.0.3.0/24,US,,,"'],
    ['192.0.2.0/24,UK,,,', 'has a country that ISO 3166-1 does not assign: "192.0.2.0/24,UK,,,"'],
    ['192.0.2.0/24,USA,,,', 'has a country that ISO 3166-1 does not assign: "192.0.2.0/24,USA,,,"'],
    ['192.0.2.0/24,US,CA,,', 'has a subdivision that is no code of ISO 3166-2: "192.0.2.0/24,US,CA,,"'],
    ['192.0.2.0/24,US,CA-QC,,', 'has a subdivision of another country: "192.0.2.0/24,US,CA-QC,,"'],
    [
      '192.0.2.0/24,,XX-QC,,',
      'has a subdivision of a country that ISO 3166-1 does not assign: "192.0.2.0/24,,XX-QC,,"',
    ],
    ['192.0.2.0/24,US,US-CA', 'has 3 fields, not at least 4: "192.0.2.0/24,US,US-CA"'],
    ['192.0.2.0/24,US,,"Fremont,', 'has a quote that does not end its field: "192.0.2.0/24,US,,"Fremont,"'],
    [`192.0.2.0/24,US,,${'x'.repeat(2000)},`, `longer than 1000 characters: "192.0.2.0/24,US,,${'x'.repeat(63)}"`],
    ['192.0.2.0/24,US\u0000,\u001b[31m,', 'has a country that ISO 3166-1 does not assign: "192.0.2.0/24,US , [31m,"'],
  ])('%j is bad', (line, what) => {
    const { badLines, table } = parse(`198.51.100.0/24,US,,,\n${line}\n`)
    expect(badLines).toEqual([{ line: 2, what }])
    expect(table.size).toBe(1)
  })
})

describe('a geofeed', () => {
  it('may have a byte order mark, comments, blank lines and any line break', () => {
    const feed = '\ufeff# ours\r\n\r\n192.0.2.0/24,US,,,\n   \n#,,\r198.51.100.0/24,DE,,,'
    expect(parse(feed).table.size).toBe(2)
    expect(parse(feed).badLines).toEqual([])
  })

  it('is found in by the longest prefix, which may take a place away', () => {
    const feed = '192.0.2.0/24,US,,,\n192.0.2.128/25,,,,\n'
    expect(place(feed, '192.0.2.1')).toBe('192.0.2.0/24 US - -')
    expect(place(feed, '192.0.2.129')).toBe('192.0.2.128/25 - - -')
  })

  it('says of a repeated prefix only what all its lines say, in any order', () => {
    const lines = [
      '192.0.2.0/24,US,US-CA,Fremont,',
      '192.0.2.0/24,US,US-OR,Fremont,',
      '2001:db8::/32,US,,,',
      '2001:DB8::/32,DE,,,',
    ]
    for (const feed of [lines, [...lines].reverse()].map((order) => order.join('\n'))) {
      expect(place(feed, '192.0.2.1')).toBe('192.0.2.0/24 US - Fremont')
      expect(place(feed, '2001:db8::1')).toBe('2001:db8::/32 - - -')
      expect(parse(feed).badLines.map(({ line }) => line)).toEqual([2, 4])
    }
    expect(parse(lines.join('\n')).badLines[1]?.what).toBe(
      'repeats the prefix of line 3, 2001:db8::/32: only what both say counts',
    )
  })

  it.each([
    ['', /it is empty/],
    [' \n\n', /it is empty/],
    ['# only\n# comments\n', /0 of its 0 lines are bad/],
    ['<!DOCTYPE html>\n<p>Please log in,,,,</p>', /a web page/],
    ['192.0.2.0/24,US,,,\nx\ny\n', /2 of its 3 lines are bad; line 2 has no valid address or prefix: "x"; line 3 has/],
    ['Type,Address\nIPv4,192.0.2.0/24\n', /2 of its 2 lines are bad/],
  ])('that is %j is refused', (text, message) => {
    expect(() => parse(text)).toThrow(SnapshotError)
    expect(() => parse(text)).toThrow(message)
  })

  it('that is not UTF-8 is refused', () => {
    expect(() => parseGeofeed(Buffer.from('192.0.2.0/24,DE,,M\xfcnchen,', 'latin1'), 'feed.csv')).toThrow(/UTF-8/)
  })
})
