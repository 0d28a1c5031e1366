/**
 * The flows of a table as rows of numbers: each is two cache lines of one buffer, a line of integers and a line of doubles.
 * Offsets are public, because the hot path reads and writes the numbers itself.
 */
import type { FlowBatch } from '../model.ts'
import { type Packet, word } from './packet.ts'

/** A row's share of the buffer in integers and in doubles: 128 bytes. */
export const INTEGERS = 32
export const DOUBLES = 16

// The integers of a row.
export const HASH = 0
/** The next row of the same chain. */
export const NEXT = 1
/** Family in bits 0–3, protocol in bits 4–11; 0 in a row that is free. */
export const KIND = 2
export const PORT_A = 3
export const PORT_B = 4
export const A = 5
export const B = 9
/** What TCP has shown, see the bits below. */
export const STATE = 13
/** Initial sequence number of the SYN that opened. */
export const ISN = 14
/** Whether payload is handed over, see the values below. */
export const PAYLOAD = 15

// The doubles of a row stand behind its integers.
export const PACKETS_A = 8
export const PACKETS_B = 9
export const BYTES_A = 10
export const BYTES_B = 11
export const START = 12
export const END = 13
/** Payload that A and B sent, NaN where a packet did not tell. */
export const DATA_A = 14
export const DATA_B = 15

// Bits of STATE; the openers are the values that a batch has for them.
export const OPENER_A = 1
export const OPENER_B = 2
export const OPENERS = 3
export const SYN_SEEN = 4
export const CLOSED = 8

// Values of PAYLOAD.
export const NOT_YET = 0
export const WATCHED = 1
export const DONE = 2

/** Beside the buffer, for what is seldom written: hardware addresses of A and B, when the flow appeared, and its opening. */
export const COLD = 5
const MAC_A = 0
const MAC_B = 1
const BORN = 2
/** When the SYN was sent, NaN without one. */
export const SYN_TIME = 3
/** Smallest SYN to SYN-ACK time in microseconds, NaN without one. */
export const RTT = 4

export class FlowRows {
  capacity: number
  integers: Int32Array
  doubles: Float64Array
  cold: Float64Array
  #born = 0

  constructor(capacity: number) {
    this.capacity = capacity
    this.integers = new Int32Array(capacity * INTEGERS)
    this.doubles = new Float64Array(this.integers.buffer)
    this.cold = new Float64Array(capacity * COLD)
  }

  /** Doubles the room; rows keep their numbers. */
  grow(): void {
    this.capacity *= 2
    const integers = new Int32Array(this.capacity * INTEGERS)
    integers.set(this.integers)
    this.integers = integers
    this.doubles = new Float64Array(integers.buffer)
    const cold = new Float64Array(this.capacity * COLD)
    cold.set(this.cold)
    this.cold = cold
  }

  /** Begins a flow with the packet's ends; the packet itself is not counted yet. */
  begin(row: number, packet: Packet, hash: number, next: number): void {
    const { integers, doubles } = this
    const i = row * INTEGERS
    integers[i + HASH] = hash
    integers[i + NEXT] = next
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
    const d = row * DOUBLES
    doubles.fill(0, d + PACKETS_A, d + DOUBLES)
    doubles[d + START] = packet.time
    doubles[d + END] = packet.time
    const c = row * COLD
    this.cold[c + MAC_A] = macAt(packet.bytes, packet.macFrom)
    this.cold[c + MAC_B] = macAt(packet.bytes, packet.macTo)
    this.cold[c + BORN] = this.#born++
    this.cold[c + SYN_TIME] = Number.NaN
    this.cold[c + RTT] = Number.NaN
  }

  /** Notes the sender's hardware address, where captures keep that alone. */
  noteSender(row: number, packet: Packet, fromA: boolean): void {
    this.cold[row * COLD + (fromA ? MAC_A : MAC_B)] = macAt(packet.bytes, packet.macFrom)
  }

  /** Puts rows in the order in which their flows appeared. */
  sort(rows: number[]): number[] {
    return rows.sort((a, b) => (this.cold[a * COLD + BORN] as number) - (this.cold[b * COLD + BORN] as number))
  }

  /** Appends a row to a batch, which has room; names are not among the numbers. */
  copyTo(batch: FlowBatch, row: number): number {
    const { integers, doubles } = this
    const i = row * INTEGERS
    const d = row * DOUBLES
    const at = batch.length++
    const kind = integers[i + KIND] as number
    batch.family[at] = kind & 15
    batch.protocol[at] = kind >>> 4
    for (let w = 0; w < 4; w++) {
      batch.addressA[at * 4 + w] = integers[i + A + w] as number
      batch.addressB[at * 4 + w] = integers[i + B + w] as number
    }
    batch.portA[at] = integers[i + PORT_A] as number
    batch.portB[at] = integers[i + PORT_B] as number
    batch.packetsA[at] = doubles[d + PACKETS_A] as number
    batch.packetsB[at] = doubles[d + PACKETS_B] as number
    batch.bytesA[at] = doubles[d + BYTES_A] as number
    batch.bytesB[at] = doubles[d + BYTES_B] as number
    batch.payloadA[at] = doubles[d + DATA_A] as number
    batch.payloadB[at] = doubles[d + DATA_B] as number
    batch.start[at] = doubles[d + START] as number
    batch.end[at] = doubles[d + END] as number
    batch.opener[at] = (integers[i + STATE] as number) & OPENERS
    const c = row * COLD
    batch.handshakeRttMs[at] = (this.cold[c + RTT] as number) / 1000
    batch.macA[at] = this.cold[c + MAC_A] as number
    batch.macB[at] = this.cold[c + MAC_B] as number
    return at
  }
}

/** A 48-bit hardware address as an integer, 0 where there is none. */
function macAt(bytes: Uint8Array, at: number): number {
  if (at < 0) return 0
  return (((bytes[at] as number) << 8) | (bytes[at + 1] as number)) * 0x1_0000_0000 + (word(bytes, at + 2) >>> 0)
}

/** Whether the words after the first of a row's two addresses are the packet's; IPv4 has none. `i` is where the row begins. */
export function hasRest(integers: Int32Array, packet: Packet, i: number, from: number, to: number): boolean {
  return (
    packet.family === 4 ||
    (integers[i + from + 1] === packet.from1 &&
      integers[i + from + 2] === packet.from2 &&
      integers[i + from + 3] === packet.from3 &&
      integers[i + to + 1] === packet.to1 &&
      integers[i + to + 2] === packet.to2 &&
      integers[i + to + 3] === packet.to3)
  )
}
