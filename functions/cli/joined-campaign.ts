/** Several folders and files of a command line as one campaign, where they can be one. */
import { InputError } from '../errors.ts'
import type { Campaign } from './campaign.ts'
import { readPlace } from './places.ts'

/**
 * @param declared whether the command line names a declaration, which holds instead of those in the folders
 * @throws InputError where two folders declare different things, or two sessions have one id
 */
export async function joinedCampaign(parts: readonly Campaign[], declared: boolean): Promise<Campaign> {
  refuseDoubledSessions(parts)
  const declarations = parts.flatMap(({ declaration }) => declaration ?? [])
  if (!declared) await refuseDifferent(declarations)
  return {
    declaration: declarations[0] ?? null,
    reference: parts.find((part) => part.reference !== null)?.reference ?? null,
    sessions: [...new Set(parts.flatMap((part) => part.sessions))],
    captures: parts.flatMap((part) => part.captures).sort((a, b) => (a.source < b.source ? -1 : 1)),
    documents: parts.flatMap((part) => part.documents),
  }
}

/** An audit is by one declaration; which of two was meant cannot be told. */
async function refuseDifferent(declarations: readonly string[]): Promise<void> {
  const [first, ...others] = declarations
  if (first === undefined || others.length === 0) return
  const bytes = await readPlace(first)
  for (const other of others)
    if (Buffer.compare(bytes, await readPlace(other)) !== 0)
      throw new InputError(
        `${first} and ${other} differ, and an audit is by one declaration: name it with -d, or audit the folders one by one`,
        { source: other },
      )
}

/** Evidence of two sessions of one id could not be told apart: one of them may have the better clock. */
function refuseDoubledSessions(parts: readonly Campaign[]): void {
  const seen = new Map<string, { readonly session: object; readonly path: string }>()
  for (const { sessions, documents } of parts)
    for (const [i, session] of sessions.entries()) {
      const path = documents[i]?.path ?? 'the one of files without a session.yaml'
      const first = seen.get(session.id)
      if (first && first.session !== session)
        throw new InputError(`two sessions of this audit are called ${session.id}: give ${path} an id of its own`, {
          source: path,
        })
      seen.set(session.id, { session, path })
    }
}
