/** Address prefixes (CIDR, RFC 4632 and RFC 4291, section 2.3), and a table that finds the most specific one. */
import { type Address, formatAddress, parseAddress } from './address.ts'

/** A block of addresses: the first `length` bits of `words` are fixed, the others are 0. */
export interface Prefix extends Address {
  /** 0 to 32 for IPv4, 0 to 128 for IPv6. */
  readonly length: number
}

/** The bits of word `index` that a prefix of `length` bits fixes. */
function wordMask(length: number, index: number): number {
  const bits = Math.min(32, Math.max(0, length - 32 * index))
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0
}

/**
 * Reads `192.0.2.0/24` or `2001:db8::/32`. Bits beyond the length are cleared, so that `192.168.1.7/24` is the network
 * that this address is in.
 *
 * @returns null where the text is no address, a slash and a length without leading zeros
 */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf('/')
  const address = slash < 0 ? null : parseAddress(text.slice(0, slash))
  const length = address ? lengthAfter(text, slash, address.family === 4 ? 32 : 128) : -1
  if (!address || length < 0) return null
  return prefixAround(address, length)
}

/** The block of so many fixed bits that an address is in. */
export function prefixAround({ family, words }: Address, length: number): Prefix {
  if (family === 4) return { family, words: [(words[0] & wordMask(length, 0)) >>> 0, 0, 0, 0], length }
  const clear = (word: number, index: number) => (word & wordMask(length, index)) >>> 0
  return { family, words: [clear(words[0], 0), clear(words[1], 1), clear(words[2], 2), clear(words[3], 3)], length }
}

/** The decimal number after the slash, without leading zeros; -1 where there is none, or one above the limit. */
function lengthAfter(text: string, slash: number, limit: number): number {
  const first = text.charCodeAt(slash + 1)
  let length = 0
  for (let i = slash + 1; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9 || length > limit) return -1
    length = length * 10 + digit
  }
  const digits = text.length - slash - 1
  return digits === 0 || length > limit || (first === 48 && digits > 1) ? -1 : length
}

/** Writes a prefix with the canonical spelling of its address. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.family, ...prefix.words)}/${prefix.length}`
}

/** Whether the address of these words lies in the prefix. */
export function prefixContains(
  prefix: Prefix,
  family: number,
  w0: number,
  w1: number,
  w2: number,
  w3: number,
): boolean {
  if (prefix.family !== family) return false
  const { words, length } = prefix
  return (
    (w0 & wordMask(length, 0)) >>> 0 === words[0] &&
    (w1 & wordMask(length, 1)) >>> 0 === words[1] &&
    (w2 & wordMask(length, 2)) >>> 0 === words[2] &&
    (w3 & wordMask(length, 3)) >>> 0 === words[3]
  )
}

/** Orders addresses as numbers, and of the same address the shorter prefix first. */
function byStartThenLength(a: Prefix, b: Prefix): number {
  return (
    a.words[0] - b.words[0] ||
    a.words[1] - b.words[1] ||
    a.words[2] - b.words[2] ||
    a.words[3] - b.words[3] ||
    a.length - b.length
  )
}

type Words = readonly [number, number, number, number]

/** The first address after the prefix; null where the prefix ends with the address space. */
function addressAfter(prefix: Prefix): Words | null {
  const words: [number, number, number, number] = [...prefix.words]
  let add = 2 ** (31 - ((prefix.length - 1) & 31))
  for (let i = (prefix.length - 1) >> 5; i >= 0; i--) {
    const sum = (words[i] ?? 0) + add
    words[i] = sum >>> 0
    if (sum < 2 ** 32) return words
    add = 1
  }
  return null
}

/**
 * What a table says of all addresses of a family: spans in ascending order without gaps, the first from the family's first
 * address, each to the next one's start.
 */
export interface PrefixSpans {
  /** First addresses, a column for each of their words. */
  readonly starts: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array]
  /** Number of the value that the most specific prefix has, -1 where no prefix covers the span. */
  readonly entry: Int32Array
}

/** @param sorted distinct prefixes of one family, by start and then length */
function spansOf(sorted: readonly Prefix[]): PrefixSpans {
  const limit = 2 * sorted.length + 1
  const column = () => new Uint32Array(limit)
  const [s0, s1, s2, s3] = [column(), column(), column(), column()]
  const entry = new Int32Array(limit)
  let length = 0
  const begin = ([w0, w1, w2, w3]: Words, value: number) => {
    // A span that would be empty gives way to the one that begins at the same address.
    const last = length - 1
    if (last >= 0 && s3[last] === w3 && s2[last] === w2 && s1[last] === w1 && s0[last] === w0) length = last
    s0[length] = w0
    s1[length] = w1
    s2[length] = w2
    s3[length] = w3
    entry[length++] = value
  }
  begin([0, 0, 0, 0], -1)
  // Prefixes nest or are disjoint, so the open ones form a stack, the most specific on top.
  const open: { readonly value: number; readonly prefix: Prefix; readonly after: Words | null }[] = []
  const closeTop = () => {
    const closed = open.pop()
    if (closed?.after) begin(closed.after, open.at(-1)?.value ?? -1)
  }
  for (const [value, prefix] of sorted.entries()) {
    for (let top = open.at(-1); top && !prefixContains(top.prefix, prefix.family, ...prefix.words); top = open.at(-1))
      closeTop()
    begin(prefix.words, value)
    open.push({ value, prefix, after: prefix.length === 0 ? null : addressAfter(prefix) })
  }
  while (open.length > 0) closeTop()
  return {
    starts: [s0.slice(0, length), s1.slice(0, length), s2.slice(0, length), s3.slice(0, length)],
    entry: entry.slice(0, length),
  }
}

