/** Writes events into a journal with the time: each later than the one before, whatever the system's clock does. */
import { instantOf } from '../declare/instant.ts'
import type { Micros } from '../model.ts'
import { formatTime } from '../net/time.ts'
import type { Entry } from './entries.ts'
import type { Journal } from './journal.ts'
import type { Clock } from './wall-clock.ts'

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never

/** What a clock may be behind by without having been set back: it is read to some microseconds. */
const GRAIN: Micros = 1000

/** Less than that is no step; and a clock that is slewed may run so much faster or slower (chrony: up to a twelfth). */
const STEP: Micros = 100_000
const SLEW = 1 / 12

export class Log {
  readonly journal: Journal
  readonly #clock: Clock
  /** Both clocks when the last event was written by this process. */
  #before: { readonly now: Micros; readonly elapsed: Micros } | null = null

  constructor(journal: Journal, clock: Clock) {
    this.journal = journal
    this.#clock = clock
  }

  get entries(): readonly Entry[] {
    return this.journal.entries
  }

  /** The time now, in the text of the journal. */
  now(): string {
    return formatTime(this.#clock.now())
  }

  add(event: WithoutTime<Entry>): void {
    const now = this.#clock.now()
    const last = microsOf(this.entries.at(-1)?.at)
    const set = this.#setBy(now, last)
    if (set !== 0) {
      const what = `the rig's clock went ${set < 0 ? 'back' : 'forward'} by ${(Math.abs(set) / 1e6).toFixed(3)} s`
      this.#write({ event: 'deviation', what, clockSetMs: Math.abs(set) / 1000 }, Math.max(now, last + 1))
    }
    this.#write(event, Math.max(now, microsOf(this.entries.at(-1)?.at) + 1))
  }

  /** Notes something that was otherwise than the protocol has it. */
  deviation(
    what: string,
    more: { readonly step?: string; readonly from?: string; readonly until?: string } = {},
  ): void {
    this.add({ event: 'deviation', what, ...more })
  }

  /** By how much the clock was set since the last event; 0 where it was not. */
  #setBy(now: Micros, last: Micros): Micros {
    const before = this.#before
    const elapsed = this.#clock.elapsed?.()
    this.#before = elapsed === undefined ? null : { now, elapsed }
    if (before === null || elapsed === undefined) return last - now > GRAIN ? now - last : 0
    const span = elapsed - before.elapsed
    const set = now - before.now - span
    return Math.abs(set) > STEP + span * SLEW ? set : 0
  }

  #write(event: WithoutTime<Entry>, at: Micros): void {
    this.journal.add({ ...event, at: formatTime(at) } as Entry)
  }
}

/** @returns -Infinity where there is no time */
export const microsOf = (time: string | undefined): Micros =>
  time === undefined ? -Infinity : (instantOf(time, 'start', null) ?? -Infinity)
