/** In which step of a session something happened. */
import type { Micros, Step } from '../model.ts'

/** Finds steps by time. Where steps overlap, the one that began last counts; of equal ones, the later in the list. */
export class StepTimes {
  /** Starts of spans in ascending order, each up to the next; `#steps` has the index of the step or -1. */
  readonly #starts: Micros[] = []
  readonly #steps: number[] = []
  #last = 0

  constructor(steps: readonly Step[]) {
    const cuts = [...new Set([Number.NEGATIVE_INFINITY, ...steps.flatMap(({ from, until }) => [from, until])])]
    for (const at of cuts.sort((a, b) => a - b)) {
      let best = -1
      for (const [index, { from, until }] of steps.entries()) {
        if (from <= at && at < until && from >= (steps[best]?.from ?? Number.NEGATIVE_INFINITY)) best = index
      }
      this.#starts.push(at)
      this.#steps.push(best)
    }
  }

  /** Index of the step that a time lies in (`from` ≤ t < `until`), -1 outside of all. */
  at(time: Micros): number {
    const starts = this.#starts
    // Flows come nearly in order of time, so mostly the span is the last one's.
    let index = this.#last
    while (index > 0 && time < (starts[index] ?? 0)) index--
    while (index + 1 < starts.length && time >= (starts[index + 1] ?? 0)) index++
    this.#last = index
    return this.#steps[index] ?? -1
  }

  /** Whether a time is no farther than `error` from where a step begins or ends, so that it may lie beyond. */
  isNearEdge(time: Micros, error: Micros): boolean {
    this.at(time)
    const from = this.#starts[this.#last] ?? Number.NEGATIVE_INFINITY
    const until = this.#starts[this.#last + 1] ?? Number.POSITIVE_INFINITY
    return time - from <= error || until - time <= error
  }
}
