/** How much of what devices sent could be read, and how well flows are known to be of their steps: for the limits of an audit. */
import type { Judgement, Observation } from '../model.ts'

export type Reading = Judgement['reading']

/** Adds it up. A million observations are added, so nothing is allocated for one. */
export class ReadingSum {
  readonly #sum = { whole: 0, partly: 0, unread: 0, unexamined: 0, outlived: 0, nearEdge: 0 }

  observe({ flows, examined, outlived, stepDoubt, bystander }: Observation): void {
    if (bystander) return
    if (outlived) this.#sum.outlived += outlived
    if (stepDoubt) this.#sum.nearEdge += flows
    if (!examined) this.#sum.unexamined += flows
    else {
      this.#sum.whole += examined.whole
      this.#sum.partly += examined.partly
      this.#sum.unread += examined.unread
    }
  }

  add(reading: Reading): void {
    const sum = this.#sum
    sum.whole += reading.whole
    sum.partly += reading.partly
    sum.unread += reading.unread
    sum.unexamined += reading.unexamined
    sum.outlived += reading.outlived
    sum.nearEdge += reading.nearEdge
  }

  get sum(): Reading {
    return { ...this.#sum }
  }
}
