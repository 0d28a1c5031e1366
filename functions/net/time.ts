/** Times as text, the way flow lines and reports write them. */
import type { Micros } from '../model.ts'

/**
 * ISO 8601 in UTC: whole seconds as `2014-10-31T16:00:00Z`, otherwise with six digits (`2014-10-31T16:00:00.000250Z`).
 *
 * @param at integer microseconds within the years 0000 to 9999
 */
export function formatTime(at: Micros): string {
  const micros = ((at % 1e6) + 1e6) % 1e6
  const second = new Date((at - micros) / 1000).toISOString().slice(0, 19)
  return micros === 0 ? `${second}Z` : `${second}.${String(micros).padStart(6, '0')}Z`
}
