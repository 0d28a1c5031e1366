/**
 * AWS VPC flow logs as text, versions 2 to 8: one row a line, fields apart by blanks, in the default order, in that of a
 * header line (again and again where files were concatenated), or in the order that the user gives.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
import { InputError } from '../errors.ts'
import type { ParseAccount, Parser, ParseSink } from '../model.ts'
import { padding } from './vpc-digits.ts'
import {
  behindOneField,
  defaultFormat,
  formatPlan,
  headerPlan,
  isDefaultRow,
  isRowInSomeOrder,
  type RowPlan,
} from './vpc-fields.ts'
import { VpcRow } from './vpc-row.ts'
import { VpcRows } from './vpc-rows.ts'

/** A row with every field and the longest names is below 3 kB; a longer line than this is none. */
const lineLimit = 1 << 16
/** Lines that may be damaged before the first header or row in the default order. */
const leadLimit = 20

const newline = 10
const latin1 = new TextDecoder('latin1')

const noFormat =
  'reading a VPC flow log: no line says in which order the fields stand, and the rows are not in the default order ' +
  `of version 2; give the order with --format, such as --format '${defaultFormat} …'`

/**
 * Whether a capture begins like a VPC flow log: a header line, or a row in any order.
 *
 * @param head the first bytes of the capture, unpacked
 * @param format the field order that the user gives: then any text whose rows have that many fields
 */
export function looksLikeVpcFlowLog(head: Uint8Array, format?: string): boolean {
  if (head.includes(0)) return false
  const lines = latin1.decode(withoutByteOrderMark(head)).split('\n')
  if (lines.length > 1) lines.pop()
  const rows = lines.filter((line) => line.trim() !== '').slice(0, leadLimit)
  const columns = format?.trim().split(/[\s,]+/).length
  return rows
    .map(withoutTimestamp)
    .some(
      (line) =>
        headerPlan(line) !== null ||
        isDefaultRow(line) ||
        isRowInSomeOrder(line) ||
        (columns !== undefined && columns > 2 && fieldsOf(line) === columns),
    )
}

/**
 * Reads a VPC flow log; {@link VpcRows} says what becomes of its rows.
 *
 * @throws InputError from the constructor where `format` is no field order; from `push` and `end` where the order of the
 *   fields is not known
 */
export class VpcFlowLogParser implements Parser {
  readonly #rows: VpcRows
  readonly #row = new VpcRow()
  readonly #given: RowPlan | null
  #planned = false
  /** Lines before the order of the fields was known. */
  #lead = 0
  #line = 0

  /** The beginning of a line whose end has not come yet. */
  #carry = new Uint8Array(1 << 12)
  #carried = 0
  #tooLong = false
  #begun = false

  constructor(sink: ParseSink, options: { format?: string }) {
    this.#rows = new VpcRows(sink)
    this.#given = options.format === undefined ? null : formatPlan(options.format)
  }

  push(chunk: Uint8Array): void {
    // Node's Buffers and plain arrays are made one type, so that the row reader stays compiled for one.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let from = 0
    if (this.#carried > 0 || this.#tooLong) {
      from = bytes.indexOf(newline) + 1
      this.#keep(from === 0 ? bytes : bytes.subarray(0, from))
      if (from === 0) return
      this.#readCarried()
    }
    const end = Math.max(from, bytes.lastIndexOf(newline) + 1)
    const safeEnd =
      bytes.length > padding ? Math.max(from, bytes.lastIndexOf(newline, bytes.length - 1 - padding) + 1) : from
    this.#readLines(bytes, from, safeEnd)
    if (end > safeEnd) {
      const last = new Uint8Array(end - safeEnd + padding)
      last.set(bytes.subarray(safeEnd, end))
      this.#readLines(last, 0, end - safeEnd)
    }
    this.#keep(bytes.subarray(end))
  }

