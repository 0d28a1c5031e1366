/** Dates and times as declarations and sessions write them (ISO 8601, RFC 3339). */
import type { Micros } from '../model.ts'
import type { TimeZone } from '../net/time-zone.ts'
import { quoted } from './path.ts'

/** A date, or a date-time with a zone: what the pattern cannot say, {@link timeFault} does. */
export const TIME_PATTERN = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?$/
/** A date-time with a zone. */
export const DATE_TIME_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/
/** A date. */
export const DATE_PATTERN = /^\d{4}-\d{2}-\d{2}$/

/** Instants are exact to the microsecond within these years, and nothing that is declared lies outside of them. */
const FIRST_YEAR = 1970
const LAST_YEAR = 2199

interface Fields {
  readonly year: number
  readonly month: number
  readonly day: number
  /** Null for a date without a time. */
  readonly time: { readonly seconds: number; readonly micros: number; readonly offsetMinutes: number } | null
}

/**
 * What is wrong with a time, and what to write instead; null where it is right.
 *
 * @param accepts whether a date alone, a date-time alone, or either of them is meant
 */
export function timeFault(text: string, accepts: 'date' | 'date-time' | 'either'): string | null {
  const forms = {
    date: '2014-10-31',
    'date-time': '2014-10-31T18:00:00+08:00',
    either: '2014-10-31 or 2014-10-31T18:00:00+08:00',
  }
  const example = `write ${forms[accepts]}`
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:([Tt ])(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text)
  if (!match) return `${quoted(text)} is no ${accepts === 'date' ? 'date' : 'time'} that is read here: ${example}`
  const [, year = '', month = '', day = '', separator, hour = '00', minute = '00', second = '00', fraction = '', zone] =
    match
  const longest = daysIn(Number(year), Number(month))
  if (Number(month) < 1 || Number(month) > 12) return `${text} is impossible, there is no month ${month}: ${example}`
  if (Number(day) < 1 || Number(day) > longest)
    return `${text} is impossible, ${year}-${month} has ${longest} days: write ${year}-${month}-01 to ${year}-${month}-${longest}`
  if (Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR)
    return `${text} is not within the years ${FIRST_YEAR} to ${LAST_YEAR}: ${example}`
  if (separator === undefined) return accepts === 'date-time' ? `${text} has no time of day: ${example}` : null
  if (accepts === 'date') return `a date without time is meant here: write ${year}-${month}-${day}`
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return `${text} is impossible, a day ends at 23:59:59: ${example}`
  const written = `${year}-${month}-${day}T${text.slice(11)}`
  if (zone === undefined)
    return `${text} has no time zone: write ${written}Z for UTC, or the offset, such as ${written}+08:00`
  if (separator !== 'T') return `a T stands between date and time: write ${written}`
  if (fraction.length > 6) return `${text} is finer than a microsecond: write at most six digits after the point`
  const [hours = 0, minutes = 0] = zone === 'Z' ? [] : zone.slice(1).split(':').map(Number)
  if (hours > 14 || minutes > 59) return `${zone} is no offset of a time zone: write one from -14:00 to +14:00`
  return null
}

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate()

function fieldsOf(text: string): Fields | null {
  if (timeFault(text, 'either') !== null) return null
  const [, y, mo, d, h, mi, s = '0', fraction = '', zone = 'Z'] =
    /^(\d+)-(\d+)-(\d+)(?:T(\d+):(\d+)(?::(\d+)(?:\.(\d+))?)?(.+))?$/.exec(text) ?? []
  const date = { year: Number(y), month: Number(mo), day: Number(d) }
  if (h === undefined) return { ...date, time: null }
  const [hours = 0, minutes = 0] = zone === 'Z' ? [] : zone.slice(1).split(':').map(Number)
  const offsetMinutes = (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
  const seconds = Number(h) * 3600 + Number(mi) * 60 + Number(s)
  return { ...date, time: { seconds, micros: Number(fraction.padEnd(6, '0')), offsetMinutes } }
}

/**
 * The instant that a text means.
 *
 * @param edge which end of the day a date without time means: its first instant, or the first one after it
 * @param zone where that day is; UTC where it is null
 * @returns null where {@link timeFault} has something to say
 */
export function instantOf(text: string, edge: 'start' | 'end', zone: TimeZone | null): Micros | null {
  const fields = fieldsOf(text)
  if (!fields) return null
  const { year, month, day, time } = fields
  if (time) {
    const seconds = Date.UTC(year, month - 1, day) / 1000 + time.seconds - time.offsetMinutes * 60
    return seconds * 1e6 + time.micros
  }
  const next = new Date(Date.UTC(year, month - 1, edge === 'start' ? day : day + 1))
  if (!zone) return next.getTime() * 1000
  return zone.startOfDay(next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate())
}
