/** What is said inside of tunnels, which is said by the ends of the tunnel: whoever sent the packet around it. */
import type { PayloadFlow } from '../payload/payload-flow.ts'
import type { InnerFlow } from '../tunnel/inner-flow.ts'
import { type InnerReader, type Tunnel, Tunnels } from '../tunnel/tunnel.ts'
import type { ReadingFor } from './content-reading.ts'
import { FlowContent, type TunnelReader } from './flow-content.ts'

/** Tunnels that are looked into, one in the other. */
const MOST_TUNNELS = 4

/** The tunnels of a capture that have as many around them. */
export class TunnelContents implements InnerReader, TunnelReader {
  readonly #for: ReadingFor
  readonly #tunnels = new Tunnels(this)
  readonly #inner: TunnelContents | null
  /** The flow whose packet is read, and who sent it. */
  #outer: FlowContent | null = null
  #fromA = true

  private constructor(reading: ReadingFor, depth: number) {
    this.#for = reading
    this.#inner = TunnelContents.of(reading, depth)
  }

  /** @param around how many are around them @returns null where they are too many */
  static of(reading: ReadingFor, around = 0): TunnelContents | null {
    return around === MOST_TUNNELS ? null : new TunnelContents(reading, around + 1)
  }

  begin(): Tunnel {
    return this.#tunnels.begin({ ...NOBODY })
  }

  within(outer: FlowContent, fromA: boolean, read: () => boolean): boolean {
    this.#outer = outer
    this.#fromA = fromA
    this.#tunnels.time = this.#for.time
    return read()
  }

  tcp(flow: PayloadFlow, fromA: boolean, sequence: number, bytes: Uint8Array, offset: number, end: number): void {
    this.#of(flow, fromA).segment(fromA, sequence, bytes, offset, end, 0)
  }

  udp(flow: PayloadFlow, fromA: boolean, bytes: Uint8Array, offset: number, end: number): void {
    this.#of(flow, fromA).datagram(fromA, bytes, offset, end)
  }

  tunnel(flow: PayloadFlow, protocol: number, bytes: Uint8Array, offset: number, end: number): void {
    const content = this.#of(flow, true)
    content.tunnelled(content.speakers[0] === this.#speaker, protocol, bytes, offset, end)
  }

  reads(): boolean {
    return true
  }

  close(flow: PayloadFlow): void {
    if (flow.state instanceof FlowContent) flow.state.close()
    flow.state = undefined
  }

  get #speaker() {
    return this.#outer?.speakers[this.#fromA ? 0 : 1]
  }

  /** A flow's ends are those of the tunnel around it: the one that sent its first packet is its end A. */
  #of(flow: PayloadFlow, fromA: boolean): FlowContent {
    if (flow.state instanceof FlowContent) return flow.state
    const [a, b] = (this.#outer as FlowContent).speakers
    const content = new FlowContent(flow as InnerFlow, fromA === this.#fromA ? [a, b] : [b, a], this.#for, this.#inner)
    flow.state = content
    return content
  }
}

/** Nobody looks at the names of this one. */
const NOBODY: PayloadFlow = {
  protocol: -1,
  family: 4,
  addressA: [],
  addressB: [],
  portA: -1,
  portB: -1,
  opener: 0,
  watch: true,
  names: undefined,
  hidden: undefined,
  state: undefined,
}
