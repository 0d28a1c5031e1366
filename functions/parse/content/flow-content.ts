/** One flow, of which what its ends say is handed on: in order where it is a connection, as datagrams, or inside a tunnel. */
import type { Layer } from '../ether-type.ts'
import { tunnelOfPorts, tunnelOfProtocol } from '../tunnel/encapsulation.ts'
import type { Tunnel } from '../tunnel/tunnel.ts'
import type { ReadingFor } from './content-reading.ts'
import { conversation, type Direction } from './conversation.ts'
import { DatagramContent } from './datagram-content.ts'
import { OrderedBytes } from './ordered-bytes.ts'
import type { Speaker } from './speaker.ts'

const DNS_PORT = 53
/** DNS over TLS (RFC 7858, section 3.1). */
const DNS_OVER_TLS_PORT = 853

/** What is known of a flow beside its payload. */
export interface FlowEnds {
  readonly portA: number
  readonly portB: number
  /** Sequence number of the first byte that an end said; NaN where it was not seen to open the connection. */
  firstSequence(fromA: boolean): number
}

/** Reads what is inside of the tunnels that a flow carries. */
export interface TunnelReader {
  begin(): Tunnel
  /** Reads a packet of a flow. */
  within(outer: FlowContent, fromA: boolean, read: () => boolean): boolean
}

export class FlowContent {
  readonly speakers: readonly [a: Speaker, b: Speaker]
  readonly #ends: FlowEnds
  readonly #for: ReadingFor
  readonly #tunnels: TunnelReader | null
  #directions: readonly [a: Direction, b: Direction] | null = null
  readonly #ordered: [a: OrderedBytes | null, b: OrderedBytes | null] = [null, null]
  #datagrams: DatagramContent | null = null
  #tunnel: Tunnel | null = null
  readonly #taken: [ofA: number, ofB: number] = [0, 0]

  /** @param tunnels those in which this flow may be the outer one; null where too many are around it */
  constructor(
    ends: FlowEnds,
    speakers: readonly [a: Speaker, b: Speaker],
    reading: ReadingFor,
    tunnels: TunnelReader | null,
  ) {
    this.#ends = ends
    this.speakers = speakers
    this.#for = reading
    this.#tunnels = tunnels
  }

  /**
   * Takes the payload of a TCP segment, which is only valid during the call.
   *
   * @param cut bytes behind it that were sent and not captured
   */
  segment(fromA: boolean, sequence: number, bytes: Uint8Array, offset: number, end: number, cut: number): void {
    this.#directions ??= this.#begin()
    const at = fromA ? 0 : 1
    this.#ordered[at] ??= new OrderedBytes(this.#directions[at], this.#for.budget, this.#ends.firstSequence(fromA))
    this.#ordered[at]?.take(sequence, bytes, offset, end, cut)
  }

  /** Takes the payload of a UDP datagram, which is only valid during the call. */
  datagram(fromA: boolean, bytes: Uint8Array, offset: number, end: number): void {
    this.#taken[fromA ? 0 : 1] += end - offset
    if (this.#carried(tunnelOfPorts(this.#ends.portA, this.#ends.portB), fromA, bytes, offset, end)) return
    this.#datagrams ??= new DatagramContent(this.#ends)
    this.#datagrams.take(this.speakers[fromA ? 0 : 1], bytes.subarray(offset, end))
  }

  /** Takes what a packet carried that is a tunnel by its IP protocol. */
  tunnelled(fromA: boolean, protocol: number, bytes: Uint8Array, offset: number, end: number): void {
    const at = fromA ? 0 : 1
    this.#taken[at] += end - offset
    if (!this.#carried(tunnelOfProtocol(protocol), fromA, bytes, offset, end)) this.speakers[at].unread += end - offset
  }

  /** Bytes of datagrams that an end's were taken of. */
  taken(fromA: boolean): number {
    return this.#taken[fromA ? 0 : 1]
  }

  /** The flow is over: concludes what is in progress. */
  close(): void {
    for (const ordered of this.#ordered) ordered?.end()
    this.#tunnel?.close()
  }

  #begin(): readonly [a: Direction, b: Direction] {
    const { portA, portB } = this.#ends
    const has = (port: number) => portA === port || portB === port
    const setting = { isDns: has(DNS_PORT), isDnsInTls: has(DNS_OVER_TLS_PORT), isOutermost: true }
    return conversation(this.speakers, this.#for, setting)
  }

  #carried(layer: Layer | null, fromA: boolean, bytes: Uint8Array, offset: number, end: number): boolean {
    if (layer === null || this.#tunnels === null) return false
    this.#tunnel ??= this.#tunnels.begin()
    return this.#tunnels.within(this, fromA, () => this.#tunnel?.take(layer, bytes, offset, end) ?? false)
  }
}
