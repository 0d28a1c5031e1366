/** The time of the system's clock to the microsecond, which JavaScript only tells to the millisecond. */
import type { Micros } from '../model.ts'

export interface Clock {
  now(): Micros
  /** Time since some moment, which nobody can set; left out where there is none. */
  elapsed?(): Micros
}

/** Waits, for a millisecond at most, until the clock's milliseconds turn over: then it is known exactly. */
export const systemClock: Clock = {
  now() {
    const before = Date.now()
    let now = before
    while (now === before) now = Date.now()
    const turned = process.hrtime.bigint()
    return now * 1000 + Number((process.hrtime.bigint() - turned) / 1000n)
  },
  elapsed: () => Number(process.hrtime.bigint() / 1000n),
}
