/** Spans of which a rig has no capture, by its own record, in words. */
import type { Uncaptured } from '../model.ts'
import { formatTime } from '../net/time.ts'

const ENDS = {
  stopped: 'its capture had been stopped',
  killed: 'its capture had to be killed',
  died: 'its capture ended by itself',
  'found-dead': 'its capture was found dead',
} as const

/** `captured nothing from … to … (its capture had been stopped)`, of a rig. */
export function uncapturedWords({ from, until, after }: Uncaptured): string {
  const why = after === null ? 'its capture had not begun' : ENDS[after]
  return from === until
    ? `may lack packets of about ${formatTime(from)} (${why})`
    : `captured nothing from ${formatTime(from)} to ${formatTime(until)} (${why})`
}
