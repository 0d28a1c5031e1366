/** The fields of one row of a Zeek log, wherever they were found: in columns or in JSON. */
import type { Micros } from '../../model.ts'
import { ABSENT, ARRAY, type JsonFields, TEXT } from '../json-fields.ts'
import type { LogTimes } from '../log-time.ts'
import { latin1 } from '../payload/flow-names.ts'
import { FIELDS, fieldNumber } from './fields.ts'
import { readSeconds } from './seconds.ts'

const TS = fieldNumber('ts')
/** In the year 5138 as seconds, in 1973 as milliseconds: Zeek writes JSON with either. */
const LEAST_MILLIS = 1e11
/** The first time that is no longer exact in microseconds: year 2255. */
const TOO_LATE = Number.MAX_SAFE_INTEGER

export class RowFields {
  bytes: Uint8Array = new Uint8Array(0)
  /** By field number: what stands there, {@link ABSENT} where nothing does, and where it begins and ends in `bytes`. */
  readonly kinds: Uint8Array
  readonly from: Int32Array
  readonly end: Int32Array
  /** Of rows of JSON: what reads them; null for rows in columns. */
  readonly json: JsonFields | null
  /** Of a row in columns: what sets the elements of a list apart. */
  setSeparator = ','
  /** Why {@link time} could not be read, null where it could. */
  timeFault: string | null = null

  constructor(json: JsonFields | null) {
    this.json = json
    this.kinds = json?.kinds ?? new Uint8Array(FIELDS)
    this.from = json?.from ?? new Int32Array(FIELDS)
    this.end = json?.end ?? new Int32Array(FIELDS)
  }

  has(field: number): boolean {
    return this.kinds[field] !== ABSENT
  }

  /** A text, one character a byte, without its escapes; null where there is none. */
  text(field: number): string | null {
    if (this.kinds[field] === ABSENT) return null
    if (this.json !== null) return this.kinds[field] === TEXT ? unescaped(byteText(this.json.text(field) ?? '')) : null
    return unescaped(latin1(this.bytes, this.from[field] as number, this.end[field] as number))
  }

  /** A text in which nothing can be escaped, such as a uid; null where there is none. */
  word(field: number): string | null {
    const kind = this.kinds[field]
    if (kind === ABSENT || (this.json !== null && kind !== TEXT)) return null
    return latin1(this.bytes, this.from[field] as number, this.end[field] as number)
  }

  /** The first byte of what stands there, 0 where nothing does. */
  first(field: number): number {
    return this.kinds[field] === ABSENT || this.from[field] === this.end[field]
      ? 0
      : (this.bytes[this.from[field] as number] as number)
  }

  /** A whole number from 0 on; NaN where something else stands there or a number too large to be exact, -1 where nothing does. */
  count(field: number): number {
    if (this.kinds[field] === ABSENT) return -1
    const { bytes } = this
    const end = this.end[field] as number
    const from = this.from[field] as number
    if (end === from || end - from > 20) return Number.NaN
    let value = 0
    for (let at = from; at < end; at++) {
      const digit = (bytes[at] as number) - 48
      if (digit < 0 || digit > 9) return wholeNumber(latin1(bytes, from, end))
      value = value * 10 + digit
    }
    return value <= Number.MAX_SAFE_INTEGER ? value : Number.NaN
  }

  /** A number of any kind, NaN where there is none. */
  decimal(field: number): number {
    if (this.kinds[field] === ABSENT) return Number.NaN
    return Number(latin1(this.bytes, this.from[field] as number, this.end[field] as number) || 'none')
  }

  /** Seconds as microseconds, NaN where there are none. */
  interval(field: number): Micros {
    if (this.kinds[field] === ABSENT) return Number.NaN
    return readSeconds(this.bytes, this.from[field] as number, this.end[field] as number)
  }

  /** Elements of a list, nothing where there is none. */
  list(field: number): readonly string[] {
    if (this.kinds[field] === ABSENT) return []
    if (this.json === null) {
      const text = latin1(this.bytes, this.from[field] as number, this.end[field] as number)
      return text === '' ? [] : text.split(this.setSeparator).map(unescaped)
    }
    const value = this.kinds[field] === ARRAY ? this.json.value(field) : undefined
    return Array.isArray(value) ? value.map((element) => unescaped(byteText(String(element)))) : []
  }

  /**
   * When the row's event was: seconds or, in JSON, milliseconds since the epoch, or ISO 8601.
   *
   * @returns NaN where that cannot be told, see {@link timeFault}
   */
  time(times: LogTimes): Micros {
    const from = this.from[TS] as number
    const end = this.end[TS] as number
    this.timeFault = null
    if (this.kinds[TS] === ABSENT) this.timeFault = 'no-time'
    else if (this.bytes[from + 4] === 45 && end - from > 10) {
      const at = times.read(this.bytes, from, end)
      this.timeFault = times.fault
      return at
    } else {
      let at = readSeconds(this.bytes, from, end)
      if (at >= LEAST_MILLIS * 1e6) at = Math.round(at / 1000)
      if (Math.abs(at) < TOO_LATE) return at
      this.timeFault = Number.isNaN(at) ? 'no-time' : 'time-out-of-range'
    }
    return Number.NaN
  }
}

/** A number as some writers of JSON have it: `336.0`, `1e3`. */
function wholeNumber(text: string): number {
  const value = /^\d+(\.\d+)?(e\+?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value : Number.NaN
}

/** A text with one character a byte of UTF-8, as it stands in columns. */
function byteText(text: string): string {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return Buffer.from(text).toString('latin1')
  return text
}

/** Zeek writes separators, control characters, and bytes that are no text as `\x` and two hex digits. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
