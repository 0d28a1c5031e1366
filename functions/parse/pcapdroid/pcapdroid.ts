/**
 * PCAPdroid's list of connections as CSV, of every version.
 * https://emanuele-f.github.io/PCAPdroid/quick_start
 */
import type { Micros, ParseAccount, Parser, ParseSink } from '../../model.ts'
import { canonicalHost } from '../../net/host-name.ts'
import { protocolNumber } from '../../net/protocol.ts'
import { readAddress } from '../address-bytes.ts'
import { clearContent, LogContent, saysName } from '../content/log-content.ts'
import { FlowWriter } from '../flow-writer.ts'
import { Gaps } from '../gaps.ts'
import { LineCutter } from '../line-cutter.ts'
import { LogTimes, NO_TIME, NO_ZONE, zoneMissing } from '../log-time.ts'
import { latin1 } from '../payload/flow-names.ts'
import { RecordAccount } from '../record-account.ts'
import { type Column, type Header, headerOf } from './columns.ts'
import { wholeRow } from './whole-row.ts'

/** A row is below 1 kB: names of hosts are cut at 256 characters. */
const LONGEST_LINE = 1 << 14
/** Numbers below are seconds, as the first versions wrote them; later ones write milliseconds: the year 5138, or 1973. */
const LEAST_MILLISECONDS = 1e11
/** TCP, UDP. */
const WITH_PORTS: ReadonlySet<number> = new Set([-1, 6, 17])

const latin = new TextDecoder('latin1')

/** Whether a capture begins with the header of PCAPdroid's list of connections. */
export function looksLikePcapdroid(head: Uint8Array): boolean {
  if (head.includes(0)) return false
  const [first = ''] = latin.decode(head.subarray(0, 1024)).trimStart().split('\n')
  return headerOf(first) !== null
}

/**
 * Reads PCAPdroid's CSV. The source is the app's end. A row without a usable time is a flow without times (NaN), and counted
 * among those left out.
 *
 * @throws InputError from `end` where times have no zone and none was given; all else has been read then
 */
