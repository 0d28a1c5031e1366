/** A row of a log whose columns a session names, as a flow. */
import type { Micros, ParseSink } from '../../model.ts'
import { protocolNumber } from '../../net/protocol.ts'
import { readAddress } from '../address-bytes.ts'
import { clearContent, LogContent, saysName } from '../content/log-content.ts'
import { FlowWriter } from '../flow-writer.ts'
import { EARLIEST, LogTimes, NO_TIME, OUT_OF_RANGE } from '../log-time.ts'
import { latin1 } from '../payload/flow-names.ts'
import { type ColumnMap, SLOTS, slotOf } from './column-map.ts'
import { readDecimal } from './decimal.ts'
import { hostIn } from './mapped-name.ts'

const START = slotOf('start')
const END = slotOf('end')
const DURATION = slotOf('duration')
const PROTOCOL = slotOf('protocol')
const INITIATOR_IP = slotOf('initiatorIp')
const INITIATOR_PORT = slotOf('initiatorPort')
const RESPONDER_IP = slotOf('responderIp')
const RESPONDER_PORT = slotOf('responderPort')
const BYTES_SENT = slotOf('bytesSent')
const BYTES_RECEIVED = slotOf('bytesReceived')
const PACKETS_SENT = slotOf('packetsSent')
const PACKETS_RECEIVED = slotOf('packetsReceived')
const NAME = slotOf('name')

/** What writers put where they have no value. */
const NOTHING: ReadonlySet<string> = new Set(['-', 'null', 'NULL', 'None', 'nan', 'NaN', 'N/A', '(null)'])
/** TCP, UDP, DCCP, SCTP, UDP-Lite; -1, because a log that names no protocol may name ports. */
const WITH_PORTS: ReadonlySet<number> = new Set([-1, 6, 17, 33, 132, 136])
/** The year 2255. */
const LATEST: Micros = Number.MAX_SAFE_INTEGER

export class MappedRow {
  /** Where the values of a row stand; an empty one is none. Filled in by the reader of rows. */
  bytes: Uint8Array = new Uint8Array(0)
  readonly from = new Int32Array(SLOTS)
  readonly end = new Int32Array(SLOTS)
  readonly #map: ColumnMap
  readonly #times: LogTimes
  readonly #writer: FlowWriter
  /** null where nobody asks. */
  readonly #content: LogContent | null
  readonly #protocols = new Map<string, number>()
  #fault: string | null = null

  constructor(sink: ParseSink, map: ColumnMap, timeZone: string | undefined) {
    this.#writer = new FlowWriter(sink)
    this.#content = LogContent.of(sink)
    this.#map = map
    this.#times = new LogTimes(timeZone)
  }

  /** Hands on what was written. */
  flush(): void {
    this.#writer.flush()
  }

