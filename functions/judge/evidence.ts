/** Observations gathered under what was decided about them. */
import type { Location, Micros, Observation } from '../model.ts'
import type { Outcome } from './outcome.ts'

/** A location, a number of its own in this audit, and its digest over everything that it says. */
export interface Located {
  readonly location: Location
  readonly number: number
  readonly digest: string
}

/** The flows of one outcome to one endpoint. */
export class Evidence {
  readonly outcome: Outcome
  readonly located: Located
  readonly port: number | null
  readonly protocol: number
  flows = 0
  bytesOut = 0
  bytesIn = 0
  first: Micros = Number.POSITIVE_INFINITY
  last: Micros = Number.NEGATIVE_INFINITY
  /** Most evidence is of one origin; a set is made for the others. */
  #origin = -1
  #origins: Set<number> | null = null

  constructor(outcome: Outcome, located: Located, port: number | null, protocol: number) {
    this.outcome = outcome
    this.located = located
    this.port = port
    this.protocol = protocol
  }

  /** @param counted false where the flows count under another outcome of the same observation */
  add(observation: Observation, origin: number, counted: boolean): void {
    if (counted) {
      this.flows += observation.flows
      this.bytesOut += observation.bytesOut
      this.bytesIn += observation.bytesIn
    }
    this.first = Math.min(this.first, observation.first)
    this.last = Math.max(this.last, observation.last)
    if (this.#origin < 0) this.#origin = origin
    else if (this.#origins) this.#origins.add(origin)
    else if (this.#origin !== origin) this.#origins = new Set([this.#origin, origin])
  }

  /** Numbers of {@link Origins}. */
  origins(): Iterable<number> {
    return this.#origins ?? [this.#origin]
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
