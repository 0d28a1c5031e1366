/** A session as it was uploaded: its `session.yaml`, or what is wrong with it. */
import { createHash } from 'node:crypto'
import { loadSession } from '../declare/load.ts'
import { DeclarationError } from '../errors.ts'
import type { Session } from '../model.ts'
import { MissingObjectError } from '../store/missing-object.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { sessionKey } from './intake-key.ts'

/** A hundred times what a session with a thousand captures takes; more is no `session.yaml`. */
export const MAX_SESSION_BYTES = 8 * 1024 ** 2

/** The `session.yaml` of one session folder. */
export interface SessionFile {
  readonly campaign: string
  /** Name of the folder. */
  readonly folder: string
  /** Path within the campaign. */
  readonly source: string
  /** Of its bytes, hex. */
  readonly sha256: string
  readonly text: string
  /** null where it is faulty. */
  readonly session: Session | null
  /** Every fault with its line; null where there is none. */
  readonly error: string | null
}

/**
 * Reads the current `session.yaml` of a folder.
 *
 * @returns null where it has not been uploaded, or is deleted
 */
export async function readSessionFile(
  intake: ObjectStore,
  campaign: string,
  folder: string,
): Promise<SessionFile | null> {
  const source = `${folder}/session.yaml`
  const hash = createHash('sha256')
  const kept: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of intake.open(sessionKey(campaign, folder))) {
      hash.update(chunk)
      size += chunk.length
      if (size <= MAX_SESSION_BYTES) kept.push(new Uint8Array(chunk))
    }
  } catch (error) {
    if (error instanceof MissingObjectError) return null
    throw error
  }
  const file = { campaign, folder, source, sha256: hash.digest('hex') }
  if (size > MAX_SESSION_BYTES) {
    const error = `${source} has ${size} bytes, and a session.yaml has at most ${MAX_SESSION_BYTES}: upload the right file`
    return { ...file, text: '', session: null, error }
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(kept))
  const { session, faults } = loadSession(text, source)
  const errors = faults.filter(({ severity }) => severity === 'error')
  return errors.length > 0 || session === null
    ? { ...file, text, session: null, error: new DeclarationError(source, errors).message }
    : { ...file, text, session, error: null }
}
