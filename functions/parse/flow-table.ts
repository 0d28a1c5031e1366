/**
 * Packets to flows: the hot path. Each flow is two cache lines of one buffer, a line of integers and a line of doubles, found
 * through chains of a hash that is the same from both ends. Memory is bounded whatever the capture holds: flows that fell
 * silent leave first, then, where too many are active at once, those that have been silent the longest.
 */
import type { Micros, ParseSink } from '../model.ts'
import { createFlowBatch } from './flow-batch.ts'
import { FlowPayload } from './flow-payload.ts'
import { ACK, FIN, type Packet, RST, SYN, word } from './packet.ts'
import type { PayloadReader } from './payload/payload-reader.ts'

/** After this long a silent flow is over: what comes later on the same ports is another conversation. */
export const TCP_IDLE: Micros = 3600e6
export const OTHER_IDLE: Micros = 600e6

/** Flows that are open at the same time. */
export const MAX_FLOWS = 1 << 16
const FIRST_CAPACITY = 1 << 10
/** A chain grows this long only where somebody chose addresses for it; its oldest flow then leaves. */
const MAX_CHAIN = 64
const BATCH = 1024

// The integers of a flow.
const HASH = 0
const NEXT = 1
/** Family in bits 0–3, protocol in bits 4–11. */
const KIND = 2
const PORT_A = 3
const PORT_B = 4
const A = 5
const B = 9
/** What TCP has shown, see below. */
const STATE = 13
/** Initial sequence number of the SYN that opened. */
const ISN = 14
/** Whether payload is still handed over. */
const PAYLOAD = 15
/** A flow's share of the buffer in integers and in doubles: 128 bytes. */
const INTEGERS = 32
const DOUBLES = 16

// The doubles of a flow stand behind its integers.
const PACKETS_A = 8
const PACKETS_B = 9
const BYTES_A = 10
const BYTES_B = 11
const START = 12
const END = 13
/** When the SYN was sent, NaN without one. */
const SYN_TIME = 14
/** Smallest SYN to SYN-ACK time in microseconds, NaN without one. */
const RTT = 15

// Bits of STATE.
const OPENER_A = 1
const OPENER_B = 2
const OPENERS = 3
const SYN_SEEN = 4
const CLOSED = 8

// Values of PAYLOAD.
const NOT_YET = 0
const WATCHED = 1
const DONE = 2

const FREE = -1
const TCP = 6
const UDP = 17

export class FlowTable {
  readonly #sink: ParseSink
  readonly #payload: PayloadReader
  readonly #batch = createFlowBatch(BATCH)
  #capacity = FIRST_CAPACITY
  #size = 0
  /** Slots from here on have never been used. */
  #fresh = 0
  #free: number[] = []
  #heads = new Int32Array(FIRST_CAPACITY * 2).fill(FREE)
  #integers = new Int32Array(FIRST_CAPACITY * INTEGERS)
  #doubles = new Float64Array(this.#integers.buffer)
  /** Hardware addresses of A and B, and the number of the flow in order of appearance. */
  #cold = new Float64Array(FIRST_CAPACITY * 3)
  #payloads: (FlowPayload | undefined)[] = []
  #born = 0
  /** Whether end A sent the packet whose flow was found last. */
  #foundFromA = true

  constructor(sink: ParseSink, payload: PayloadReader) {
    this.#sink = sink
    this.#payload = payload
  }

