/**
 * Of which day a snapshot is. A date decides which packets a snapshot may speak about, so it is never guessed: it is the
 * file's own, or somebody says it.
 */
import { InputError, SnapshotError } from '../errors.ts'
import { dayOf } from '../locate/snapshots.ts'
import type { Micros } from '../model.ts'

export interface Dated {
  readonly time: Micros
  /** What says so, for a person. */
  readonly by: string
}

/** Microsoft writes no date into the file of Azure's ranges, only into its name: `ServiceTags_Public_20241216.json`. */
const serviceTags = /ServiceTags_[A-Za-z]+_(\d{4})(\d{2})(\d{2})\.json(?:\.gz)?$/
/** A day that stands alone in a name, as in `cloudflare-v4__2026-08-22.csv`. */
const dayInName = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/g

/** @returns the start of that day in UTC; null where there is no such day */
export function timeOfDay(text: string): Micros | null {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  // Date.parse rolls 31 June over into July.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? null : time * 1000
}

/** The date that the publisher wrote into a file's name, or null. @param name may have folders in front */
export function dateByPublisher(name: string): Dated | null {
  const match = serviceTags.exec(name)
  const time = match && timeOfDay(match.slice(1, 4).join('-'))
  return time === null ? null : { time, by: 'the name that its publisher gave it' }
}

/** So far a clock or a time zone may be off. */
const MOST_AHEAD_US = 2 * 86_400e6

/** @throws SnapshotError where a file is of a day to come: it would count as the newest until then */
export function refuseFuture(dated: Dated, file: string, now: Micros): Dated {
  if (dated.time <= now + MOST_AHEAD_US) return dated
  throw new SnapshotError(file, `it is of ${dayOf(dated.time)} (says ${dated.by}), which is still to come`)
}

/** The one date that somebody wrote into a file's name, or null. */
function dateByName(name: string): Dated | null {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  const days = [...base.matchAll(dayInName)].map(([text]) => text)
  const time = days.length === 1 ? timeOfDay(days[0] ?? '') : null
  return time === null ? null : { time, by: 'its name' }
}

/**
 * The date of a file that somebody adds: its own, else the one that is given, else the one in its name.
 *
 * @param own as the file itself says
 * @param given `--date`, YYYY-MM-DD
 * @throws InputError where `given` is no day or one to come; SnapshotError where nothing says a date, two
 * dates differ, or it is still to come
 */
export function dateOfFile(own: Micros | null, file: string, given: string | undefined, now: Micros): Dated {
  const stated = own === null ? dateByPublisher(file) : { time: own, by: 'the file itself' }
  if (given === undefined) {
    const dated = stated ?? dateByName(file)
    if (dated) return refuseFuture(dated, file, now)
    throw new SnapshotError(
      file,
      'nothing in it says of which day it is; say when it was published with --date YYYY-MM-DD (the day on which it was downloaded)',
    )
  }
  const time = timeOfDay(given)
  if (time === null) throw new InputError(`--date ${given}: write a day such as 2026-06-05`)
  if (time > now) throw new InputError(`--date ${given}: that day is still to come`)
  if (stated === null) return { time, by: '--date' }
  if (dayOf(stated.time) !== given)
    throw new SnapshotError(file, `--date says ${given}, and ${stated.by} ${dayOf(stated.time)}: leave --date out`)
  return refuseFuture(stated, file, now)
}

/**
 * The date of files that are kept as one snapshot. The whole is of no later day than its oldest part, and a newer part was not
 * published on that day: so all have to be of one day.
 *
 * @param files with the time that each itself says
 * @throws InputError and SnapshotError as {@link dateOfFile} does; SnapshotError also where the days differ
 */
export function dateOfFiles(
  files: readonly { readonly time: Micros | null; readonly path: string }[],
  given: string | undefined,
  now: Micros,
): Dated {
  const dated = files.map(({ time, path }) => ({ path, ...dateOfFile(time, path, given, now) }))
  const oldest = dated.reduce((one, other) => (other.time < one.time ? other : one))
  const other = dated.find(({ time }) => dayOf(time) !== dayOf(oldest.time))
  if (other === undefined) return oldest
  const said = ({ path, time, by }: typeof oldest) => `${path} is of ${dayOf(time)} (says ${by})`
  throw new SnapshotError(
    files.map(({ path }) => path).join(' and '),
    `${said(oldest)}, and ${said(other)}: what is kept as one snapshot has to be of one day. Add each by itself: what each lists then counts from its own day on`,
  )
}
