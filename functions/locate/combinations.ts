/**
 * Numbers for sequences of numbers: each step leads from a number to the next, as in a tree of all sequences that came before. What
 * is known of a sequence can then stand in an array, without an object for each question.
 */

const first = 1 << 10
/** Of a slot: where its step comes from, by what, and its number; 0 where the slot is free. They lie together: memory is slow. */
const FROM = 0
const BY = 1
const NUMBER = 2
/** A power of two, so that a slot lies in one line of memory. */
const width = 4

export class Combinations {
  /** Each step stands in the first free slot from where it falls; at most half of the slots are taken. */
  #slots = new Int32Array(width * first)
  #size = 0

  /** How many numbers were given; the numbers are 1 to this. */
  get size(): number {
    return this.#size
  }

  /**
   * @param from a number that was given, or any below 1 to begin with
   * @param by any of 32 bits
   * @returns the same number for the same step, and another for any other
   */
  step(from: number, by: number): number {
    const slots = this.#slots
    const step = by | 0
    let at = slotOf(from, step, slots.length)
    while (slots[at + NUMBER] !== 0) {
      if (slots[at + FROM] === from && slots[at + BY] === step) return slots[at + NUMBER] ?? 0
      at = (at + width) & (slots.length - 1)
    }
    slots[at + FROM] = from
    slots[at + BY] = step
    slots[at + NUMBER] = ++this.#size
    if (2 * width * this.#size >= slots.length) this.#grow()
    return this.#size
  }

  clear(): void {
    this.#slots = new Int32Array(width * first)
    this.#size = 0
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length)
    for (let old = 0; old < this.#slots.length; old += width) {
      const number = this.#slots[old + NUMBER] ?? 0
      if (number === 0) continue
      const from = this.#slots[old + FROM] ?? 0
      const by = this.#slots[old + BY] ?? 0
      let at = slotOf(from, by, slots.length)
      while (slots[at + NUMBER] !== 0) at = (at + width) & (slots.length - 1)
      slots[at + FROM] = from
      slots[at + BY] = by
      slots[at + NUMBER] = number
    }
    this.#slots = slots
  }
}

/** Spreads steps that are near to each other (Knuth, The Art of Computer Programming, 6.4). */
function slotOf(from: number, by: number, length: number): number {
  const mixed = Math.imul(from, 0x85ebca6b) ^ Math.imul(by, 0x9e3779b1)
  return Math.imul(mixed ^ (mixed >>> 15), width) & (length - 1)
}
