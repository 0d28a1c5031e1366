/** The captures that a session lists, and those of them that are not there. */
import { posix } from 'node:path'
import { sessionKey } from './intake-key.ts'
import type { SessionFile } from './session-file.ts'

/** @returns their paths within the campaign; none of a session that is faulty */
export function listedCaptures({ folder, session }: SessionFile): readonly string[] {
  return (session?.captures ?? []).map(({ file }) => posix.join(folder, file))
}

/** @param present keys of what stands in the intake */
export function absentCaptures(file: SessionFile, present: ReadonlySet<string>): readonly string[] {
  const root = posix.dirname(posix.dirname(sessionKey(file.campaign, file.folder)))
  return listedCaptures(file).filter((source) => !present.has(posix.join(root, source)))
}
