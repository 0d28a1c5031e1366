/** What was decided about the flows that were seen, and where they were seen. */
import type { Docket, Figures } from './docket.ts'
import type { Located } from './located.ts'
import type { Outcome } from './outcome.ts'

/** The flows of one outcome to one endpoint. */
export class Evidence implements Figures {
  readonly outcome: Outcome
  readonly located: Located
  readonly flows: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly first: number
  readonly last: number
  readonly #docket: Docket
  readonly #case: number

  /**
   * @param number of the case
   * @param counted false where the flows count under another outcome of the same case
   */
  constructor(outcome: Outcome, located: Located, docket: Docket, number: number, counted: boolean) {
    const { flows, bytesOut, bytesIn, first, last } = docket.figures(number)
    this.outcome = outcome
    this.located = located
    this.flows = counted ? flows : 0
    this.bytesOut = counted ? bytesOut : 0
    this.bytesIn = counted ? bytesIn : 0
    this.first = first
    this.last = last
    this.#docket = docket
    this.#case = number
  }

  get port(): number | null {
    const port = this.#docket.port(this.#case)
    return port < 0 ? null : port
  }

  get protocol(): number {
    return this.#docket.protocol(this.#case)
  }

  /** Numbers of origins. */
  origins(): Iterable<number> {
    return this.#docket.origins(this.#case)
  }
}
