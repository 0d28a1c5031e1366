/** Of which day an answer of a publisher is. What a server says of times is believed only where it can be. */
import { dayOf } from '../locate/snapshots.ts'
import type { Micros } from '../model.ts'
import type { FetchedFile } from './fetch-file.ts'
import { type Dated, dateByPublisher, refuseFuture, timeOfDay } from './snapshot-date.ts'

export interface AnswerDate extends Dated {
  /** Whether the file or its name says it, so that no other can be right. */
  readonly isStated: boolean
  /** When the publisher handed it out. */
  readonly handedOut: Micros
}

/** So far clocks may differ. */
const CLOCK_US = 3600e6
/** So long an answer may have lain in a cache on the way, which keeps the time at which it was made. */
const CACHED_US = 7 * 86_400e6
/** Before 2010 none of these lists was published. Servers that know no date say 1970 or 1980. */
const FIRST = Date.UTC(2010, 0, 1) * 1000

/**
 * The day that the file says, or its name; else the one on which it was changed last, where that can be; else the one on which
 * the publisher handed it out.
 *
 * @param own as the file itself says
 * @throws SnapshotError where that day is still to come
 */
export function dateOfAnswer(own: Micros | null, file: FetchedFile, now: Micros): AnswerDate {
  const { url, lastModified, answered, bytes } = file
  const couldAnswer = answered !== null && answered <= now + CLOCK_US && answered >= now - CACHED_US
  const handedOut = couldAnswer ? answered : now
  const stated = own === null ? dateByPublisher(new URL(url).pathname) : { time: own, by: 'the file itself' }
  if (stated !== null) return { ...refuseFuture(stated, url, now), isStated: true, handedOut }
  const asFetched = (by: string) => ({ time: handedOut, by, isStated: false, handedOut })
  if (lastModified === null) return asFetched('when it was fetched')
  const wrong = whyWrong(lastModified, bytes, now)
  if (wrong !== null)
    return asFetched(
      `when it was fetched: the server says that it was changed last on ${dayOf(lastModified)}, which ${wrong}`,
    )
  return { time: lastModified, by: 'when the server says it was changed last', isStated: false, handedOut }
}

/** Why a time of last change cannot be right, as the rest of a sentence; null where it can. */
function whyWrong(lastModified: Micros, bytes: Buffer, now: Micros): string | null {
  if (lastModified > now + CLOCK_US) return 'is still to come'
  if (lastModified < FIRST) return 'is before any such list was published'
  const newest = newestDayInside(bytes, now)
  return newest !== null && dayOf(lastModified) < newest ? `is before ${newest}, a day that the file names` : null
}

/** The last day up to now that a comment in a file of lines names, YYYY-MM-DD; null where none does. */
function newestDayInside(bytes: Buffer, now: Micros): string | null {
  const comments = bytes.toString('utf8').match(/^[ \t]*#.*$/gm) ?? []
  const days = comments
    .flatMap((comment) => comment.slice(0, 1000).match(/(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)/g) ?? [])
    .filter((day) => (timeOfDay(day) ?? Number.POSITIVE_INFINITY) <= now)
  return days.sort().at(-1) ?? null
}
