/** Refuses a second snapshot of one source and instant, before it is kept: whoever opens both could not tell which counts. */
import { SnapshotError } from '../errors.ts'
import { publisherOf } from '../locate/published/publishers.ts'
import { dayOf } from '../locate/snapshots.ts'
import type { Micros } from '../model.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { parseReferenceKey } from '../store/reference-key.ts'
import type { Inspected } from './inspect-snapshot.ts'
import { sha256Of } from './keep-snapshot.ts'

export interface Candidate extends Pick<Inspected, 'time' | 'table'> {
  readonly source: string
  /** The start of its day where the file itself says no time. */
  readonly at: Micros
  readonly bytes: Uint8Array
}

/**
 * @param file what to call the new one in errors
 * @param nameOf what messages call an object
 * @throws SnapshotError where one of the same instant is kept that lists addresses of the same family and is another
 */
export async function refuseRival(
  store: ObjectStore,
  { source, at, time, table, bytes }: Candidate,
  file: string,
  nameOf: (key: string) => string = (key) => key,
): Promise<void> {
  const publisher = publisherOf(source)
  if (publisher === null || table === null) return
  const [date, sha256] = [dayOf(at), sha256Of(bytes)]
  const instant = time ?? Date.parse(date) * 1000
  for (const key of await store.list(`${source}/${date}.`)) {
    const name = parseReferenceKey(key)
    if (name === null || name.sha256 === sha256) continue
    const kept = publisher.parse(await store.read(key), nameOf(key))
    if ((kept.time ?? Date.parse(date) * 1000) !== instant) continue
    const hasBoth = ([4, 6] as const).some((f) => kept.table.values(f).length > 0 && table.values(f).length > 0)
    if (hasBoth)
      throw new SnapshotError(
        file,
        `a snapshot of ${source} of the same ${time === null ? 'day' : 'instant'} with other content is kept already (${nameOf(key)}), and only one can count. Keep that one; or, if this is the right one, remove that file and add this`,
      )
  }
}
