import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeZone, zoneNames } from '../../functions/net/time-zone.ts'

/** Zone, local day, and its first instant by the tz database (https://www.iana.org/time-zones), as `date` prints it. */
const days: readonly (readonly [zone: string, day: string, first: string, why: string])[] = [
  ['UTC', '1970-01-01', '1970-01-01T00:00:00Z', 'the epoch'],
  ['Asia/Shanghai', '2014-11-01', '2014-10-31T16:00:00Z', 'a whole hour east'],
  ['Asia/Shanghai', '1986-05-04', '1986-05-03T16:00:00Z', 'a day on which summer time begins at two'],
  ['Asia/Kolkata', '2014-11-01', '2014-10-31T18:30:00Z', 'half an hour'],
  ['Asia/Kathmandu', '2014-11-01', '2014-10-31T18:15:00Z', 'a quarter of an hour'],
  ['Asia/Kathmandu', '1986-01-01', '1985-12-31T18:30:00Z', 'a new offset from midnight on: 00:00 became 00:15'],
  ['America/Los_Angeles', '2014-11-01', '2014-11-01T07:00:00Z', 'summer time'],
  ['America/Los_Angeles', '2014-11-03', '2014-11-03T08:00:00Z', 'winter time'],
  ['America/Sao_Paulo', '2014-10-19', '2014-10-19T03:00:00Z', 'midnight is skipped: the day begins at one'],
  ['America/Sao_Paulo', '2014-02-16', '2014-02-16T03:00:00Z', 'the hour before midnight comes twice'],
  ['Asia/Beirut', '2014-03-30', '2014-03-29T22:00:00Z', 'midnight is skipped'],
  ['America/Havana', '2014-11-02', '2014-11-02T04:00:00Z', 'midnight comes twice: the first one counts'],
  ['America/St_Johns', '2010-11-07', '2010-11-07T02:30:00Z', 'midnight comes twice, half an hour off'],
  ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00Z', 'the day before one that never was'],
  ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z', 'a day that never was starts where it ends'],
  ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z', 'the day after one that never was'],
  ['Pacific/Kiritimati', '2199-12-31', '2199-12-30T10:00:00Z', 'fourteen hours east, in the last year'],
  ['Etc/GMT+12', '2014-12-31', '2014-12-31T12:00:00Z', 'twelve hours west, at the end of a year'],
]

describe('a day', () => {
  it.each(days)('in %s, %s, begins at %s (%s)', (zone, day, first) => {
    const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
    const start = timeZone(zone)?.startOfDay(year, month, date) ?? Number.NaN
    expect(new Date(start / 1000).toISOString()).toBe(first.replace('Z', '.000Z'))
  })

  it('begins when a clock of its zone first shows it, in any zone', () => {
    const zones = zoneNames()
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 80 * 365 }), (name, number) => {
        const day = new Date(number * 86_400_000)
        const start = timeZone(name)?.startOfDay(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate())
        const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short' })
        const shows = (micros: number) => clock.format(micros / 1000)
        const asked = day.toISOString().slice(0, 10)
        expect(start).toBeDefined()
        expect(shows((start ?? 0) - 1e6) < asked).toBe(true)
        expect(shows(start ?? 0) >= asked).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a name', () => {
  it.each([
    '+08:00',
    'GMT+8',
    'CST',
    'IST',
    'PST8PDT',
    'asia/shanghai',
    'Asia/Peking',
    '',
    'Asia/',
    '../etc/passwd',
    'UTC+8',
  ])('such as %j is no time zone', (name) => expect(timeZone(name)).toBeNull())

  it.each(['UTC', 'Asia/Kolkata', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires', 'Etc/GMT-8'])(
    'such as %s is a time zone',
    (name) => expect(timeZone(name)?.name).toBe(name),
  )
})
