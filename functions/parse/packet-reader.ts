/** Packets in, flows and names out: takes each packet through its layers, and accounts for every one. */
import type { Gap, Micros, ParseAccount, ParseSink } from '../model.ts'
import type { Layer } from './ether-type.ts'
import { FlowTable } from './flow-table.ts'
import { readIp } from './ip.ts'
import { Packet } from './packet.ts'
import { PayloadReader } from './payload/payload-reader.ts'

/** The last second of the year 9999, after which ISO 8601 dates need another form. */
const LATEST = 253_402_300_799e6
/** The first of the year 0. */
const EARLIEST = -62_167_219_200e6

export class PacketReader {
  /** Packets read. */
  records = 0
  /** Earliest and latest time of a packet; infinite before the first. */
  first = Number.POSITIVE_INFINITY
  last = Number.NEGATIVE_INFINITY
  readonly #packet = new Packet()
  readonly #flows: FlowTable
  readonly #leftOut = new Map<string, number>()
  readonly #gaps: Gap[] = []
  #used = 0

  constructor(sink: ParseSink) {
    this.#flows = new FlowTable(sink, new PayloadReader((answer) => sink.answer(answer)))
  }

  /**
   * Takes one packet.
   *
   * @param captured its bytes in the capture, from `at` on
   * @param original its length on the wire
   */
  read(layer: Layer, bytes: Uint8Array, at: number, captured: number, original: number, time: Micros): void {
    const packet = this.#packet
    packet.bytes = bytes
    packet.at = at
    packet.end = at + captured
    packet.wireEnd = at + Math.max(original, captured)
    // Damaged time stamps stay within what a date can say.
    packet.time = time > LATEST ? LATEST : time < EARLIEST ? EARLIEST : time
    packet.macFrom = -1
    packet.macTo = -1
    packet.layers = 0
    this.records++
    if (packet.time < this.first) this.first = packet.time
    if (packet.time > this.last) this.last = packet.time
    let reason = layer(packet)
    if (reason === '') reason = readIp(packet)
    if (reason !== '') {
      this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + 1)
      return
    }
    this.#used++
    this.#flows.add(packet)
  }

  /** Counts a packet of which not even the bytes are looked at. */
  leaveOut(reason: string): void {
    this.records++
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + 1)
  }

  /** Notes that something is missing from the capture. */
  gap(gap: Gap): void {
    this.#gaps.push(gap)
  }

  /** Hands on the flows that are still open. */
  finish(): void {
    this.#flows.finish()
  }

  account(format: string): ParseAccount {
    const leftOut = Object.fromEntries([...this.#leftOut].sort(([a], [b]) => (a < b ? -1 : 1)))
    return { format, records: this.records, used: this.#used, leftOut, gaps: [...this.#gaps] }
  }
}
