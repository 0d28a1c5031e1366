/** Finds connections that wait by the bytes of their uid, exactly, without making texts. */

/** Zeek's uids have 18 characters, and 23 where they are made as long as they can be; longer ones join nothing. */
export const LONGEST_UID = 31
const STRIDE = LONGEST_UID + 1

export class UidTable {
  /** By slot: length, then bytes. */
  readonly #uids: Uint8Array
  /** By hash: the slot that was set last, plus 1; 0 for none. */
  readonly #heads: Int32Array
  /** By slot: the one set before it with the same hash, plus 1. */
  readonly #next: Int32Array
  readonly #mask: number

  /** @param slots numbers from 0 below this; each holds a uid or none */
  constructor(slots: number) {
    let size = 1024
    while (size < slots) size *= 2
    this.#uids = new Uint8Array(slots * STRIDE)
    this.#heads = new Int32Array(size)
    this.#next = new Int32Array(slots)
    this.#mask = size - 1
  }

  /** Puts a uid into an empty slot; none where its bytes are none or too many. */
  set(slot: number, bytes: Uint8Array, from: number, end: number): void {
    const length = end - from
    if (length <= 0 || length > LONGEST_UID) return
    const at = slot * STRIDE
    this.#uids[at] = length
    for (let i = 0; i < length; i++) this.#uids[at + 1 + i] = bytes[from + i] as number
    const hash = this.#hash(bytes, from, length)
    this.#next[slot] = this.#heads[hash] as number
    this.#heads[hash] = slot + 1
  }

  /** The slot that was last given this uid, -1 for none. */
  find(bytes: Uint8Array, from: number, end: number): number {
    const length = end - from
    if (length <= 0 || length > LONGEST_UID) return -1
    const uids = this.#uids
    let slot = (this.#heads[this.#hash(bytes, from, length)] as number) - 1
    while (slot >= 0) {
      const at = slot * STRIDE
      let i = uids[at] === length ? 0 : length + 1
      while (i < length && uids[at + 1 + i] === bytes[from + i]) i++
      if (i === length) return slot
      slot = (this.#next[slot] as number) - 1
    }
    return -1
  }

  /** Empties a slot. */
  clear(slot: number): void {
    const at = slot * STRIDE
    const length = this.#uids[at] as number
    if (length === 0) return
    const hash = this.#hash(this.#uids, at + 1, length)
    const behind = this.#next[slot] as number
    let before = (this.#heads[hash] as number) - 1
    if (before === slot) this.#heads[hash] = behind
    else {
      while (this.#next[before] !== slot + 1) before = (this.#next[before] as number) - 1
      this.#next[before] = behind
    }
    this.#uids[at] = 0
  }

  /** The uid of a slot, empty for none. */
  text(slot: number): string {
    const at = slot * STRIDE
    let text = ''
    for (let i = 1; i <= (this.#uids[at] as number); i++) text += String.fromCharCode(this.#uids[at + i] as number)
    return text
  }

  /** FNV-1a. */
  #hash(bytes: Uint8Array, from: number, length: number): number {
    let hash = 0x811c9dc5
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (bytes[from + i] as number), 0x01000193)
    return (hash ^ (hash >>> 15)) & this.#mask
  }
}
