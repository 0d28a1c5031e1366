/** Dated reference data as locating wants it: parsed, and in order of time. */

import type { Evidence, Micros, SnapshotFacts } from '../model.ts'
import type { Address } from '../net/address.ts'
import type { Prefix, PrefixTable } from '../net/prefix.ts'

/** Where a publisher says that addresses are, in a feed's own words (RFC 8805). */
export interface StatedPlace {
  /** ISO 3166-1 alpha-2; null where the feed leaves it out on purpose. */
  readonly country: string | null
  /** ISO 3166-2. */
  readonly subdivision: string | null
  readonly city: string | null
}

/** What a published file says of the addresses of one prefix. */
export interface RangeEntry {
  readonly prefix: Prefix
  /**
   * Keys of regions or zones, such as `aws:us-west-2-lax-1`, sorted. Several only where the file contradicts itself; none
   * where it says that the addresses belong to no region (`GLOBAL`).
   */
  readonly regions: readonly string[]
  /** The provider's names of the services behind the prefix, sorted. */
  readonly services: readonly string[]
  /** Why the place behind the addresses is not observable, or null. */
  readonly edge: string | null
  /** Why the region, although it is named, is not proven to be where the traffic ends, or null. */
  readonly doubt: string | null
  /** A place that is stated without a region, or null. */
  readonly stated: StatedPlace | null
}

/** What somebody published about addresses at one instant: a provider's ranges, a geofeed, a list of anycast prefixes. */
export interface RangeSnapshot {
  /** Such as `ranges/aws`, `geofeed/aws`, `anycast/bgptools`. */
  readonly source: string
  /** When the publisher made the file; the start of its day where only that is known. */
  readonly time: Micros
  /** Its UTC day, YYYY-MM-DD. */
  readonly date: string
  readonly table: PrefixTable<RangeEntry>
  facts(): SnapshotFacts
}

/** What a database says of an address. Fields that it does not know are null. */
export interface DatabaseAnswer {
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  /** ISO 3166-2, where the database has codes. */
  readonly subdivision: string | null
  readonly city: string | null
  /**
   * Degrees, WGS 84; null where the record names no city: its coordinates are then the middle of a country or state, which
   * looks like a place and is none.
   */
  readonly point: { readonly latitude: number; readonly longitude: number } | null
  /** What it says, for a person: `Boardman, Oregon, US`. */
  readonly words: string
}

/** What a database says of the addresses of one network. */
export interface DatabaseFinding {
  /** The network, CIDR. */
  readonly prefix: string
  /** Bits of the network's address that are fixed. */
  readonly length: number
  /** Such as `database/dbip-city`. */
  readonly source: string
  /** When the database was built. */
  readonly built: Micros
  /** Who made the database. */
  readonly publisher: string
  /** null where the record cannot be decoded. */
  readonly answer: DatabaseAnswer | null
  /**
   * @param supports whether it agrees with what was concluded
   * @returns the same object each time
   */
  evidence(supports: boolean): Evidence
}

/** A geolocation database of one build. */
export interface DatabaseSnapshot {
  /** Such as `database/dbip-city`. */
  readonly source: string
  /** When it was built. */
  readonly time: Micros
  /** Its UTC day, YYYY-MM-DD. */
  readonly date: string
  readonly families: readonly (4 | 6)[]
  /** Who made it: two databases of one publisher are not independent. */
  readonly publisher: string
  /** @returns null where the database has nothing on the address */
  find(address: Address): DatabaseFinding | null
  /** A number for the record of an address: all addresses that have the same say the same. Does not allocate. */
  recordOf(address: Address): number
  facts(): SnapshotFacts
}

export interface LoadedSnapshots {
  /** Of every kind and source, in any order. */
  readonly ranges: readonly RangeSnapshot[]
  readonly databases: readonly DatabaseSnapshot[]
}

/** The snapshots of one source that stand nearest to an instant, on either side of it. */
export interface Nearest<Snapshot> {
  /** At the instant or before it. */
  readonly before: Snapshot | null
  readonly after: Snapshot | null
}

/** @param snapshots of one source, in any order */
export function nearest<Snapshot extends { readonly time: Micros }>(
  snapshots: readonly Snapshot[],
  at: Micros,
): Nearest<Snapshot> {
  let before: Snapshot | null = null
  let after: Snapshot | null = null
  for (const snapshot of snapshots) {
    if (snapshot.time <= at) {
      if (!before || snapshot.time > before.time) before = snapshot
    } else if (!after || snapshot.time < after.time) after = snapshot
  }
  return { before, after }
}

/** The UTC day of an instant, YYYY-MM-DD. */
export function dayOf(time: Micros): string {
  return new Date(time / 1000).toISOString().slice(0, 10)
}
