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

class Spans implements PrefixSpans {
  readonly starts: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array]
  readonly entry: Int32Array

  /** @param sorted distinct prefixes of one family, by start and then length */
  constructor(sorted: readonly Prefix[]) {
    const limit = 2 * sorted.length + 1
    const column = () => new Uint32Array(limit)
    const starts = [column(), column(), column(), column()] as const
    const entry = new Int32Array(limit)
    let length = 0
    const [s0, s1, s2, s3] = starts
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
    this.starts = [s0.slice(0, length), s1.slice(0, length), s2.slice(0, length), s3.slice(0, length)]
    this.entry = entry.slice(0, length)
  }

  /** Index of the most specific prefix that holds the address, -1 for none. */
  find(w0: number, w1: number, w2: number, w3: number): number {
    const [s0, s1, s2, s3] = this.starts
    let low = 0
    let high = this.entry.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      let order = (s0[middle] ?? 0) - w0
      if (order === 0) order = (s1[middle] ?? 0) - w1 || (s2[middle] ?? 0) - w2 || (s3[middle] ?? 0) - w3
      if (order <= 0) low = middle
      else high = middle - 1
    }
    return this.entry[low] ?? -1
  }
}

interface FamilyTable<Value> {
  readonly spans: Spans
  readonly values: readonly Value[]
}

/**
 * Finds the value of the most specific prefix that holds an address, in logarithmic time and without allocating. Built
 * once; the order of the entries does not matter.
 */
export class PrefixTable<Value> {
  readonly #ipv4: FamilyTable<Value>
  readonly #ipv6: FamilyTable<Value>
  /** Number of distinct prefixes. */
  readonly size: number

  /** @param merge makes one value of the values of two entries with the same prefix; must not depend on their order */
  constructor(entries: Iterable<readonly [prefix: Prefix, value: Value]>, merge: (one: Value, other: Value) => Value) {
    const all = [...entries]
    const build = (family: 4 | 6): FamilyTable<Value> => {
      const sorted = all.filter((entry) => entry[0].family === family).sort((a, b) => byStartThenLength(a[0], b[0]))
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
      return { spans: new Spans(prefixes), values }
    }
    this.#ipv4 = build(4)
    this.#ipv6 = build(6)
    this.size = this.#ipv4.values.length + this.#ipv6.values.length
  }

  /** The values of one family, in the order of their prefixes: by start, and of those that begin together the longest last. */
  values(family: 4 | 6): readonly Value[] {
    return (family === 4 ? this.#ipv4 : this.#ipv6).values
  }

  spans(family: 4 | 6): PrefixSpans {
    return this.#of(family).spans
  }

  /** The value of an entry of a family's {@link PrefixSpans}; undefined for -1. */
  value(family: 4 | 6, entry: number): Value | undefined {
    return this.#of(family).values[entry]
  }

  #of(family: number): FamilyTable<Value> {
    return family === 4 ? this.#ipv4 : this.#ipv6
  }

  /** @returns undefined where no prefix holds the address */
  find(family: number, w0: number, w1: number, w2: number, w3: number): Value | undefined {
    const table = this.#of(family)
    return table.values[table.spans.find(w0, w1, w2, w3)]
  }
}
