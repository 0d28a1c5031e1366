/**
 * Joins records of one direction into conversations: flow exporters write what each end sent as a record of its own. Two
 * records of the same ends become one flow where one is what the other's receiver sent, and where less than a minute lies
 * between them. Records of the same direction are never joined, so that a long conversation keeps the times of its records.
 * A record that counts since its flow began takes the place of an earlier one of that flow, as far back as the table goes.
 * Totals are exact; a conversation comes in two flows where the table fills up between its records. What comes out depends
 * on the records alone, not on how their bytes were cut.
 */
import type { FlowBatch, Micros, Name, ParseSink } from '../model.ts'
import { createFlowBatch, turnFlow } from './flow-batch.ts'
import { ACK, SYN } from './packet.ts'

const CAPACITY = 1 << 12
/** Slots of the index; at most a quarter of them are taken. */
const INDEX_SIZE = CAPACITY * 4
/** A record of an answer begins within this time of what it answers, as rows of a VPC flow log share a minute. */
const APART = 60_000_000

const TCP = 6
/** Protocols that have ports: TCP, UDP, DCCP, SCTP, UDP-Lite; -1, because a log that names no protocol may name ports. */
const WITH_PORTS: ReadonlySet<number> = new Set([-1, TCP, 17, 33, 132, 136])

/** One record, as its log states it: overwritten by the next. */
export class FlowLine {
  /** Four words of the sender's address, then four of the receiver's; an IPv4 address stands in the first. */
  readonly words = new Uint32Array(8)
  family = 4
  /** -1 where there is none. */
  fromPort = -1
  toPort = -1
  protocol = -1
  packets = 0
  bytes = 0
  /** What the receiver sent, where the record has both directions. */
  backPackets = 0
  backBytes = 0
  hasBack = false
  /** Whether the counters are those since `start`, of which the same flow may have had some before. */
  isTotal = false
  /** TCP flags of all packets of a direction together. */
  flags = 0
  backFlags = 0
  /** 1 the sender opened the conversation, 2 the receiver did, 0 the log does not say. */
  opener = 0
  /** NaN where the log does not say. */
  start: Micros = Number.NaN
  end: Micros = Number.NaN
  /** 0 where there is none. */
  macFrom = 0
  macTo = 0
  names: readonly Name[] | undefined = undefined
}

export class FlowPairs {
  readonly #sink: ParseSink
  readonly #batch: FlowBatch = createFlowBatch(CAPACITY)
  /** Row of the batch plus one, the newest of its ends; 0 is free. */
  readonly #index = new Int32Array(INDEX_SIZE)
  readonly #hash = new Int32Array(CAPACITY)
  /** 1 where a row has what both ends sent. */
  readonly #isJoined = new Uint8Array(CAPACITY)
  /** 1 where end B was seen to send before end A. */
  readonly #isTurned = new Uint8Array(CAPACITY)
  readonly #flags = new Uint8Array(CAPACITY)
  /** When what each end sent began, where it is counted since then; NaN elsewhere. */
  readonly #totalA = new Float64Array(CAPACITY)
  readonly #totalB = new Float64Array(CAPACITY)

  constructor(sink: ParseSink) {
    this.#sink = sink
  }

  add(line: FlowLine): void {
    const { words, protocol } = line
    if (!WITH_PORTS.has(protocol)) line.fromPort = line.toPort = -1
    const hash = (hashOf(words, 0, line.fromPort) + hashOf(words, 4, line.toPort) + protocol) | 0
    const index = this.#index
    let slot = (hash ^ (hash >>> 15)) & (INDEX_SIZE - 1)
    for (let taken = index[slot] as number; taken !== 0; taken = index[slot] as number) {
      const row = taken - 1
      if (this.#hash[row] === hash) {
        if (this.#answers(row, line)) {
          if (this.#isJoined[row] === 0 && !line.hasBack && this.#isNear(row, line)) {
            this.#join(row, line)
            return
          }
          if (!line.isTotal || this.#totalB[row] !== line.start) break
          this.#renew(row, line, true)
          return
        }
        if (this.#repeats(row, line)) {
          if (!line.isTotal || this.#totalA[row] !== line.start) break
          this.#renew(row, line, false)
          return
        }
      }
      slot = (slot + 1) & (INDEX_SIZE - 1)
    }
    if (this.#batch.length === CAPACITY) {
      this.flush()
      slot = (hash ^ (hash >>> 15)) & (INDEX_SIZE - 1)
    }
    const row = this.#batch.length++
    index[slot] = row + 1
    this.#hash[row] = hash
    this.#write(row, line)
  }

  /** Hands the conversations on and forgets them. */
  flush(): void {
    const batch = this.#batch
    if (batch.length === 0) return
    for (let row = 0; row < batch.length; row++) if (this.#isTurned[row]) turnFlow(batch, row)
    this.#sink.flows(batch)
    batch.length = 0
    this.#index.fill(0)
  }

  /** Whether the record goes from end B of the row to end A. */
  #answers(row: number, { words, fromPort, toPort, protocol, family }: FlowLine): boolean {
    const { addressA, addressB, portA, portB, protocol: protocols, family: families } = this.#batch
    if (portA[row] !== toPort || portB[row] !== fromPort || protocols[row] !== protocol) return false
    return (
      families[row] === family &&
      isSame(addressA, row * 4, words, 4, family) &&
      isSame(addressB, row * 4, words, 0, family)
    )
  }

  /** Whether the record goes the row's own way. */
  #repeats(row: number, { words, fromPort, toPort, protocol, family }: FlowLine): boolean {
    const { addressA, addressB, portA, portB, protocol: protocols, family: families } = this.#batch
    if (portA[row] !== fromPort || portB[row] !== toPort || protocols[row] !== protocol) return false
    return (
      families[row] === family &&
      isSame(addressA, row * 4, words, 0, family) &&
      isSame(addressB, row * 4, words, 4, family)
    )
  }

  #isNear(row: number, { start, end }: FlowLine): boolean {
    return start - (this.#batch.end[row] as number) <= APART && (this.#batch.start[row] as number) - end <= APART
  }

  #write(row: number, line: FlowLine): void {
    const batch = this.#batch
    const { words } = line
    for (let i = 0; i < 4; i++) {
      batch.addressA[row * 4 + i] = words[i] as number
      batch.addressB[row * 4 + i] = words[4 + i] as number
    }
    batch.family[row] = line.family
    batch.portA[row] = line.fromPort
    batch.portB[row] = line.toPort
    batch.protocol[row] = line.protocol
    batch.packetsA[row] = line.packets
    batch.bytesA[row] = line.bytes
    batch.packetsB[row] = line.backPackets
    batch.bytesB[row] = line.backBytes
    batch.start[row] = line.start
    batch.end[row] = line.end
    batch.opener[row] = openerOf(line)
    batch.macA[row] = line.macFrom
    batch.macB[row] = line.macTo
    batch.names[row] = line.names
    this.#isJoined[row] = line.hasBack ? 1 : 0
    this.#isTurned[row] = 0
    this.#flags[row] = line.flags
    this.#totalA[row] = line.isTotal ? line.start : Number.NaN
    this.#totalB[row] = Number.NaN
  }

