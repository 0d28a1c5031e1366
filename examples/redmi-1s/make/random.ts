/** Random-looking numbers that are the same in every run. */
import { Buffer } from 'node:buffer'

/** A small generator (xorshift32, G. Marsaglia, "Xorshift RNGs", 2003). No secret hangs on it. */
export class Random {
  #state: number

  /** @param seed any text; the same text gives the same numbers */
  constructor(seed: string) {
    // FNV-1a spreads the text over the state; zero would be a fixed point.
    let state = 0x811c9dc5
    for (const octet of Buffer.from(seed)) state = Math.imul(state ^ octet, 0x01000193) >>> 0
    this.#state = state || 1
  }

  /** A 32-bit number. */
  word(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x >>> 0
    return this.#state
  }

  /** An integer from `low` to below `high`. */
  between(low: number, high: number): number {
    return low + (this.word() % (high - low))
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length)
    for (let i = 0; i < length; i++) bytes[i] = this.word() >>> 11
    return bytes
  }
}
