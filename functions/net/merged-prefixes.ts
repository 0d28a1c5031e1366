/** Many prefix tables as one: a single search tells what each of them says of an address. */
import type { PrefixSpans, PrefixTable } from './prefix.ts'

/** The number of a span that no prefix of any table covers. */
export const uncovered = 0

/** Of one family: the spans between all boundaries of all tables, and what the tables say of each. */
interface Merged {
  readonly starts: PrefixSpans['starts']
  /** By a span: its number, which is {@link uncovered} for every span that no table covers. */
  readonly numbers: Uint32Array
  /** By a number: where its part of `tables` and `entries` begins; the next number's is where it ends. */
  readonly parts: Uint32Array
  readonly tables: Uint16Array
  readonly entries: Uint32Array
  /** By the upper half of an address's first word: the span in which such addresses begin. */
  readonly index: Uint32Array
}

export class MergedPrefixes<Value> {
  readonly #tables: readonly PrefixTable<Value>[]
  readonly #merged: Readonly<Record<4 | 6, Merged>>

  constructor(tables: readonly PrefixTable<Value>[]) {
    this.#tables = tables
    const merged = (family: 4 | 6) => merge(tables.map((table) => table.spans(family)))
    this.#merged = { 4: merged(4), 6: merged(6) }
  }

  /** How many numbers there are of a family: all are below it. */
  count(family: 4 | 6): number {
    return this.#merged[family].parts.length - 1
  }

  /**
   * A number for all addresses that have the same most specific prefix in every table. Logarithmic, and does not allocate.
   */
  find(family: 4 | 6, w0: number, w1: number, w2: number, w3: number): number {
    const { starts, numbers, index } = this.#merged[family]
    const [s0, s1, s2, s3] = starts
    let low = index[w0 >>> 16] ?? 0
    let high = index[(w0 >>> 16) + 1] ?? 0
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      let order = (s0[middle] ?? 0) - w0
      if (order === 0) order = (s1[middle] ?? 0) - w1 || (s2[middle] ?? 0) - w2 || (s3[middle] ?? 0) - w3
      if (order <= 0) low = middle
      else high = middle - 1
    }
    return numbers[low] ?? uncovered
  }

  /**
   * What each table says of the addresses of a number.
   *
   * @param found as {@link find} gave it for the family
   * @returns a value for each table, in their order; undefined where no prefix of the table holds the addresses
   */
  values(family: 4 | 6, found: number): (Value | undefined)[] {
    const { parts, tables, entries } = this.#merged[family]
    const values = new Array<Value | undefined>(this.#tables.length).fill(undefined)
    for (let i = parts[found] ?? 0; i < (parts[found + 1] ?? 0); i++) {
      const table = tables[i] ?? 0
      values[table] = this.#tables[table]?.value(family, entries[i] ?? 0)
    }
    return values
  }
}

/** Stands for the start of what follows the last span. */
const pastAll = 2 ** 32

/** Goes through the spans of all tables at once, in ascending order of their starts. */
function merge(all: readonly PrefixSpans[]): Merged {
  // All tables have a span that begins with the first address, so that the merged ones have a span fewer for each but one.
  const limit = Math.max(
    1,
    all.reduce((sum, { entry }) => sum + entry.length, 1 - all.length),
  )
  const column = () => new Uint32Array(limit)
  const [s0, s1, s2, s3] = [column(), column(), column(), column()]
  const numbers = column()
  const parts = [0, 0] // of what no table covers
  const tables: number[] = []
  const entries: number[] = []
  let length = 1

  /** By table: the next of its spans, that one's start, and what the table says before it. */
  const next = new Uint32Array(all.length)
  const heads = Array.from({ length: 4 }, () => new Float64Array(all.length))
  const [h0, h1, h2, h3] = heads as [Float64Array, Float64Array, Float64Array, Float64Array]
  const current = new Int32Array(all.length).fill(-1)
  let covering = 0
  const advance = (table: number) => {
    const spans = all[table]
    if (!spans) return
    const at = next[table] ?? 0
    const entry = spans.entry[at] ?? -1
    covering += (entry >= 0 ? 1 : 0) - ((current[table] ?? -1) >= 0 ? 1 : 0)
    current[table] = entry
    next[table] = at + 1
    h0[table] = spans.starts[0][at + 1] ?? pastAll
    h1[table] = spans.starts[1][at + 1] ?? 0
    h2[table] = spans.starts[2][at + 1] ?? 0
    h3[table] = spans.starts[3][at + 1] ?? 0
  }
  /** Whether the next spans of two tables begin with the same address (0), or the one's before the other's (below 0). */
  const order = (one: number, other: number) =>
    (h0[one] ?? 0) - (h0[other] ?? 0) ||
    (h1[one] ?? 0) - (h1[other] ?? 0) ||
    (h2[one] ?? 0) - (h2[other] ?? 0) ||
    (h3[one] ?? 0) - (h3[other] ?? 0)
  /** The table whose next span begins first. The first word mostly tells. */
  const first = () => {
    let least = 0
    let word = h0[0] ?? pastAll
    for (let table = 1; table < h0.length; table++) {
      const other = h0[table] ?? pastAll
      if (other > word || (other === word && order(table, least) >= 0)) continue
      least = table
      word = other
    }
    return least
  }
  const say = (span: number) => {
    if (covering === 0) {
      numbers[span] = uncovered
      return
    }
    numbers[span] = parts.length - 1
    for (let table = 0; table < current.length; table++) {
      const entry = current[table] ?? -1
      if (entry < 0) continue
      tables.push(table)
      entries.push(entry)
    }
    parts.push(entries.length)
  }

  for (let table = 0; table < all.length; table++) advance(table)
  say(0)
  for (let least = first(); (h0[least] ?? pastAll) !== pastAll; least = first()) {
    const [w0, w1, w2, w3] = [h0[least] ?? 0, h1[least] ?? 0, h2[least] ?? 0, h3[least] ?? 0]
    for (let table = least; table < all.length; table++)
      if (h0[table] === w0 && h1[table] === w1 && h2[table] === w2 && h3[table] === w3) advance(table)
    s0[length] = w0
    s1[length] = w1
    s2[length] = w2
    s3[length] = w3
    say(length++)
  }
  const starts = [s0.slice(0, length), s1.slice(0, length), s2.slice(0, length), s3.slice(0, length)] as const
  return {
    starts,
    numbers: numbers.slice(0, length),
    parts: Uint32Array.from(parts),
    tables: Uint16Array.from(tables),
    entries: Uint32Array.from(entries),
    index: indexOf(starts),
  }
}

const halves = 1 << 16

function indexOf([s0, s1, s2, s3]: PrefixSpans['starts']): Uint32Array {
  const index = new Uint32Array(halves + 1)
  let span = 0
  for (let half = 0; half < halves; half++) {
    const first = half * halves
    const startsByThen = (at: number) => {
      const word = s0[at] ?? pastAll
      return word < first || (word === first && s1[at] === 0 && s2[at] === 0 && s3[at] === 0)
    }
    while (startsByThen(span + 1)) span++
    index[half] = span
  }
  index[halves] = s0.length - 1
  return index
}