  /**
   * Writes the row as a flow; one without a usable time as a flow without times.
   *
   * @param name of the responder, one character a byte; read from the row where it is left out
   * @returns why the row does not count, null where it does
   */
  write(name = this.#text(NAME)): string | null {
    for (let slot = 0; slot < SLOTS; slot++) this.#trim(slot)
    const row = this.#writer.begin()
    const { batch } = this.#writer
    const fault = this.#ends(row) ?? this.#counts(row)
    if (fault !== null) {
      this.#writer.drop()
      return fault
    }
    const shown = NOTHING.has(name.trim()) ? null : hostIn(name)
    if (shown !== null) {
      batch.names[row] = [{ name: shown, via: this.#map.nameVia }]
    }
    this.#fault = null
    const duration = this.#isNone(DURATION) ? Number.NaN : this.#decimal(DURATION, 6 - this.#map.durationExponent)
    const stated = this.#time(START, this.#map.startExponent)
    const ended = this.#time(END, this.#map.endExponent)
    const start = Number.isNaN(stated) && !Number.isNaN(ended) && duration >= 0 ? ended - duration : stated
    const end = Number.isNaN(ended) && duration >= 0 ? start + duration : ended
    batch.start[row] = Number.isNaN(start) ? end : start
    batch.end[row] = end >= start ? end : (batch.start[row] as number)
    if (this.#content !== null) {
      clearContent(batch, row)
      if (shown !== null) this.#content.add(batch, row, batch.start[row] as number, saysName(name.trim()))
    }
    return Number.isNaN(batch.start[row] as number) ? (this.#fault ?? NO_TIME) : null
  }

  #ends(row: number): string | null {
    const { batch } = this.#writer
    const { bytes, from, end } = this
    const family = readAddress(
      bytes,
      from[INITIATOR_IP] as number,
      end[INITIATOR_IP] as number,
      batch.addressA,
      row * 4,
    )
    const other = readAddress(bytes, from[RESPONDER_IP] as number, end[RESPONDER_IP] as number, batch.addressB, row * 4)
    if (family === 0 || other === 0) return 'no-address'
    if (family !== other) return 'mixed-address-families'
    batch.family[row] = family
    batch.protocol[row] = this.#protocol()
    if (!WITH_PORTS.has(batch.protocol[row] as number)) return null
    const portA = this.#isNone(INITIATOR_PORT) ? -1 : this.#decimal(INITIATOR_PORT, 0)
    const portB = this.#isNone(RESPONDER_PORT) ? -1 : this.#decimal(RESPONDER_PORT, 0)
    if (!(portA >= -1 && portA <= 0xffff && portB >= -1 && portB <= 0xffff)) return 'number-out-of-range'
    batch.portA[row] = portA
    batch.portB[row] = portB
    return null
  }

  #counts(row: number): string | null {
    const { batch } = this.#writer
    const count = (slot: number) => (this.#isNone(slot) ? 0 : this.#decimal(slot, 0))
    const [bytesA, bytesB] = [count(BYTES_SENT), count(BYTES_RECEIVED)]
    const [packetsA, packetsB] = [count(PACKETS_SENT), count(PACKETS_RECEIVED)]
    if (!(bytesA >= 0 && bytesB >= 0 && packetsA >= 0 && packetsB >= 0)) return 'number-out-of-range'
    batch.bytesA[row] = bytesA
    batch.bytesB[row] = bytesB
    batch.packetsA[row] = packetsA
    batch.packetsB[row] = packetsB
    return null
  }

  /** NaN where there is none, and then why. */
  #time(slot: number, exponent: number): Micros {
    if (this.#isNone(slot)) return Number.NaN
    const { bytes } = this
    const from = this.from[slot] as number
    const end = this.end[slot] as number
    if (bytes[from + 4] === 45 && bytes[from + 7] === 45) {
      const time = this.#times.read(bytes, from, end)
      this.#fault ??= this.#times.fault
      return time
    }
    const time = this.#decimal(slot, 6 - exponent)
    if (time >= EARLIEST && time <= LATEST) return time
    this.#fault ??= Number.isNaN(time) && !isNumeric(bytes, from, end) ? NO_TIME : OUT_OF_RANGE
    return Number.NaN
  }

  #protocol(): number {
    const text = this.#text(PROTOCOL)
    const known = this.#protocols.get(text)
    if (known !== undefined) return known
    const number = protocolNumber(text)
    if (this.#protocols.size < 300 && text.length < 40) this.#protocols.set(text, number)
    return number
  }

  #decimal(slot: number, shift: number): number {
    return readDecimal(this.bytes, this.from[slot] as number, this.end[slot] as number, shift)
  }

  #text(slot: number): string {
    return latin1(this.bytes, this.from[slot] as number, this.end[slot] as number)
  }

  /** Whether a value is empty, or a word for that. */
  #isNone(slot: number): boolean {
    const length = (this.end[slot] as number) - (this.from[slot] as number)
    if (length === 0) return true
    const first = this.bytes[this.from[slot] as number] as number
    const mayBe = length === 1 ? first === 45 : length < 7 && !(first >= 48 && first <= 57)
    return mayBe && NOTHING.has(this.#text(slot))
  }

  #trim(slot: number): void {
    const { bytes, from, end } = this
    while ((from[slot] as number) < (end[slot] as number) && bytes[from[slot] as number] === 32)
      from[slot] = (from[slot] as number) + 1
    while ((from[slot] as number) < (end[slot] as number) && bytes[(end[slot] as number) - 1] === 32)
      end[slot] = (end[slot] as number) - 1
  }
}

function isNumeric(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    const c = bytes[at] as number
    if (!((c >= 48 && c <= 57) || c === 46 || c === 45)) return false
  }
  return true
}
