/** nfdump's CSV (`nfdump -o csv`): a header line, a line a flow; up to 1.7 a summary of three lines behind them. */
import { InputError } from '../../errors.ts'
import type { CaptureReading, ParseAccount, Parser, ParseSink } from '../../model.ts'
import { readAddress } from '../address-bytes.ts'
import { LineCutter } from '../line-cutter.ts'
import { readEpoch } from '../log-time.ts'
import { latin1, shownName } from '../payload/flow-names.ts'
import { isRealEnd } from '../translated-end.ts'
import {
  BACK_BYTES,
  BACK_PACKETS,
  BYTES,
  COLUMNS,
  columnsOf,
  DURATION,
  END,
  FLAGS,
  FROM,
  FROM_PORT,
  isStatisticsHeader,
  MAC_FROM_IN,
  MAC_FROM_OUT,
  MAC_TO_IN,
  MAC_TO_OUT,
  PACKETS,
  POST_TO,
  POST_TO_PORT,
  PROTOCOL,
  SNI,
  START,
  TO,
  TO_PORT,
} from './columns.ts'
import { FlowText, flagsOf, macOf, wholeNumber } from './flow-text.ts'
import { protocolNumber } from './protocol-names.ts'

const COMMA = 44
/** IPv4, IPv6 and GRE in IP. */
const TUNNELS: ReadonlySet<number> = new Set([4, 41, 47])
const BLANK = 32
/**
 * The row of a tunnel; the next one is that of the flow inside where its times are the same, and where the tunnel's row has any,
 * the counts and ports.
 */
interface TunnelRow {
  readonly start: number
  readonly end: number
  readonly packets: number
  readonly bytes: number
  /** The ports of the flow inside, those of ICMP as a number. */
  readonly fromPort: number
  readonly toPort: number
  /** Whether it has neither addresses nor counts, as versions up to 1.7 write it. */
  readonly isBare: boolean
}

/** A line with every column of nfdump is below 4 kB, as its own buffer is. */
const LONGEST_LINE = 1 << 14

export const NO_STATISTICS =
  "these are nfdump's statistics (-s), which count flows and show none: write the flows themselves, with nfdump -o csv or -o json"

export class NfdumpCsvParser implements Parser {
  readonly #lines: LineCutter
  readonly #text: FlowText
  #columns: Int8Array = new Int8Array(0)
  /** By the slots of columns.ts: where a line's values begin and end; an empty one where there is none. */
  readonly #from = new Int32Array(COLUMNS)
  readonly #end = new Int32Array(COLUMNS)
  /** Of the address behind a translation. */
  readonly #words = new Uint32Array(4)
  readonly #protocols = new Map<string, number>()
  #isSummary = false
  /** The row before, where it is a tunnel's. */
  #tunnel: TunnelRow | null = null
  #bytes: Uint8Array = new Uint8Array(0)

  constructor(sink: ParseSink, reading: CaptureReading) {
    this.#text = new FlowText(sink, reading)
    this.#lines = new LineCutter(
      (bytes, from, end) => this.#take(bytes, from, end),
      () => this.#text.records.leaveOut('line-too-long'),
      LONGEST_LINE,
    )
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  end(): void {
    this.#lines.end()
    this.#text.finish()
  }

  account(): ParseAccount {
    return this.#text.account()
  }

