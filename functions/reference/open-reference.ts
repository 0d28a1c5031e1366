/** Opens the reference data that locating rests on: the dated snapshots of a store, and the databases that come with npm. */
import { SnapshotError } from '../errors.ts'
import { createLocator } from '../locate/locator.ts'
import type { DatabaseSnapshot, RangeSnapshot } from '../locate/snapshots.ts'
import type { Locator } from '../model.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { parseReferenceKey } from '../store/reference-key.ts'
import { DatabaseCache } from './database-cache.ts'
import { lazyDatabase } from './lazy-database.ts'
import { type Days, listSnapshots } from './list-snapshots.ts'
import { openPublished } from './open-published.ts'
import { packagedDatabases } from './packaged-databases.ts'
import type { PrefixCache } from './prefix-cache.ts'
import { withoutCopies } from './refuse-copy.ts'

export interface ReferenceOptions {
  /** Whether the databases of the npm packages are opened too; they are where it is not said. */
  readonly databases?: boolean
  /** Days of the packets: of the store's snapshots those that count for them; every one where it is not given. */
  readonly days?: Days
  /** The snapshots to open, instead of what the store has. */
  readonly keys?: readonly string[]
  /** Where databases of a store that is no folder are copied to; {@link DatabaseCache} says where it is otherwise. */
  readonly cacheFolder?: string
  /** What parsing published files gave before; they are all parsed where it is not given. */
  readonly prefixCache?: PrefixCache
  /** What messages call an object; its key where it is not given. */
  readonly nameOf?: (key: string) => string
}

/** Published files that are fetched at a time: as bytes they are a multiple of what stays of them. */
const FETCHED_AT_ONCE = 8

/**
 * Opens snapshots of the store. Ranges are held against the hash in their name, and parsed; a database is read, and held
 * against its hash, when the first address of its family is asked for. The same bytes under two sources are opened once: they are
 * one voice.
 *
 * @throws SnapshotError where a snapshot is broken, or not what its name says; MissingObjectError where one of `keys` is
 * not there
 */
export async function openReference(store: ObjectStore, options: ReferenceOptions = {}): Promise<Locator> {
  const nameOf = options.nameOf ?? ((key) => key)
  const cache = new DatabaseCache(store, options.cacheFolder)
  const found = (options.keys ?? (await listSnapshots(store, options.days))).map((key) => {
    const name = parseReferenceKey(key)
    if (name) return { key, name }
    throw new SnapshotError(
      nameOf(key),
      'its name is not <date>.<sha256>.<extension>; add it with `domicile snapshots add`, which names it',
    )
  })
  const named = withoutCopies(found)
  const ranges: RangeSnapshot[] = []
  const listed = named.filter(({ key }) => !key.startsWith('database/'))
  for (let from = 0; from < listed.length; from += FETCHED_AT_ONCE) {
    const some = listed.slice(from, from + FETCHED_AT_ONCE)
    ranges.push(
      ...(await Promise.all(
        some.map(async ({ key, name }) => openPublished(await store.read(key), name, nameOf(key), options.prefixCache)),
      )),
    )
  }
  refuseAmbiguous(
    ranges,
    listed.map(({ key }) => nameOf(key)),
  )
  const databases: DatabaseSnapshot[] = []
  for (const { key, name } of named.filter(({ key }) => key.startsWith('database/'))) {
    const path = await cache.fileOf(key, name.sha256, nameOf(key))
    databases.push(lazyDatabase({ ...name, path, name: nameOf(key) }))
  }
  if (options.databases !== false) databases.push(...packagedDatabases())
  return createLocator({ ranges, databases })
}

/**
 * @param names what messages call the snapshots, in their order
 * @throws SnapshotError where two of one source and instant list addresses of the same family: nothing tells which counts
 */
function refuseAmbiguous(ranges: readonly RangeSnapshot[], names: readonly string[]): void {
  const seen = new Map<string, string>()
  for (const [i, { source, time, table }] of ranges.entries())
    for (const family of [4, 6] as const) {
      if (table.values(family).length === 0) continue
      const instant = `${source} ${time} ${family}`
      const name = names[i] ?? source
      const other = seen.get(instant)
      if (other !== undefined)
        throw new SnapshotError(
          name,
          `it and ${other} are of one source and instant, and only one can count: remove the one that was added later`,
        )
      seen.set(instant, name)
    }
}
