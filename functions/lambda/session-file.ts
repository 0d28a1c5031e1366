/** A session as it was uploaded: its `session.yaml`, or what is wrong with it. */
import { createHash } from 'node:crypto'
import { loadSession } from '../declare/load.ts'
import { openSeal, SEAL, type SealedRecord, sealedRecord, sealFaultText } from '../declare/seal.ts'
import { DeclarationError } from '../errors.ts'
import type { Session } from '../model.ts'
import { MissingObjectError } from '../store/missing-object.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { sessionFileKey, sessionKey } from './intake-key.ts'

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
  /** null where it is faulty, or was altered since it was sealed. */
  readonly session: Session | null
  /** What it says of every other file of its folder; null where it was not sealed, or is faulty. */
  readonly sealed: SealedRecord | null
  /** Whether it and its seal do not belong together, which is what `error` then says. */
  readonly isAltered: boolean
  /** Every fault with its line; null where there is none. */
  readonly error: string | null
}

/**
 * Reads the current `session.yaml` of a folder, and holds it against its seal where that has come.
 *
 * @returns null where it has not been uploaded, or is deleted
 */
export async function readSessionFile(
  intake: ObjectStore,
  campaign: string,
  folder: string,
): Promise<SessionFile | null> {
  const source = `${folder}/session.yaml`
  const read = await readDocument(intake, sessionKey(campaign, folder))
  if (read === null) return null
  const { size, sha256 } = read
  const file = { campaign, folder, source, sha256 }
  const faulty = { ...file, session: null, sealed: null, isAltered: false }
  if (read.text === null) {
    const error = `${source} has ${size} bytes, and a session.yaml has at most ${MAX_SESSION_BYTES}: upload the right file`
    return { ...faulty, text: '', error }
  }
  const { text } = read
  const { session, faults } = loadSession(text, source)
  const errors = faults.filter(({ severity }) => severity === 'error')
  if (errors.length > 0 || session === null)
    return { ...faulty, text, error: new DeclarationError(source, errors).message }
  const seal = await readDocument(intake, sessionFileKey(campaign, folder, SEAL))
  if (seal === null) return { ...file, text, session, sealed: listOf(text), isAltered: false, error: null }
  const opened = openSeal({ text, size, sha256 }, seal.text ?? '')
  if (opened.faults.length === 0)
    return { ...file, text, session, sealed: opened.sealed, isAltered: false, error: null }
  const error = `the session is not as it was sealed: ${sealFaultText(opened.faults)}. Upload both as the rig has them`
  return { ...faulty, text, isAltered: true, error }
}

/** What a session lists whose seal has not come: the files are held against it all the same. */
function listOf(text: string): SealedRecord | null {
  const record = sealedRecord(text)
  return record === 'broken' ? null : record
}

/** @returns null where it is not there; without `text` where it is too long to be one */
async function readDocument(
  intake: ObjectStore,
  key: string,
): Promise<{ readonly size: number; readonly sha256: string; readonly text: string | null } | null> {
  const hash = createHash('sha256')
  const kept: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of intake.open(key)) {
      hash.update(chunk)
      size += chunk.length
      if (size <= MAX_SESSION_BYTES) kept.push(new Uint8Array(chunk))
    }
  } catch (error) {
    if (error instanceof MissingObjectError) return null
    throw error
  }
  const text =
    size > MAX_SESSION_BYTES ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(kept))
  return { size, sha256: hash.digest('hex'), text }
}
