import { describe, expect, it } from 'vitest'
import { LogTimes, readEpoch } from '../../functions/parse/log-time.ts'

function read(text: string, zone?: string) {
  const times = new LogTimes(zone)
  const bytes = Buffer.from(`.${text}.`)
  return { at: times.read(bytes, 1, bytes.length - 1), fault: times.fault }
}
const epoch = (text: string) => readEpoch(Buffer.from(`.${text}.`), 1, text.length + 1)

describe('times in logs', () => {
  it.each([
    ['2014-11-03T10:00:00Z', '2014-11-03T10:00:00.000Z'],
    ['2014-11-03T10:00:00.123456+0530', '2014-11-03T04:30:00.123Z'],
    ['2014-11-03 10:00:00,5 +05:30', '2014-11-03T04:30:00.500Z'],
    ['2014-11-03T10:00:00-08', '2014-11-03T18:00:00.000Z'],
    ['2016-02-29T23:59:60Z', '2016-03-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
    ['2000-03-01 00:00:00 UTC', '2000-03-01T00:00:00.000Z'],
  ])('%s', (text, expected) => {
    const { at, fault } = read(text)
    expect(fault).toBeNull()
    expect(new Date(Math.floor(at / 1000)).toISOString()).toBe(expected)
  })

  it.each([
    '',
    '2014-11-03',
    '2014-13-03T10:00:00Z',
    '2015-02-29T10:00:00Z',
    '2014-11-03T25:00:00Z',
    '2014-11-03T10:00:00.Z',
    '2014-11-03T10:00:00X',
  ])('none: %s', (text) => expect(read(text)).toEqual({ at: Number.NaN, fault: 'no-time' }))

  it('without a zone need one, and are refused where clocks show them twice or never', () => {
    expect(read('2014-11-03T10:00:00').fault).toBe('time-without-zone')
    expect(read('2014-11-03T10:00:00.25', 'Asia/Kolkata').at).toBe(Date.UTC(2014, 10, 3, 4, 30) * 1000 + 250_000)
    expect(read('2014-10-26T02:30:00', 'Europe/Helsinki').at).toBe(Date.UTC(2014, 9, 25, 23, 30) * 1000)
    expect(read('2014-10-26T03:30:00', 'Europe/Helsinki').fault).toBe('time-is-twice-that-day')
    expect(read('2014-03-30T03:30:00', 'Europe/Helsinki').fault).toBe('time-that-clocks-skip')
    expect(read('2014-10-19T00:15:00', 'America/Sao_Paulo').fault).toBe('time-that-clocks-skip')
  })

  it('beyond the year 2255 are not exact, and none', () => {
    expect(read('2417-03-06T06:54:00Z').fault).toBe('time-out-of-range')
    expect(read('2417-03-06T06:54:00', 'Asia/Kolkata').fault).toBe('time-out-of-range')
    for (const text of ['9007199255', '99999999999999999999', '1e30']) expect(epoch(text)).toBeNaN()
  })

  it('as seconds since the epoch are exact to the microsecond', () => {
    expect(epoch('1409307270.123456')).toBe(1_409_307_270_123_456)
    expect(epoch('1409307270.1234569')).toBe(1_409_307_270_123_456)
    expect(epoch('1409307270')).toBe(1_409_307_270_000_000)
    expect(epoch('-1.5')).toBe(-1_500_000)
    expect(epoch('1.409307270e9')).toBe(1_409_307_270_000_000)
    for (const text of ['', '-', 'abc', '1.2.3', '1,5']) expect(epoch(text)).toBeNaN()
  })
})
