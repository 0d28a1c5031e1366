/**
 * Packets to flows: the hot path. Flows are rows of numbers, found through chains of a hash that is the same from both ends.
 * Memory is bounded whatever the capture holds: flows that fell silent leave first, then, where too many are active at once,
 * those that have been silent the longest.
 */
import type { Micros, ParseSink } from '../model.ts'
import type { ContentReader, Said } from './content/content-reader.ts'
import { createFlowBatch } from './flow-batch.ts'
import { hashOf } from './flow-hash.ts'
import { FlowPayload } from './flow-payload.ts'
import {
  A,
  B,
  BYTES_A,
  BYTES_B,
  CLOSED,
  COLD,
  DATA_A,
  DATA_B,
  DONE,
  DOUBLES,
  END,
  FlowRows,
  HASH,
  hasRest,
  INTEGERS,
  ISN,
  KIND,
  NEXT,
  NOT_YET,
  OPENER_A,
  OPENER_B,
  OPENERS,
  PACKETS_A,
  PACKETS_B,
  PAYLOAD,
  PORT_A,
  PORT_B,
  RTT,
  START,
  STATE,
  SYN_SEEN,
  SYN_TIME,
  WATCHED,
} from './flow-rows.ts'
import { Gaps } from './gaps.ts'
import { ACK, FIN, LATER_FRAGMENT, type Packet, RST, SYN, WHOLE } from './packet.ts'
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

const NONE = -1
const TCP = 6
const UDP = 17

export class FlowTable {
  readonly #sink: ParseSink
  readonly #payload: PayloadReader
  readonly #content: ContentReader | null
  /** Flows that have more names than are kept. */
  readonly lackingNames = new Gaps('a flow with more names than are kept')
  readonly #batch = createFlowBatch(BATCH)
  readonly #rows = new FlowRows(FIRST_CAPACITY)
  /** The first row of every chain. */
  #heads = new Int32Array(FIRST_CAPACITY * 2).fill(NONE)
  readonly #payloads: (FlowPayload | undefined)[] = []
  readonly #said: (Said | undefined)[] = []
  #size = 0
  /** Rows from here on have never been used. */
  #fresh = 0
  #free: number[] = []
  /** Whether end A sent the packet whose flow was found last. */
  #foundFromA = true

  /** @param content hands on what is said; null where nobody asks */
  constructor(sink: ParseSink, payload: PayloadReader, content: ContentReader | null = null) {
    this.#sink = sink
    this.#payload = payload
    this.#content = content
  }

