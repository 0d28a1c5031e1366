/** Reads the files that somebody adds as one snapshot: one file, or all of a list of lines that is published in several. */
import { SnapshotError } from '../errors.ts'
import { type Inspected, inspectSnapshot } from './inspect-snapshot.ts'
import { joinLines } from './join-lines.ts'

export interface OfferedFile {
  /** As it was given. */
  readonly path: string
  /** Unpacked. */
  readonly bytes: Buffer
}

export interface InspectedFiles {
  /** Each by itself, in the order given. */
  readonly parts: readonly (OfferedFile & Inspected)[]
  /** All of them, one after the other, as they are kept. */
  readonly bytes: Buffer
  readonly whole: Inspected
  /** What to call all of them in errors. */
  readonly name: string
}

/**
 * @throws InputError where no such source is known, SnapshotError where a file is not what the source says, or several are not
 * files of lines, which alone can be put together
 */
export function inspectFiles(source: string, files: readonly OfferedFile[]): InspectedFiles {
  const parts = files.map((file) => ({ ...file, ...inspectSnapshot(source, file.bytes, file.path) }))
  const name = files.map(({ path }) => path).join(' and ')
  const [only] = parts
  if (parts.length === 1 && only) return { parts, bytes: only.bytes, whole: only, name }
  const single = parts.find(({ isOfLines }) => !isOfLines)
  if (single) throw new SnapshotError(single.path, 'it is a snapshot by itself, not a part of one: add each file alone')
  const bytes = joinLines(files.map(({ bytes }) => bytes))
  return { parts, bytes, whole: inspectSnapshot(source, bytes, name), name }
}
