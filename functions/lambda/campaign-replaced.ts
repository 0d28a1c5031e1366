/** What uploads of a campaign have replaced: a rig can write over a capture, and nobody's evidence may go that way unseen. */
import { createHash } from 'node:crypto'
import { MissingObjectError } from '../store/missing-object.ts'
import type { ObjectFacts, ObjectStore } from '../store/object-store.ts'
import { eachAtOnce } from './at-once.ts'
import { sessionKey } from './intake-key.ts'
import type { SessionFile } from './session-file.ts'

interface ReplacedBy {
  /** The last one first. */
  readonly replaced: readonly ObjectFacts[]
  /** SHA-256 of every `session.yaml` that the folder has had. */
  readonly sessionHashes: readonly string[]
}

/** @returns what a capture has replaced */
export async function replacedContents(intake: ObjectStore, campaign: string) {
  const root = `intake/${campaign}/`
  const byKey = new Map<string, ObjectFacts[]>()
  for (const facts of await intake.listReplaced(root)) byKey.set(facts.key, [...(byKey.get(facts.key) ?? []), facts])
  const folders = [...new Set([...byKey.keys()].map((key) => key.slice(root.length).split('/', 1)[0] ?? ''))]
  const hashes = new Map(
    await eachAtOnce(folders, async (folder) => {
      const sessions = byKey.get(sessionKey(campaign, folder)) ?? []
      const found = await eachAtOnce(sessions, (session) => hashOfContent(intake, session))
      return [folder, found.filter((hash) => hash !== null)] as const
    }),
  )
  return (capture: {
    readonly source: string
    readonly version: string | null
    readonly folder: string
    readonly session: SessionFile | null
  }): ReplacedBy => {
    const { source, version, folder, session } = capture
    // An upload between the two listings makes of the current content one that was replaced; it is the next audit's.
    const replaced = (byKey.get(root + source) ?? []).filter((content) => content.version !== version)
    return { replaced, sessionHashes: [...(session ? [session.sha256] : []), ...(hashes.get(folder) ?? [])] }
  }
}

/** SHA-256 of a content, hex; null where it has been deleted meanwhile. */
export async function hashOfContent(intake: ObjectStore, { key, version }: ObjectFacts): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of intake.open(key, version)) hash.update(chunk)
  } catch (error) {
    if (error instanceof MissingObjectError) return null
    throw error
  }
  return hash.digest('hex')
}
