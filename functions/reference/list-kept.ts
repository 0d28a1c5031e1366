/** What a store keeps, one line a snapshot, whether or not it can be opened. */
import type { SnapshotFacts } from '../model.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { isHiddenKey, parseReferenceKey, SNAPSHOT_KINDS } from '../store/reference-key.ts'
import { DatabaseCache } from './database-cache.ts'
import { lazyDatabase } from './lazy-database.ts'
import { openPublished } from './open-published.ts'

export interface ListedSnapshot extends SnapshotFacts {
  /** Prefixes; null for a database, which says nothing of its own about how many it has, and for what is broken. */
  readonly records: number | null
  /** Lines of a feed that say nothing usable. */
  readonly badLines: number
  /** Why it cannot be opened, or null. */
  readonly error: string | null
}

/**
 * Reads every snapshot that is no hidden file, one after the other, and holds it against the hash in its name.
 *
 * @param nameOf what messages call an object
 */
export async function listKept(store: ObjectStore, nameOf: (key: string) => string): Promise<ListedSnapshot[]> {
  const listed: ListedSnapshot[] = []
  for (const kind of SNAPSHOT_KINDS)
    for (const { key, size } of await store.listFacts(`${kind}/`))
      if (!isHiddenKey(key)) listed.push(await listOne(store, key, size, nameOf(key)))
  return listed
}

async function listOne(store: ObjectStore, key: string, size: number, name: string): Promise<ListedSnapshot> {
  const named = parseReferenceKey(key)
  const { source = key, date = '', sha256 = '' } = named ?? {}
  const facts = { source, date, sha256, size }
  try {
    if (named === null)
      throw new Error(`${name}: its name is not <date>.<sha256>.<extension>; add it with \`domicile snapshots add\``)
    if (source.startsWith('database/')) {
      const path = await new DatabaseCache(store).fileOf(key, sha256, name)
      return { ...lazyDatabase({ path, source, sha256, date, name }).facts(), records: null, badLines: 0, error: null }
    }
    const opened = openPublished(await store.read(key), named, name)
    const { table, badLines } = opened
    return { ...opened.facts(), records: table.size, badLines: badLines.length, error: null }
  } catch (error) {
    return { ...facts, records: null, badLines: 0, error: error instanceof Error ? error.message : String(error) }
  }
}
