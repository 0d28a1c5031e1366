/** Combinations of four integers, numbered as they appear. Looking one up allocates nothing, however many there are. */

/** Slots a combination, at least: a search meets an empty slot soon. */
const ROOM = 2

export class Combinations {
  #count = 0
  /** Four integers a combination. */
  #integers = new Int32Array(4 * 512)
  /** A hash table with open addressing: a combination's number and 1; 0 is an empty slot. */
  #slots = new Int32Array(ROOM * 512)

  get size(): number {
    return this.#count
  }

  /** One of the four integers of a combination, from 0. */
  at(number: number, integer: 0 | 1 | 2 | 3): number {
    return this.#integers[4 * number + integer] ?? 0
  }

  /** The number of a combination of integers of 32 bits: the next one from 0 where it is new. */
  number(a: number, b: number, c: number, d: number): number {
    const last = this.#slots.length - 1
    let slot = hash(a, b, c, d) & last
    for (let held = this.#slots[slot] ?? 0; held > 0; held = this.#slots[slot] ?? 0) {
      const at = 4 * (held - 1)
      const integers = this.#integers
      if (integers[at] === a && integers[at + 1] === b && integers[at + 2] === c && integers[at + 3] === d)
        return held - 1
      slot = (slot + 1) & last
    }
    if (4 * this.#count === this.#integers.length) {
      this.#grow()
      return this.number(a, b, c, d)
    }
    this.#integers.set([a, b, c, d], 4 * this.#count)
    this.#slots[slot] = ++this.#count
    return this.#count - 1
  }

  #grow(): void {
    const integers = new Int32Array(2 * this.#integers.length)
    integers.set(this.#integers)
    const slots = new Int32Array(2 * this.#slots.length)
    const last = slots.length - 1
    for (let number = 0; number < this.#count; number++) {
      const at = 4 * number
      let slot = hash(integers[at] ?? 0, integers[at + 1] ?? 0, integers[at + 2] ?? 0, integers[at + 3] ?? 0) & last
      while (slots[slot] !== 0) slot = (slot + 1) & last
      slots[slot] = number + 1
    }
    this.#integers = integers
    this.#slots = slots
  }
}

/** Mixes four integers as MurmurHash3 mixes its blocks and its end (Austin Appleby, public domain). */
function hash(a: number, b: number, c: number, d: number): number {
  let h = 0
  h = mix(h, a)
  h = mix(h, b)
  h = mix(h, c)
  h = mix(h, d)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function mix(h: number, integer: number): number {
  let k = Math.imul(integer, 0xcc9e2d51)
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
  h ^= k
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
}