  /** Takes later totals of what end A of the row sent, or end B, and of the answer where the record has it. */
  #renew(row: number, line: FlowLine, isOfB: boolean): void {
    const { packetsA, packetsB, bytesA, bytesB, end } = this.#batch
    raise(isOfB ? packetsB : packetsA, row, line.packets)
    raise(isOfB ? bytesB : bytesA, row, line.bytes)
    if (line.hasBack) {
      raise(isOfB ? packetsA : packetsB, row, line.backPackets)
      raise(isOfB ? bytesA : bytesB, row, line.backBytes)
    }
    raise(end, row, line.end)
  }

  /** Adds what end B of the row sent. */
  #join(row: number, line: FlowLine): void {
    const batch = this.#batch
    const start = batch.start[row] as number
    batch.packetsB[row] = line.packets
    batch.bytesB[row] = line.bytes
    this.#isJoined[row] = 1
    this.#totalB[row] = line.isTotal ? line.start : Number.NaN
    const opener = openerOf(line)
    if (batch.opener[row] === 0) {
      if (opener !== 0) batch.opener[row] = 3 - opener
      // Flags are those of all packets together, so that both ends' have SYN: the end that began first sent its own first.
      else if (line.protocol === TCP && (this.#flags[row] as number) & line.flags & SYN && line.start !== start)
        batch.opener[row] = line.start < start ? 2 : 1
    }
    if (line.start < start) {
      batch.start[row] = line.start
      this.#isTurned[row] = 1
    }
    if (line.end > (batch.end[row] as number)) batch.end[row] = line.end
    if (batch.macA[row] === 0) batch.macA[row] = line.macTo
    // The sender's own frame tells its address better than the frame that went to it.
    if (line.macFrom !== 0) batch.macB[row] = line.macFrom
    if (line.names !== undefined) batch.names[row] = [...(batch.names[row] ?? []), ...line.names]
  }
}

/** What one record tells of who opened the conversation: 1 its sender, 2 its receiver, 0 nothing. */
function openerOf(line: FlowLine): number {
  if (line.opener !== 0 || line.protocol !== TCP) return line.opener
  const { flags, backFlags } = line
  if (line.hasBack) return (flags & SYN) !== 0 && (backFlags & SYN) === 0 && (flags & ACK) === 0 ? 1 : 0
  if ((flags & (SYN | ACK)) === SYN) return 1
  // Of a single packet the flags are its own: SYN and ACK, without others than those of congestion, answer.
  return line.packets === 1 && (flags & 0x3f) === (SYN | ACK) ? 2 : 0
}

function hashOf(words: Uint32Array, at: number, port: number): number {
  let hash = Math.imul((words[at] as number) ^ Math.imul(port, 0x9e3779b1), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15) ^ (words[at + 1] as number), 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 13) ^ (words[at + 2] as number), 0x27d4eb2f)
  hash = Math.imul(hash ^ (hash >>> 15) ^ (words[at + 3] as number), 0x165667b1)
  return hash ^ (hash >>> 16)
}

function isSame(left: Uint32Array, leftAt: number, right: Uint32Array, rightAt: number, family: number): boolean {
  if (left[leftAt] !== right[rightAt]) return false
  if (family === 4) return true
  for (let i = 1; i < 4; i++) if (left[leftAt + i] !== right[rightAt + i]) return false
  return true
}

function raise(column: Float64Array, row: number, value: number): void {
  if (value > (column[row] as number)) column[row] = value
}
