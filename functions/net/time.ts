/** Times as text, the way flow lines and reports write them. */
import type { Micros } from '../model.ts'

const DAY_SECONDS = 86_400

/** What is written, digit by digit; its date is that of the day that was written last. */
const text = Buffer.from('0000-00-00T00:00:00.000000Z', 'latin1')
let writtenDay = Number.NaN

/**
 * ISO 8601 in UTC: whole seconds as `2014-10-31T16:00:00Z`, otherwise with six digits (`2014-10-31T16:00:00.000250Z`).
 *
 * @param at integer microseconds within the years 0000 to 9999
 */
export function formatTime(at: Micros): string {
  const seconds = Math.floor(at / 1e6)
  const micros = at - seconds * 1e6
  const day = Math.floor(seconds / DAY_SECONDS)
  // A report of hundred thousands of findings has few days.
  if (day !== writtenDay) {
    text.write(new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10), 'latin1')
    writtenDay = day
  }
  const second = seconds - day * DAY_SECONDS
  digits(11, 2, Math.floor(second / 3600))
  digits(14, 2, Math.floor(second / 60) % 60)
  digits(17, 2, second % 60)
  if (micros === 0) {
    text[19] = 0x5a // Z
    return text.toString('latin1', 0, 20)
  }
  text[19] = 0x2e // the point
  digits(20, 6, micros)
  return text.toString('latin1', 0, 27)
}

function digits(from: number, count: number, value: number): void {
  let rest = value
  for (let at = from + count - 1; at >= from; at--) {
    text[at] = 0x30 + (rest % 10)
    rest = Math.floor(rest / 10)
  }
}
