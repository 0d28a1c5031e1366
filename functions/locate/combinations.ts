/**
 * Numbers for sequences of numbers: each step leads from a number to the next, as in a tree of all sequences that came before. What
 * is known of a sequence can then stand in an array, without an object for each question.
 */

const first = 1 << 10

export class Combinations {
  /** The step that gave each number: where it came from, and by what. The number 0 is none's. */
  #from = new Int32Array(first)
  #by = new Uint32Array(first)
  /** Numbers, each at the first free slot from where its step falls; at most half of the slots are taken. */
  #slots = new Int32Array(2 * first)
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
    const mask = this.#slots.length - 1
    let slot = slotOf(from, by) & mask
    for (;;) {
      const number = this.#slots[slot] ?? 0
      if (number === 0) return this.#add(from, by, slot)
      if (this.#from[number] === from && this.#by[number] === by) return number
      slot = (slot + 1) & mask
    }
  }

  clear(): void {
    this.#from = new Int32Array(first)
    this.#by = new Uint32Array(first)
    this.#slots = new Int32Array(2 * first)
    this.#size = 0
  }

  #add(from: number, by: number, slot: number): number {
    const number = ++this.#size
    this.#from[number] = from
    this.#by[number] = by
    this.#slots[slot] = number
    if (number + 1 === this.#from.length) this.#grow()
    return number
  }

  #grow(): void {
    const room = 2 * this.#from.length
    const from = new Int32Array(room)
    const by = new Uint32Array(room)
    from.set(this.#from)
    by.set(this.#by)
    const slots = new Int32Array(2 * room)
    for (let number = 1; number <= this.#size; number++) {
      let slot = slotOf(from[number] ?? 0, by[number] ?? 0) & (slots.length - 1)
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = number
    }
    this.#from = from
    this.#by = by
    this.#slots = slots
  }
}

/** Spreads steps that are near to each other (Knuth, The Art of Computer Programming, 6.4). */
function slotOf(from: number, by: number): number {
  const mixed = Math.imul(from, 0x85ebca6b) ^ Math.imul(by, 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