export class PcapdroidParser implements Parser {
  readonly #records = new RecordAccount()
  readonly #writer: FlowWriter
  readonly #times: LogTimes
  /** null where nobody asks. */
  readonly #content: LogContent | null
  readonly #lines = new LineCutter(
    (bytes, from, end) => this.#line(latin1(bytes, from, end)),
    () => this.#records.leaveOut('line-too-long'),
    LONGEST_LINE,
  )
  readonly #nameless = new Gaps('names between commas that cannot be told from those of apps')
  #header: Header | null = null
  #zoneless = 0

  constructor(sink: ParseSink, reading: { readonly timeZone?: string }) {
    this.#writer = new FlowWriter(sink)
    this.#content = LogContent.of(sink)
    this.#times = new LogTimes(reading.timeZone)
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  end(): void {
    this.#lines.end()
    this.#writer.flush()
    if (this.#zoneless > 0) throw zoneMissing(this.#zoneless)
  }

  account(): ParseAccount {
    return this.#records.account('pcapdroid', this.#nameless.gaps())
  }

  #line(line: string): void {
    if (line.trim() === '') return
    const header = headerOf(line)
    // Joined files have several.
    if (header !== null) {
      this.#header = header
      return
    }
    const reason = this.#header === null ? 'row-before-header' : this.#row(line, this.#header)
    if (reason === null) this.#records.used++
    else this.#records.leaveOut(reason)
    if (reason === NO_ZONE && this.#zoneless === 0) this.#zoneless = this.#lines.line
  }

  /** @returns why the row does not count, null where it does */
  #row(line: string, header: Header): string | null {
    const split = line.split(',')
    const parts = split.length > header.length && line.includes('"') ? unquoted(line) : split
    if (parts.length < header.length) return 'malformed-row'
    const extra = parts.length - header.length
    const whole = extra === 0 ? parts : wholeRow(parts, header)
    // Behind the names fields are counted from the end.
    const field = (column: Column) => {
      const at = header.fields[column]
      return (at < 0 ? '' : at < header.fields.proto ? parts[at] : parts[at + extra])?.trim() ?? ''
    }
    const protocol = header.fields.ipproto >= 0 ? field('ipproto') : (whole?.[header.fields.proto] ?? '').trim()
    const row = this.#writer.begin()
    const fault = this.#fill(row, field, protocolNumber(protocol))
    if (fault !== null) {
      this.#writer.drop()
      return fault
    }
    const name = whole === null ? null : hostOf(whole, header)
    if (name !== null) this.#writer.batch.names[row] = [{ name, via: 'log' }]
    const untimed = this.#fillTimes(row, field('firstseen'), field('lastseen'))
    this.#say(row, whole?.[header.fields.info]?.trim() ?? '')
    if (whole === null && untimed === null)
      this.#nameless.add(this.#writer.batch.start[row] as number, this.#writer.batch.end[row] as number)
    return untimed
  }

  /** Of DNS the name that was asked for, of others that of the host. */
  #say(row: number, name: string): void {
    if (this.#content === null) return
    const { batch } = this.#writer
    clearContent(batch, row)
    if (name !== '') this.#content.add(batch, row, batch.start[row] as number, saysName(name))
  }

  #fill(row: number, field: (column: Column) => string, protocol: number): string | null {
    const { batch } = this.#writer
    const family = addressAt(field('srcip'), batch.addressA, row)
    const other = addressAt(field('dstip'), batch.addressB, row)
    if (family === 0 || other === 0) return 'malformed-row'
    if (family !== other) return 'mixed-address-families'
    batch.family[row] = family
    batch.protocol[row] = protocol
    const ports = [count(field('srcport')), count(field('dstport'))] as const
    if (!(ports[0] <= 0xffff && ports[1] <= 0xffff)) return 'malformed-row'
    if (WITH_PORTS.has(protocol)) {
      batch.portA[row] = ports[0]
      batch.portB[row] = ports[1]
    }
    const counts = (['bytessent', 'bytesrcvd', 'pktssent', 'pktsrcvd'] as const).map((column) => count(field(column)))
    if (counts.some(Number.isNaN)) return 'malformed-row'
    const [bytesA = 0, bytesB = 0, packetsA = 0, packetsB = 0] = counts
    batch.bytesA[row] = bytesA
    batch.bytesB[row] = bytesB
    batch.packetsA[row] = packetsA
    batch.packetsB[row] = packetsB
    return null
  }

  #fillTimes(row: number, first: string, last: string): string | null {
    const { batch } = this.#writer
    const end = this.#time(last)
    const start = this.#time(first)
    const fault = this.#times.fault
    batch.start[row] = Number.isNaN(start) ? end : start
    batch.end[row] = end >= start ? end : (batch.start[row] as number)
    return Number.isNaN(batch.start[row] as number) ? (fault ?? NO_TIME) : null
  }

  #time(text: string): Micros {
    this.#times.fault = null
    if (!/^\d+$/.test(text)) {
      const bytes = Buffer.from(text, 'latin1')
      return this.#times.read(bytes, 0, bytes.length)
    }
    const number = Number(text)
    const time = number < LEAST_MILLISECONDS ? number * 1e6 : number * 1e3
    return time <= Number.MAX_SAFE_INTEGER ? time : Number.NaN
  }
}

/**
 * The host of a row. Of DNS it is the name that was asked for, which is not the host that answers; of other protocols the
 * server name of the hello, the Host field, or what an answer of DNS gave for the address before: the row does not say which.
 */
function hostOf(row: readonly string[], { fields }: Header): string | null {
  if (/^m?dns$/i.test(row[fields.proto]?.trim() ?? '')) return null
  return canonicalHost(row[fields.info]?.trim() ?? '')
}

function addressAt(text: string, words: Uint32Array, row: number): number {
  const bytes = Buffer.from(text, 'latin1')
  return readAddress(bytes, 0, bytes.length, words, row * 4)
}

/** NaN where it is no whole number; 0 where there is none, as in versions without a column. */
function count(text: string): number {
  if (text === '') return 0
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}

/** The fields of a row that a spreadsheet has put into quotes (RFC 4180). */
function unquoted(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}
