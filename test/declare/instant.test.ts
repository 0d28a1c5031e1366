import { describe, expect, it } from 'vitest'
import { DATE_TIME_PATTERN, instantOf, TIME_PATTERN, timeFault } from '../../functions/declare/instant.ts'
import { timeZone } from '../../functions/net/time-zone.ts'

const shanghai = timeZone('Asia/Shanghai')

describe('a time that is written', () => {
  it.each([
    ['2014-10-31', 'start', '2014-10-30T16:00:00.000Z'],
    ['2014-10-31', 'end', '2014-10-31T16:00:00.000Z'],
    ['2014-12-31', 'end', '2014-12-31T16:00:00.000Z'],
    ['2016-02-29', 'end', '2016-02-29T16:00:00.000Z'],
    ['2014-10-31T18:00Z', 'start', '2014-10-31T18:00:00.000Z'],
    ['2014-10-31T18:00Z', 'end', '2014-10-31T18:00:00.000Z'],
    ['2014-10-31T18:00:01-03:30', 'start', '2014-10-31T21:30:01.000Z'],
    ['2014-10-31T00:00:00.250+05:45', 'start', '2014-10-30T18:15:00.250Z'],
  ] as const)('%s as the %s of something is %s', (text, edge, iso) => {
    expect(new Date((instantOf(text, edge, shanghai) ?? 0) / 1000).toISOString()).toBe(iso)
  })

  it('is exact to the microsecond', () => {
    expect(instantOf('2014-10-31T18:00:00.123456Z', 'start', null)).toBe(1_414_778_400_123_456)
    expect(instantOf('2199-12-31T23:59:59.999999Z', 'start', null)).toBe(7_258_118_399_999_999)
  })

  it.each([
    '2014-13-01',
    '2014-00-01',
    '2014-01-00',
    '2015-02-29',
    '2100-02-29',
    '1969-12-31',
    '2200-01-01',
    '2014-01-01T24:00Z',
    '2014-01-01T00:60Z',
    '2014-01-01T00:00:60Z',
    '2014-01-01T00:00+15:00',
    '2014-01-01T00:00+01:60',
    '20140101',
    '2014-1-1',
    '2014-01-01T00Z',
    '2014-01-01T00:00z',
    '２０１４-01-01',
    '2014-01-01 ',
    '',
  ])('such as %j is refused with what to write instead', (text) => {
    expect(timeFault(text, 'either')).toMatch(/: write /)
    expect(instantOf(text, 'start', null)).toBeNull()
  })

  it('is refused by the pattern of the published schema only where it is refused here', () => {
    for (const text of ['2014-10-31', '2014-10-31T18:00Z', '2014-10-31T18:00:00.5+08:00']) {
      expect(timeFault(text, 'either')).toBeNull()
      expect(TIME_PATTERN.test(text)).toBe(true)
      expect(DATE_TIME_PATTERN.test(text)).toBe(timeFault(text, 'date-time') === null)
    }
  })
})
