/**
 * AWS VPC flow logs as Parquet, with AWS's names of the columns (`srcaddr`, `pkt_srcaddr`, `log_status`, …) as numbers or as
 * text. What says where the columns stand is at the end of the file, so the file is held until it was pushed whole.
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
 */
import { InputError } from '../errors.ts'
import type { ParseAccount, Parser, ParseSink } from '../model.ts'
import { readAddress } from './address-bytes.ts'
import { ColumnReader, UnpackBudget } from './parquet/column-reader.ts'
import { damaged } from './parquet/damaged.ts'
import { type Column, type Footer, MAGIC, type RowGroup, readFooter } from './parquet/footer.ts'
import { Value } from './parquet/values.ts'
import { addressColumn, numberColumn, statusColumn, tablePlan } from './vpc-fields.ts'
import { VpcRow } from './vpc-row.ts'
import { VpcRows } from './vpc-rows.ts'

/** AWS's files are of some 75 MB at most; the whole file is in memory while it is read. */
const LARGEST_FILE = 256 * 1024 ** 2
/** Rows take next to no bytes where all of them are alike: past so many, a file must have a byte for every hundred. */
const FREE_ROWS = 1 << 20
const ROWS_A_BYTE = 100

/** AWS's counters and times are INT_64. */
const largest = 2 ** 63
const dash = 45
const latin1 = new TextDecoder('latin1')

export const looksLikeParquet = (head: Uint8Array) => MAGIC.every((byte, i) => head[i] === byte)

/** A column that is read, and what for. */
interface Cell {
  readonly column: Column
  readonly kind: number
  readonly slot: number
}

/**
 * Reads a VPC flow log, the same way as the text that it stands for; {@link VpcRows} says what becomes of its rows.
 *
 * @throws InputError from `push` where the file is too large; from `end` where it is damaged or no flow log: the rows before
 *   the damage count
 */
export class VpcParquetParser implements Parser {
  readonly #rows: VpcRows
  readonly #row = new VpcRow()
  readonly #value = new Value()
  #file = new Uint8Array(1 << 16)
  #length = 0

  constructor(sink: ParseSink) {
    this.#rows = new VpcRows(sink)
  }

  push(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > LARGEST_FILE) {
      this.#file = new Uint8Array(0)
      this.#length = Number.POSITIVE_INFINITY
      throw new InputError(
        `the Parquet file is larger than ${LARGEST_FILE} bytes, and has to be read whole: split it, or write the flow log as text`,
      )
    }
    if (length > this.#file.length) {
      const larger = new Uint8Array(Math.min(LARGEST_FILE, Math.max(length, this.#file.length * 2)))
      larger.set(this.#file.subarray(0, this.#length))
      this.#file = larger
    }
    this.#file.set(chunk, this.#length)
    this.#length = length
  }

  end(): void {
    const file = this.#file.subarray(0, this.#length)
    this.#file = new Uint8Array(0)
    try {
      this.#read(file)
    } finally {
      this.#rows.end()
    }
  }

  account(): ParseAccount {
    return this.#rows.account('vpc-flow-log-parquet')
  }

  #read(file: Uint8Array): void {
    // A file that was too large was said to be that.
    if (file.length === 0) return
    const footer = readFooter(file)
    const cells = cellsOf(footer)
    const rows = footer.groups.reduce((sum, group) => sum + group.rows, 0)
    if (rows > FREE_ROWS + file.length * ROWS_A_BYTE)
      throw new InputError(`reading stopped: the Parquet file claims ${rows} rows in ${file.length} bytes`)
    const budget = new UnpackBudget(file.length)
    for (const group of footer.groups) this.#readGroup(file, group, cells, budget)
  }

  #readGroup(file: Uint8Array, group: RowGroup, cells: readonly Cell[], budget: UnpackBudget): void {
    if (group.rows === 0) return
    const readers = cells.map(({ column }) => {
      const chunk = group.chunks.find((candidate) => candidate.column === column.name)
      if (!chunk) throw damaged(`a group of rows has no column ${column.name}`)
      return new ColumnReader(file, column, chunk, budget)
    })
    const row = this.#row
    for (let i = 0; i < group.rows; i++) {
      row.status = 'OK'
      row.fault = null
      row.families.fill(0)
      row.numbers.fill(-1)
      for (let c = 0; c < cells.length; c++)
        if ((readers[c] as ColumnReader).read(this.#value)) this.#fill(cells[c] as Cell)
      this.#rows.take(row)
    }
  }

  /** Puts the value into its field of the row. */
  #fill({ column, kind, slot }: Cell): void {
    const { isText, bytes, from, end } = this.#value
    const row = this.#row
    if (isText && (end === from || (end === from + 1 && bytes[from] === dash))) return
    if (kind === numberColumn) {
      const number = isText ? this.#numberOf(bytes, from, end) : this.#value.number
      this.#fillNumber(column.perSecond > 0 ? Math.floor(number / column.perSecond) : number, slot)
    } else if (kind === addressColumn) {
      const family = isText ? readAddress(bytes, from, end, row.words, slot * 4) : 0
      row.families[slot] = family
      if (family === 0) row.fault = 'malformed-address'
    } else if (isText && end - from <= 8) {
      const status = latin1.decode(bytes.subarray(from, end))
      if (status === 'NODATA' || status === 'SKIPDATA') row.status = status
    }
  }

  /** Digits alone; NaN where it is no number, -1 where it has none. */
  #numberOf(bytes: Uint8Array, from: number, end: number): number {
    let value = 0
    for (let at = from; at < end; at++) {
      const digit = (bytes[at] as number) - 48
      if (!(digit >= 0 && digit <= 9)) {
        this.#row.fault = 'malformed-number'
        return Number.NaN
      }
      value = value * 10 + digit
    }
    return value
  }

  #fillNumber(number: number, slot: number): void {
    // What writes tables without a null of numbers writes NaN.
    if (Number.isNaN(number)) return
    if (number < 0 || number >= largest) this.#row.fault ??= 'number-out-of-range'
    else if (!Number.isInteger(number)) this.#row.fault ??= 'malformed-number'
    else this.#row.numbers[slot] = number
  }
}

/** @throws InputError where the columns are not those of a flow log */
function cellsOf({ columns }: Footer): Cell[] {
  const plan = tablePlan(columns.map(({ name }) => name))
  if (plan === null)
    throw new InputError(
      'the Parquet file is no VPC flow log: it has no columns srcaddr and dstaddr, or pkt_srcaddr and pkt_dstaddr',
    )
  return columns.flatMap((column, i) => {
    const kind = plan.kinds[i] as number
    const isRead = kind === addressColumn || kind === numberColumn || kind === statusColumn
    return isRead ? [{ column, kind, slot: plan.slots[i] as number }] : []
  })
}
