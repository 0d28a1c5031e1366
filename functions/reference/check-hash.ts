/** Whether a snapshot is still the one that was taken in. */
import { SnapshotError } from '../errors.ts'

/** @throws SnapshotError where the content's hash is not the one in the snapshot's name */
export function checkHash(snapshot: string, named: string, actual: string): void {
  if (named !== actual)
    throw new SnapshotError(
      snapshot,
      `its content has the SHA-256 ${actual}, which is not the one in its name: it was changed`,
    )
}
