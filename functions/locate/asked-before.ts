/**
 * Whether an address was asked for before, lately. An answer is kept from the second time on: what is asked once, as most
 * addresses of a long list are, then costs no memory, and nothing that is asked again is pushed out by it.
 */

/** As many as 16 bits tell apart. */
const slots = 1 << 16

export class AskedBefore {
  readonly #hashes = new Uint32Array(slots)

  /** May rarely say true of an address that was not asked for, and false of one that was, long ago. */
  again(ip: string): boolean {
    // FNV-1a (draft-eastlake-fnv); its lower bits alone do not spread neighbours.
    let hash = 0x811c9dc5
    for (let i = 0; i < ip.length; i++) hash = Math.imul(hash ^ ip.charCodeAt(i), 0x01000193)
    hash >>>= 0
    const slot = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> 16
    if (this.#hashes[slot] === hash || this.#hashes[slot ^ 1] === hash) return true
    // Two that fall on one slot must not push each other out for ever: the older moves next door.
    this.#hashes[slot ^ 1] = this.#hashes[slot] ?? 0
    this.#hashes[slot] = hash
    return false
  }
}
