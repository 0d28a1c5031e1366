/** Spans of a capture of which nothing is known: merged where they touch, and few however many records tell of them. */
import type { Gap, Micros } from '../model.ts'

/** Past this many, the two gaps with the least time between them become one. */
const most = 1000

export class Gaps {
  readonly #reason: string
  /** Sorted, apart from one another. */
  #spans: { from: Micros; until: Micros; records: number }[] = []

  /** @param reason why nothing is known of them */
  constructor(reason: string) {
    this.#reason = reason
  }

  /**
   * Adds a span; where the end stands before the start, its ends are taken in their order. Logs may tell of longer times than
   * {@link Micros} hold: the span then ends at the last instant that they do.
   */
  add(oneEnd: Micros, otherEnd: Micros, records = 1): void {
    const [one, other] = [instant(oneEnd), instant(otherEnd)]
    const span = { from: Math.min(one, other), until: Math.max(one, other), records }
    const spans = this.#spans
    let at = this.#firstEndingAtOrAfter(span.from)
    let touched = 0
    for (let next = spans[at]; next && next.from <= span.until; next = spans[at + ++touched]) {
      span.from = Math.min(span.from, next.from)
      span.until = Math.max(span.until, next.until)
      span.records += next.records
    }
    spans.splice(at, touched, span)
    if (spans.length <= most) return
    at = 1
    const hole = (i: number) => (spans[i]?.from ?? 0) - (spans[i - 1]?.until ?? 0)
    for (let i = 2; i < spans.length; i++) if (hole(i) < hole(at)) at = i
    const [left, right] = spans.slice(at - 1, at + 1)
    if (left && right)
      spans.splice(at - 1, 2, { from: left.from, until: right.until, records: left.records + right.records })
  }

  gaps(): Gap[] {
    return this.#spans.map(({ from, until, records }) => ({ from, until, reason: this.#reason, records }))
  }

  #firstEndingAtOrAfter(time: Micros): number {
    let low = 0
    let high = this.#spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#spans[middle]?.until ?? 0) < time) low = middle + 1
      else high = middle
    }
    return low
  }
}

const instant = (time: number): Micros =>
  Math.round(Math.min(Math.max(time, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER))

/** One span from the first to the last of many records: for what is so frequent that its holes tell nothing. */
export class GapSpan {
  readonly #reason: string
  #from = Number.POSITIVE_INFINITY
  #until = Number.NEGATIVE_INFINITY
  #records = 0

  /** @param reason why something of the span is not known */
  constructor(reason: string) {
    this.#reason = reason
  }

  add(time: Micros): void {
    if (time < this.#from) this.#from = time
    if (time > this.#until) this.#until = time
    this.#records++
  }

  gaps(): Gap[] {
    if (this.#records === 0) return []
    return [{ from: this.#from, until: this.#until, reason: this.#reason, records: this.#records }]
  }
}
