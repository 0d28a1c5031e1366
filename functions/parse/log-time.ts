/** Times as logs write them: ISO 8601 with or without a zone, and seconds since the epoch with a fraction. */
import { InputError } from '../errors.ts'
import type { Micros } from '../model.ts'
import { timeZone } from '../net/time-zone.ts'

/** Why a record's time cannot be used: reasons of the ledger. */
export const NO_TIME = 'no-time'
export const NO_ZONE = 'time-without-zone'
export const TWICE = 'time-is-twice-that-day'
export const SKIPPED = 'time-that-clocks-skip'
/** Beyond it microseconds are not exact, and no rig's clock stands there: the year 2255. */
export const OUT_OF_RANGE = 'time-out-of-range'
/** A number that stands for an earlier time is none, or one in another unit than was said: no rig's clock stood there. */
export const EARLIEST: Micros = Date.UTC(1980, 0, 1) * 1000

/** Characters of a time up to its minute. */
const MINUTE = 16

/** @param line of the first time without a zone */
export function zoneMissing(line: number): InputError {
  return new InputError(
    'times are written without a time zone, and none is guessed: say which it is, with timeZone of this capture in ' +
      'session.yaml or with --time-zone, such as Asia/Kolkata or UTC',
    { line },
  )
}

/** Reads times, one after the other. */
export class LogTimes {
  /** Why the last one could not be read, null where it could. */
  fault: string | null = null
  readonly #zone: ReturnType<typeof timeZone>
  /** `2014-11-03T10:00` of the last time that was read, and its seconds: records that follow each other are mostly of one minute. */
  readonly #minute = new Uint8Array(MINUTE)
  #minuteSeconds = Number.NaN

  /** @param zone IANA's name of the zone of times that state none; undefined: such times cannot be read */
  constructor(zone: string | undefined) {
    this.#zone = zone === undefined ? null : timeZone(zone)
  }

  /**
   * Reads `2014-11-03T10:00:00.123456+05:30` from `from` up to `end`; a blank in place of the T, a comma before the fraction,
   * an offset without colon or minutes, and Z or UTC are read as well. Digits past the microsecond are cut off.
   *
   * @returns NaN where it is no time (see {@link fault})
   */
  read(bytes: Uint8Array, from: number, end: number): Micros {
    const seconds = this.#seconds(bytes, from, end)
    let at = from + 19
    let micros = 0
    this.fault = NO_TIME
    if (Number.isNaN(seconds)) return Number.NaN
    if (at < end && (bytes[at] === 46 || bytes[at] === 44)) {
      const first = ++at
      for (; at < end && isDigit(bytes[at] as number); at++)
        if (at - first < 6) micros = micros * 10 + (bytes[at] as number) - 48
      if (at === first) return Number.NaN
      for (let digits = at - first; digits < 6; digits++) micros *= 10
    }
    const local = seconds * 1e6 + micros
    if (at < end && bytes[at] === 32) at++
    if (at >= end) return this.#inZone(local)
    const offset = offsetSeconds(bytes, at, end)
    if (Number.isNaN(offset)) return Number.NaN
    return this.#inRange(local - offset * 1e6)
  }

  /** As {@link civil}. */
  #seconds(bytes: Uint8Array, from: number, end: number): number {
    const minute = this.#minute
    let same = 0
    while (same < MINUTE && bytes[from + same] === minute[same]) same++
    const second = same === MINUTE && end - from >= 19 && bytes[from + 16] === 58 ? two(bytes, from + 17) : Number.NaN
    if (second <= 59) return this.#minuteSeconds + second
    const seconds = civil(bytes, from, end)
    if (Number.isNaN(seconds)) return seconds
    for (let i = 0; i < MINUTE; i++) minute[i] = bytes[from + i] as number
    this.#minuteSeconds = seconds - two(bytes, from + 17)
    return seconds
  }

  /** A time that states no zone. */
  #inZone(local: Micros): Micros {
    if (this.#zone === null) {
      this.fault = NO_ZONE
      return Number.NaN
    }
    const at = this.#zone.instantOf(local)
    if (!Number.isNaN(at)) return this.#inRange(at)
    this.fault = this.#zone.skips(local) ? SKIPPED : TWICE
    return at
  }

  #inRange(at: Micros): Micros {
    this.fault = Math.abs(at) <= Number.MAX_SAFE_INTEGER ? null : OUT_OF_RANGE
    return this.fault === null ? at : Number.NaN
  }
}