  /**
   * Counts a packet in the flow that it belongs to, and hands on what it carries.
   *
   * @returns whether a part of its payload was not captured in which names would have been looked for
   */
  add(packet: Packet): boolean {
    const hash = hashOf(packet)
    let row = this.#find(packet, hash)
    let fromA = this.#foundFromA
    if (row >= 0 && this.#isAnotherConversation(packet, row, fromA)) {
      this.#remove(row)
      row = NONE
    }
    if (row < 0) {
      row = this.#create(packet, hash)
      fromA = true
    }
    const { doubles, integers } = this.#rows
    const d = row * DOUBLES
    const packets = d + (fromA ? PACKETS_A : PACKETS_B)
    const bytes = d + (fromA ? BYTES_A : BYTES_B)
    doubles[packets] = (doubles[packets] as number) + 1
    doubles[bytes] = (doubles[bytes] as number) + packet.ipBytes
    const data = d + (fromA ? DATA_A : DATA_B)
    doubles[data] = packet.payloadBytes < 0 ? Number.NaN : (doubles[data] as number) + packet.payloadBytes
    const { time } = packet
    if (time < (doubles[d + START] as number)) doubles[d + START] = time
    if (time > (doubles[d + END] as number)) doubles[d + END] = time
    if (packet.macTo < 0 && packet.macFrom >= 0) this.#rows.noteSender(row, packet, fromA)
    if ((packet.tcpFlags & (SYN | FIN | RST)) !== 0) this.#noteTcp(packet, row, fromA)
    if (packet.payloadAt < packet.payloadEnd && integers[row * INTEGERS + PAYLOAD] !== DONE)
      this.#handOver(packet, row, fromA)
    if (this.#content !== null && packet.fragment === WHOLE) this.#say(packet, row, fromA)
    return packet.isCut && this.#isMissed(packet, row, fromA)
  }

  /** Hands on what is said in a packet whose fragments are counted. */
  say(packet: Packet): void {
    const row = this.#find(packet, hashOf(packet))
    if (row >= 0) this.#say(packet, row, this.#foundFromA)
  }

  /**
   * Hands on what a packet carries whose fragments are counted: it was put together from them.
   *
   * @returns as {@link FlowTable.add}
   */
  carry(packet: Packet): boolean {
    const row = this.#find(packet, hashOf(packet))
    if (row < 0) return false
    const fromA = this.#foundFromA
    if (packet.payloadAt < packet.payloadEnd && this.#rows.integers[row * INTEGERS + PAYLOAD] !== DONE)
      this.#handOver(packet, row, fromA)
    return packet.isCut && this.#isMissed(packet, row, fromA)
  }

  /** Whether the payload of a packet's flow may still be read. */
  reads(packet: Packet): boolean {
    const row = this.#find(packet, hashOf(packet))
    return row < 0 || this.#rows.integers[row * INTEGERS + PAYLOAD] !== DONE
  }

  /** Hands on every flow that is still open, in the order in which they began. */
  finish(): void {
    const open: number[] = []
    for (let row = 0; row < this.#fresh; row++) if (this.#rows.integers[row * INTEGERS + KIND] !== 0) open.push(row)
    for (const row of this.#rows.sort(open)) this.#emit(row)
    this.#flush()
    this.#size = 0
    this.#fresh = 0
    this.#free = []
    this.#heads.fill(NONE)
  }

  /** The row of the packet's flow, or NONE; sets `#foundFromA`. */
  #find(packet: Packet, hash: number): number {
    const { integers } = this.#rows
    const kind = (packet.protocol << 4) | packet.family
    const { from0, to0, portFrom, portTo } = packet
    let row = this.#heads[hash & (this.#heads.length - 1)] as number
    while (row >= 0) {
      const i = row * INTEGERS
      if (integers[i + HASH] === hash && integers[i + KIND] === kind) {
        const a = integers[i + A]
        const b = integers[i + B]
        const portA = integers[i + PORT_A]
        const portB = integers[i + PORT_B]
        const forth = a === from0 && b === to0 && portA === portFrom && portB === portTo
        this.#foundFromA = true
        if (forth && hasRest(integers, packet, i, A, B)) return row
        const back = a === to0 && b === from0 && portA === portTo && portB === portFrom
        this.#foundFromA = false
        if (back && hasRest(integers, packet, i, B, A)) return row
      }
      row = integers[i + NEXT] as number
    }
    return NONE
  }

  /** Whether the flow is over and the packet begins another between the same ends. */
  #isAnotherConversation(packet: Packet, row: number, fromA: boolean): boolean {
    const { doubles, integers } = this.#rows
    const idle = packet.protocol === TCP ? TCP_IDLE : OTHER_IDLE
    const d = row * DOUBLES
    if (packet.time - (doubles[d + END] as number) > idle) return true
    if ((doubles[d + START] as number) - packet.time > idle) return true
    if ((packet.tcpFlags & (SYN | ACK)) !== SYN) return false
    // Another initial sequence number is another connection (RFC 9293, section 3.4.1), unless it is only a SYN captured
    // late, or the other end's of a simultaneous opening.
    const i = row * INTEGERS
    const state = integers[i + STATE] as number
    if ((state & SYN_SEEN) !== 0 && integers[i + ISN] === packet.sequence) return false
    const fromOpener = (state & OPENERS) === (fromA ? OPENER_A : OPENER_B)
    return (state & CLOSED) !== 0 || ((state & SYN_SEEN) !== 0 && fromOpener)
  }

  #noteTcp(packet: Packet, row: number, fromA: boolean): void {
    const { cold, integers } = this.#rows
    const i = row * INTEGERS
    const c = row * COLD
    const state = integers[i + STATE] as number
    if ((packet.tcpFlags & (FIN | RST)) !== 0) integers[i + STATE] = state | CLOSED
    else if ((packet.tcpFlags & ACK) === 0) {
      if ((state & SYN_SEEN) !== 0) return
      integers[i + STATE] = (state & ~OPENERS) | SYN_SEEN | (fromA ? OPENER_A : OPENER_B)
      integers[i + ISN] = packet.sequence
      cold[c + SYN_TIME] = packet.time
    } else if ((state & SYN_SEEN) === 0) {
      if ((state & OPENERS) === 0) integers[i + STATE] = state | (fromA ? OPENER_B : OPENER_A)
    } else if ((state & OPENERS) === (fromA ? OPENER_B : OPENER_A)) {
      // Counted from the first SYN: where one was sent again the time is too long, which never excludes a true place.
      const rtt = packet.time - (cold[c + SYN_TIME] as number)
      const isAnswer = ((packet.acknowledged - 1) | 0) === integers[i + ISN]
      if (isAnswer && rtt >= 0 && !(rtt >= (cold[c + RTT] as number))) cold[c + RTT] = rtt
    }
  }

  #handOver(packet: Packet, row: number, fromA: boolean): void {
    if (packet.protocol !== TCP && packet.protocol !== UDP && packet.tunnel === 0) return
    const { integers } = this.#rows
    const i = row * INTEGERS
    let flow = this.#payloads[row]
    if (integers[i + PAYLOAD] === NOT_YET || flow === undefined) {
      flow = new FlowPayload(this.#rows, row)
      this.#payloads[row] = flow
      integers[i + PAYLOAD] = WATCHED
    }
    if (packet.protocol === UDP)
      this.#payload.udp(flow, fromA, packet.bytes, packet.payloadAt, packet.payloadEnd, packet.time)
    else if (packet.protocol !== TCP)
      this.#payload.tunnel(flow, packet.tunnel, packet.bytes, packet.payloadAt, packet.payloadEnd, packet.time)
    else {
      // A SYN takes a number of its own, before the bytes that it may carry (RFC 7413).
      const sequence = (packet.sequence + ((packet.tcpFlags & SYN) !== 0 ? 1 : 0)) >>> 0
      this.#payload.tcp(flow, fromA, sequence, packet.bytes, packet.payloadAt, packet.payloadEnd, packet.time)
    }
    if (flow.watch) return
    integers[i + PAYLOAD] = DONE
    // What read the payload is let go now: the flow itself may stay for an hour.
    this.#payload.close(flow)
  }

  #say(packet: Packet, row: number, fromA: boolean): void {
    if (this.#content === null || packet.payloadAt >= packet.payloadEnd) return
    let said = this.#said[row]
    if (said === undefined) {
      said = this.#content.begin(new FlowPayload(this.#rows, row))
      this.#said[row] = said
    }
    this.#content.read(said, packet, fromA)
  }

  #isMissed(packet: Packet, row: number, fromA: boolean): boolean {
    if (packet.protocol !== TCP && packet.protocol !== UDP && packet.tunnel === 0) return false
    if (packet.payloadBytes === 0) return false
    if (packet.fragment === LATER_FRAGMENT || this.#rows.integers[row * INTEGERS + PAYLOAD] === DONE) return false
    const flow = this.#payloads[row]
    return flow === undefined || this.#payload.reads(flow, fromA)
  }

  #create(packet: Packet, hash: number): number {
    if (this.#size === this.#rows.capacity) this.#makeRoom(packet.time)
    this.#shortenChain(hash)
    const row = this.#free.pop() ?? this.#fresh++
    const bucket = hash & (this.#heads.length - 1)
    this.#rows.begin(row, packet, hash, this.#heads[bucket] as number)
    this.#heads[bucket] = row
    this.#size++
    return row
  }

  /** Lets silent flows go; grows where most are active still, and where it may not grow lets the most silent eighth go. */
  #makeRoom(now: Micros): void {
    const { capacity, doubles, integers } = this.#rows
    const silent: number[] = []
    const ends = new Float64Array(capacity)
    for (let row = 0; row < capacity; row++) {
      const protocol = (integers[row * INTEGERS + KIND] as number) >>> 4
      ends[row] = doubles[row * DOUBLES + END] as number
      if (now - (ends[row] as number) > (protocol === TCP ? TCP_IDLE : OTHER_IDLE)) silent.push(row)
    }
    if (silent.length >= capacity / 8) this.#removeAll(silent)
    else if (capacity < MAX_FLOWS) this.#grow()
    else {
      const limit = ends.slice().sort()[capacity / 8 - 1] as number
      this.#removeAll([...ends.keys()].filter((row) => (ends[row] as number) <= limit))
    }
  }

  #removeAll(rows: number[]): void {
    for (const row of this.#rows.sort(rows)) this.#remove(row)
  }

  #grow(): void {
    this.#rows.grow()
    const { capacity, integers } = this.#rows
    this.#heads = new Int32Array(capacity * 2).fill(NONE)
    for (let row = 0; row < this.#fresh; row++) {
      const bucket = (integers[row * INTEGERS + HASH] as number) & (this.#heads.length - 1)
      integers[row * INTEGERS + NEXT] = this.#heads[bucket] as number
      this.#heads[bucket] = row
    }
  }

  #shortenChain(hash: number): void {
    const { integers } = this.#rows
    let length = 0
    let last = NONE
    for (let row = this.#heads[hash & (this.#heads.length - 1)] as number; row >= 0; length++) {
      last = row
      row = integers[row * INTEGERS + NEXT] as number
    }
    if (length >= MAX_CHAIN) this.#remove(last)
  }

