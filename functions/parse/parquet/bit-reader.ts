/** Bytes, and numbers packed bit by bit from the lowest bit on. It reads no further than it may. */
import { damaged } from './damaged.ts'

/** From any bit of the first of four bytes on. */
const WIDEST_AT_ONCE = 24

export class BitReader {
  at: number
  readonly #bytes: Uint8Array
  readonly #end: number
  /** Bits of the byte at `at` that were read. */
  #bit = 0

  constructor(bytes: Uint8Array, from: number, end: number) {
    this.#bytes = bytes
    this.at = from
    this.#end = end
  }

  byte(): number {
    if (this.at >= this.#end)
      throw damaged('it ends in the middle of a header, or a page has fewer values than it says')
    return this.#bytes[this.at++] as number
  }

  /** Seven bits a byte, the lowest first. Exact up to 2^53, beyond which nothing that is counted here goes. */
  varint(): number {
    const first = this.byte()
    return first < 128 ? first : (first & 127) + this.#more(128)
  }

  /** A {@link varint} whose lowest bit is the sign. */
  zigzag(): number {
    const first = this.byte()
    const half = ((first & 127) >> 1) + (first < 128 ? 0 : this.#more(64))
    return (first & 1) === 0 ? half : -half - 1
  }

  #more(firstUnit: number): number {
    let value = 0
    for (let unit = firstUnit; unit < 2 ** 70; unit *= 128) {
      const byte = this.byte()
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
    throw damaged('a number has too many digits')
  }

  /** The number in the next `width` bits. */
  bits(width: number): number {
    const { at } = this
    if (width <= WIDEST_AT_ONCE && at + 4 <= this.#end) {
      const bytes = this.#bytes
      const four =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24)
      const value = (four >>> this.#bit) & ((1 << width) - 1)
      this.#bit += width
      this.at = at + (this.#bit >> 3)
      this.#bit &= 7
      return value
    }
    return this.#bitsOfBytes(width)
  }

  /** Near the end, and numbers that four bytes do not hold. */
  #bitsOfBytes(width: number): number {
    let value = 0
    for (let got = 0; got < width; ) {
      if (this.at >= this.#end) throw damaged('a page has fewer values than it says')
      const bits = Math.min(8 - this.#bit, width - got)
      value += (((this.#bytes[this.at] as number) >> this.#bit) & ((1 << bits) - 1)) * 2 ** got
      got += bits
      this.#bit += bits
      if (this.#bit === 8) {
        this.#bit = 0
        this.at++
      }
    }
    return value
  }

  /** Goes to the next byte where only some bits of one were read. */
  align(): void {
    if (this.#bit > 0) this.at++
    this.#bit = 0
  }

  /** Goes behind the next `length` bytes. @returns where they begin */
  pass(length: number): number {
    const from = this.at
    if (!(length >= 0 && length <= this.#end - from)) throw damaged('it ends in the middle of a value')
    this.at = from + length
    return from
  }

  get left(): number {
    return this.#end - this.at
  }
}
