/** What all of nfdump's outputs have in common: how it writes times, flags and hardware addresses, and how a line is taken. */
import type { CaptureReading, Micros, ParseAccount, ParseSink } from '../../model.ts'
import { FlowLine, FlowPairs } from '../flow-pairs.ts'
import { Gaps } from '../gaps.ts'
import { LogTimes, NO_TIME, NO_ZONE, readEpoch, zoneMissing } from '../log-time.ts'
import { ACK, FIN, RST, SYN } from '../packet.ts'
import { RecordAccount } from '../record-account.ts'

const LARGEST = 2 ** 63
/** RFC 9293, section 3.1. */
const PUSH = 0x08
const COLON = 58
const DASH = 45
const DOT = 46

/** The records of one output, taken one after the other. */
export class FlowText {
  readonly line = new FlowLine()
  readonly records = new RecordAccount()
  isSampled = false
  readonly #pairs: FlowPairs
  readonly #times: LogTimes
  /** Why the times of the record that is read are not known, null where they are. */
  #fault: string | null = null
  /** Line of the first record whose times have no zone; 0 where there is none. */
  #zoneless = 0
  readonly #sampled = { from: Number.POSITIVE_INFINITY, until: Number.NEGATIVE_INFINITY, records: 0 }

  constructor(sink: ParseSink, { timeZone }: CaptureReading) {
    this.#pairs = new FlowPairs(sink)
    this.#times = new LogTimes(timeZone)
  }

  /** Begins a record of which nothing is known yet. */
  begin(): FlowLine {
    const { line } = this
    line.words.fill(0)
    line.family = 0
    line.fromPort = line.toPort = line.protocol = -1
    line.packets = line.bytes = line.backPackets = line.backBytes = 0
    line.flags = 0
    line.start = line.end = Number.NaN
    line.macFrom = line.macTo = 0
    line.names = undefined
    this.isSampled = false
    this.#fault = null
    return line
  }

  /**
   * Reads a time: in local time without a zone, in seconds since 1970 with a fraction, or in milliseconds without.
   */
  time(bytes: Uint8Array, from: number, end: number): Micros {
    if (from === end) return Number.NaN
    let time: number
    if (bytes[from + 4] === DASH) {
      time = this.#times.read(bytes, from, end)
      if (Number.isNaN(time)) this.#fault ??= this.#times.fault
    } else {
      const isMilliseconds = end - from > 10 && !bytes.subarray(from, end).includes(DOT)
      time = isMilliseconds ? wholeNumber(bytes, from, end) * 1e3 : readEpoch(bytes, from, end)
    }
    // nfdump writes the beginning of 1970 where a record has no time.
    return time === 0 ? Number.NaN : time
  }

  /**
   * Takes the record that was begun, once all that it says stands in the line.
   *
   * @param number of the line on which it stands, from 1
   */
  take(number: number): void {
    const { line, records } = this
    if (!(line.protocol <= 255 && line.fromPort <= 0xffff && line.toPort <= 0xffff))
      records.leaveOut('number-out-of-range')
    else if (!(Math.max(line.packets, line.bytes, line.backPackets, line.backBytes) < LARGEST))
      records.leaveOut('number-out-of-range')
    else {
      // The other direction has columns of its own, which are 0 in records of one direction.
      line.hasBack = line.backPackets > 0 || line.backBytes > 0
      const untimed = this.#untimed()
      this.#pairs.add(line)
      if (untimed === null) {
        records.used++
        if (this.isSampled) this.#noteSampled()
      } else records.leaveOut(untimed)
      if (untimed === NO_ZONE && this.#zoneless === 0) this.#zoneless = number
    }
  }

  /** @throws InputError where times stood without a zone, and none was given */
  finish(): void {
    this.#pairs.flush()
    if (this.#zoneless > 0) throw zoneMissing(this.#zoneless)
  }

  account(): ParseAccount {
    const gaps = new Gaps('packets sampled by the exporter')
    const { from, until, records } = this.#sampled
    if (records > 0) gaps.add(from, until, records)
    return this.records.account('nfdump', gaps.gaps())
  }

  #untimed(): string | null {
    const { line } = this
    if (Number.isNaN(line.start)) line.start = line.end
    if (!(line.end >= line.start)) line.end = line.start
    if (Math.abs(line.start) <= Number.MAX_SAFE_INTEGER && line.end <= Number.MAX_SAFE_INTEGER) return null
    const reason = Number.isNaN(line.start) ? (this.#fault ?? NO_TIME) : 'time-out-of-range'
    line.start = line.end = Number.NaN
    return reason
  }

  #noteSampled(): void {
    const sampled = this.#sampled
    sampled.records++
    if (this.line.start < sampled.from) sampled.from = this.line.start
    if (this.line.end > sampled.until) sampled.until = this.line.end
  }
}

/** `...AP.SF`: a letter for each flag that was seen. */
export function flagsOf(bytes: Uint8Array, from: number, end: number): number {
  let flags = 0
  for (let at = from; at < end; at++) {
    const letter = bytes[at]
    if (letter === 65) flags |= ACK
    else if (letter === 83) flags |= SYN
    else if (letter === 82) flags |= RST
    else if (letter === 70) flags |= FIN
    else if (letter === 80) flags |= PUSH
  }
  return flags
}

/** `00:0c:29:70:86:09` as a number; 0 where it is none. */
export function macOf(bytes: Uint8Array, from: number, end: number): number {
  if (end - from !== 17) return 0
  let mac = 0
  for (let at = from; at < end; at++) {
    const c = bytes[at] as number
    if ((at - from) % 3 === 2) {
      if (c !== COLON) return 0
      continue
    }
    const digit = c >= 48 && c <= 57 ? c - 48 : (c | 32) - 87
    if (digit < 0 || digit > 15) return 0
    mac = mac * 16 + digit
  }
  return mac
}

/** A whole number of digits alone, NaN where it is none. */
export function wholeNumber(bytes: Uint8Array, from: number, end: number): number {
  if (from >= end || end - from > 20) return Number.NaN
  let value = 0
  for (let at = from; at < end; at++) {
    const digit = (bytes[at] as number) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value
}
