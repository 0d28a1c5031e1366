/** What the payload reader knows of a flow: made when the first payload arrives, read when the flow is handed on. */
import type { Hidden, Name } from '../model.ts'
import {
  A,
  B,
  type FlowRows,
  INTEGERS,
  ISN,
  KIND,
  OPENER_A,
  OPENER_B,
  OPENERS,
  PORT_A,
  PORT_B,
  STATE,
  SYN_SEEN,
} from './flow-rows.ts'
import type { PayloadFlow } from './payload/payload-reader.ts'

/** Valid as long as its row is the flow's; small, because every flow that is open has one. */
export class FlowPayload implements PayloadFlow {
  watch = true
  names: Name[] | undefined = undefined
  hidden: Hidden | undefined = undefined
  lacksNames = false
  state: unknown = undefined
  readonly #rows: FlowRows
  readonly #row: number

  constructor(rows: FlowRows, row: number) {
    this.#rows = rows
    this.#row = row
  }

  get protocol(): number {
    return this.#integer(KIND) >>> 4
  }

  get family(): number {
    return this.#integer(KIND) & 15
  }

  get portA(): number {
    return this.#integer(PORT_A)
  }

  get portB(): number {
    return this.#integer(PORT_B)
  }

  get opener(): number {
    return this.#integer(STATE) & OPENERS
  }

  get addressA(): readonly number[] {
    return this.#address(A)
  }

  get addressB(): readonly number[] {
    return this.#address(B)
  }

  /** Sequence number of the first byte that an end said; NaN where it was not seen to open the connection. */
  firstSequence(fromA: boolean): number {
    const state = this.#integer(STATE)
    const isOpener = (state & SYN_SEEN) !== 0 && (state & OPENERS) === (fromA ? OPENER_A : OPENER_B)
    return isOpener ? (this.#integer(ISN) + 1) >>> 0 : Number.NaN
  }

  #address(at: number): readonly number[] {
    const word = (index: number) => this.#integer(at + index) >>> 0
    return [word(0), word(1), word(2), word(3)]
  }

  #integer(at: number): number {
    return this.#rows.integers[this.#row * INTEGERS + at] as number
  }
}
