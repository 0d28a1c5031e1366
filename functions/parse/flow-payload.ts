/** What the payload reader knows of a flow: made when the first payload arrives, read when the flow is handed on. */
import type { Hidden, Name } from '../model.ts'
import { A, B, type FlowRows, INTEGERS, KIND, OPENERS, PORT_A, PORT_B, STATE } from './flow-rows.ts'
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

  #address(at: number): readonly number[] {
    const word = (index: number) => this.#integer(at + index) >>> 0
    return [word(0), word(1), word(2), word(3)]
  }

  #integer(at: number): number {
    return this.#rows.integers[this.#row * INTEGERS + at] as number
  }
}
