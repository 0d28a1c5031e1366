/**
 * The prefixes of all published snapshots as one table, whatever time is asked about: a single search finds what each of them
 * lists for an address. Made when the first address is asked for.
 */
import type { Address } from '../net/address.ts'
import { MergedPrefixes, uncovered } from '../net/merged-prefixes.ts'
import type { RangeEntry, RangeSnapshot } from './snapshots.ts'

/** The number of addresses that nothing lists. */
export const UNLISTED = uncovered

export class PublishedPrefixes {
  readonly #snapshots: readonly RangeSnapshot[]
  #merged: MergedPrefixes<RangeEntry> | undefined

  constructor(snapshots: readonly RangeSnapshot[]) {
    this.#snapshots = snapshots
  }

  /** A number, of the address's family, that all addresses share of which every snapshot says the same. */
  find({ family, words }: Address): number {
    return this.#tables.find(family, words[0], words[1], words[2], words[3])
  }

  /** What the snapshots list for the addresses of a number; those that list nothing are not in it. */
  entries(family: 4 | 6, found: number): ReadonlyMap<RangeSnapshot, RangeEntry> {
    const entries = new Map<RangeSnapshot, RangeEntry>()
    for (const [i, entry] of this.#tables.values(family, found).entries()) {
      const snapshot = this.#snapshots[i]
      if (snapshot && entry) entries.set(snapshot, entry)
    }
    return entries
  }

  get #tables(): MergedPrefixes<RangeEntry> {
    this.#merged ??= new MergedPrefixes(this.#snapshots.map(({ table }) => table))
    return this.#merged
  }
}
