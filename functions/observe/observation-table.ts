/**
 * Sums by key, in one buffer: a record is a few doubles and, behind them, the integers of its key. They lie together because
 * a table of many keys is larger than a core's cache, and every place that is looked at is a wait.
 */

/** Integers of a key. */
export const keyLength = 9
/** Doubles of the sums: flows, packets out and in, bytes out and in, payload out, first, last, smallest handshake, outlived. */
export const sumLength = 10
/** Doubles from one record to the next; nine integers take five. Sixteen are two lines of a cache, which no record shares. */
export const recordLength = 16
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
  #hashes = new Int32Array(0)

  /**
   * The numbers of many keys; new keys have sums of 0, an infinite first, last and handshake.
   *
   * Looked up one by one, every key would wait for memory twice. In passes that only look, the processor has many keys on
   * their way at once, and what the last pass needs is near.
   *
   * @param keys one behind the other, each as many integers as a key has
   * @param numbers gets the number of each key
   */
  findAll(keys: Int32Array, count: number, numbers: Int32Array): void {
    if (this.#hashes.length < count) this.#hashes = new Int32Array(count)
    const hashes = this.#hashes
    for (let i = 0; i < count; i++) hashes[i] = hashOf(keys, i * keyLength)
    this.#guess(hashes, count, numbers)
    this.#keepRight(keys, count, numbers)
    for (let i = 0; i < count; i++)
      if ((numbers[i] as number) < 0) numbers[i] = this.#find(keys, i * keyLength, hashes[i] as number)
  }

  /** The keys whose hashes stand first where they should; -1 where another stands there, or none. */
  #guess(hashes: Int32Array, count: number, numbers: Int32Array): void {
    const index = this.#index
    const mask = index.length - 2
    for (let i = 0; i < count; i++) {
      const hash = hashes[i] as number
      const slot = (hash << 1) & mask
      numbers[i] = index[slot + 1] === hash ? (index[slot] as number) - 1 : -1
    }
  }

  /** Makes -1 of guesses that are other keys. */
  #keepRight(keys: Int32Array, count: number, numbers: Int32Array): void {
    for (let i = 0; i < count; i++) {
      const number = numbers[i] as number
      if (number >= 0 && !this.#isKey(number, keys, i * keyLength)) numbers[i] = -1
    }
  }

  #isKey(number: number, keys: Int32Array, from: number): boolean {
    const integers = this.#integers
    const at = number * recordIntegers + keyOffset
    let different = 0
    for (let i = 0; i < keyLength; i++) different |= (integers[at + i] as number) ^ (keys[from + i] as number)
    return different === 0
  }

  #find(keys: Int32Array, from: number, hash: number): number {
    const index = this.#index
    const mask = index.length - 2
    let slot = (hash << 1) & mask
    for (let taken = index[slot] as number; taken !== 0; taken = index[slot] as number) {
      if (index[slot + 1] === hash && this.#isKey(taken - 1, keys, from)) return taken - 1
      slot = (slot + 2) & mask
    }
    if (this.size * recordLength === this.sums.length) {
      this.#grow()
      return this.#find(keys, from, hash)
    }
    const number = this.size++
    index[slot] = number + 1
    index[slot + 1] = hash
    const key = number * recordIntegers + keyOffset
    for (let i = 0; i < keyLength; i++) this.#integers[key + i] = keys[from + i] as number
    const at = number * recordLength
    this.sums.fill(0, at, at + 6)
    this.sums[at + 6] = Number.POSITIVE_INFINITY
    this.sums[at + 7] = Number.NEGATIVE_INFINITY
    this.sums[at + 8] = Number.POSITIVE_INFINITY
    this.sums[at + 9] = 0
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
    const sums = new Float64Array(this.sums.length * 2)
    sums.set(this.sums)
    this.sums = sums
    this.#integers = new Int32Array(sums.buffer)
    const index = new Int32Array(this.#index.length * 2)
    const mask = index.length - 2
    for (let number = 0; number < this.size; number++) {
      const hash = hashOf(this.#integers, number * recordIntegers + keyOffset)
      let slot = (hash << 1) & mask
      while (index[slot] !== 0) slot = (slot + 2) & mask
      index[slot] = number + 1
      index[slot + 1] = hash
    }
    this.#index = index
  }
}

function hashOf(keys: Int32Array, from: number): number {
  let hash = 0x9747b28c
  for (let i = from; i < from + keyLength; i++) {
    hash = Math.imul(hash ^ (keys[i] as number), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash
}
