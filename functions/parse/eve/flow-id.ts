/** Suricata's flow ids, read from their digits without making texts, and the rows that wait by them. */

const BILLION = 1e9
/** 2^64 has as many. */
const MOST_DIGITS = 20

/** A flow id in two parts, each exact: ids of some versions have 64 bits, which a double has not. */
export class FlowId {
  high = 0
  low = 0

  /** Reads digits. @returns false where they are none, or too many */
  read(bytes: Uint8Array, from: number, end: number): boolean {
    if (end <= from || end - from > MOST_DIGITS) return false
    const cut = Math.max(from, end - 9)
    this.high = this.low = 0
    for (let at = from; at < end; at++) {
      const digit = (bytes[at] as number) - 48
      if (digit < 0 || digit > 9) return false
      if (at < cut) this.high = this.high * 10 + digit
      else this.low = this.low * 10 + digit
    }
    return true
  }

  /** The same for the same id: a number as long as that is exact. */
  get key(): number | string {
    return keyOf(this.high, this.low)
  }
}

/** The key of an id by its parts. */
export function keyOf(high: number, low: number): number | string {
  return high < 9e6 ? high * BILLION + low : `${high}|${low}`
}

/** Which slot holds which flow id, by a hash with chains; of an id in two slots, the later. */
export class FlowIdTable {
  readonly #high: Float64Array
  readonly #low: Int32Array
  readonly #isTaken: Uint8Array
  /** By hash: the slot that was set last, plus 1; 0 for none. */
  readonly #heads: Int32Array
  /** By slot: the one set before it with the same hash, plus 1. */
  readonly #next: Int32Array
  readonly #mask: number

  constructor(slots: number) {
    let size = 1024
    while (size < slots) size *= 2
    this.#high = new Float64Array(slots)
    this.#low = new Int32Array(slots)
    this.#isTaken = new Uint8Array(slots)
    this.#heads = new Int32Array(size)
    this.#next = new Int32Array(slots)
    this.#mask = size - 1
  }

  set(slot: number, { high, low }: FlowId): void {
    this.#high[slot] = high
    this.#low[slot] = low
    this.#isTaken[slot] = 1
    const hash = hashOf(high, low) & this.#mask
    this.#next[slot] = this.#heads[hash] as number
    this.#heads[hash] = slot + 1
  }

  /** @returns -1 where no slot has it */
  find({ high, low }: FlowId): number {
    let slot = (this.#heads[hashOf(high, low) & this.#mask] as number) - 1
    while (slot >= 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) slot = (this.#next[slot] as number) - 1
    return slot
  }

  /** The key of a slot's id, null where it has none. */
  key(slot: number): number | string | null {
    return this.#isTaken[slot] ? keyOf(this.#high[slot] as number, this.#low[slot] as number) : null
  }

  clear(slot: number): void {
    if (this.#isTaken[slot] === 0) return
    const hash = this.hash(slot) & this.#mask
    const behind = this.#next[slot] as number
    let before = (this.#heads[hash] as number) - 1
    if (before === slot) this.#heads[hash] = behind
    else {
      while (this.#next[before] !== slot + 1) before = (this.#next[before] as number) - 1
      this.#next[before] = behind
    }
    this.#isTaken[slot] = 0
  }

  /** The hash of a slot's id, as {@link FlowIdSet} takes it. */
  hash(slot: number): number {
    return hashOf(this.#high[slot] as number, this.#low[slot] as number)
  }
}

function hashOf(high: number, low: number): number {
  const hash = Math.imul(low ^ Math.imul(high | 0, 0x9e3779b1), 0x85ebca6b)
  return hash ^ (hash >>> 15)
}

/** 8 MB: of ten million ids, one in seven that is none of them is taken for one. */
const BITS = 26

/** Which ids there were, in fixed memory: one that was not there can be taken for one that was, never the other way round. */
export class FlowIdSet {
  readonly #bits = new Int32Array(1 << (BITS - 5))

  /** @param hash of {@link FlowIdTable.hash} */
  add(hash: number): void {
    const bit = hash >>> (32 - BITS)
    this.#bits[bit >> 5] = (this.#bits[bit >> 5] as number) | (1 << (bit & 31))
  }

  has({ high, low }: { readonly high: number; readonly low: number }): boolean {
    const bit = hashOf(high, low) >>> (32 - BITS)
    return (((this.#bits[bit >> 5] as number) >> (bit & 31)) & 1) === 1
  }
}
