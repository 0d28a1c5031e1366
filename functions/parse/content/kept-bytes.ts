/** Bytes of a message that are kept until it is whole: up to a limit, and to what all of them together may take. */
import type { Budget } from '../payload/held-segments.ts'
import { Collected } from '../payload/message-reader.ts'

export class KeptBytes {
  /** Bytes that there was no room for, or that were lost. */
  missing = 0
  readonly #collected: Collected
  readonly #limit: number
  readonly #budget: Budget

  constructor(budget: Budget, limit: number) {
    this.#budget = budget
    this.#limit = limit
    this.#collected = new Collected(limit)
  }

  get length(): number {
    return this.#collected.length
  }

  /** Valid until more are added. */
  get bytes(): Uint8Array {
    return this.#collected.bytes.subarray(0, this.length)
  }

  /** @returns how many were kept; those that were not are counted as missing */
  add(bytes: Uint8Array, offset: number, end: number): number {
    // What comes behind a piece that is missing would pass for what follows the piece before it.
    const room = this.missing > 0 ? 0 : Math.min(this.#limit - this.length, this.#budget.left)
    const taken = Math.max(0, Math.min(end - offset, room))
    if (taken > 0) this.#collected.add(bytes, offset, offset + taken)
    this.#budget.left -= taken
    this.missing += end - offset - taken
    return taken
  }

  /** Gives the room back; what was kept is not to be used any more. */
  release(): void {
    this.#budget.left += this.length
    this.#collected.length = 0
  }
}
