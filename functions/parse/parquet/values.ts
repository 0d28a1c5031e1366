/**
 * The values of a page, one after the other. A number is a double: beyond 2^53, where no log counts, it is rounded.
 * https://github.com/apache/parquet-format/blob/master/Encodings.md
 */
import { BitReader } from './bit-reader.ts'
import { damaged, unsupported } from './damaged.ts'
import { Deltas } from './deltas.ts'
import { BOOLEAN, BYTE_ARRAY, type Column, DOUBLE, FIXED_LENGTH, FLOAT, INT32, INT64 } from './footer.ts'
import { RunLengths } from './run-lengths.ts'

/** What the last value was: a number, or bytes of a text. */
export class Value {
  isText = false
  number = Number.NaN
  bytes: Uint8Array = new Uint8Array(0)
  from = 0
  end = 0

  setNumber(value: number): void {
    this.isText = false
    this.number = value
  }

  setText(bytes: Uint8Array, from: number, end: number): void {
    this.isText = true
    this.bytes = bytes
    this.from = from
    this.end = end
  }
}

/** Puts the next value of a page into a {@link Value}; throws InputError where there is none any more. */
export type NextValue = (value: Value) => void

const PLAIN = 0
const PLAIN_DICTIONARY = 2
const DELTA_BINARY_PACKED = 5
const DELTA_LENGTH_BYTE_ARRAY = 6
const DELTA_BYTE_ARRAY = 7
const RLE_DICTIONARY = 8

/** No text of a log that is read here is longer: of one that shares its beginning with the one before, more is not kept. */
const LONGEST_SHARED = 4096

/** @param dictionary of the column, null where it has none */
export function valuesOf(
  page: Uint8Array,
  from: number,
  encoding: number,
  column: Column,
  dictionary: Dictionary | null,
): NextValue {
  const { type } = column
  if (encoding === PLAIN) return plainValues(page, from, column)
  if (encoding === PLAIN_DICTIONARY || encoding === RLE_DICTIONARY) {
    if (dictionary === null) throw damaged(`the column ${column.name} has no dictionary`)
    // No index follows where every value is null.
    const indexes = new RunLengths(page, from + 1, page.length, page[from] ?? 0)
    return (value) => dictionary.read(indexes.next(), value)
  }
  if (encoding === DELTA_BINARY_PACKED && (type === INT32 || type === INT64)) {
    const deltas = new Deltas(page, from, page.length)
    // Differences of 32 bits wrap around.
    return (value) => value.setNumber(numberOf(type === INT32 ? deltas.next() | 0 : deltas.next(), column))
  }
  if (encoding === DELTA_LENGTH_BYTE_ARRAY && type === BYTE_ARRAY) return textsBehindLengths(page, from)
  if (encoding === DELTA_BYTE_ARRAY && type === BYTE_ARRAY) return textsBehindBeginnings(page, from)
  throw unsupported(`values of the encoding ${encoding} in the column ${column.name}`)
}

/** Negative numbers of a type without sign are those above its half. */
const numberOf = (number: number, { unsigned, type }: Column) =>
  unsigned && number < 0 ? number + (type === INT32 ? 2 ** 32 : 2 ** 64) : number

function plainValues(page: Uint8Array, from: number, column: Column): NextValue {
  const reader = new BitReader(page, from, page.length)
  const view = new DataView(page.buffer, page.byteOffset, page.length)
  const { type, length } = column
  if (type === BYTE_ARRAY)
    return (value) => {
      const textFrom = reader.pass(view.getUint32(reader.pass(4), true))
      value.setText(page, textFrom, reader.at)
    }
  if (type === FIXED_LENGTH) return (value) => value.setText(page, reader.pass(length), reader.at)
  if (type === BOOLEAN) return (value) => value.setNumber(reader.bits(1))
  if (type === FLOAT) return (value) => value.setNumber(view.getFloat32(reader.pass(4), true))
  if (type === DOUBLE) return (value) => value.setNumber(view.getFloat64(reader.pass(8), true))
  if (type === INT32) return (value) => value.setNumber(numberOf(view.getInt32(reader.pass(4), true), column))
  if (type === INT64)
    return (value) => {
      const at = reader.pass(8)
      value.setNumber(numberOf(view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true), column))
    }
  throw unsupported(`values of the type ${type} in the column ${column.name}`)
}

/** All lengths stand before the first text. */
function textsBehindLengths(page: Uint8Array, from: number): NextValue {
  const lengths = new Deltas(page, from, page.length)
  const reader = new BitReader(page, behindAll(page, from), page.length)
  return (value) => value.setText(page, reader.pass(lengths.next()), reader.at)
}

/** Each text is what it shares with the one before, and the rest. */
function textsBehindBeginnings(page: Uint8Array, from: number): NextValue {
  const shared = new Deltas(page, from, page.length)
  const restsAt = behindAll(page, from)
  const rests = new Deltas(page, restsAt, page.length)
  const reader = new BitReader(page, behindAll(page, restsAt), page.length)
  const text = new Uint8Array(LONGEST_SHARED)
  let length = 0
  return (value) => {
    const begin = shared.next()
    const rest = rests.next()
    const restFrom = reader.pass(rest)
    if (!(begin >= 0 && begin <= length)) throw damaged('a text shares more with the one before than that has')
    if (begin + rest > LONGEST_SHARED) throw damaged(`a text of more than ${LONGEST_SHARED} bytes`)
    text.set(page.subarray(restFrom, reader.at), begin)
    length = begin + rest
    value.setText(text, 0, length)
  }
}

/** The offset behind differences. */
function behindAll(page: Uint8Array, from: number): number {
  const deltas = new Deltas(page, from, page.length)
  // As many bits as a page has values at most: a run of equal numbers takes none, so their count says nothing.
  if (deltas.count > 1 << 24) throw damaged(`a page of ${deltas.count} values`)
  for (let i = 0; i < deltas.count; i++) deltas.next()
  return deltas.behind
}

/** The values that a column's pages name by their index. */
export class Dictionary {
  readonly #page: Uint8Array
  readonly #isText: boolean
  readonly #numbers: Float64Array
  readonly #ends: Float64Array

  /** @throws InputError where it has fewer values than it says */
  constructor(page: Uint8Array, count: number, column: Column) {
    // A value takes a bit at least.
    if (count > page.length * 8) throw damaged('a dictionary has fewer values than it says')
    const next = plainValues(page, 0, column)
    const value = new Value()
    this.#page = page
    this.#isText = column.type === BYTE_ARRAY || column.type === FIXED_LENGTH
    this.#numbers = new Float64Array(count)
    this.#ends = new Float64Array(this.#isText ? count : 0)
    for (let i = 0; i < count; i++) {
      next(value)
      this.#numbers[i] = value.isText ? value.from : value.number
      if (value.isText) this.#ends[i] = value.end
    }
  }

  read(index: number, value: Value): void {
    if (index >= this.#numbers.length) throw damaged('an index leads outside of its dictionary')
    if (this.#isText) value.setText(this.#page, this.#numbers[index] as number, this.#ends[index] as number)
    else value.setNumber(this.#numbers[index] as number)
  }
}
