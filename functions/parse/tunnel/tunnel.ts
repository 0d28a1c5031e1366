/**
 * A flow that is a tunnel: the packets in it are read as far as their names, which become names of the flow, `inside`. Answers
 * of resolvers in a tunnel are passed over: its addresses are of another network, where the same ones may be of other hosts.
 */
import type { Micros } from '../../model.ts'
import type { Layer } from '../ether-type.ts'
import { hashOf } from '../flow-hash.ts'
import { FRAGMENTS_BUDGET, Fragments } from '../fragments.ts'
import { readIp } from '../ip.ts'
import { Packet, SYN, WHOLE } from '../packet.ts'
import { addName } from '../payload/flow-names.ts'
import type { Budget } from '../payload/held-segments.ts'
import type { PayloadFlow } from '../payload/payload-flow.ts'
import { InnerFlow } from './inner-flow.ts'

/** Conversations that are known at a time, in all tunnels of one depth; beyond, the oldest is forgotten. */
const MOST_INNER = 16384
/** Conversations of one tunnel whose hash is the same or next to it. */
const MOST_NEAR = 8
const TCP = 6
const UDP = 17

/** Reads the payloads of the conversations in tunnels. */
export interface InnerReader {
  tcp(flow: PayloadFlow, fromA: boolean, sequence: number, ...payload: Payload): void
  udp(flow: PayloadFlow, fromA: boolean, ...payload: Payload): void
  tunnel(flow: PayloadFlow, protocol: number, ...payload: Payload): void
  reads(flow: PayloadFlow, fromA: boolean): boolean
  close(flow: PayloadFlow): void
}
type Payload = [bytes: Uint8Array, offset: number, end: number, time: Micros]

/** What the tunnels of a capture have in common. */
export class Tunnels {
  readonly reader: InnerReader
  readonly packet = new Packet()
  /** When the packet that is read was captured. */
  time: Micros = 0
  /** In the order in which they began. */
  readonly all = new Set<{ readonly forget: () => void }>()
  readonly fragmentsBudget: Budget = { left: FRAGMENTS_BUDGET }

  constructor(reader: InnerReader) {
    this.reader = reader
  }

  begin(flow: PayloadFlow): Tunnel {
    return new Tunnel(this, flow)
  }
}

interface Entry {
  readonly flow: InnerFlow
  readonly forget: () => void
}

export class Tunnel {
  /** Packets were found in it. */
  carries = false
  /** Whether names are still looked for in the conversation that its last packet was of. */
  reads = true
  readonly #shared: Tunnels
  readonly #outer: PayloadFlow
  readonly #entries = new Map<number, Entry>()

  #fragments: Fragments | null = null

  constructor(shared: Tunnels, outer: PayloadFlow) {
    this.#shared = shared
    this.#outer = outer
  }

  /**
   * Takes what the flow carried.
   *
   * @param layer what stands before the IP packet in it
   * @returns false where no IP packet is in it
   */
  take(layer: Layer, bytes: Uint8Array, offset: number, end: number): boolean {
    const { packet, time } = this.#shared
    this.reads = true
    packet.bytes = bytes
    packet.at = offset
    packet.end = end
    packet.wireEnd = end
    packet.time = time
    packet.macFrom = -1
    packet.layers = 0
    if (layer(packet) !== '' || readIp(packet) !== '') return false
    this.carries = true
    this.#outer.hidden ??= 'tunnel'
    const whole = packet.fragment === WHOLE ? null : this.#putTogether(packet)
    this.#carry(packet)
    if (whole !== null) this.#carry(whole)
    return true
  }

  /** The flow is over. */
  close(): void {
    this.#fragments?.finish()
    for (const { forget } of [...this.#entries.values()]) forget()
  }

  #putTogether(fragment: Packet): Packet | null {
    this.#fragments ??= new Fragments((part) => this.#carry(part), this.#shared.fragmentsBudget)
    return this.#fragments.take(fragment)
  }

  #carry(packet: Packet): void {
    const { protocol, tunnel, bytes, payloadAt, payloadEnd, time } = packet
    this.reads = false
    if ((protocol !== TCP && protocol !== UDP && tunnel === 0) || packet.payloadBytes === 0) {
      if ((packet.tcpFlags & SYN) === 0) return
    }
    const flow = this.#flowOf(packet)
    const sender = flow.senderOf(packet)
    if (sender !== 0) flow.note(packet, sender)
    if (!flow.watch) return
    const fromA = sender !== 2
    const { reader } = this.#shared
    if (payloadAt < payloadEnd) {
      if (protocol === UDP) reader.udp(flow, fromA, bytes, payloadAt, payloadEnd, time)
      else if (protocol !== TCP) reader.tunnel(flow, tunnel, bytes, payloadAt, payloadEnd, time)
      else {
        const sequence = (packet.sequence + ((packet.tcpFlags & SYN) !== 0 ? 1 : 0)) >>> 0
        reader.tcp(flow, fromA, sequence, bytes, payloadAt, payloadEnd, time)
      }
      if (!flow.watch) reader.close(flow)
      this.#tell(flow)
    }
    this.reads = flow.watch && reader.reads(flow, fromA)
  }

  #flowOf(packet: Packet): InnerFlow {
    const hash = hashOf(packet)
    let key = hash
    for (let tries = 0; tries < MOST_NEAR; tries++, key = (hash + tries) | 0) {
      const known = this.#entries.get(key)
      if (!known) break
      const sender = known.flow.senderOf(packet)
      if (sender === 0) continue
      if (!known.flow.isReopenedBy(packet, sender)) return known.flow
      break
    }
    this.#entries.get(key)?.forget()
    return this.#begin(key, packet)
  }

  #begin(key: number, packet: Packet): InnerFlow {
    const { all } = this.#shared
    if (all.size >= MOST_INNER)
      for (const oldest of all) {
        oldest.forget()
        break
      }
    const flow = new InnerFlow(packet)
    const entry: Entry = {
      flow,
      forget: () => {
        all.delete(entry)
        this.#entries.delete(key)
        this.#shared.reader.close(flow)
        this.#tell(flow)
      },
    }
    all.add(entry)
    this.#entries.set(key, entry)
    return flow
  }

  /** What a conversation was found to be for is what the tunnel is for. */
  #tell(flow: InnerFlow): void {
    for (const { name, via, asked } of flow.names ?? []) addName(this.#outer, name, via, asked, true)
    flow.names = undefined
    if (flow.lacksNames) this.#outer.lacksNames = true
  }
}
