/** What was decided about the flows that were seen, and where they were seen. */
import type { Micros } from '../model.ts'
import type { Docket } from './docket.ts'
import type { Located } from './located.ts'
import type { OriginNumbers } from './origins.ts'
import type { Outcome } from './outcome.ts'

/** Flows of one outcome to one endpoint. */
export interface Sighted {
  readonly outcome: Outcome
  readonly located: Located
  readonly flows: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly first: Micros
  readonly last: Micros
  /** null where there is none. */
  readonly port: number | null
  readonly protocol: number
  readonly origins: OriginNumbers
}

/** The flows of one outcome of a case of the docket. */
export class Evidence implements Sighted {
  readonly outcome: Outcome
  readonly located: Located
  readonly #docket: Docket
  readonly #case: number
  readonly #counted: boolean

  /**
   * @param number of the case
   * @param counted false where the flows count under another outcome of the same case
   */
  constructor(outcome: Outcome, located: Located, docket: Docket, number: number, counted: boolean) {
    this.outcome = outcome
    this.located = located
    this.#docket = docket
    this.#case = number
    this.#counted = counted
  }

  get flows(): number {
    return this.#counted ? this.#docket.flows(this.#case) : 0
  }

  get bytesOut(): number {
    return this.#counted ? this.#docket.bytesOut(this.#case) : 0
  }

  get bytesIn(): number {
    return this.#counted ? this.#docket.bytesIn(this.#case) : 0
  }

  get first(): Micros {
    return this.#docket.first(this.#case)
  }

  get last(): Micros {
    return this.#docket.last(this.#case)
  }

  get port(): number | null {
    const port = this.#docket.port(this.#case)
    return port < 0 ? null : port
  }

  get protocol(): number {
    return this.#docket.protocol(this.#case)
  }

  get origins(): OriginNumbers {
    return this.#docket.origins(this.#case)
  }
}
