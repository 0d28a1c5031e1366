/** Time zones of IANA's database (RFC 6557), as far as this Node knows them. */
import type { Micros } from '../model.ts'

const SECOND = 1000
const HOUR = 3600 * SECOND
/** Microseconds. */
const QUARTER = 900e6
/** A year of them is 35,040. */
const MOST_QUARTERS = 100_000

/** What wall clocks show in one time zone. */
export interface TimeZone {
  readonly name: string
  /**
   * The first instant of a local day. Where clocks skip midnight (America/Sao_Paulo on 2014-10-19) it is when they start
   * again; where midnight comes twice it is the first one; a day that never was (2011-12-30 in Pacific/Apia) starts and
   * ends at the same instant. So every day ends where the next one starts.
   *
   * @param month from 1
   */
  startOfDay(year: number, month: number, day: number): Micros
  /**
   * The instant at which clocks show a local time.
   *
   * @param local what they show, written as if it were UTC
   * @returns NaN where they never show it, or twice, when they are put forward or back
   */
  instantOf(local: Micros): Micros
  /** Whether clocks never show a local time, given as {@link instantOf} takes it: they are put forward over it. */
  skips(local: Micros): boolean
}

/**
 * Finds a time zone by its name of the form Area/City, or UTC. Offsets such as `+08:00` are no names, and abbreviations are
 * refused because they mean several zones: `CST` is China's to one reader and Chicago's to another.
 *
 * @returns null where there is no such zone
 */
export function timeZone(name: string): TimeZone | null {
  if (name !== 'UTC' && !/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)+$/.test(name)) return null
  const format = formatter(name)
  const resolved = format?.resolvedOptions().timeZone ?? name
  const misspelt = resolved !== name && resolved.toLowerCase() === name.toLowerCase()
  if (!format || misspelt) return null
  return {
    name,
    startOfDay: (year, month, day) => startOfDay((at) => localTime(format, at), Date.UTC(year, month - 1, day)) * 1000,
    instantOf: instants((at) => localTime(format, at)),
    skips: (local) => fittingOffsets((at) => localTime(format, at), quarterOf(local)).length === 0,
  }
}

/** Names to choose from where somebody mistypes one. */
export const zoneNames = (): readonly string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')]

function formatter(timeZone: string): Intl.DateTimeFormat | null {
  const fields = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  } as const
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      ...fields,
    })
  } catch {
    return null
  }
}

/** What a wall clock shows at an instant, written as if it were UTC. Both are milliseconds and whole seconds. */
function localTime(format: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
}

/** The begin of a local time's quarter of an hour, in milliseconds. */
const quarterOf = (local: Micros) => (Math.floor(local / QUARTER) * QUARTER) / 1000

/** By how much clocks are ahead of UTC, in milliseconds, when they show `local`: one, none where they skip it, or several. */
function fittingOffsets(clock: (at: number) => number, local: number): number[] {
  // No zone is farther than 14 hours from UTC.
  const around = [-24, -12, 0, 12, 24].map((hours) => clock(local + hours * HOUR) - (local + hours * HOUR))
  return [...new Set(around)].filter((candidate) => clock(local - candidate) === local)
}

/** {@link TimeZone.instantOf}; remembers the offset of each quarter of an hour, within which none changes. */
function instants(clock: (at: number) => number): (local: Micros) => Micros {
  const offsets = new Map<number, number>()
  return (local) => {
    const quarter = Math.floor(local / QUARTER)
    let offset = offsets.get(quarter)
    if (offset === undefined) {
      const fitting = fittingOffsets(clock, quarterOf(local))
      offset = fitting.length === 1 ? (fitting[0] as number) * 1000 : Number.NaN
      if (offsets.size >= MOST_QUARTERS) offsets.clear()
      offsets.set(quarter, offset)
    }
    return local - offset
  }
}

/** The earliest instant at which a clock shows `midnight`, or else the first at which it shows something later. */
function startOfDay(clock: (at: number) => number, midnight: number): number {
  // No zone is farther than 14 hours from UTC, so the offsets on both sides of the day hold around its midnight.
  const around = [-24, -12, 0, 12, 24].map((hours) => midnight + hours * HOUR)
  const offsets = [...new Set(around.map((at) => clock(at) - at))].sort((a, b) => b - a)
  for (const offset of offsets) if (clock(midnight - offset) === midnight) return midnight - offset
  // Midnight is skipped: clocks jump over it somewhere between where it would be by the largest and the smallest offset.
  let before = midnight - Math.max(...offsets)
  let after = midnight - Math.min(...offsets)
  while (after - before > SECOND) {
    const middle = before + Math.floor((after - before) / 2 / SECOND) * SECOND
    if (clock(middle) < midnight) before = middle
    else after = middle
  }
  return after
}
