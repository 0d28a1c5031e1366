/** When a session had no capture, by the rig's record of when its capturing tool ran. */
import type { Micros, Step, Uncaptured } from '../model.ts'

interface CaptureRun {
  readonly from: Micros
  readonly until: Micros
  readonly ended: NonNullable<Uncaptured['after']>
  /** Undefined where the tool did not say it. */
  readonly packets: number | undefined
}

/**
 * What the runs leave open from the first step's beginning to the last one's end, between the steps as well: the device is on then.
 * Steps and runs are told by one clock, and even the shortest span counts, since anything may have been sent in it.
 */
export function uncapturedSpans(steps: readonly Step[], runs: readonly CaptureRun[]): readonly Uncaptured[] {
  const bounds = steps.length > 0 ? steps : runs
  if (bounds.length === 0) return []
  const begin = Math.min(...bounds.map(({ from }) => from))
  const end = Math.max(...bounds.map(({ until }) => until))
  const open: Uncaptured[] = []
  let covered = begin
  let after: Uncaptured['after'] = null
  for (const run of runs.filter(hasCaptured).toSorted((a, b) => a.from - b.from)) {
    if (run.from >= end) break
    if (run.from > covered) open.push({ from: covered, until: run.from, after })
    if (run.until < covered) {
      after ??= run.ended
      continue
    }
    covered = run.until
    after = run.ended
  }
  if (covered < end) open.push({ from: covered, until: end, after })
  return [...open, ...badEnds(runs, begin, end).filter((at) => !open.some((span) => includes(span, at)))].sort(
    (a, b) => a.from - b.from,
  )
}

/** What died without a word of what it wrote may never have captured, such as where it could not be started. */
const hasCaptured = ({ from, until, ended, packets = 0 }: CaptureRun) =>
  until > from && (ended !== 'died' || packets > 0)

/** What was not stopped as it should be may have kept its last packets to itself, though the next ran already. */
function badEnds(runs: readonly CaptureRun[], begin: Micros, end: Micros): readonly Uncaptured[] {
  return runs
    .filter(({ from, until, ended }) => ended !== 'stopped' && from < end && until > begin)
    .map(({ until, ended }) => ({ from: Math.min(until, end), until: Math.min(until, end), after: ended }))
}

const includes = (span: Uncaptured, at: Uncaptured) => span.from <= at.from && at.from <= span.until
