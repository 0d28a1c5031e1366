/**
 * Joins rows of a VPC flow log into conversations before anything is done with them: both directions of one minute become
 * one flow. A minute is what a row resolves at best (aggregation intervals are 1 or 10 minutes), so steps and phases lose
 * nothing by it. Totals are exact; a conversation comes in several pieces where it lasts longer, or where the table fills
 * up between its rows. What comes out depends on the rows alone, not on how their bytes were cut.
 */
import type { FlowBatch, ParseSink } from '../model.ts'
import { createFlowBatch, turnFlow } from './flow-batch.ts'
import { bytes, destinationPort, packets, protocol, sourcePort, tcpFlags } from './vpc-fields.ts'
import type { VpcRow } from './vpc-row.ts'

/** Conversations in the table: few enough that its columns stay in a core's cache. */
const capacity = 1 << 11
/** Slots of the index; at most a quarter of them are taken. */
const indexSize = capacity * 4

const second = 1_000_000
const noTime = -1

/** TCP flags of a row are those of all its packets: SYN 2, SYN-ACK 18. */
const synAck = 18
const syn = 2

const tcp = 6
const udp = 17
const withPorts: ReadonlySet<number> = new Set([tcp, udp, 33, 132, 136])

export class VpcConversations {
  readonly #sink: ParseSink
  readonly #batch: FlowBatch = createFlowBatch(capacity)
  /** Row of the batch plus one; 0 is free. */
  readonly #index = new Int32Array(indexSize)
  readonly #hash = new Int32Array(capacity)
  readonly #minute = new Float64Array(capacity)
  /** 1 where end B sent first, of ends whose ports do not tell. */
  readonly #turned = new Uint8Array(capacity)

  constructor(sink: ParseSink) {
    this.#sink = sink
  }

  /**
   * Adds a row.
   *
   * @param from slot of the sender's address
   * @param to slot of the receiver's address
   * @param startSecond seconds since the epoch, -1 where it is not known; the same for `endSecond`
   */
  add(row: VpcRow, from: number, to: number, startSecond: number, endSecond: number): void {
    const { words, numbers } = row
    const kind = numbers[protocol] as number
    const fromPort = portOf(numbers[sourcePort] as number, kind)
    const toPort = portOf(numbers[destinationPort] as number, kind)
    // Until a SYN says otherwise, the end with the higher port is taken for the one that opened: clients use ephemeral ports.
    const order = fromPort - toPort || compareWords(words, to * 4, from * 4)
    const sentByA = order >= 0
    const a = (sentByA ? from : to) * 4
    const b = (sentByA ? to : from) * 4
    const portA = sentByA ? fromPort : toPort
    const portB = sentByA ? toPort : fromPort
    const minute = startSecond === noTime ? noTime : Math.floor(startSecond / 60)
    const family = row.families[from] as number

    const at = this.#find(words, a, b, portA, portB, kind, family, minute)
    const batch = this.#batch
    const sent = numbers[packets] as number
    const sentBytes = numbers[bytes] as number
    const column = sentByA ? batch.packetsA : batch.packetsB
    const byteColumn = sentByA ? batch.bytesA : batch.bytesB
    if (sent > 0) column[at] = (column[at] as number) + sent
    if (sentBytes > 0) byteColumn[at] = (byteColumn[at] as number) + sentBytes
    if (minute !== noTime) {
      const startTime = startSecond * second
      const endTime = endSecond * second
      if (fromPort === toPort) this.#noteFirst(at, startTime, sentByA)
      if (startTime < (batch.start[at] as number)) batch.start[at] = startTime
      if (endTime > (batch.end[at] as number)) batch.end[at] = endTime
    }
    const flags = numbers[tcpFlags] as number
    if (flags > 0 && kind === tcp) {
      const opening = flags & synAck
      if (opening === syn) batch.opener[at] = (batch.opener[at] as number) | (sentByA ? 1 : 2)
      else if (opening === synAck) batch.opener[at] = (batch.opener[at] as number) | (sentByA ? 2 : 1)
    }
  }

