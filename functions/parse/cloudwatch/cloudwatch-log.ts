/**
 * VPC flow logs that came through CloudWatch Logs: every event's message is a row, in the default order or in the one that the
 * user gives.
 */
import type { CaptureReading, ParseAccount, Parser, ParseSink } from '../../model.ts'
import { LineCutter } from '../line-cutter.ts'
import { RecordAccount } from '../record-account.ts'
import { defaultFormat } from '../vpc-fields.ts'
import { VpcFlowLogParser } from '../vpc-flow-log.ts'
import { CsvRows } from './csv-rows.ts'
import { JsonTexts, LONGEST_TEXT } from './json-texts.ts'
import { LogEvents, type TakeEvents } from './log-events.ts'

/** The fields of an event that are read, by AWS's names, and how Logs Insights calls some of them. */
const FIELDS: readonly (readonly [name: string, insights: string])[] = [
  ['srcaddr', 'srcaddr'],
  ['dstaddr', 'dstaddr'],
  ['srcport', 'srcport'],
  ['dstport', 'dstport'],
  ['protocol', 'protocol'],
  ['packets', 'packets'],
  ['bytes', 'bytes'],
  ['start', 'starttime'],
  ['end', 'endtime'],
  ['log-status', 'logstatus'],
  ['pkt-srcaddr', 'pktsrcaddr'],
  ['pkt-dstaddr', 'pktdstaddr'],
  ['tcp-flags', 'tcpflags'],
]
const HEADER = FIELDS.map(([name]) => name).join(' ')

/** What reads the events out of the bytes. */
type Source = Pick<Parser, 'push' | 'end'>

/**
 * Reads such a log. An event is a record.
 *
 * @throws InputError as {@link VpcFlowLogParser} does, and where a JSON document is damaged or cut short
 */
export class CloudWatchLogParser implements Parser, TakeEvents {
  readonly #rows: VpcFlowLogParser
  readonly #leftOut = new RecordAccount()
  readonly #source: Source
  readonly #messageOrder: string
  #inFields = false

  constructor(sink: ParseSink, reading: CaptureReading, isJson: boolean) {
    this.#rows = new VpcFlowLogParser(sink, reading)
    this.#messageOrder = (reading.format ?? defaultFormat).replace(/[${},]+/g, ' ').trim()
    this.#source = isJson ? new JsonTexts(new LogEvents(this)) : this.#csv()
  }

  push(chunk: Uint8Array): void {
    this.#source.push(chunk)
  }

  end(): void {
    try {
      this.#source.end()
    } finally {
      this.#rows.end()
    }
  }

  account(): ParseAccount {
    const rows = this.#rows.account()
    const sum = new RecordAccount()
    sum.used = rows.used
    for (const account of [rows, this.#leftOut.account('', [])])
      for (const [reason, records] of Object.entries(account.leftOut)) sum.leaveOut(reason, records)
    return sum.account('vpc-flow-log-cloudwatch', rows.gaps)
  }

  message(text: string | null): void {
    if (text === null) this.#leftOut.leaveOut('line-too-long')
    else if (text.trim() === '') this.#leftOut.leaveOut('malformed-row')
    else {
      // Events in single fields stand in an order of their own.
      if (this.#inFields) this.#pushLine(this.#messageOrder)
      this.#inFields = false
      this.#pushLine(text)
    }
  }

  control(): void {
    this.#leftOut.leaveOut('cloudwatch-control-message')
  }

  fields(fields: ReadonlyMap<string, string>): void {
    if (!this.#inFields) this.#pushLine(HEADER)
    this.#inFields = true
    const cellOf = ([name, insights]: readonly [string, string]) =>
      fields.get(name) ?? fields.get(name.replaceAll('-', '_')) ?? fields.get(insights)
    this.#pushLine(FIELDS.map((field) => cellOf(field)?.trim().replace(/\s+/g, '_') || '-').join(' '))
  }

  #csv(): Source {
    const rows = new CsvRows(this)
    const tooLong = () => this.#leftOut.leaveOut('line-too-long')
    return new LineCutter((bytes, from, end) => rows.line(bytes, from, end), tooLong, LONGEST_TEXT)
  }

  #pushLine(text: string): void {
    // A message is one row, whatever breaks stand in it.
    this.#rows.push(new TextEncoder().encode(`${text.replace(/\s+/g, ' ')}\n`))
  }
}
