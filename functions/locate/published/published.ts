/** What reading a published file gives, whoever published it. */
import type { Micros } from '../../model.ts'
import type { Prefix, PrefixTable } from '../../net/prefix.ts'
import type { RangeEntry } from '../snapshots.ts'

/** A line of a feed that says nothing usable, or repeats another. */
export interface BadLine {
  /** From 1. */
  readonly line: number
  /** What is wrong with it, for a person. */
  readonly what: string
}

export interface Published {
  /** When the publisher made the file, as the file itself says; null where it does not say. */
  readonly time: Micros | null
  readonly table: PrefixTable<RangeEntry>
  /** Only in feeds of lines (RFC 8805 asks to go on after a bad one); a file that is broken as a whole is refused instead. */
  readonly badLines: readonly BadLine[]
  /** Prefixes that the file has and the table does not, by the reason why. */
  readonly leftOut: Readonly<Record<string, number>>
}

/** What an entry says besides its prefix: the rows of one file say a few hundred different things of many thousand prefixes. */
export type Words = Omit<RangeEntry, 'prefix'>

/** Addresses of which no more is known than whose they are. */
export const nothingMore: Words = { regions: [], services: [], edge: null, doubt: null, stated: null }

/** Spelled out, because a spread object takes several times as long. */
export function entryOf(prefix: Prefix, words: Words): readonly [Prefix, RangeEntry] {
  const { regions, services, edge, doubt, stated } = words
  return [prefix, { prefix, regions, services, edge, doubt, stated }]
}

/** A source of published addresses. */
export interface Publisher {
  /** Who publishes it, for a sentence: `AWS`, `Google Cloud`. */
  readonly words: string
  /** How the file's name ends in the archive. */
  readonly extension: 'json' | 'csv' | 'txt'
  /**
   * Reads and checks a whole file.
   *
   * @param name what to call the file in errors
   * @throws SnapshotError where it is not what the source says: a range left out in silence could turn a verdict
   */
  parse(bytes: Uint8Array, name: string): Published
}