  /** Hands the conversations on and forgets them. */
  flush(): void {
    const batch = this.#batch
    if (batch.length === 0) return
    for (let row = 0; row < batch.length; row++) {
      // Both ends opened one of several conversations on the same ports: none of them is "the" opener.
      if (batch.opener[row] === 3) batch.opener[row] = 0
      if (this.#minute[row] === noTime) batch.start[row] = batch.end[row] = Number.NaN
      if (this.#turned[row]) turnFlow(batch, row)
    }
    this.#sink.flows(batch)
    batch.length = 0
    this.#index.fill(0)
  }

  /** The batch's row of this conversation; a new one where it has none yet. */
  #find(
    words: Uint32Array,
    a: number,
    b: number,
    portA: number,
    portB: number,
    kind: number,
    family: number,
    minute: number,
  ): number {
    const batch = this.#batch
    const { addressA, addressB } = batch
    let hash = Math.imul((words[a] as number) ^ Math.imul(words[b] as number, 0x9e3779b1), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 15) ^ (portA << 16) ^ portB, 0xc2b2ae35) ^ (kind << 24)
    if (family === 6)
      for (let i = 1; i < 4; i++)
        hash = Math.imul(hash ^ (words[a + i] as number), 0x9e3779b1) ^ Math.imul(words[b + i] as number, 0x27d4eb2f)
    hash = Math.imul(hash ^ (hash >>> 13) ^ (minute | 0), 0x2c1b3c6d)
    hash ^= hash >>> 16

    let slot = hash & (indexSize - 1)
    for (let taken = this.#index[slot] as number; taken !== 0; taken = this.#index[slot] as number) {
      const row = taken - 1
      if (
        this.#hash[row] === hash &&
        addressA[row * 4] === words[a] &&
        addressB[row * 4] === words[b] &&
        batch.portA[row] === portA &&
        batch.portB[row] === portB &&
        batch.protocol[row] === kind &&
        batch.family[row] === family &&
        this.#minute[row] === minute &&
        (family === 4 || (sameTail(addressA, row * 4, words, a) && sameTail(addressB, row * 4, words, b)))
      )
        return row
      slot = (slot + 1) & (indexSize - 1)
    }
    if (batch.length === capacity) {
      this.flush()
      slot = hash & (indexSize - 1)
    }
    const row = batch.length++
    this.#index[slot] = row + 1
    this.#hash[row] = hash
    this.#minute[row] = minute
    this.#turned[row] = 0
    for (let i = 0; i < 4; i++) {
      addressA[row * 4 + i] = words[a + i] as number
      addressB[row * 4 + i] = words[b + i] as number
    }
    batch.family[row] = family
    batch.portA[row] = portA
    batch.portB[row] = portB
    batch.protocol[row] = kind
    batch.packetsA[row] = batch.packetsB[row] = batch.bytesA[row] = batch.bytesB[row] = 0
    batch.start[row] = Number.POSITIVE_INFINITY
    batch.end[row] = Number.NEGATIVE_INFINITY
    batch.opener[row] = 0
    return row
  }

  /** Equal or missing ports do not tell who opened: whose row began first is taken for it, and end A where both did. */
  #noteFirst(row: number, startTime: number, sentByA: boolean): void {
    const first = this.#batch.start[row] as number
    if (startTime < first) this.#turned[row] = sentByA ? 0 : 1
    else if (startTime === first && sentByA) this.#turned[row] = 0
  }
}

/** -1 where the log has no port, or writes 0 for a protocol that has none. */
function portOf(port: number, kind: number): number {
  return port === 0 && kind >= 0 && kind !== tcp && kind !== udp && !withPorts.has(kind) ? -1 : port
}

function compareWords(words: Uint32Array, left: number, right: number): number {
  for (let i = 0; i < 4; i++) {
    const difference = (words[left + i] as number) - (words[right + i] as number)
    if (difference !== 0) return difference
  }
  return 0
}

/** Whether the last three words of two addresses are the same. */
function sameTail(left: Uint32Array, leftAt: number, right: Uint32Array, rightAt: number): boolean {
  for (let i = 1; i < 4; i++) if (left[leftAt + i] !== right[rightAt + i]) return false
  return true
}