  /** Takes a flow out of the table and hands it on. */
  #remove(row: number): void {
    const { integers } = this.#rows
    const bucket = (integers[row * INTEGERS + HASH] as number) & (this.#heads.length - 1)
    let before = NONE
    for (let at = this.#heads[bucket] as number; at !== row; at = integers[at * INTEGERS + NEXT] as number) before = at
    const next = integers[row * INTEGERS + NEXT] as number
    if (before === NONE) this.#heads[bucket] = next
    else integers[before * INTEGERS + NEXT] = next
    this.#emit(row)
    this.#free.push(row)
    this.#size--
  }

  #emit(row: number): void {
    const batch = this.#batch
    const at = this.#rows.copyTo(batch, row)
    const payload = this.#payloads[row]
    if (payload !== undefined) {
      this.#payload.close(payload)
      this.#payloads[row] = undefined
      if (payload.lacksNames) this.lackingNames.add(batch.start[at] as number, batch.end[at] as number)
    }
    batch.names[at] = payload?.names
    batch.hidden[at] = payload?.hidden
    if (this.#content !== null) this.#endSaying(this.#content, row, at)
    this.#rows.integers[row * INTEGERS + KIND] = 0
    if (batch.length === batch.capacity) this.#flush()
  }

  #endSaying(content: ContentReader, row: number, at: number): void {
    const said = this.#said[row]
    this.#said[row] = undefined
    this.#batch.content[at] = this.#batch.unreadA[at] = this.#batch.unreadB[at] = 0
    if (said !== undefined) content.close(said, this.#batch, at)
  }

  #flush(): void {
    if (this.#batch.length > 0) this.#sink.flows(this.#batch)
    this.#batch.length = 0
  }
}
