/** CSV of any shape, by the columns that a session names. Commas, semicolons or tabs stand between the fields. */
import { InputError } from '../../errors.ts'
import type { CaptureReading, ParseAccount, Parser, ParseSink } from '../../model.ts'
import { NO_ZONE, zoneMissing } from '../log-time.ts'
import { RecordAccount } from '../record-account.ts'
import { type ColumnMap, columnMap, listed, SLOTS } from './column-map.ts'
import { CsvRows } from './csv-rows.ts'
import { columnsToldOf } from './first-row.ts'
import { MappedRow } from './mapped-row.ts'

const COMMA = 44
const SEMICOLON = 59
const TAB = 9
const NEWLINE = 10

const utf8 = new TextDecoder()

/**
 * Reads CSV whose first row names the columns. A row of another number of fields is a `malformed-row`.
 *
 * @throws InputError from the constructor where a column is missing or stands twice; from `end` where times have no zone and
 * none was given
 */
export class MappedCsvParser implements Parser {
  readonly #records = new RecordAccount()
  readonly #rows: CsvRows
  readonly #row: MappedRow
  readonly #header: readonly string[]
  /** By slot: the field that holds it, -1 for none. */
  readonly #fields: Int32Array
  #isHeaderRead = false
  #zoneless = 0

  /** @param head the first bytes of the log, with its header */
  constructor(sink: ParseSink, reading: CaptureReading, head: Uint8Array) {
    const map = columnMap(reading.columns ?? {})
    const { separator, header } = headerOf(head, map)
    this.#header = header
    this.#fields = fieldsOf(map, header)
    this.#row = new MappedRow(sink, map, reading.timeZone)
    this.#rows = new CsvRows(
      separator,
      () => this.#take(),
      (reason) => this.#records.leaveOut(reason),
    )
  }

  push(chunk: Uint8Array): void {
    this.#rows.push(chunk)
  }

  end(): void {
    this.#rows.finish()
    this.#row.flush()
    if (this.#zoneless > 0) throw zoneMissing(this.#zoneless)
  }

  account(): ParseAccount {
    return this.#records.account('csv', [])
  }

  #take(): void {
    if (!this.#isHeaderRead) {
      this.#isHeaderRead = true
      return
    }
    const reason = this.#read()
    if (reason === null) this.#records.used++
    else this.#records.leaveOut(reason)
    if (reason === NO_ZONE && this.#zoneless === 0) this.#zoneless = this.#rows.line
  }

  #read(): string | null {
    const rows = this.#rows
    const row = this.#row
    if (rows.fields !== this.#header.length) return 'malformed-row'
    row.bytes = rows.bytes
    for (let slot = 0; slot < SLOTS; slot++) {
      const field = this.#fields[slot] as number
      row.from[slot] = field < 0 ? 0 : (rows.from[field] as number)
      row.end[slot] = field < 0 ? 0 : (rows.end[field] as number)
    }
    return row.write()
  }
}

/** The first row that is not empty, cut at the separator by which most of the columns that are looked for are found. */
function headerOf(head: Uint8Array, map: ColumnMap): { separator: number; header: readonly string[] } {
  let best = { separator: COMMA, header: [] as readonly string[], found: -1 }
  for (const separator of [COMMA, SEMICOLON, TAB]) {
    let header: readonly string[] = []
    const rows = new CsvRows(
      separator,
      () => {
        if (header.length === 0) header = namesOf(rows)
      },
      () => {},
    )
    rows.push(head)
    if (header.length === 0 && !head.includes(NEWLINE)) rows.finish()
    const found = map.names.filter((name) => name !== undefined && header.includes(name)).length
    if (found > best.found || (found === best.found && header.length > best.header.length))
      best = { separator, header, found }
  }
  return best
}

function namesOf({ bytes, from, end, fields }: CsvRows): string[] {
  return Array.from({ length: fields }, (_, field) => utf8.decode(bytes.subarray(from[field], end[field])).trim())
}

function fieldsOf(map: ColumnMap, header: readonly string[]): Int32Array {
  const missing = map.names.filter((name) => name !== undefined && !header.includes(name))
  if (missing.length > 0)
    throw new InputError(
      `the log has no column ${listed(missing as string[])}: ${columnsToldOf(header)}; name those of the log that are meant under columns of this capture in session.yaml, or with --columns`,
      { line: 1 },
    )
  const twice = map.names.find((name) => name !== undefined && header.indexOf(name) !== header.lastIndexOf(name))
  if (twice !== undefined)
    throw new InputError(`the log has two columns ${listed([twice])}, and which is meant cannot be told: rename one`, {
      line: 1,
    })
  return Int32Array.from(map.names, (name) => (name === undefined ? -1 : header.indexOf(name)))
}
