/** Puts a checked file into the archive of snapshots. */
import { createHash } from 'node:crypto'
import { SnapshotError } from '../errors.ts'
import { dayOf } from '../locate/snapshots.ts'
import type { Micros } from '../model.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { referenceKey } from '../store/reference-key.ts'

export interface NewSnapshot {
  readonly source: string
  readonly time: Micros
  readonly extension: string
  readonly bytes: Uint8Array
}

const mediaTypes: Readonly<Record<string, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  txt: 'text/plain',
  mmdb: 'application/octet-stream',
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/**
 * Writes a snapshot under its date and hash. The same content of the same day is kept once.
 *
 * @param nameOf what messages call an object
 * @returns whether it was written; false where it was there already
 * @throws SnapshotError where what lies under that name has another content
 */
export async function keepSnapshot(
  store: ObjectStore,
  { source, time, extension, bytes }: NewSnapshot,
  nameOf: (key: string) => string = (key) => key,
): Promise<{ readonly key: string; readonly written: boolean }> {
  const key = referenceKey({ source, date: dayOf(time), sha256: sha256Of(bytes), extension })
  const contentType = mediaTypes[extension]
  const written = await store.write(key, bytes, { onlyIfAbsent: true, ...(contentType ? { contentType } : {}) })
  // A file of that name whose content is another was changed after it was taken in: that must not pass for the snapshot.
  if (!written && Buffer.compare(bytes, await store.read(key)) !== 0)
    throw new SnapshotError(nameOf(key), 'its content is not the one in its name; remove it and add it again')
  return { key, written }
}