  /** Counts a packet in the flow that it belongs to, and hands on what it carries. */
  add(packet: Packet): void {
    const hash = hashOf(packet)
    let slot = this.#find(packet, hash)
    let fromA = this.#foundFromA
    if (slot >= 0 && this.#isAnotherConversation(packet, slot, fromA)) {
      this.#remove(slot)
      slot = FREE
    }
    if (slot < 0) {
      slot = this.#create(packet, hash)
      fromA = true
    }
    const d = slot * DOUBLES
    const doubles = this.#doubles
    if (fromA) {
      doubles[d + PACKETS_A] = (doubles[d + PACKETS_A] as number) + 1
      doubles[d + BYTES_A] = (doubles[d + BYTES_A] as number) + packet.ipBytes
    } else {
      doubles[d + PACKETS_B] = (doubles[d + PACKETS_B] as number) + 1
      doubles[d + BYTES_B] = (doubles[d + BYTES_B] as number) + packet.ipBytes
    }
    // Cooked captures keep the sender's hardware address alone.
    if (packet.macTo < 0 && packet.macFrom >= 0)
      this.#cold[slot * 3 + (fromA ? 0 : 1)] = macAt(packet.bytes, packet.macFrom)
    const { time } = packet
    if (time < (doubles[d + START] as number)) doubles[d + START] = time
    if (time > (doubles[d + END] as number)) doubles[d + END] = time
    if ((packet.tcpFlags & (SYN | FIN | RST)) !== 0) this.#noteTcp(packet, slot, fromA)
    if (packet.payloadAt < packet.payloadEnd && this.#integers[slot * INTEGERS + PAYLOAD] !== DONE)
      this.#handOver(packet, slot, fromA)
  }

  /** Hands on every flow that is still open, in the order in which they began. */
  finish(): void {
    const slots: number[] = []
    for (let slot = 0; slot < this.#fresh; slot++) if (this.#integers[slot * INTEGERS + KIND] !== 0) slots.push(slot)
    slots.sort((a, b) => (this.#cold[a * 3 + 2] as number) - (this.#cold[b * 3 + 2] as number))
    for (const slot of slots) this.#emit(slot)
    this.#flush()
    this.#size = 0
    this.#fresh = 0
    this.#free = []
    this.#heads.fill(FREE)
  }

  /** The slot of the packet's flow, or FREE; sets `#foundFromA`. */
  #find(packet: Packet, hash: number): number {
    const integers = this.#integers
    const kind = (packet.protocol << 4) | packet.family
    const { from0, to0, portFrom, portTo } = packet
    let slot = this.#heads[hash & (this.#heads.length - 1)] as number
    while (slot >= 0) {
      const i = slot * INTEGERS
      if (integers[i + HASH] === hash && integers[i + KIND] === kind) {
        const a = integers[i + A]
        const b = integers[i + B]
        const portA = integers[i + PORT_A]
        const portB = integers[i + PORT_B]
        this.#foundFromA = true
        if (a === from0 && b === to0 && portA === portFrom && portB === portTo && this.#hasRest(packet, i, A, B))
          return slot
        this.#foundFromA = false
        if (a === to0 && b === from0 && portA === portTo && portB === portFrom && this.#hasRest(packet, i, B, A))
          return slot
      }
      slot = integers[i + NEXT] as number
    }
    return FREE
  }

  /** Whether the words after the first of two IPv6 addresses are the packet's. */
  #hasRest(packet: Packet, i: number, from: number, to: number): boolean {
    if (packet.family === 4) return true
    const integers = this.#integers
    return (
      integers[i + from + 1] === packet.from1 &&
      integers[i + from + 2] === packet.from2 &&
      integers[i + from + 3] === packet.from3 &&
      integers[i + to + 1] === packet.to1 &&
      integers[i + to + 2] === packet.to2 &&
      integers[i + to + 3] === packet.to3
    )
  }

  /** Whether the flow is over and the packet begins another between the same ends. */
  #isAnotherConversation(packet: Packet, slot: number, fromA: boolean): boolean {
    const idle = packet.protocol === TCP ? TCP_IDLE : OTHER_IDLE
    const d = slot * DOUBLES
    if (packet.time - (this.#doubles[d + END] as number) > idle) return true
    if ((this.#doubles[d + START] as number) - packet.time > idle) return true
    if ((packet.tcpFlags & (SYN | ACK)) !== SYN) return false
    // Another initial sequence number is another connection (RFC 9293, section 3.4.1), unless it is only a SYN captured
    // late, or the other end's of a simultaneous opening.
    const state = this.#integers[slot * INTEGERS + STATE] as number
    if ((state & SYN_SEEN) !== 0 && this.#integers[slot * INTEGERS + ISN] === packet.sequence) return false
    const fromOpener = (state & OPENERS) === (fromA ? OPENER_A : OPENER_B)
    return (state & CLOSED) !== 0 || ((state & SYN_SEEN) !== 0 && fromOpener)
  }

  #noteTcp(packet: Packet, slot: number, fromA: boolean): void {
    const i = slot * INTEGERS
    const d = slot * DOUBLES
    const state = this.#integers[i + STATE] as number
    if ((packet.tcpFlags & (FIN | RST)) !== 0) this.#integers[i + STATE] = state | CLOSED
    else if ((packet.tcpFlags & ACK) === 0) {
      if ((state & SYN_SEEN) !== 0) return
      this.#integers[i + STATE] = (state & ~OPENERS) | SYN_SEEN | (fromA ? OPENER_A : OPENER_B)
      this.#integers[i + ISN] = packet.sequence
      this.#doubles[d + SYN_TIME] = packet.time
    } else if ((state & SYN_SEEN) === 0) {
      if ((state & OPENERS) === 0) this.#integers[i + STATE] = state | (fromA ? OPENER_B : OPENER_A)
    } else if ((state & OPENERS) === (fromA ? OPENER_B : OPENER_A)) {
      // Counted from the first SYN: where one was sent again the time is too long, which never excludes a true place.
      const rtt = packet.time - (this.#doubles[d + SYN_TIME] as number)
      const isAnswer = ((packet.acknowledged - 1) | 0) === this.#integers[i + ISN]
      if (isAnswer && rtt >= 0 && !(rtt >= (this.#doubles[d + RTT] as number))) this.#doubles[d + RTT] = rtt
    }
  }

  #handOver(packet: Packet, slot: number, fromA: boolean): void {
    const i = slot * INTEGERS
    if (packet.protocol !== TCP && packet.protocol !== UDP) return
    let flow = this.#payloads[slot]
    if (this.#integers[i + PAYLOAD] === NOT_YET || flow === undefined) {
      flow = new FlowPayload(packet, fromA)
      this.#payloads[slot] = flow
      this.#integers[i + PAYLOAD] = WATCHED
    }
    if (packet.protocol === UDP)
      this.#payload.udp(flow, fromA, packet.bytes, packet.payloadAt, packet.payloadEnd, packet.time)
    else {
      // A SYN takes a number of its own, before the bytes that it may carry (RFC 7413).
      const sequence = (packet.sequence + ((packet.tcpFlags & SYN) !== 0 ? 1 : 0)) >>> 0
      this.#payload.tcp(flow, fromA, sequence, packet.bytes, packet.payloadAt, packet.payloadEnd, packet.time)
    }
    if (!flow.watch) this.#integers[i + PAYLOAD] = DONE
  }

  #create(packet: Packet, hash: number): number {
    if (this.#size === this.#capacity) this.#makeRoom(packet.time)
    this.#shortenChain(hash)
    const slot = this.#free.pop() ?? this.#fresh++
    const integers = this.#integers
    const i = slot * INTEGERS
    const bucket = hash & (this.#heads.length - 1)
    integers[i + HASH] = hash
    integers[i + NEXT] = this.#heads[bucket] as number
    this.#heads[bucket] = slot
    integers[i + KIND] = (packet.protocol << 4) | packet.family
    integers[i + PORT_A] = packet.portFrom
    integers[i + PORT_B] = packet.portTo
    integers[i + A] = packet.from0
    integers[i + A + 1] = packet.from1
    integers[i + A + 2] = packet.from2
    integers[i + A + 3] = packet.from3
    integers[i + B] = packet.to0
    integers[i + B + 1] = packet.to1
    integers[i + B + 2] = packet.to2
    integers[i + B + 3] = packet.to3
    integers[i + STATE] = 0
    integers[i + ISN] = 0
    integers[i + PAYLOAD] = NOT_YET
    const d = slot * DOUBLES
    this.#doubles.fill(0, d + PACKETS_A, d + DOUBLES)
    this.#doubles[d + START] = packet.time
    this.#doubles[d + END] = packet.time
    this.#doubles[d + SYN_TIME] = Number.NaN
    this.#doubles[d + RTT] = Number.NaN
    const c = slot * 3
    this.#cold[c] = macAt(packet.bytes, packet.macFrom)
    this.#cold[c + 1] = macAt(packet.bytes, packet.macTo)
    this.#cold[c + 2] = this.#born++
    this.#size++
    return slot
  }

  /** Lets silent flows go; grows where most are active still, and where it may not grow lets the most silent eighth go. */
  #makeRoom(now: Micros): void {
    const leaving: number[] = []
    for (let slot = 0; slot < this.#fresh; slot++) {
      const protocol = (this.#integers[slot * INTEGERS + KIND] as number) >>> 4
      const silent = now - (this.#doubles[slot * DOUBLES + END] as number)
      if (silent > (protocol === TCP ? TCP_IDLE : OTHER_IDLE)) leaving.push(slot)
    }
    if (leaving.length < this.#capacity / 8) {
      if (this.#capacity < MAX_FLOWS) {
        this.#grow()
        return
      }
      const ends = new Float64Array(this.#capacity)
      for (let slot = 0; slot < this.#capacity; slot++) ends[slot] = this.#doubles[slot * DOUBLES + END] as number
      const limit = ends.slice().sort()[this.#capacity / 8 - 1] as number
      leaving.length = 0
      for (let slot = 0; slot < this.#capacity; slot++) if ((ends[slot] as number) <= limit) leaving.push(slot)
    }
    leaving.sort((a, b) => (this.#cold[a * 3 + 2] as number) - (this.#cold[b * 3 + 2] as number))
    for (const slot of leaving) this.#remove(slot)
  }

  #grow(): void {
    this.#capacity *= 2
    const integers = new Int32Array(this.#capacity * INTEGERS)
    integers.set(this.#integers)
    this.#integers = integers
    this.#doubles = new Float64Array(integers.buffer)
    const cold = new Float64Array(this.#capacity * 3)
    cold.set(this.#cold)
    this.#cold = cold
    this.#heads = new Int32Array(this.#capacity * 2).fill(FREE)
    for (let slot = 0; slot < this.#fresh; slot++) {
      const i = slot * INTEGERS
      if (integers[i + KIND] === 0) continue
      const bucket = (integers[i + HASH] as number) & (this.#heads.length - 1)
      integers[i + NEXT] = this.#heads[bucket] as number
      this.#heads[bucket] = slot
    }
  }

  #shortenChain(hash: number): void {
    let length = 0
    let last = FREE
    for (
      let slot = this.#heads[hash & (this.#heads.length - 1)] as number;
      slot >= 0;
      slot = this.#integers[slot * INTEGERS + NEXT] as number
    ) {
      length++
      last = slot
    }
    if (length >= MAX_CHAIN) this.#remove(last)
  }

  /** Takes a flow out of the table and hands it on. */
  #remove(slot: number): void {
    const integers = this.#integers
    const i = slot * INTEGERS
    const bucket = (integers[i + HASH] as number) & (this.#heads.length - 1)
    let before = FREE
    for (let at = this.#heads[bucket] as number; at !== slot; at = integers[at * INTEGERS + NEXT] as number) before = at
    const next = integers[i + NEXT] as number
    if (before === FREE) this.#heads[bucket] = next
    else integers[before * INTEGERS + NEXT] = next
    this.#emit(slot)
    this.#free.push(slot)
    this.#size--
  }

  #emit(slot: number): void {
    const batch = this.#batch
    const integers = this.#integers
    const i = slot * INTEGERS
    const d = slot * DOUBLES
    const row = batch.length++
    const kind = integers[i + KIND] as number
    batch.family[row] = kind & 15
    batch.protocol[row] = kind >>> 4
    for (let w = 0; w < 4; w++) {
      batch.addressA[row * 4 + w] = integers[i + A + w] as number
      batch.addressB[row * 4 + w] = integers[i + B + w] as number
    }
    batch.portA[row] = integers[i + PORT_A] as number
    batch.portB[row] = integers[i + PORT_B] as number
    batch.packetsA[row] = this.#doubles[d + PACKETS_A] as number
    batch.packetsB[row] = this.#doubles[d + PACKETS_B] as number
    batch.bytesA[row] = this.#doubles[d + BYTES_A] as number
    batch.bytesB[row] = this.#doubles[d + BYTES_B] as number
    batch.start[row] = this.#doubles[d + START] as number
    batch.end[row] = this.#doubles[d + END] as number
    batch.opener[row] = (integers[i + STATE] as number) & OPENERS
    batch.handshakeRttMs[row] = (this.#doubles[d + RTT] as number) / 1000
    batch.macA[row] = this.#cold[slot * 3] as number
    batch.macB[row] = this.#cold[slot * 3 + 1] as number
    const payload = this.#payloads[slot]
    if (payload !== undefined) {
      this.#payload.close(payload)
      this.#payloads[slot] = undefined
    }
    batch.names[row] = payload?.names
    batch.hidden[row] = payload?.hidden
    integers[i + KIND] = 0
    if (batch.length === batch.capacity) this.#flush()
  }

  #flush(): void {
    if (this.#batch.length > 0) this.#sink.flows(this.#batch)
    this.#batch.length = 0
  }
}

/** A hash that both directions of a conversation share: each end is mixed alone and the two are added. */
function hashOf(packet: Packet): number {
  let from = Math.imul(packet.from0 ^ Math.imul(packet.portFrom, 0x9e3779b1), 0x85ebca6b)
  let to = Math.imul(packet.to0 ^ Math.imul(packet.portTo, 0x9e3779b1), 0x85ebca6b)
  if (packet.family === 6) {
    from = Math.imul(from ^ (from >>> 15) ^ packet.from1, 0xc2b2ae35)
    from = Math.imul(from ^ (from >>> 13) ^ packet.from2, 0x27d4eb2f)
    from = Math.imul(from ^ (from >>> 15) ^ packet.from3, 0x165667b1)
    to = Math.imul(to ^ (to >>> 15) ^ packet.to1, 0xc2b2ae35)
    to = Math.imul(to ^ (to >>> 13) ^ packet.to2, 0x27d4eb2f)
    to = Math.imul(to ^ (to >>> 15) ^ packet.to3, 0x165667b1)
  }
  from ^= from >>> 15
  to ^= to >>> 15
  let hash = Math.imul((from + to) | 0, 0xc2b2ae35) ^ Math.imul(packet.protocol, 0x27d4eb2f)
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  return hash ^ (hash >>> 13)
}

/** A 48-bit hardware address as an integer, 0 where there is none. */
function macAt(bytes: Uint8Array, at: number): number {
  if (at < 0) return 0
  return (((bytes[at] as number) << 8) | (bytes[at + 1] as number)) * 0x1_0000_0000 + (word(bytes, at + 2) >>> 0)
}
