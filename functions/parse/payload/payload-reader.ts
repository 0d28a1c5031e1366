/** Finds host names in the payloads of TCP and UDP flows, and resolvers' answers. */
import type { Hidden, Micros, Name, NameAnswer } from '../../model.ts'

/** One TCP or UDP flow that carries payload, as the flow table knows it. */
export interface PayloadFlow {
  /** IANA protocol number. */
  readonly protocol: number
  /** 4 or 6. */
  readonly family: number
  /** Four words in network order; an IPv4 address stands in the first. */
  readonly addressA: readonly number[]
  readonly addressB: readonly number[]
  readonly portA: number
  readonly portB: number
  /** False once nothing more can be learnt from the flow: the flow table then stops handing its payload over. */
  watch: boolean
  names: Name[] | undefined
  hidden: Hidden | undefined
  /** Private to the payload reader. */
  state: unknown
}

/** Reads payloads in the order in which they were captured. Bounded memory: each flow and all of them together. */
export class PayloadReader {
  readonly #answer: (answer: NameAnswer) => void

  /** @param answer takes resolvers' answers as they are seen */
  constructor(answer: (answer: NameAnswer) => void) {
    this.#answer = answer
  }

  /**
   * Takes the payload of one TCP segment.
   *
   * @param sequence sequence number of the first payload byte, unsigned 32 bits
   * @param bytes holds the payload from `offset` up to `end`; may be overwritten after the call returns
   */
  tcp(
    flow: PayloadFlow,
    fromA: boolean,
    sequence: number,
    bytes: Uint8Array,
    offset: number,
    end: number,
    time: Micros,
  ): void {
    void [fromA, sequence, bytes, offset, end, time, this.#answer]
    flow.watch = false
  }

  /** Takes the payload of one UDP datagram; parameters as for {@link PayloadReader.tcp}. */
  udp(flow: PayloadFlow, fromA: boolean, bytes: Uint8Array, offset: number, end: number, time: Micros): void {
    void [fromA, bytes, offset, end, time, this.#answer]
    flow.watch = false
  }

  /** The flow is being emitted: drops its buffers and concludes why it shows no name. */
  close(flow: PayloadFlow): void {
    flow.state = undefined
  }
}
