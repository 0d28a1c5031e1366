/** Segments of a TCP stream that are kept for later, sorted by sequence number. */

/** Memory that all streams together may still use for segments and messages in progress, in bytes. */
export interface Budget {
  left: number
}

export interface HeldSegment {
  readonly sequence: number
  readonly bytes: Uint8Array
  /** It is too short to tell whether a message begins in it. */
  perhaps: boolean
}

const MOST_HELD = 1024
/** Most streams never hold a segment. Never written to. */
const NONE: HeldSegment[] = []

export class HeldSegments {
  readonly #budget: Budget
  #segments = NONE
  #bytes = 0

  constructor(budget: Budget) {
    this.#budget = budget
  }

  get length(): number {
    return this.#segments.length
  }

  get first(): HeldSegment | undefined {
    return this.#segments[0]
  }

  at(index: number): HeldSegment | undefined {
    return this.#segments[index]
  }

  /** Index of the first segment of those that lie without a gap up to one that begins at a sequence number. */
  runBefore(sequence: number): number {
    let run = 0
    // A segment that was sent again may end before one that begins where it does, or earlier: the furthest end counts.
    let reach = this.first?.sequence ?? 0
    for (let index = 0; ; index++) {
      const segment = this.at(index)
      if (!segment || ((segment.sequence - sequence) | 0) > 0) return run
      if (((segment.sequence - reach) | 0) > 0) run = index
      const end = segment.sequence + segment.bytes.length
      if (run === index || ((end - reach) | 0) > 0) reach = end
    }
  }

  /**
   * Keeps a copy of a segment.
   *
   * @param limit bytes that the stream may hold
   * @returns false where there is no room for it
   */
  add(sequence: number, bytes: Uint8Array, offset: number, end: number, perhaps: boolean, limit: number): boolean {
    const length = end - offset
    if (this.#bytes + length > limit || this.#budget.left < length || this.length >= MOST_HELD) return false
    if (this.length === 0) this.#segments = []
    let at = this.length
    while (at > 0 && ((sequence - (this.#segments[at - 1]?.sequence ?? 0)) | 0) < 0) at--
    // Not `slice`, which copies nothing where the bytes are a Buffer.
    this.#segments.splice(at, 0, { sequence, bytes: new Uint8Array(bytes.subarray(offset, end)), perhaps })
    this.#bytes += length
    this.#budget.left -= length
    return true
  }

  /** Gives the first segment away. */
  shift(): HeldSegment | undefined {
    const first = this.length > 0 ? this.#segments.shift() : undefined
    const length = first?.bytes.length ?? 0
    this.#bytes -= length
    this.#budget.left += length
    return first
  }

  /** Gives all segments away. */
  clear(): readonly HeldSegment[] {
    const all = this.#segments
    this.#budget.left += this.#bytes
    this.#segments = NONE
    this.#bytes = 0
    return all
  }

  /** The bytes from a segment on, up to the next gap. */
  joinedFrom(index: number): Uint8Array {
    const start = this.at(index)?.sequence ?? 0
    const parts: Uint8Array[] = []
    let length = 0
    for (let i = index; i < this.length; i++) {
      const segment = this.at(i)
      const at = ((segment?.sequence ?? 0) - start) | 0
      if (!segment || at > length) break
      if (at + segment.bytes.length <= length) continue
      parts.push(segment.bytes.subarray(length - at))
      length = at + segment.bytes.length
    }
    return new Uint8Array(Buffer.concat(parts, length))
  }
}
