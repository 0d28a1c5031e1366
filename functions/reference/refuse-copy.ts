/** Refuses the bytes of a snapshot under another name: one voice would be heard as two. */
import { SnapshotError } from '../errors.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { parseReferenceKey, SNAPSHOT_KINDS } from '../store/reference-key.ts'
import { TAKE_ANYWAY } from './refuse-stranger.ts'
import { SOURCES } from './sources.ts'

/**
 * @param file what to call the file in errors
 * @param nameOf what messages call an object
 * @throws SnapshotError where the same bytes are kept as a snapshot of another source
 */
export async function refuseCopy(
  store: ObjectStore,
  source: string,
  sha256: string,
  file: string,
  nameOf: (key: string) => string,
): Promise<void> {
  const kept: (readonly [key: string, source: string])[] = []
  for (const kind of SNAPSHOT_KINDS)
    for (const key of await store.list(`${kind}/`)) {
      const name = parseReferenceKey(key)
      if (name?.sha256 === sha256) kept.push([key, name.source])
    }
  const [first] = kept
  if (first === undefined || kept.some(([, known]) => known === source)) return
  const [key, known] = first
  throw new SnapshotError(
    file,
    `the same bytes are kept as ${known} (${nameOf(key)}), and one file is one witness, not two: one of the two names is wrong. ${TAKE_ANYWAY}, but only one of them is asked`,
  )
}

/**
 * Of files with the same bytes under several sources those of one: a source that the program fetches by its name, else the
 * first by its key. One source may keep the same bytes as of several days.
 *
 * @returns in the order given
 */
export function withoutCopies<Named extends { readonly name: { readonly source: string; readonly sha256: string } }>(
  snapshots: readonly Named[],
): readonly Named[] {
  const sourceOf = new Map<string, string>()
  for (const { name } of snapshots) {
    const known = sourceOf.get(name.sha256)
    if (known === undefined || (isFetched(name.source) && !isFetched(known))) sourceOf.set(name.sha256, name.source)
  }
  return snapshots.filter(({ name }) => sourceOf.get(name.sha256) === name.source)
}

const isFetched = (name: string) => SOURCES.some(({ source }) => source === name)
