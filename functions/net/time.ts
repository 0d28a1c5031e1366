/** Times as text, the way flow lines and reports write them. */
import type { Micros } from '../model.ts'

const DAY_SECONDS = 86_400

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))
/** `hh:mm:` of every minute of a day. */
const minutes = Array.from({ length: 1440 }, (_, i) => `${twoDigits[Math.floor(i / 60)]}:${twoDigits[i % 60]}:`)

/** The day that was written last, and its text up to the `T`: a report of hundred thousands of findings has few days. */
let latestDay = Number.NaN
let latestDate = ''

/**
 * ISO 8601 in UTC: whole seconds as `2014-10-31T16:00:00Z`, otherwise with six digits (`2014-10-31T16:00:00.000250Z`).
 *
 * @param at integer microseconds within the years 0000 to 9999
 */
export function formatTime(at: Micros): string {
  const seconds = Math.floor(at / 1e6)
  const micros = at - seconds * 1e6
  const day = Math.floor(seconds / DAY_SECONDS)
  if (day !== latestDay) {
    latestDate = new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 11)
    latestDay = day
  }
  const second = seconds - day * DAY_SECONDS
  const time = `${minutes[Math.floor(second / 60)]}${twoDigits[second % 60]}`
  return micros === 0 ? `${latestDate}${time}Z` : `${latestDate}${time}.${String(micros).padStart(6, '0')}Z`
}
