/**
 * One direction of a TCP connection in the order in which it was said (RFC 9293, section 3.4), to its end. What was sent again
 * counts once, as it was sent first; what does not come is given up once too much waits behind it.
 */
import { type Budget, HeldSegments } from '../payload/held-segments.ts'

/** Takes what a direction says. */
export interface Listener {
  /** The bytes are only valid during the call. */
  take(bytes: Uint8Array, offset: number, end: number): void
  /** So many bytes do not come. */
  lost(count: number): void
  end(): void
}

/** Bytes that wait for a missing segment. */
const MOST_WAITING_BYTES = 1 << 18

export class OrderedBytes {
  readonly #listener: Listener
  readonly #held: HeldSegments
  /** Sequence number that follows what was handed on; NaN before the first. */
  #next: number
  /** Where what was sent ends and begins, as far as it was seen: bytes from {@link #next}, and sequence number. */
  #furthest: number
  #earliest: number

  /** @param first sequence number of the first byte, NaN where the connection's opening was not seen */
  constructor(listener: Listener, budget: Budget, first: number) {
    this.#listener = listener
    this.#held = new HeldSegments(budget)
    this.#next = this.#furthest = this.#earliest = first
  }

  /**
   * Takes a segment's payload, which is only valid during the call.
   *
   * @param cut bytes behind it that were sent and not captured
   */
  take(sequence: number, bytes: Uint8Array, offset: number, end: number, cut: number): void {
    if (Number.isNaN(this.#next)) this.#next = this.#furthest = this.#earliest = sequence
    const behind = (sequence + end - offset + cut) >>> 0
    if (((behind - this.#furthest) | 0) > 0) this.#furthest = behind
    const before = (this.#earliest - sequence) | 0
    if (before > 0) {
      // The capture began with a later segment: that one was taken for the first.
      this.#earliest = sequence
      this.#listener.lost(before)
    }
    this.#add(sequence, bytes, offset, end)
  }

  /** Nothing more will come. */
  end(): void {
    while (this.#held.length > 0) this.#giveUp()
    const tail = Number.isNaN(this.#next) ? 0 : (this.#furthest - this.#next) | 0
    if (tail > 0) this.#listener.lost(tail)
    this.#listener.end()
  }

  #add(sequence: number, bytes: Uint8Array, offset: number, end: number): void {
    let ahead = (sequence - this.#next) | 0
    while (ahead > 0) {
      if (this.#held.add(sequence, bytes, offset, end, false, MOST_WAITING_BYTES)) return
      if (this.#held.length > 0) this.#giveUp()
      else this.#skip(ahead)
      ahead = (sequence - this.#next) | 0
    }
    this.#deliver(bytes, offset - ahead, end)
    this.#drain()
  }

  /** Goes on behind the first gap. */
  #giveUp(): void {
    const ahead = ((this.#held.first?.sequence ?? 0) - this.#next) | 0
    if (ahead > 0) this.#skip(ahead)
    this.#drain()
  }

  #skip(count: number): void {
    this.#next = (this.#next + count) >>> 0
    this.#listener.lost(count)
  }

  #drain(): void {
    for (let first = this.#held.first; first; first = this.#held.first) {
      const ahead = (first.sequence - this.#next) | 0
      if (ahead > 0) return
      this.#held.shift()
      this.#deliver(first.bytes, -ahead, first.bytes.length)
    }
  }

  #deliver(bytes: Uint8Array, offset: number, end: number): void {
    if (offset >= end) return
    this.#next = (this.#next + end - offset) >>> 0
    this.#listener.take(bytes, offset, end)
  }
}