  #take(bytes: Uint8Array, from: number, end: number): void {
    if (from === end) return
    const first = bytes[from] as number
    // Rows begin with a time or a count; a header is looked for in no other line than one that begins with a letter.
    if (first >= 65 && this.#takeWords(latin1(bytes, from, end).trim())) return
    if (this.#isSummary) return
    if (this.#split(bytes, from, end)) this.#takeRow(bytes)
    else {
      this.#tunnel = null
      this.#text.records.leaveOut('malformed-row')
    }
  }

  /** @returns whether the line is one that is no row, of those that nfdump writes */
  #takeWords(line: string): boolean {
    const columns = columnsOf(line)
    if (columns !== null) {
      this.#columns = columns
      this.#isSummary = false
      return true
    }
    if (isStatisticsHeader(line)) throw new InputError(NO_STATISTICS, { line: this.#lines.line })
    if (line === 'Summary') this.#isSummary = true
    return line === 'Summary' || line === 'No matching flows' || this.#isSummary
  }

  /** Notes where each column's value stands. @returns whether the line has as many as the header */
  #split(bytes: Uint8Array, from: number, end: number): boolean {
    const columns = this.#columns
    let at = from
    this.#from.fill(0)
    this.#end.fill(0)
    for (let column = 0; column < columns.length; column++) {
      let next = at
      while (next < end && bytes[next] !== COMMA) next++
      const slot = columns[column] as number
      if (slot >= 0) {
        let last = next
        while (at < last && bytes[at] === BLANK) at++
        while (last > at && bytes[last - 1] === BLANK) last--
        this.#from[slot] = at
        this.#end[slot] = last
      }
      at = next + 1
      if (next === end) return column === columns.length - 1
    }
    return false
  }

  #takeRow(bytes: Uint8Array): void {
    this.#bytes = bytes
    const text = this.#text
    const line = text.begin()
    const before = this.#tunnel
    this.#tunnel = null
    const family = this.#address(FROM, 0)
    const familyTo = this.#address(TO, 4)
    if (family === 0 || family !== familyTo) {
      text.records.leaveOut(family === 0 || familyTo === 0 ? 'no-address' : 'mixed-address-families')
      return
    }
    line.family = family
    const isNowhere = line.words.every((word) => word === 0)
    line.packets = this.#number(PACKETS, 0)
    line.bytes = this.#number(BYTES, 0)
    line.backPackets = this.#number(BACK_PACKETS, 0)
    line.backBytes = this.#number(BACK_BYTES, 0)
    line.fromPort = this.#number(FROM_PORT, -1)
    line.protocol = this.#protocol()
    // ICMP's type and code stand there: 8.0.
    const isIcmp = line.protocol === 1 || line.protocol === 58
    line.toPort = isIcmp ? -1 : this.#number(TO_PORT, -1)
    const statedPort = isIcmp ? this.#typeAndCode() : line.toPort
    this.#takeTranslation(family)
    this.#takeRest()
    if (Number.isNaN(line.packets + line.bytes + line.backPackets + line.backBytes + line.fromPort + line.toPort)) {
      text.records.leaveOut('malformed-row')
      return
    }
    line.start = text.time(bytes, this.#from[START] as number, this.#end[START] as number)
    line.end = text.time(bytes, this.#from[END] as number, this.#end[END] as number)
    const duration = readEpoch(bytes, this.#from[DURATION] as number, this.#end[DURATION] as number)
    // Versions since 1.7.4 write the duration in place of the end.
    if (Number.isNaN(line.end)) line.end = line.start + Math.max(0, duration || 0)
    const isInside = !isNowhere && before !== null && this.#isInside(before, statedPort)
    if (!isInside) this.#noteTunnel(isNowhere, statedPort)
    if (isInside) text.records.leaveOut('inside-tunnel')
    else if (isNowhere) text.records.leaveOut('no-address')
    else text.take(this.#lines.line)
  }

  /**
   * A flow in a tunnel has two rows, one behind the other: the tunnel's, with what the flow inside has of times and counts, and
   * its own. The ends are those of the tunnel, as of packets, so that nothing is counted twice; where the tunnel's row has none,
   * nobody knows them: the flow inside went to neither of its own by itself. Another flow may be alike by chance: without ports, a
   * single packet is too little to tell.
   */
  #isInside(tunnel: TunnelRow, toPort: number): boolean {
    const { start, end, packets, bytes, fromPort } = this.#text.line
    if (start !== tunnel.start || end !== tunnel.end) return false
    if (tunnel.isBare) return true
    const isAlike = packets === tunnel.packets && bytes === tunnel.bytes
    const isSamePorts = fromPort === tunnel.fromPort && toPort === tunnel.toPort
    return isAlike && isSamePorts && (fromPort > 0 || toPort > 0 || (packets > 1 && end > start))
  }

  /** Of ICMP, as tunnels' rows and versions up to 1.7 write them: 32768 for 128.0; -1 where there are none. */
  #typeAndCode(): number {
    const text = latin1(this.#bytes, this.#from[TO_PORT] as number, this.#end[TO_PORT] as number)
    const [type = '', code] = text.split('.')
    if (type === '') return -1
    return code === undefined ? Number(type) : Number(type) * 256 + Number(code)
  }

  #noteTunnel(isNowhere: boolean, toPort: number): void {
    const { start, end, packets, bytes, fromPort, backPackets, backBytes, protocol } = this.#text.line
    const isBare = isNowhere && packets + bytes + backPackets + backBytes === 0
    if (!TUNNELS.has(protocol) || (isNowhere && !isBare)) return
    this.#tunnel = { start, end, packets, bytes, fromPort, toPort, isBare }
  }

  #takeRest(): void {
    const { line } = this.#text
    line.flags = flagsOf(this.#bytes, this.#from[FLAGS] as number, this.#end[FLAGS] as number)
    line.macFrom = this.#mac(MAC_FROM_IN) || this.#mac(MAC_FROM_OUT)
    line.macTo = this.#mac(MAC_TO_OUT) || this.#mac(MAC_TO_IN)
    if (this.#end[SNI] === this.#from[SNI]) return
    const name = shownName(latin1(this.#bytes, this.#from[SNI] as number, this.#end[SNI] as number))
    if (name !== null) line.names = [{ name, via: 'tls-sni' }]
  }

  /** The destination behind its translation, where that is the real one, as of datagrams. */
  #takeTranslation(family: number): void {
    const { line } = this.#text
    const address = this.#from[POST_TO] as number
    const translated = readAddress(this.#bytes, address, this.#end[POST_TO] as number, this.#words, 0)
    if (translated !== family || !isRealEnd(family, line.words, 0, line.words, 4, this.#words, 0)) return
    line.words.set(this.#words, 4)
    const port = this.#number(POST_TO_PORT, 0)
    if (port > 0) line.toPort = port
  }

  #address(slot: number, at: number): number {
    return readAddress(this.#bytes, this.#from[slot] as number, this.#end[slot] as number, this.#text.line.words, at)
  }

  #number(slot: number, otherwise: number): number {
    const from = this.#from[slot] as number
    const end = this.#end[slot] as number
    return from === end ? otherwise : wholeNumber(this.#bytes, from, end)
  }

  #mac(slot: number): number {
    return macOf(this.#bytes, this.#from[slot] as number, this.#end[slot] as number)
  }

  #protocol(): number {
    const from = this.#from[PROTOCOL] as number
    const end = this.#end[PROTOCOL] as number
    const number = wholeNumber(this.#bytes, from, end)
    if (!Number.isNaN(number)) return number
    const name = latin1(this.#bytes, from, end)
    let known = this.#protocols.get(name)
    if (known === undefined) {
      known = protocolNumber(name)
      // The names are few; what is none is not kept.
      if (known >= 0) this.#protocols.set(name, known)
    }
    return known
  }
}
