/** What was decided about the flows that were seen, and where they were seen. */
import type { Micros, Observation } from '../model.ts'
import type { Entry } from './docket.ts'
import type { Outcome } from './outcome.ts'
import type { Located } from './remotes.ts'

/** The flows of one outcome to one endpoint. */
export class Evidence {
  readonly outcome: Outcome
  readonly #entry: Entry
  readonly #counted: boolean

  /** @param counted false where the flows count under another outcome of the same case */
  constructor(outcome: Outcome, entry: Entry, counted: boolean) {
    this.outcome = outcome
    this.#entry = entry
    this.#counted = counted
  }

  get located(): Located {
    return this.#entry.located
  }

  get port(): number | null {
    return this.#entry.port
  }

  get protocol(): number {
    return this.#entry.protocol
  }

  get flows(): number {
    return this.#counted ? this.#entry.flows : 0
  }

  get bytesOut(): number {
    return this.#counted ? this.#entry.bytesOut : 0
  }

  get bytesIn(): number {
    return this.#counted ? this.#entry.bytesIn : 0
  }

  get first(): Micros {
    return this.#entry.first
  }

  get last(): Micros {
    return this.#entry.last
  }

  /** Numbers of {@link Origins}. */
  origins(): Iterable<number> {
    return this.#entry.origins()
  }
}

/** Session, step and capture of an observation. */
export interface Origin {
  readonly session: string
  readonly step: string | null
  readonly capture: string
}

/** Origins as small numbers: a million observations have few. */
export class Origins {
  readonly #numbers = new Map<string, Map<string, Map<string | null, number>>>()
  readonly #all: Origin[] = []
  readonly #alone = new Map<number, Together>()
  #last: Origin = { session: '', step: null, capture: '' }
  #lastNumber = -1

  number(observation: Observation): number {
    // Observations of one origin mostly stand together.
    const { session, step, capture } = this.#last
    if (
      this.#lastNumber < 0 ||
      observation.capture !== capture ||
      observation.session !== session ||
      observation.step !== step
    ) {
      this.#last = observation
      this.#lastNumber = this.#find(observation)
    }
    return this.#lastNumber
  }

  #find({ session, step, capture }: Observation): number {
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

  at(number: number): Origin {
    const origin = this.#all[number]
    if (!origin) throw new RangeError(`there is no origin ${number}`)
    return origin
  }

  /** What the origins of these numbers are together. Findings of one and the same origin share its lists. */
  together(numbers: ReadonlySet<number>): Together {
    const [first] = numbers
    const shared = numbers.size === 1 && first !== undefined ? this.#alone.get(first) : undefined
    if (shared) return shared
    const origins = Array.from(numbers, (number) => this.at(number))
    const sorted = (texts: readonly string[]) => [...new Set(texts)].sort()
    const together = {
      sessions: sorted(origins.map(({ session }) => session)),
      steps: sorted(origins.map(({ step }) => step).filter((step) => step !== null)),
      captures: sorted(origins.map(({ capture }) => capture)),
    }
    if (numbers.size === 1 && first !== undefined) this.#alone.set(first, together)
    return together
  }
}

/** Sorted, without doubles. */
export interface Together {
  readonly sessions: readonly string[]
  readonly steps: readonly string[]
  readonly captures: readonly string[]
}
