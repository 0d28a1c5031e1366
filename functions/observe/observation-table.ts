/**
 * Sums by key, in one buffer: a record is a few doubles and, behind them, the integers of its key. They lie together because
 * a table of many keys is larger than a core's cache, and every place that is looked at is a wait.
 */

/** Integers of a key. */
export const keyLength = 9
/** Doubles of the sums: flows, packets out and in, bytes out and in, first, last, smallest handshake. */
export const sumLength = 8
/** Doubles from one record to the next; nine integers take five. */
export const recordLength = sumLength + 5
/** Integers from one record to the next, and from a record to its key. */
const recordIntegers = recordLength * 2
const keyOffset = sumLength * 2

const smallest = 1 << 10
/** Places of the index for each key; at most half of its pairs are taken. */
const pairs = 4

export class ObservationTable {
  /** Keys in use. */
  size = 0
  /** Records, the sums of each at `number * recordLength`. */
  sums = new Float64Array(smallest * recordLength)
  #integers = new Int32Array(this.sums.buffer)
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
    const integers = this.#integers
    let slot = (hash << 1) & mask
    for (let taken = index[slot] as number; taken !== 0; taken = index[slot] as number) {
      if (index[slot + 1] === hash) {
        const at = (taken - 1) * recordIntegers + keyOffset
        let i = 0
        while (i < keyLength && integers[at + i] === key[i]) i++
        if (i === keyLength) return taken - 1
      }
      slot = (slot + 2) & mask
    }
    if (this.size * recordLength === this.sums.length) {
      this.#grow()
      return this.find(key)
    }
    const number = this.size++
    index[slot] = number + 1
    index[slot + 1] = hash
    integers.set(key, number * recordIntegers + keyOffset)
    const at = number * recordLength
    this.sums.fill(0, at, at + 5)
    this.sums[at + 5] = Number.POSITIVE_INFINITY
    this.sums[at + 6] = Number.NEGATIVE_INFINITY
    this.sums[at + 7] = Number.POSITIVE_INFINITY
    return number
  }

  /** The integers of a record's key. */
  key(number: number): Int32Array {
    const at = number * recordIntegers + keyOffset
    return this.#integers.subarray(at, at + keyLength)
  }

  /** A copy of the records in use, which the table then forgets. */
  take(): ObservationTable {
    const taken = new ObservationTable()
    taken.size = this.size
    taken.sums = this.sums.slice(0, this.size * recordLength)
    taken.#integers = new Int32Array(taken.sums.buffer)
    this.size = 0
    this.#index.fill(0)
    return taken
  }

  #grow(): void {
    const before = this.#integers
    const count = this.size
    const sums = new Float64Array(this.sums.length * 2)
    sums.set(this.sums)
    this.sums = sums
    this.#integers = new Int32Array(sums.buffer)
    this.#index = new Int32Array(this.#index.length * 2)
    this.size = 0
    for (let number = 0; number < count; number++) {
      const at = number * recordIntegers + keyOffset
      this.find(before.subarray(at, at + keyLength))
    }
    sums.set(new Float64Array(before.buffer))
  }
}