/** What a table said of one family when it was built. */
export interface BuiltPrefixes<Value> {
  readonly spans: PrefixSpans
  /** Number of distinct prefixes. */
  readonly size: number
  /** The value of each of them, by its number. Asked for when it is needed, and once. */
  valueAt(entry: number): Value
}

/** The values of one family, each made when it is come to. */
export interface PrefixValues<Value> extends Iterable<Value> {
  readonly length: number
  /** Whether the test holds for any of them. */
  some(test: (value: Value) => boolean): boolean
}

class FamilyTable<Value> implements PrefixValues<Value> {
  readonly spans: PrefixSpans
  readonly #values: (Value | undefined)[]
  readonly #make: ((entry: number) => Value) | null

  /**
   * @param values of the prefixes in their order
   * @param make gives a value that is not among them yet; null where all are
   */
  constructor(spans: PrefixSpans, values: (Value | undefined)[], make: ((entry: number) => Value) | null) {
    this.spans = spans
    this.#values = values
    this.#make = make
  }

  get length(): number {
    return this.#values.length
  }

  *[Symbol.iterator](): Generator<Value> {
    for (let entry = 0; entry < this.length; entry++) yield this.value(entry) as Value
  }

  some(test: (value: Value) => boolean): boolean {
    for (const value of this) if (test(value)) return true
    return false
  }

  /** The same object each time. */
  value(entry: number): Value | undefined {
    if (entry < 0) return undefined
    const known = this.#values[entry]
    if (known !== undefined || this.#make === null || entry >= this.length) return known
    const made = this.#make(entry)
    this.#values[entry] = made
    return made
  }

  /** Number of the most specific prefix that holds the address, -1 for none. */
  find(w0: number, w1: number, w2: number, w3: number): number {
    const { starts, entry } = this.spans
    const [s0, s1, s2, s3] = starts
    let low = 0
    let high = entry.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      let order = (s0[middle] ?? 0) - w0
      if (order === 0) order = (s1[middle] ?? 0) - w1 || (s2[middle] ?? 0) - w2 || (s3[middle] ?? 0) - w3
      if (order <= 0) low = middle
      else high = middle - 1
    }
    return entry[low] ?? -1
  }
}

/** Sorts the entries of one family, and merges those of the same prefix. */
function familyTable<Value>(
  entries: readonly (readonly [prefix: Prefix, value: Value])[],
  family: 4 | 6,
  merge: (one: Value, other: Value) => Value,
): FamilyTable<Value> {
  const sorted = entries.filter((entry) => entry[0].family === family).sort((a, b) => byStartThenLength(a[0], b[0]))
  const prefixes: Prefix[] = []
  const values: Value[] = []
  for (const [prefix, value] of sorted) {
    const last = prefixes.at(-1)
    const lastValue = values.at(-1)
    if (last && lastValue !== undefined && byStartThenLength(last, prefix) === 0)
      values[values.length - 1] = merge(lastValue, value)
    else {
      prefixes.push(prefix)
      values.push(value)
    }
  }
  return new FamilyTable<Value>(spansOf(prefixes), values, null)
}

/**
 * Finds the value of the most specific prefix that holds an address, in logarithmic time and without allocating. Built
 * once; the order of the entries does not matter.
 */
export class PrefixTable<Value> {
  #ipv4: FamilyTable<Value>
  #ipv6: FamilyTable<Value>

  /** @param merge makes one value of the values of two entries with the same prefix; must not depend on their order */
  constructor(entries: Iterable<readonly [prefix: Prefix, value: Value]>, merge: (one: Value, other: Value) => Value) {
    const all = [...entries]
    this.#ipv4 = familyTable(all, 4, merge)
    this.#ipv6 = familyTable(all, 6, merge)
  }

  /** The table that was built before, without sorting anything again. */
  static restored<Value>(ipv4: BuiltPrefixes<Value>, ipv6: BuiltPrefixes<Value>): PrefixTable<Value> {
    const family = ({ spans, size, valueAt }: BuiltPrefixes<Value>) =>
      new FamilyTable(spans, new Array<Value | undefined>(size), valueAt)
    const table = new PrefixTable<Value>([], (one) => one)
    table.#ipv4 = family(ipv4)
    table.#ipv6 = family(ipv6)
    return table
  }

  /** Number of distinct prefixes. */
  get size(): number {
    return this.#ipv4.length + this.#ipv6.length
  }

  /** The values of one family, in the order of their prefixes: by start, and of those that begin together the longest last. */
  values(family: 4 | 6): PrefixValues<Value> {
    return this.#of(family)
  }

  spans(family: 4 | 6): PrefixSpans {
    return this.#of(family).spans
  }

  /** The value of an entry of a family's {@link PrefixSpans}; undefined for -1. */
  value(family: 4 | 6, entry: number): Value | undefined {
    return this.#of(family).value(entry)
  }

  /** @returns undefined where no prefix holds the address */
  find(family: number, w0: number, w1: number, w2: number, w3: number): Value | undefined {
    const table = this.#of(family)
    return table.value(table.find(w0, w1, w2, w3))
  }

  #of(family: number): FamilyTable<Value> {
    return family === 4 ? this.#ipv4 : this.#ipv6
  }
}
