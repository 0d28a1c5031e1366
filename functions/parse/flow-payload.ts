/** What the payload reader knows of a flow: made when the first payload arrives, read when the flow is handed on. */
import type { Hidden, Name } from '../model.ts'
import type { Packet } from './packet.ts'
import type { PayloadFlow } from './payload/payload-reader.ts'

export class FlowPayload implements PayloadFlow {
  readonly protocol: number
  readonly family: number
  readonly portA: number
  readonly portB: number
  watch = true
  names: Name[] | undefined = undefined
  hidden: Hidden | undefined = undefined
  state: unknown = undefined
  // Few flows are ever asked for their addresses: the lists are made then.
  readonly #fromA: boolean
  readonly #from0: number
  readonly #from1: number
  readonly #from2: number
  readonly #from3: number
  readonly #to0: number
  readonly #to1: number
  readonly #to2: number
  readonly #to3: number

  /** @param fromA whether end A of the flow sent the packet */
  constructor(packet: Packet, fromA: boolean) {
    this.protocol = packet.protocol
    this.family = packet.family
    this.#fromA = fromA
    this.#from0 = packet.from0
    this.#from1 = packet.from1
    this.#from2 = packet.from2
    this.#from3 = packet.from3
    this.#to0 = packet.to0
    this.#to1 = packet.to1
    this.#to2 = packet.to2
    this.#to3 = packet.to3
    this.portA = fromA ? packet.portFrom : packet.portTo
    this.portB = fromA ? packet.portTo : packet.portFrom
  }

  get addressA(): readonly number[] {
    return this.#fromA ? this.#from() : this.#to()
  }

  get addressB(): readonly number[] {
    return this.#fromA ? this.#to() : this.#from()
  }

  #from(): readonly number[] {
    return [this.#from0 >>> 0, this.#from1 >>> 0, this.#from2 >>> 0, this.#from3 >>> 0]
  }

  #to(): readonly number[] {
    return [this.#to0 >>> 0, this.#to1 >>> 0, this.#to2 >>> 0, this.#to3 >>> 0]
  }
}
