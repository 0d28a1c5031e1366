/** Times on the command line. */
import { InputError } from '../errors.ts'
import type { Micros } from '../model.ts'

/**
 * Reads `2014-11-03`, `2014-11-03T10:00Z` or with an offset; UTC where no zone is written.
 *
 * @throws InputError that shows what to write
 */
export function parseTime(option: string, text: string): Micros {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?(Z|[+-]\d{2}:?\d{2})?$/.exec(text)
  const [, date, time = '00:00', zone = 'Z'] = match ?? []
  const at = Date.parse(`${date}T${time}${zone}`)
  // Date.parse rolls 30 February over into March; a date that does not come back is none.
  const day = Date.parse(`${date}T00:00Z`)
  const isDay = !Number.isNaN(day) && new Date(day).toISOString().startsWith(date ?? '-')
  if (match && !isDay) throw new InputError(`${option} ${text}: there is no day ${date} in the calendar`)
  if (match && Number.isNaN(at))
    throw new InputError(`${option} ${text}: there is no such time of day, or no such zone`)
  if (!match)
    throw new InputError(`${option} ${text}: write a date or a time, such as 2014-11-03 or 2014-11-03T10:00:00Z`)
  return at * 1000
}
