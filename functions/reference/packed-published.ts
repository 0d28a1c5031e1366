/**
 * What reading a published file gave, as bytes that load without parsing or sorting anything. Only for the machine that wrote
 * them: numbers stand in its own order of bytes.
 *
 * A checksum, four numbers, columns of 32-bit numbers (of IPv4, then of IPv6), and the rest as JSON.
 */
import { createHash } from 'node:crypto'
import { entryOf, type Published, type Words } from '../locate/published/published.ts'
import type { RangeEntry } from '../locate/snapshots.ts'
import { type BuiltPrefixes, type PrefixSpans, PrefixTable } from '../net/prefix.ts'

/** What was read. */
export interface PackedName {
  /** Such as `ranges/aws`. */
  readonly source: string
  /** Of the published file. */
  readonly sha256: string
  /** Names the program's parsers: others may read something else in the same file. */
  readonly parsers: string
}

/** Prefixes and spans of one family. */
interface Sizes {
  readonly prefixes: number
  readonly spans: number
}

interface Rest extends Omit<Published, 'table'> {
  readonly name: PackedName
  readonly sizes: Readonly<Record<4 | 6, Sizes>>
  /** What the prefixes say, each once. */
  readonly words: readonly Words[]
}

const CHECKSUM = 32
/** What follows the checksum: two numbers that tell this form and the order of bytes, the columns' length and the JSON's. */
const HEADER = 4
const FORM = 0x646f6d31
const ORDER = 0x01020304
const COLUMNS = CHECKSUM + 4 * HEADER

const checksum = (bytes: Uint8Array) => createHash('sha256').update(bytes.subarray(CHECKSUM)).digest()

/** The columns of one family, each the next so many numbers of the buffer. */
function columnsOf(next: (length: number) => Uint32Array, family: 4 | 6, { prefixes, spans }: Sizes) {
  // An IPv4 address has one word, an IPv6 address four.
  const words = (length: number) => Array.from({ length: family === 4 ? 1 : 4 }, () => next(length))
  return {
    starts: words(spans),
    /** -1 is the highest number that 32 bits have. */
    entry: next(spans),
    prefixes: words(prefixes),
    lengths: next(prefixes),
    /** Which of the words a prefix has. */
    said: next(prefixes),
  }
}

/** Gives one column of the bytes after the other. */
function columnsFrom(bytes: Uint8Array): (length: number) => Uint32Array {
  let at = bytes.byteOffset
  return (length) => {
    const column = new Uint32Array(bytes.buffer, at, length)
    at += column.byteLength
    return column
  }
}

/** Bytes of the columns of both families. */
function columnBytes(sizes: Rest['sizes']): number {
  let numbers = 0
  const count = (length: number) => {
    numbers += length
    return new Uint32Array()
  }
  for (const family of [4, 6] as const) columnsOf(count, family, sizes[family])
  return 4 * numbers
}

export function packPublished({ table, ...published }: Published, name: PackedName): Uint8Array {
  const sizesOf = (family: 4 | 6): Sizes => ({
    prefixes: table.values(family).length,
    spans: table.spans(family).entry.length,
  })
  const sizes = { 4: sizesOf(4), 6: sizesOf(6) }
  const columns = new Uint8Array(columnBytes(sizes))
  const next = columnsFrom(columns)
  const words = new DistinctWords()
  for (const family of [4, 6] as const) {
    const into = columnsOf(next, family, sizes[family])
    const { starts, entry } = table.spans(family)
    for (const [i, column] of into.starts.entries()) column.set(starts[i] ?? [])
    into.entry.set(entry)
    let number = 0
    for (const value of table.values(family)) {
      for (const [i, column] of into.prefixes.entries()) column[number] = value.prefix.words[i] ?? 0
      into.lengths[number] = value.prefix.length
      into.said[number++] = words.numberOf(value)
    }
  }
  const rest: Rest = { name, ...published, sizes, words: words.all }
  const json = Buffer.from(JSON.stringify(rest))
  const bytes = new Uint8Array(COLUMNS + columns.length + json.length)
  new Uint32Array(bytes.buffer, CHECKSUM, HEADER).set([FORM, ORDER, columns.length, json.length])
  bytes.set(columns, COLUMNS)
  bytes.set(json, COLUMNS + columns.length)
  bytes.set(checksum(bytes))
  return bytes
}

/**
 * @param bytes which the result goes on using; they begin at a multiple of 4 in their buffer
 * @returns null where they are not whole, of another form, or of another name
 */
export function unpackPublished(bytes: Uint8Array, expected: PackedName): Published | null {
  if (bytes.length < COLUMNS) return null
  const [form, order, columns = 0, length = 0] = new Uint32Array(bytes.buffer, bytes.byteOffset + CHECKSUM, HEADER)
  if (form !== FORM || order !== ORDER || bytes.length !== COLUMNS + columns + length) return null
  if (!checksum(bytes).equals(bytes.subarray(0, CHECKSUM))) return null
  const rest: Rest = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + COLUMNS + columns, length).toString())
  const { name, sizes, words, ...published } = rest
  if (name.source !== expected.source || name.sha256 !== expected.sha256 || name.parsers !== expected.parsers)
    return null
  const next = columnsFrom(bytes.subarray(COLUMNS))
  const family = (family: 4 | 6) => restoredFamily(family, sizes[family], words, next)
  return { ...published, table: PrefixTable.restored(family(4), family(6)) }
}

function restoredFamily(
  family: 4 | 6,
  sizes: Sizes,
  words: readonly Words[],
  next: (length: number) => Uint32Array,
): BuiltPrefixes<RangeEntry> {
  const columns = columnsOf(next, family, sizes)
  const zeros = new Uint32Array(sizes.spans)
  const [s0 = zeros, s1 = zeros, s2 = zeros, s3 = zeros] = columns.starts
  const { buffer, byteOffset, length } = columns.entry
  const spans: PrefixSpans = { starts: [s0, s1, s2, s3], entry: new Int32Array(buffer, byteOffset, length) }
  const word = (number: number, entry: number) => columns.prefixes[number]?.[entry] ?? 0
  const valueAt = (entry: number): RangeEntry => {
    const start = [word(0, entry), word(1, entry), word(2, entry), word(3, entry)] as const
    const says = words[columns.said[entry] ?? -1]
    if (!says) throw new RangeError(`prefix ${entry} of ${sizes.prefixes} says nothing`)
    return entryOf({ family, words: start, length: columns.lengths[entry] ?? 0 }, says)[1]
  }
  return { spans, size: sizes.prefixes, valueAt }
}

/** Numbers what entries say besides their prefix. */
class DistinctWords {
  readonly all: Words[] = []
  readonly #numbers = new Map<string, number>()

  numberOf({ regions, services, edge, doubt, stated }: RangeEntry): number {
    const words: Words = { regions, services, edge, doubt, stated }
    const text = JSON.stringify(words)
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    this.#numbers.set(text, this.all.length)
    return this.all.push(words) - 1
  }
}
