/**
 * Thrift's compact protocol, in which Parquet writes its footer and page headers; of any bytes it reads no more than are there.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
import { BitReader } from './bit-reader.ts'
import { damaged } from './damaged.ts'

const STOP = 0
const TRUE = 1
const FALSE = 2
const BYTE = 3
const I16 = 4
const I32 = 5
const I64 = 6
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const SET = 10
const MAP = 11
const STRUCT = 12

/** Deeper than Parquet nests. */
const DEEPEST = 24

/** Reads one field, of which the type is still to be handed to a method of the reader; false where nobody wants it. */
export type TakeField = (field: number, type: number) => boolean

export class ThriftReader {
  readonly #bytes: Uint8Array
  readonly #reader: BitReader
  #depth = 0

  constructor(bytes: Uint8Array, from: number, end: number) {
    this.#bytes = bytes
    this.#reader = new BitReader(bytes, from, end)
  }

  /** Offset behind what was read. */
  get at(): number {
    return this.#reader.at
  }

  /** Reads a struct field by field; those that are not taken are passed over. */
  struct(type: number, take: TakeField): void {
    if (type !== STRUCT) throw damaged('a struct is missing')
    if (++this.#depth > DEEPEST) throw damaged('structs stand too deep in one another')
    for (let field = 0; ; ) {
      const byte = this.#reader.byte()
      const kind = byte & 15
      if (kind === STOP) break
      field = byte >> 4 === 0 ? this.#reader.zigzag() : field + (byte >> 4)
      if (!take(field, kind)) this.#skip(kind)
    }
    this.#depth--
  }

  /** A struct that stands alone, as a footer and a page header do. */
  root(take: TakeField): void {
    this.struct(STRUCT, take)
  }

  /** Reads a list; `take` is called for each element with its type. */
  list(type: number, take: (type: number) => void): void {
    if (type !== LIST && type !== SET) throw damaged('a list is missing')
    const byte = this.#reader.byte()
    const count = byte >> 4 === 15 ? this.#reader.varint() : byte >> 4
    // Every element takes a byte at least.
    if (count > this.#reader.left) throw damaged('a list is longer than the file')
    for (let i = 0; i < count; i++) take(byte & 15)
  }

  integer(type: number): number {
    if (type === BYTE) return (this.#reader.byte() << 24) >> 24
    if (type !== I16 && type !== I32 && type !== I64) throw damaged('a number is missing')
    return this.#reader.zigzag()
  }

  /** A field's boolean is its type. */
  boolean(type: number): boolean {
    if (type !== TRUE && type !== FALSE) throw damaged('a boolean is missing')
    return type === TRUE
  }

  text(type: number): string {
    if (type !== BINARY) throw damaged('a name is missing')
    const length = this.#reader.varint()
    const from = this.#reader.pass(length)
    return new TextDecoder('latin1').decode(this.#bytes.subarray(from, from + length))
  }

  #skip(type: number): void {
    if (type === TRUE || type === FALSE) return
    if (type === BYTE) this.#reader.pass(1)
    else if (type === I16 || type === I32 || type === I64) this.#reader.varint()
    else if (type === DOUBLE) this.#reader.pass(8)
    else if (type === BINARY) this.#reader.pass(this.#reader.varint())
    else if (type === LIST || type === SET) this.list(type, (element) => this.#skipElement(element))
    else if (type === STRUCT) this.struct(type, () => false)
    else if (type === MAP) this.#skipMap()
    else throw damaged(`a field of the unknown type ${type}`)
  }

  /** In lists and maps a boolean is a byte. */
  #skipElement(type: number): void {
    if (type === TRUE || type === FALSE) this.#reader.pass(1)
    else if (++this.#depth > DEEPEST) throw damaged('lists stand too deep in one another')
    else {
      this.#skip(type)
      this.#depth--
    }
  }

  #skipMap(): void {
    const count = this.#reader.varint()
    if (count === 0) return
    const types = this.#reader.byte()
    if (count > this.#reader.left) throw damaged('a map is longer than the file')
    for (let i = 0; i < count; i++) {
      this.#skipElement(types >> 4)
      this.#skipElement(types & 15)
    }
  }
}
