/** JSON of any shape, an object a line or an array of objects, by the keys that a session names. */
import { InputError } from '../../errors.ts'
import type { CaptureReading, ParseAccount, Parser, ParseSink } from '../../model.ts'
import { ABSENT, JsonFields, NUMBER, TEXT } from '../json-fields.ts'
import { JsonRecords } from '../json-records.ts'
import { NO_ZONE, zoneMissing } from '../log-time.ts'
import { RecordAccount } from '../record-account.ts'
import { columnMap, listed, slotOf } from './column-map.ts'
import { MappedRow } from './mapped-row.ts'

const NAME = slotOf('name')
/** Keys of a record that are listed, and how deep. */
const MOST_KEYS = 60
const DEEPEST = 4

const utf8 = new TextDecoder()

/**
 * Reads JSON objects as flows.
 *
 * @throws InputError from `end` where an array breaks off, no record had a key that was named, or where times have no zone and none was given
 */
export class MappedJsonParser implements Parser {
  readonly #account = new RecordAccount()
  readonly #records: JsonRecords
  readonly #row: MappedRow
  readonly #json: JsonFields
  /** By the fields of the JSON: their slot, the path that was named, and whether any record had it. */
  readonly #fields: { readonly slot: number; readonly path: string; isSeen: boolean }[]
  #keys: readonly string[] | null = null
  #zoneless = 0

  /** @param head the first bytes of the log, which tell how its records stand */
  constructor(sink: ParseSink, reading: CaptureReading, head: Uint8Array) {
    const map = columnMap(reading.columns ?? {})
    this.#fields = map.names.flatMap((path, slot) => (path === undefined ? [] : [{ slot, path, isSeen: false }]))
    this.#json = new JsonFields(this.#fields.map(({ path }) => path))
    this.#row = new MappedRow(sink, map, reading.timeZone)
    this.#records = new JsonRecords(
      head,
      (bytes, from, end) => {
        const reason = this.#read(bytes, from, end)
        if (reason === null) this.#account.used++
        else this.#account.leaveOut(reason)
        if (reason === NO_ZONE && this.#zoneless === 0) this.#zoneless = this.#records.line
      },
      (reason) => this.#account.leaveOut(reason),
    )
  }

  push(chunk: Uint8Array): void {
    this.#records.push(chunk)
  }

  end(): void {
    this.#records.end()
    this.#row.flush()
    this.#records.assertWhole()
    const missing = this.#fields.filter(({ isSeen }) => !isSeen).map(({ path }) => path)
    if (missing.length > 0 && this.#keys !== null)
      throw new InputError(
        `no record has ${listed(missing)}: the first one has ${listed(this.#keys)}; name those of them that are meant under columns of this capture in session.yaml, or with --columns`,
      )
    if (this.#zoneless > 0) throw zoneMissing(this.#zoneless)
  }

  account(): ParseAccount {
    return this.#account.account('json', [])
  }

  #read(bytes: Uint8Array, from: number, end: number): string | null {
    const json = this.#json
    const row = this.#row
    if (!json.read(bytes, from, end)) return 'malformed-record'
    this.#keys ??= keysOf(bytes.subarray(from, end))
    row.bytes = bytes
    row.from.fill(0)
    row.end.fill(0)
    let name: string | undefined
    for (const [index, field] of this.#fields.entries()) {
      const kind = json.kinds[index]
      if (kind !== ABSENT) field.isSeen = true
      if (kind !== TEXT && kind !== NUMBER) continue
      row.from[field.slot] = json.from[index] as number
      row.end[field.slot] = json.end[index] as number
      if (field.slot === NAME) name = json.text(index) ?? undefined
    }
    return row.write(name)
  }
}

/** Paths of a record's keys; their values stand in none of them. */
function keysOf(bytes: Uint8Array): string[] {
  const keys: string[] = []
  const add = (value: object, before: string, depth: number) => {
    for (const [key, inner] of Object.entries(value)) {
      if (keys.length > MOST_KEYS) return
      const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      if (isObject && depth < DEEPEST) add(inner, `${before}${key}/`, depth + 1)
      else keys.push(before + key)
    }
  }
  try {
    add(JSON.parse(utf8.decode(bytes)) as object, '', 1)
  } catch {
    // Well formed as far as it was read, and not beyond.
  }
  return keys
}
