/** Sums by key, in typed arrays: a key is a few integers in a row, its sums a few doubles in a row. */

/** Integers of a key. */
export const keyLength = 9
/** Doubles of the sums: flows, packets out and in, bytes out and in, first, last, smallest handshake. */
export const sumLength = 8

const smallest = 1 << 10
/** Places of the index for each key; at most half of its pairs are taken. */
const pairs = 4

export class ObservationTable {
  /** Keys in use. */
  size = 0
  keys = new Int32Array(smallest * keyLength)
  sums = new Float64Array(smallest * sumLength)
  /** Pairs: number of the key plus one (0 is free), and its hash beside it, so that few other keys are looked at. */
  #index = new Int32Array(smallest * pairs)

  /**
   * The number of a key; a new key has sums of 0, an infinite first, last and handshake.
   *
   * @param key as many integers as a key has
   */
  find(key: Int32Array): number {
    const index = this.#index
    const mask = index.length - 2
    let hash = 0x9747b28c
    for (let i = 0; i < keyLength; i++) {
      hash = Math.imul(hash ^ (key[i] as number), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    const { keys } = this
    let slot = (hash << 1) & mask
    for (let taken = index[slot] as number; taken !== 0; taken = index[slot] as number) {
      if (index[slot + 1] === hash) {
        const at = (taken - 1) * keyLength
        let i = 0
        while (i < keyLength && keys[at + i] === key[i]) i++
        if (i === keyLength) return taken - 1
      }
      slot = (slot + 2) & mask
    }
    if (this.size * keyLength === keys.length) {
      this.#grow()
      return this.find(key)
    }
    const number = this.size++
    index[slot] = number + 1
    index[slot + 1] = hash
    keys.set(key, number * keyLength)
    const at = number * sumLength
    this.sums.fill(0, at, at + 5)
    this.sums[at + 5] = Number.POSITIVE_INFINITY
    this.sums[at + 6] = Number.NEGATIVE_INFINITY
    this.sums[at + 7] = Number.POSITIVE_INFINITY
    return number
  }

  clear(): void {
    this.size = 0
    this.#index.fill(0)
  }

  #grow(): void {
    const { keys, sums, size } = this
    this.keys = new Int32Array(keys.length * 2)
    this.sums = new Float64Array(sums.length * 2)
    this.#index = new Int32Array(this.#index.length * 2)
    this.size = 0
    for (let number = 0; number < size; number++) this.find(keys.subarray(number * keyLength, (number + 1) * keyLength))
    this.sums.set(sums)
  }
}