  end(): void {
    if (this.#carried > 0 || this.#tooLong) {
      this.#keep(Uint8Array.of(newline))
      this.#readCarried()
    }
    this.#rows.end()
    if (!this.#planned && this.#lead > 0) throw this.#unreadable()
  }

  account(): ParseAccount {
    return this.#rows.account('vpc-flow-log')
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return
    const length = this.#carried + part.length
    // The newline itself does not count towards the limit.
    if (this.#tooLong || length > lineLimit + (part.at(-1) === newline ? 1 : 0)) {
      this.#tooLong = true
      return
    }
    if (length + padding > this.#carry.length) {
      const larger = new Uint8Array(lineLimit + 1 + padding)
      larger.set(this.#carry.subarray(0, this.#carried))
      this.#carry = larger
    }
    this.#carry.set(part, this.#carried)
    this.#carried = length
  }

  #readCarried(): void {
    if (this.#tooLong) this.#leaveLine('line-too-long')
    else this.#readLines(this.#carry, 0, this.#carried)
    this.#tooLong = false
    this.#carried = 0
  }

  /** Reads whole lines; a newline stands before `end`, and some padding behind it. */
  #readLines(bytes: Uint8Array, from: number, end: number): void {
    let at = from
    if (!this.#begun && end > from) {
      this.#begun = true
      at = end - withoutByteOrderMark(bytes.subarray(from, end)).length
    }
    while (at < end && !this.#planned) {
      const next = bytes.indexOf(newline, at) + 1
      if (next - at > lineLimit + 1) this.#leaveLine('line-too-long')
      else at = this.#readLead(bytes, at, next)
      if (next > at && !this.#planned) at = next
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    while (at < end) {
      const next = this.#row.read(bytes, view, at)
      if (next - at > lineLimit + 1) this.#rows.leaveOut('line-too-long')
      else if (this.#row.fields > 0) this.#takeRow(bytes, at, next)
      at = next
    }
  }

  /** Looks for the order of the fields. @returns where to go on: behind the line, or at it where it is a row */
  #readLead(bytes: Uint8Array, from: number, next: number): number {
    this.#line++
    const line = latin1.decode(bytes.subarray(from, next))
    if (line.trim() === '') return next
    const header = headerPlan(line)
    const plan = header ?? this.#planOf(line)
    if (plan) {
      this.#row.follow(plan)
      this.#planned = true
      return header ? next : from
    }
    this.#leaveLine('malformed-row')
    if (isRowInSomeOrder(withoutTimestamp(line)) || this.#lead > leadLimit) throw this.#unreadable()
    return next
  }

  /** The order of the fields of a row, also behind the time at which CloudWatch took it; null where it is not known. */
  #planOf(line: string): RowPlan | null {
    const row = withoutTimestamp(line)
    const plan = this.#given ?? (isDefaultRow(row) ? formatPlan(defaultFormat) : null)
    return plan !== null && row !== line && fieldsOf(row) === plan.kinds.length ? behindOneField(plan) : plan
  }

  #unreadable(): InputError {
    return new InputError(noFormat, { line: this.#line })
  }

  #leaveLine(reason: string): void {
    if (!this.#planned) this.#lead++
    this.#rows.leaveOut(reason)
  }

  #takeRow(bytes: Uint8Array, from: number, next: number): void {
    const row = this.#row
    if (row.fault !== null || row.fields !== row.columns) {
      // Only a line that is no row can be a header, so that rows pay nothing for looking.
      const header = headerPlan(latin1.decode(bytes.subarray(from, next)))
      if (header) {
        row.follow(header)
        return
      }
    }
    if (row.fields === row.columns) this.#rows.take(row)
    else this.#rows.leaveOut('malformed-row')
  }
}

/** CloudWatch's export to S3 puts the time of the event in front of every row. */
const withoutTimestamp = (line: string) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]{8,18}Z\s+/, '')

const fieldsOf = (line: string) => line.trim().split(/\s+/).length

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}
