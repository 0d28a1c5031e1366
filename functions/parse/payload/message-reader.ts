/** What the readers of single protocols have in common. */

/** Reads one message that may lie over several segments of a stream. */
export interface MessageReader {
  /**
   * Takes the bytes that follow those of the last call.
   *
   * @returns the offset behind the message where it ended, or -1 where it goes on
   */
  push(bytes: Uint8Array, offset: number, end: number): number
  /** No more bytes will come: makes of the message what it can. */
  stop(): void
  /** Bytes that it keeps at the moment, where it says so; of others all are counted that they took. */
  readonly kept?: number
}

/** Whether bytes begin a message of a protocol: they do not, they are too few to tell, or they do. */
export const NO = 0
export const PERHAPS = 1
export const YES = 2
export type Recognition = typeof NO | typeof PERHAPS | typeof YES

const NOTHING = new Uint8Array(0)

/** Bytes that are collected up to a limit, in one growing piece of memory. */
export class Collected {
  bytes: Uint8Array = NOTHING
  length = 0
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** @returns false where the limit cut the bytes short */
  add(bytes: Uint8Array, offset: number, end: number): boolean {
    const taken = Math.min(end - offset, this.#limit - this.length)
    if (this.length + taken > this.bytes.length) {
      const grown = new Uint8Array(Math.min(this.#limit, Math.max(this.length + taken, this.bytes.length * 2, 512)))
      grown.set(this.bytes.subarray(0, this.length))
      this.bytes = grown
    }
    this.bytes.set(bytes.subarray(offset, offset + taken), this.length)
    this.length += taken
    return taken === end - offset
  }
}
