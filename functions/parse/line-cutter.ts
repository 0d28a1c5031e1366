/** Cuts what is pushed into lines, without copying those that stand whole in a chunk. Bounded memory, whatever is pushed. */

/** Bytes that may be read behind the end of every line that is handed over: readers of numbers take several at once. */
export const PADDING = 16
/** Longest line that is kept where its reader does not say otherwise. */
const LONGEST = 1 << 20

const NEWLINE = 10
const RETURN = 13

/**
 * Takes a line: it stands in `bytes` from `from` up to `end`, without its line break; `PADDING` more bytes may be read. The
 * bytes may be overwritten after the call returns.
 */
export type TakeLine = (bytes: Uint8Array, from: number, end: number) => void

/** A line ends at LF or CRLF; the last one may lack it. A byte order mark before the first is passed over. */
export class LineCutter {
  /** Number of the line that is handed over, from 1. */
  line = 0
  readonly #take: TakeLine
  readonly #tooLong: () => void
  readonly #longest: number
  #carry = new Uint8Array(1 << 12)
  #carried = 0
  #isTooLong = false

  /**
   * @param tooLong is told of a line longer than `longest` bytes, in its place among the others
   */
  constructor(take: TakeLine, tooLong: () => void, longest = LONGEST) {
    this.#take = take
    this.#tooLong = tooLong
    this.#longest = longest
  }

  push(chunk: Uint8Array): void {
    // The same memory as Node's own type, which finds a byte several times as fast.
    const searched = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    let from = 0
    if (this.#carried > 0 || this.#isTooLong) {
      from = searched.indexOf(NEWLINE) + 1
      this.#keep(from === 0 ? chunk : chunk.subarray(0, from - 1))
      if (from === 0) return
      this.#handOverCarried()
    }
    for (let next = searched.indexOf(NEWLINE, from); next >= 0; next = searched.indexOf(NEWLINE, from)) {
      if (next + PADDING < chunk.length) this.#handOver(chunk, from, next)
      else {
        // Too near the chunk's end to be read there.
        this.#keep(chunk.subarray(from, next))
        this.#handOverCarried()
      }
      from = next + 1
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from))
  }

  /** Hands over the last line, where no line break ended it. */
  end(): void {
    if (this.#carried > 0 || this.#isTooLong) this.#handOverCarried()
  }

  #keep(part: Uint8Array): void {
    const length = this.#carried + part.length
    if (this.#isTooLong || length > this.#longest) {
      this.#isTooLong = true
      return
    }
    if (length + PADDING > this.#carry.length) {
      const larger = new Uint8Array(Math.min(this.#longest, length * 2) + PADDING)
      larger.set(this.#carry.subarray(0, this.#carried))
      this.#carry = larger
    }
    this.#carry.set(part, this.#carried)
    this.#carried = length
  }

  #handOverCarried(): void {
    if (this.#isTooLong) {
      this.line++
      this.#tooLong()
    } else this.#handOver(this.#carry, 0, this.#carried)
    this.#isTooLong = false
    this.#carried = 0
  }

  #handOver(bytes: Uint8Array, from: number, end: number): void {
    this.line++
    if (end - from > this.#longest) {
      this.#tooLong()
      return
    }
    const begin =
      this.line === 1 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf ? from + 3 : from
    this.#take(bytes, begin, end > begin && bytes[end - 1] === RETURN ? end - 1 : end)
  }
}
