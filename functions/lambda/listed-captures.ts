/** The files that a session lists and an audit reads, and those of them that are not there. */
import { posix } from 'node:path'
import type { Session } from '../model.ts'
import { isLitter, sessionKey } from './intake-key.ts'
import type { SessionFile } from './session-file.ts'

/** Paths below its folder of what a session names beside its captures, and reads with them: key logs, and the envelope. */
export function besideCaptures(session: Session | null): ReadonlySet<string> {
  const captures = new Set((session?.captures ?? []).map(({ file }) => posix.normalize(file)))
  const named = (session?.captures ?? []).flatMap(({ keys }) => keys ?? [])
  if (session?.seeds) named.push(session.seeds.envelope)
  return new Set(named.map((name) => posix.normalize(name)).filter((name) => !captures.has(name)))
}

/**
 * Captures, and the key logs without which they are not read; where the session lists none and is sealed, those that were there
 * when it was.
 *
 * @returns their paths within the campaign; none of a session that is faulty
 */
export function listedCaptures({ folder, session, sealed }: SessionFile): readonly string[] {
  const listed = (session?.captures ?? []).flatMap(({ file, keys }) => [file, ...(keys === undefined ? [] : [keys])])
  const wereThere = session?.captures.length === 0 ? (sealed?.files ?? []) : []
  const captures = wereThere.filter(({ file }) => file.startsWith('captures/') && !isLitter(file))
  return [...new Set([...listed, ...captures.map(({ file }) => file)].map((file) => posix.join(folder, file)))]
}

/** @param present keys of what stands in the intake */
export function absentCaptures(file: SessionFile, present: ReadonlySet<string>): readonly string[] {
  const root = posix.dirname(posix.dirname(sessionKey(file.campaign, file.folder)))
  return listedCaptures(file).filter((source) => !present.has(posix.join(root, source)))
}
