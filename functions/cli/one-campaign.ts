/** Whether several folders of a command line can be one campaign. */
import { InputError } from '../errors.ts'
import type { Session } from '../model.ts'
import { readPlace } from './places.ts'

/**
 * An audit is by one declaration; which of two was meant cannot be told.
 *
 * @param paths of declarations
 * @throws InputError where two of them differ
 */
export async function refuseDifferentDeclarations(paths: readonly string[]): Promise<void> {
  const [first, ...others] = paths
  if (first === undefined || others.length === 0) return
  const bytes = await readPlace(first)
  for (const other of others)
    if (Buffer.compare(bytes, await readPlace(other)) !== 0)
      throw new InputError(
        `${first} and ${other} differ, and an audit is by one declaration: name it with -d, or audit the folders one by one`,
        { source: other },
      )
}

/** What was found in one place: its sessions, and their files in the same order, where they have any. */
interface Found {
  readonly sessions: readonly Session[]
  readonly documents: readonly { readonly path: string }[]
}

/**
 * Evidence of two sessions of one id could not be told apart: one of them may have the better clock.
 *
 * @throws InputError where two sessions have one id
 */
export function refuseDoubledSessions(found: readonly Found[]): void {
  const seen = new Map<string, Session>()
  for (const { sessions, documents } of found)
    for (const [i, session] of sessions.entries()) {
      const path = documents[i]?.path ?? 'the session of files that have none'
      const first = seen.get(session.id)
      if (first && first !== session)
        throw new InputError(`two sessions of this audit are called ${session.id}: give ${path} an id of its own`, {
          source: path,
        })
      seen.set(session.id, session)
    }
}
