/** Cuts a stream that arrives in chunks of any size into whole records, without copying more than the records cut in two. */
import { InputError } from '../errors.ts'

/** Reads records that stand whole in memory. */
export interface RecordReader {
  /**
   * Reads the whole records in `bytes` from `at` up to `end`.
   *
   * @param origin offset in the stream of `bytes[at]`
   * @returns where the first record begins that is not whole; {@link need} then says how many bytes it takes as far as its
   * header tells, which is more than are there. Exactly that many bytes either give a whole record or a larger need.
   */
  readRecords(bytes: Uint8Array, at: number, end: number, origin: number): number
  readonly need: number
  /** Bytes to pass over before the next record; the cutter counts them down. */
  skip: number
}

export class RecordCutter {
  readonly #reader: RecordReader
  #held: Uint8Array = new Uint8Array(0)
  #heldLength = 0
  #offset = 0

  constructor(reader: RecordReader) {
    this.#reader = reader
  }

  /** Offset in the stream of the record that is not whole yet. */
  get offset(): number {
    return this.#offset
  }

  push(chunk: Uint8Array): void {
    const reader = this.#reader
    let at = 0
    while (at < chunk.length || this.#heldLength > 0) {
      if (reader.skip > 0) {
        const skipped = Math.min(reader.skip, chunk.length - at)
        reader.skip -= skipped
        at += skipped
        this.#offset += skipped
        if (at === chunk.length) return
      } else if (this.#heldLength > 0) {
        const missing = Math.min(reader.need - this.#heldLength, chunk.length - at)
        this.#hold(chunk.subarray(at, at + missing))
        at += missing
        if (this.#heldLength < reader.need) return
        const read = reader.readRecords(this.#held, 0, this.#heldLength, this.#offset)
        if (read === 0) continue
        this.#offset += read
        this.#heldLength = 0
      } else {
        const read = reader.readRecords(chunk, at, chunk.length, this.#offset)
        this.#offset += read - at
        at = read
        if (reader.skip > 0) continue
        this.#hold(chunk.subarray(at))
        return
      }
    }
  }

  /** @throws InputError where the stream ends inside a record */
  end(what: string): void {
    if (this.#heldLength === 0 && this.#reader.skip === 0) return
    throw new InputError(`the ${what} is cut short: it ends inside a record that begins here`, { offset: this.#offset })
  }

  /** The buffer grows with the bytes that arrive, never with what a length field claims. */
  #hold(bytes: Uint8Array): void {
    const length = this.#heldLength + bytes.length
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(length, this.#held.length * 2, 4096))
      grown.set(this.#held.subarray(0, this.#heldLength))
      this.#held = grown
    }
    this.#held.set(bytes, this.#heldLength)
    this.#heldLength = length
  }
}
