/**
 * Records of MaxMind-style databases (MaxMind DB file format 2.0, "Output Data Section"), as far as locating asks them: texts,
 * coordinates, and the maps and arrays that hold them. Integers, booleans and bytes are passed over.
 */

export type RecordValue = string | number | null | readonly RecordValue[] | { readonly [key: string]: RecordValue }

/** Values kept that pointers lead to; records share most of their parts, and the names of their fields. */
const kept = 50_000
/** How deep values may nest: as deep as libmaxminddb goes. */
const deepest = 512
/** Values that one record may have; genuine ones have some hundred. Parts of a damaged file can claim millions, each of them. */
const most = 100_000

const pointer = 1
const text = 2
const double = 3
const map = 7
const array = 11
const boolean = 14
const float = 15
/** The most bytes that a value of each other type has: bytes, integers of 16 to 128 bits. */
const passedOver: Readonly<Record<number, number>> = { 4: Infinity, 5: 2, 6: 4, 8: 4, 9: 8, 10: 16 }

/** What is added to a size, by its five bits, and to a pointer, by its two. */
const sizeOffsets: Readonly<Record<number, number>> = { 29: 29, 30: 285, 31: 65_821 }
const pointerOffsets: Readonly<Record<number, number>> = { 0: 0, 1: 2048, 2: 526_336, 3: 0 }

export class RecordReader {
  readonly #bytes: Buffer
  readonly #start: number
  /**
   * What pointers lead to, by where it stands. Each value is read once, so that records made of pointers to pointers cannot
   * take exponential time.
   */
  readonly #known = new Map<number, RecordValue>()
  /** Where the value ends that was read last. */
  #end = 0
  /** Values that the record may still have. */
  #left = most

  /** @param start where the records begin, from which pointers count */
  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes
    this.#start = start
  }

  /** @throws RangeError where the bytes from there on are no value */
  read(at: number): RecordValue {
    if (this.#known.size > kept) this.#known.clear()
    this.#left = most
    return this.#value(at, 0)
  }

  #value(at: number, depth: number): RecordValue {
    if (depth > deepest) throw new RangeError(`its values nest more than ${deepest} deep`)
    if (this.#left-- <= 0) throw new RangeError(`it has more than ${most} values`)
    const control = this.#byte(at)
    let type = control >>> 5
    if (type === pointer) return this.#pointedTo(at, control, depth)
    let from = at + 1
    // Types above 7 stand in a byte of their own, less 7.
    if (type === 0) type = 7 + this.#byte(from++)
    let size = control & 31
    if (size >= 29) {
      const more = size - 28
      size = (sizeOffsets[size] ?? 0) + this.#unsigned(from, more)
      from += more
    }
    if (type === text) {
      this.#end = this.#within(from + size)
      return this.#bytes.toString('utf8', from, this.#end)
    }
    if ((type === double && size === 8) || (type === float && size === 4)) {
      this.#end = this.#within(from + size)
      return type === double ? this.#bytes.readDoubleBE(from) : this.#bytes.readFloatBE(from)
    }
    if (type === map) return this.#map(from, size, depth + 1)
    if (type === array) return this.#array(from, size, depth + 1)
    if (type !== boolean && !(size <= (passedOver[type] ?? -1)))
      throw new RangeError(`byte ${at} begins a value of type ${type} and size ${size}`)
    this.#end = type === boolean ? from : this.#within(from + size)
    return null
  }

  #pointedTo(at: number, control: number, depth: number): RecordValue {
    const size = (control >>> 3) & 3
    const low = this.#unsigned(at + 1, size + 1)
    // The longest pointers leave the control byte's three bits out.
    const high = size === 3 ? 0 : (control & 7) << (8 * (size + 1))
    const target = this.#start + (pointerOffsets[size] ?? 0) + high + low
    let value = this.#known.get(target)
    if (value === undefined) {
      value = this.#value(target, depth + 1)
      this.#known.set(target, value)
    }
    this.#end = at + 2 + size
    return value
  }

  #map(from: number, size: number, depth: number): RecordValue {
    const fields: Record<string, RecordValue> = {}
    this.#end = from
    for (let i = 0; i < size; i++) {
      const key = this.#value(this.#end, depth)
      if (typeof key !== 'string') throw new RangeError(`byte ${from} begins a map with a key that is no text`)
      fields[key] = this.#value(this.#end, depth)
    }
    return fields
  }

  #array(from: number, size: number, depth: number): RecordValue {
    const values: RecordValue[] = []
    this.#end = from
    for (let i = 0; i < size; i++) values.push(this.#value(this.#end, depth))
    return values
  }

  #byte(at: number): number {
    return this.#bytes[this.#within(at + 1) - 1] ?? 0
  }

  #unsigned(at: number, length: number): number {
    this.#within(at + length)
    // readUIntBE checks again what is known here, and takes ten times as long.
    let value = 0
    for (let i = at; i < at + length; i++) value = value * 256 + (this.#bytes[i] ?? 0)
    return value
  }

  /** @throws RangeError where the file ends before that */
  #within(end: number): number {
    if (end > this.#bytes.length) throw new RangeError(`the file ends at byte ${this.#bytes.length}, within a value`)
    return end
  }
}
