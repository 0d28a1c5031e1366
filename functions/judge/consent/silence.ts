/** Whether the captures of a session could have seen what a service is said not to have done: silence alone is no evidence. */
import type { Ledger, Micros, Uncaptured } from '../../model.ts'
import { formatTime } from '../../net/time.ts'
import { lostRecords } from '../lost-records.ts'
import { nameList } from '../name-list.ts'
import { uncapturedWords } from '../uncaptured.ts'
import type { Presence } from './contact.ts'
import type { Span } from './stage.ts'

/** A device that is on sends something more often than that; longer without any capture and nothing is known of the time. */
const LONGEST_HOLE: Micros = 10 * 60e6

/**
 * Why it is not known that nothing happened in spans of a session; null where everything speaks for it.
 *
 * @param ledgers of the session
 * @param presence of the device in these spans
 * @param rig of the session: the error of its clock, how many packets its tool says it lost, it is not known when, and the spans in
 *   which it captured nothing
 */
export function unseenIn(
  spans: readonly Span[],
  ledgers: readonly Ledger[],
  presence: Pick<Presence, 'sent' | 'hidden'> | undefined,
  rig: { readonly error: Micros; readonly lost: number; readonly uncaptured: readonly Uncaptured[] },
): string | null {
  if (ledgers.length === 0) return 'there is no capture of the session'
  const inOrder = ledgers.toSorted((a, b) => (a.source + a.sha256 < b.source + b.sha256 ? -1 : 1))
  for (const span of spans) {
    const open = rig.uncaptured.find((one) => isNear(one, span, rig.error))
    if (open) return `by its record, the rig ${uncapturedWords(open)}`
    const fault = inOrder.map((ledger) => faultIn(span, ledger, rig.error)).find((one) => one !== null)
    const hole = fault ?? holeIn(span, ledgers)
    if (hole !== null) return hole
  }
  if (rig.lost > 0) return 'the rig lost packets of the session, by its record, and they may have been any'
  if (presence?.sent !== true) return 'the device was not seen to send anything at all in that time'
  return presence.hidden > 0
    ? 'flows of that time hide whom they were for (TLS without a server name, or the like), and may have been for the service'
    : null
}

function faultIn({ from, until }: Span, ledger: Ledger, error: Micros): string | null {
  const { source, gaps, error: stopped, first, last } = ledger
  const name = nameList([source])
  const gap = gaps.find((one) => isNear(one, { from, until }, error))
  if (gap)
    return `${name} has a gap from ${formatTime(gap.from)} to ${formatTime(gap.until)} (${nameList([gap.reason])})`
  // What stopped the reading stands behind the last packet that was read.
  if (stopped !== null && (last === null || last - error < until)) return `${name} could be read only in part`
  const isThen = first === null || last === null || (first - error < until && last + error > from)
  return isThen && lostRecords(ledger).length > 0 ? `records of ${name} were left out` : null
}

const isNear = (gap: Span, { from, until }: Span, error: Micros) =>
  gap.from - error <= until && gap.until + error >= from

/** A stretch that no capture spans. Within a capture, silence is silence. */
function holeIn({ from, until }: Span, ledgers: readonly Ledger[]): string | null {
  const spans = ledgers.flatMap(({ first, last }) => (first === null || last === null ? [] : [{ first, last }]))
  let covered = from
  for (const { first, last } of spans.toSorted((a, b) => a.first - b.first)) {
    if (first - covered > LONGEST_HOLE) break
    covered = Math.max(covered, last)
  }
  return until - covered > LONGEST_HOLE ? `no capture spans the time from ${formatTime(covered)} on` : null
}
