/**
 * Small numbers in runs of one value, or packed bit by bit: levels, and indexes into a dictionary. They are given one by one, so
 * that a run costs nothing however long it claims to be.
 * https://github.com/apache/parquet-format/blob/master/Encodings.md#run-length-encoding--bit-packing-hybrid-rle--3
 */
import { BitReader } from './bit-reader.ts'
import { damaged } from './damaged.ts'

export class RunLengths {
  readonly #reader: BitReader
  readonly #width: number
  #left = 0
  #isPacked = false
  #value = 0

  /** @param width bits of a number, up to 32 */
  constructor(bytes: Uint8Array, from: number, end: number, width: number) {
    if (width > 32) throw damaged('an index has more than 32 bits')
    this.#reader = new BitReader(bytes, from, end)
    this.#width = width
  }

  next(): number {
    while (this.#left === 0) this.#begin()
    this.#left--
    return this.#isPacked ? this.#reader.bits(this.#width) : this.#value
  }

  #begin(): void {
    const reader = this.#reader
    // Packed numbers come in groups of eight, so they end with a byte.
    const header = reader.varint()
    this.#isPacked = header % 2 === 1
    this.#left = this.#isPacked ? (header - 1) * 4 : header / 2
    if (this.#isPacked) return
    this.#value = reader.bits(this.#width)
    reader.align()
  }
}
