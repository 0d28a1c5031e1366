/** Finds host names in the payloads of TCP and UDP flows, and resolvers' answers. */

import type { Micros, NameAnswer } from '../../model.ts'
import { formatAddress } from '../../net/address.ts'
import type { Secrets } from '../tls/secrets.ts'
import { tunnelOfPorts, tunnelOfProtocol } from '../tunnel/encapsulation.ts'
import { Tunnel, Tunnels } from '../tunnel/tunnel.ts'
import type { Budget } from './held-segments.ts'
import type { PayloadFlow, ResolvedTo } from './payload-flow.ts'
import { TcpConversation } from './tcp-conversation.ts'
import { UdpConversation } from './udp-conversation.ts'

export type { PayloadFlow } from './payload-flow.ts'

/** Bytes that are kept of all flows together: segments that wait for others, and messages in progress. */
const BUDGET = 33554432
/** Tunnels that are looked into, one in the other. */
const MOST_TUNNELS = 4
/**
 * For this long since the capture's first payload an answer may be to a question that was asked before: stub resolvers wait
 * five seconds for one (resolv.conf, RES_TIMEOUT).
 */
const QUESTIONS_BEFORE: Micros = 5e6

/** Reads payloads in the order in which they were captured. Bounded memory: each flow and all of them together. */
export class PayloadReader {
  readonly #resolved: ResolvedTo
  readonly #budget: Budget
  readonly #secrets: Secrets | null
  /** In how many tunnels the flows are that are read. */
  readonly #depth: number
  #tunnels: Tunnels | null = null
  #time: Micros = 0
  #began: Micros = Number.NaN

  /**
   * @param answer takes resolvers' answers as they are seen
   * @param secrets those of TLS connections; null where none can be opened
   * @param within the budget of the reader of the flows that these are in, and in how many tunnels they are
   */
  constructor(
    answer: (answer: NameAnswer) => void,
    secrets: Secrets | null = null,
    { budget = { left: BUDGET }, depth = 0 }: { readonly budget?: Budget; readonly depth?: number } = {},
  ) {
    this.#secrets = secrets
    this.#budget = budget
    this.#depth = depth
    this.#resolved = (flow, clientIsA, name, address, via, ttl, unasked) => {
      const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = clientIsA ? flow.addressA : flow.addressB
      const client = formatAddress(flow.family, w0, w1, w2, w3)
      const time = this.#time
      if (unasked && Math.abs(time - this.#began) > QUESTIONS_BEFORE) return
      answer({ client, address, name, via, time, expires: time + Math.round(ttl * 1e6) })
    }
  }

  /** Bytes that are kept at the moment, of all flows together. */
  get kept(): number {
    return BUDGET - this.#budget.left
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
    this.#at(time)
    let conversation = flow.state
    if (!(conversation instanceof TcpConversation)) {
      conversation = flow.state = new TcpConversation(flow, this.#budget, this.#resolved, this.#secrets)
    }
    if (conversation instanceof TcpConversation) conversation.take(fromA, sequence, bytes, offset, end)
  }

  /** Takes the payload of one UDP datagram; parameters as for {@link PayloadReader.tcp}. */
  udp(flow: PayloadFlow, fromA: boolean, bytes: Uint8Array, offset: number, end: number, time: Micros): void {
    this.#at(time)
    let conversation = flow.state
    if (!(conversation instanceof UdpConversation)) {
      const layer = tunnelOfPorts(flow.portA, flow.portB)
      const tunnel = layer && this.#beginTunnel(flow)
      conversation = flow.state = new UdpConversation(flow, this.#resolved, tunnel && { layer, tunnel })
    }
    if (this.#tunnels) this.#tunnels.time = time
    if (conversation instanceof UdpConversation) conversation.take(fromA, bytes, offset, end)
  }

  /** Takes what a packet carried that is a tunnel by its IP protocol; parameters as for {@link PayloadReader.tcp}. */
  tunnel(flow: PayloadFlow, protocol: number, bytes: Uint8Array, offset: number, end: number, time: Micros): void {
    const layer = tunnelOfProtocol(protocol)
    const tunnel = flow.state instanceof Tunnel ? flow.state : layer && this.#beginTunnel(flow)
    flow.state = tunnel
    if (this.#tunnels) this.#tunnels.time = time
    if (layer && tunnel) tunnel.take(layer, bytes, offset, end)
    else flow.watch = false
  }

  /** @returns null where too many are around it */
  #beginTunnel(flow: PayloadFlow): Tunnel | null {
    const depth = this.#depth + 1
    if (depth > MOST_TUNNELS) return null
    this.#tunnels ??= new Tunnels(new PayloadReader(() => {}, this.#secrets, { budget: this.#budget, depth }))
    return this.#tunnels.begin(flow)
  }

  /** Whether names are still looked for in what one end of a flow says, after what was taken. */
  reads(flow: PayloadFlow, fromA: boolean): boolean {
    const { state } = flow
    if (state instanceof TcpConversation) return state.reads(fromA)
    return flow.watch && (state instanceof Tunnel || state instanceof UdpConversation ? state.reads : true)
  }

  #at(time: Micros): void {
    this.#time = time
    if (Number.isNaN(this.#began)) this.#began = time
  }

  /** The flow is being emitted: drops its buffers and concludes why it shows no name. */
  close(flow: PayloadFlow): void {
    const { state } = flow
    if (state instanceof TcpConversation || state instanceof UdpConversation || state instanceof Tunnel) state.close()
    flow.state = undefined
  }
}
