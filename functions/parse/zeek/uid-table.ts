/** Finds connections that wait by the bytes of their uid, exactly, without making texts. */

/** Zeek's uids have 18 characters, and 23 where they are made as long as they can be; longer ones join nothing. */
export const LONGEST_UID = 31
const STRIDE = LONGEST_UID + 1

export class UidTable {
  /** By slot: length, then bytes. */
  readonly #uids: Uint8Array
  /** By slot: where its uid's hash leads to. */
  readonly #hashes: Int32Array
  /** By hash: the slot that was set last, plus 1; 0 for none. Twice as many as slots: few share one, and they stay in the cache. */
  readonly #heads: Int32Array
  /** By slot: the one set before it with the same hash, plus 1. */
  readonly #next: Int32Array

  /** @param slots numbers from 0 below this; each holds a uid or none */
  constructor(slots: number) {
    let size = 1024
    while (size < slots * 2) size *= 2
    this.#uids = new Uint8Array(slots * STRIDE)
    this.#hashes = new Int32Array(slots)
    this.#heads = new Int32Array(size)
    this.#next = new Int32Array(slots)
  }

  /**
   * Puts a uid into an empty slot; none where its bytes are none or too many.
   *
   * @returns the slot that was given this uid last before, -1 for none
   */
  set(slot: number, bytes: Uint8Array, from: number, end: number): number {
    const length = end - from
    if (length <= 0 || length > LONGEST_UID) return -1
    const uids = this.#uids
    const own = slot * STRIDE
    uids[own] = length
    // FNV-1a.
    let hash = 0x811c9dc5
    for (let i = 0; i < length; i++) {
      const byte = bytes[from + i] as number
      uids[own + 1 + i] = byte
      hash = Math.imul(hash ^ byte, 0x01000193)
    }
    hash = (hash ^ (hash >>> 15)) & (this.#heads.length - 1)
    const head = this.#heads[hash] as number
    this.#hashes[slot] = hash
    this.#next[slot] = head
    this.#heads[hash] = slot + 1
    for (let other = head - 1; other >= 0; other = (this.#next[other] as number) - 1) {
      const at = other * STRIDE
      let i = 0
      while (i <= length && uids[at + i] === uids[own + i]) i++
      if (i > length) return other
    }
    return -1
  }

  /** Whether a slot has this uid. */
  has(uid: string): boolean {
    let hash = 0x811c9dc5
    for (let i = 0; i < uid.length; i++) hash = Math.imul(hash ^ uid.charCodeAt(i), 0x01000193)
    const head = this.#heads[(hash ^ (hash >>> 15)) & (this.#heads.length - 1)] as number
    for (let slot = head - 1; slot >= 0; slot = (this.#next[slot] as number) - 1)
      if (this.text(slot) === uid) return true
    return false
  }

  /** Empties a slot. */
  clear(slot: number): void {
    const at = slot * STRIDE
    if (this.#uids[at] === 0) return
    this.#uids[at] = 0
    const hash = this.#hashes[slot] as number
    const behind = this.#next[slot] as number
    let before = (this.#heads[hash] as number) - 1
    if (before === slot) this.#heads[hash] = behind
    else {
      while (this.#next[before] !== slot + 1) before = (this.#next[before] as number) - 1
      this.#next[before] = behind
    }
  }

  /** The uid of a slot, empty for none. */
  text(slot: number): string {
    const at = slot * STRIDE
    let text = ''
    for (let i = 1; i <= (this.#uids[at] as number); i++) text += String.fromCharCode(this.#uids[at + i] as number)
    return text
  }
}
