/** What a session's record says of how it came about: who led it, what went otherwise than its protocol says, when nothing was captured. */
import type { ReportSession, Session } from '../model.ts'
import { formatTime } from '../net/time.ts'
import { count } from './phrase.ts'

/** A session of which more went otherwise was none; what is left out is counted. */
const MOST_TEXTS = 50
const LONGEST_TEXT = 400

type Recorded = Pick<
  ReportSession,
  'unattended' | 'deviations' | 'moreDeviations' | 'skipped' | 'moreSkipped' | 'uncaptured'
>

/** Without a key of which the record says nothing. */
export function recordOf({ unattended, deviations = [], skipped = [], uncaptured = [] }: Session): Recorded {
  const more = { deviations: deviations.length - MOST_TEXTS, skipped: skipped.length - MOST_TEXTS }
  return {
    ...(unattended === undefined ? {} : { unattended }),
    ...(deviations.length === 0 ? {} : { deviations: deviations.slice(0, MOST_TEXTS).map(bounded) }),
    ...(more.deviations > 0 ? { moreDeviations: more.deviations } : {}),
    ...(skipped.length === 0
      ? {}
      : { skipped: skipped.slice(0, MOST_TEXTS).map(({ step, why }) => ({ step, why: bounded(why) })) }),
    ...(more.skipped > 0 ? { moreSkipped: more.skipped } : {}),
    ...(uncaptured.length === 0
      ? {}
      : {
          uncaptured: uncaptured.map(({ from, until, after }) => ({
            from: formatTime(from),
            until: formatTime(until),
            after,
          })),
        }),
  }
}

/** An operator's words, cut, and without numbers as long as an identifier's: a report is for everybody. */
function bounded(text: string): string {
  const masked = text.replace(/\d{8,}/g, '‹number›')
  return masked.length <= LONGEST_TEXT ? masked : `${masked.slice(0, LONGEST_TEXT - 1).replace(/\p{Surrogate}$/u, '')}…`
}

/** What has to be known of how sessions came about before their verdicts are believed. */
export function recordLimits(sessions: readonly ReportSession[]): readonly string[] {
  const scripted = sessions.filter(({ unattended }) => unattended !== undefined)
  const hurried = scripted.filter(({ unattended }) => (unattended?.timeScale ?? 1) > 1)
  const total = (of: (session: ReportSession) => number) => sessions.reduce((sum, one) => sum + of(one), 0)
  const deviations = total((one) => (one.deviations?.length ?? 0) + (one.moreDeviations ?? 0))
  const skipped = total((one) => (one.skipped?.length ?? 0) + (one.moreSkipped ?? 0))
  const uncaptured = total((one) => one.uncaptured?.length ?? 0)
  const share = (some: number) => `${some} of ${count(sessions.length, 'session')}`
  return [
    ...(scripted.length === 0
      ? []
      : [
          `In ${share(scripted.length)} a script answered for the operator, and nobody saw to it that the steps were done${
            hurried.length === 0 ? '' : `; in ${hurried.length} it shortened the waits`
          }.`,
        ]),
    ...(deviations === 0 && skipped === 0
      ? []
      : [
          `The records of the sessions note ${count(deviations, 'deviation')} from the protocol and ${count(skipped, 'step')} that ${
            skipped === 1 ? 'was' : 'were'
          } skipped.`,
        ]),
    ...(uncaptured === 0
      ? []
      : [`By the records of the sessions nothing was captured in ${count(uncaptured, 'span')}.`]),
  ]
}
