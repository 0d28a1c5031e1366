/** What `chronyc -c tracking` says of the clock. */
import type { ClockReading } from './entries.ts'

/**
 * @param line the fields of `tracking` in their order, with commas between:
 * https://chrony-project.org/doc/4.5/chronyc.html#tracking
 * @returns the reading, or why it is none. By the same page, the clock is off by at most the system time's offset, the root
 * dispersion, and half of the root delay
 */
export function chronyReading(line: string): ClockReading | string {
  const fields = line.trim().split(',')
  if (fields.length < 14) return 'chronyc did not say how the clock is'
  const [, source = '', stratum = '', , systemTime = '', , , , , , rootDelay = '', rootDispersion = '', , leap = ''] =
    fields
  const [behind, delay, dispersion] = [systemTime, rootDelay, rootDispersion].map(Number)
  if (behind === undefined || delay === undefined || dispersion === undefined) return 'chronyc said no numbers'
  if (![behind, delay, dispersion].every(Number.isFinite)) return 'chronyc said no numbers'
  if (leap === 'Not synchronised' || stratum === '0') return 'chrony is not synchronised'
  return {
    source: source === '' ? 'chrony' : `chrony ${source}`,
    // The correction that is still to be added: the clock is slow by it.
    offsetMs: behind === 0 ? 0 : -behind * 1000,
    errorMs: (dispersion + Math.abs(delay) / 2) * 1000,
  }
}
