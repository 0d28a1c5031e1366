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

export class Log {
  readonly journal: Journal
  readonly #clock: Clock

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
    const back = last - now
    if (back > GRAIN) {
      const what = `the rig's clock went back by ${(back / 1e6).toFixed(3)} s`
      this.#write({ event: 'deviation', what, clockWentBackMs: back / 1000 }, last + 1)
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

  #write(event: WithoutTime<Entry>, at: Micros): void {
    this.journal.add({ ...event, at: formatTime(at) } as Entry)
  }
}

/** @returns -Infinity where there is no time */
export const microsOf = (time: string | undefined): Micros =>
  time === undefined ? -Infinity : (instantOf(time, 'start', null) ?? -Infinity)
