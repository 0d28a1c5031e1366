/** The snapshot of a source that a new one is held against. */
import { SnapshotError } from '../errors.ts'
import type { Micros } from '../model.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { parseReferenceKey, type ReferenceKey } from '../store/reference-key.ts'
import { checkHash } from './check-hash.ts'
import { type Inspected, inspectSnapshot } from './inspect-snapshot.ts'
import { sha256Of } from './keep-snapshot.ts'

export interface KeptSnapshot extends Inspected {
  readonly key: string
  readonly name: ReferenceKey
  /** When it was made; the start of its day where only that is known. */
  readonly at: Micros
  readonly bytes: Buffer
}

/**
 * Reads the snapshot that was made last. Only those of the last day are read, however many are kept; of these it is the one
 * that says the latest time, and where they say none, the one that was written last.
 *
 * @returns null where the source has none
 * @throws SnapshotError where one of that day is broken: nothing can be held against it
 */
export async function newestSnapshot(store: ObjectStore, source: string): Promise<KeptSnapshot | null> {
  const kept = (await store.listFacts(`${source}/`)).flatMap(({ key, modified }) => {
    const name = parseReferenceKey(key)
    return name === null ? [] : [{ key, name, modified }]
  })
  const last = kept
    .map(({ name }) => name.date)
    .sort()
    .at(-1)
  let newest: KeptSnapshot | null = null
  const ofLastDay = kept.filter(({ name }) => name.date === last)
  for (const { key, name } of ofLastDay.sort((a, b) => a.modified.getTime() - b.modified.getTime())) {
    const bytes = Buffer.from(await store.read(key))
    const read = inspectKept(source, bytes, key, name)
    const at = read.time ?? Date.parse(name.date) * 1000
    if (newest === null || at >= newest.at) newest = { ...read, key, name, at, bytes }
  }
  return newest
}

function inspectKept(source: string, bytes: Buffer, key: string, { sha256 }: ReferenceKey): Inspected {
  try {
    checkHash(key, sha256, sha256Of(bytes))
    return inspectSnapshot(source, bytes, key)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SnapshotError(
      source,
      `nothing can be held against the newest snapshot, which is broken (${why}); remove that one`,
      { cause },
    )
  }
}