/**
 * Reads seconds since the epoch, such as `1409307270.123456`, exactly to the microsecond: a double of them is not.
 *
 * @returns NaN where it is no such number, or beyond the year 2255
 */
export function readEpoch(bytes: Uint8Array, from: number, end: number): Micros {
  let at = from
  const negative = bytes[at] === 45
  if (negative) at++
  let seconds = 0
  const first = at
  for (; at < end && isDigit(bytes[at] as number); at++) seconds = seconds * 10 + ((bytes[at] as number) - 48)
  if (at === first) return Number.NaN
  let micros = 0
  if (at < end) {
    if (bytes[at] !== 46) return scientific(bytes, from, end)
    let unit = 100_000
    for (at++; at < end && isDigit(bytes[at] as number); at++) {
      micros += ((bytes[at] as number) - 48) * unit
      unit = Math.floor(unit / 10)
    }
    if (at < end) return scientific(bytes, from, end)
  }
  const time = seconds * 1e6 + micros
  if (time > Number.MAX_SAFE_INTEGER) return Number.NaN
  return negative ? -time : time
}

/** `1.409307270123456e9`, as some writers of JSON have it. */
function scientific(bytes: Uint8Array, from: number, end: number): Micros {
  if (end - from > 40) return Number.NaN
  const text = String.fromCharCode(...bytes.subarray(from, end))
  return /^-?\d+(\.\d+)?[eE][+-]?\d+$/.test(text) ? exact(Math.round(Number(text) * 1e6)) : Number.NaN
}

const exact = (time: Micros) => (Math.abs(time) <= Number.MAX_SAFE_INTEGER ? time : Number.NaN)

/** Seconds since the epoch of `2014-11-03T10:00:00` taken as UTC; NaN where there is no such day or time. */
function civil(bytes: Uint8Array, from: number, end: number): number {
  if (end - from < 19 || bytes[from + 4] !== 45 || bytes[from + 7] !== 45) return Number.NaN
  if (bytes[from + 10] !== 84 && bytes[from + 10] !== 32) return Number.NaN
  if (bytes[from + 13] !== 58 || bytes[from + 16] !== 58) return Number.NaN
  const year = two(bytes, from) * 100 + two(bytes, from + 2)
  const month = two(bytes, from + 5)
  const day = two(bytes, from + 8)
  const hour = two(bytes, from + 11)
  const minute = two(bytes, from + 14)
  const second = two(bytes, from + 17)
  // A leap second, 60, is the first of the next minute, as POSIX counts.
  if (!(month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 60)) return Number.NaN
  if (!(day <= daysIn(year, month))) return Number.NaN
  return daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
}

const daysIn = (year: number, month: number) =>
  month === 2 ? ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28) : 30 + ((month + (month >> 3)) & 1)

/** Days from 1970-01-01 in the Gregorian calendar; years begin in March, so that the leap day is the last. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const ofEra = y - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

/** `Z`, `UTC`, `+0530`, `+05:30`, `+05`; NaN for anything else. */
function offsetSeconds(bytes: Uint8Array, at: number, end: number): number {
  const sign = bytes[at]
  const length = end - at
  if (sign === 90 && length === 1) return 0
  if (length === 3 && sign === 85 && bytes[at + 1] === 84 && bytes[at + 2] === 67) return 0
  if (sign !== 43 && sign !== 45) return Number.NaN
  const hours = two(bytes, at + 1)
  const minutesAt = bytes[at + 3] === 58 ? at + 4 : at + 3
  const minutes = length === 3 ? 0 : minutesAt + 2 === end ? two(bytes, minutesAt) : Number.NaN
  const offset = hours * 3600 + minutes * 60
  return hours <= 23 && minutes <= 59 ? (sign === 45 ? -offset : offset) : Number.NaN
}

/** Two digits, NaN where they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] as number
  const ones = bytes[at + 1] as number
  return isDigit(tens) && isDigit(ones) ? (tens - 48) * 10 + ones - 48 : Number.NaN
}

const isDigit = (byte: number) => byte >= 48 && byte <= 57
