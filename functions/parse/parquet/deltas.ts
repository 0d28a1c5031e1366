/**
 * Numbers as differences, packed bit by bit, given one by one.
 * https://github.com/apache/parquet-format/blob/master/Encodings.md#delta-encoding-delta_binary_packed--5
 */
import { BitReader } from './bit-reader.ts'
import { damaged } from './damaged.ts'

const LARGEST_BLOCK = 1 << 20

export class Deltas {
  /** How many numbers there are. */
  readonly count: number
  readonly #reader: BitReader
  readonly #widths: Uint8Array
  readonly #perMiniblock: number
  #value: number
  #given = 0
  #least = 0
  #miniblock: number
  #leftInMiniblock = 0
  #width = 0
  #miniblockEnd: number

  constructor(bytes: Uint8Array, from: number, end: number) {
    const reader = new BitReader(bytes, from, end)
    const block = reader.varint()
    const miniblocks = reader.varint()
    this.count = reader.varint()
    this.#value = reader.zigzag()
    this.#perMiniblock = block / miniblocks
    if (!(block > 0 && block <= LARGEST_BLOCK && this.#perMiniblock % 8 === 0))
      throw damaged('differences stand in blocks that cannot be')
    this.#reader = reader
    this.#widths = new Uint8Array(miniblocks)
    this.#miniblock = miniblocks
    this.#miniblockEnd = reader.at
  }

  next(): number {
    if (this.#given === this.count) throw damaged('a page has fewer values than it says')
    if (this.#given++ === 0) return this.#value
    if (this.#leftInMiniblock === 0) this.#beginMiniblock()
    this.#leftInMiniblock--
    this.#value += this.#least + this.#reader.bits(this.#width)
    return this.#value
  }

  /** Once all numbers were read: the offset behind them. The last miniblock is padded. */
  get behind(): number {
    return this.#miniblockEnd
  }

  #beginMiniblock(): void {
    const reader = this.#reader
    if (this.#miniblock === this.#widths.length) {
      this.#least = reader.zigzag()
      for (let i = 0; i < this.#widths.length; i++) this.#widths[i] = reader.byte()
      this.#miniblock = 0
    }
    this.#width = this.#widths[this.#miniblock++] as number
    if (this.#width > 64) throw damaged('a difference has more than 64 bits')
    this.#leftInMiniblock = this.#perMiniblock
    this.#miniblockEnd = reader.at + (this.#perMiniblock * this.#width) / 8
  }
}
