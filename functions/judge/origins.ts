/** Where observations come from. */
import type { Origin } from './weighed-part.ts'

/** The number of an origin, or a set of numbers where there are several. */
export type OriginNumbers = number | ReadonlySet<number>

export function eachOrigin(numbers: OriginNumbers): Iterable<number> {
  return typeof numbers === 'number' ? [numbers] : numbers
}

/** Origins as small numbers: a million observations have few. */
export class Origins {
  readonly #numbers = new Map<string, Map<string, Map<string | null, number>>>()
  readonly #all: Origin[] = []
  readonly #alone = new Map<number, Together>()
  #last: Origin = { session: '', step: null, capture: '' }
  #lastNumber = -1

  number(origin: Origin): number {
    // Those of one origin mostly stand together.
    const { session, step, capture } = this.#last
    if (this.#lastNumber < 0 || origin.capture !== capture || origin.session !== session || origin.step !== step) {
      this.#last = origin
      this.#lastNumber = this.#find(origin)
    }
    return this.#lastNumber
  }

  #find({ session, step, capture }: Origin): number {
    const captures = this.#numbers.get(session) ?? new Map<string, Map<string | null, number>>()
    const steps = captures.get(capture) ?? new Map<string | null, number>()
    let number = steps.get(step)
    if (number === undefined) {
      number = this.#all.length
      this.#all.push({ session, step, capture })
      this.#numbers.set(session, captures.set(capture, steps.set(step, number)))
    }
    return number
  }

  /** By their numbers. */
  get all(): readonly Origin[] {
    return this.#all
  }

  at(number: number): Origin {
    const origin = this.#all[number]
    if (!origin) throw new RangeError(`there is no origin ${number}`)
    return origin
  }

  /** What the origins of these numbers are together. Findings of one and the same origin share its lists. */
  together(numbers: OriginNumbers): Together {
    if (typeof numbers !== 'number') return togetherOf(Array.from(numbers, (number) => this.at(number)))
    const together = this.#alone.get(numbers) ?? togetherOf([this.at(numbers)])
    this.#alone.set(numbers, together)
    return together
  }
}

function togetherOf(origins: readonly Origin[]): Together {
  const sorted = (texts: readonly string[]) => [...new Set(texts)].sort()
  return {
    sessions: sorted(origins.map(({ session }) => session)),
    steps: sorted(origins.map(({ step }) => step).filter((step) => step !== null)),
    captures: sorted(origins.map(({ capture }) => capture)),
  }
}

/** Sorted, without doubles. */
export interface Together {
  readonly sessions: readonly string[]
  readonly steps: readonly string[]
  readonly captures: readonly string[]
}
