/** What a session names beside a capture: the secrets of its TLS connections, and what was planted on the device. */
import { createHash } from 'node:crypto'
import type { Planted } from '../audit.ts'
import { InputError } from '../errors.ts'
import type { CaptureReading, Session } from '../model.ts'
import { searchId } from '../observe/keys.ts'
import { LONGEST_KEY_LOG, readKeyLogFile } from '../parse/tls/key-log-file.ts'
import { openSeeds } from '../seeds/open-seeds.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { ReadWith } from './capture-evidence.ts'
import { checked, RefusedError } from './capture-limits.ts'
import { sessionFileKey } from './intake-key.ts'
import { sealFaultOf } from './sealed-files.ts'
import type { SeedKeys } from './seed-keys.ts'
import { MAX_SESSION_BYTES, type SessionFile } from './session-file.ts'

/** Everything that a capture is read with. */
export interface BesideCapture {
  readonly keyLog?: Uint8Array
  readonly planted?: Planted
  readonly readWith: ReadWith
}

/** A file that the session names and that has not come. Path below the session's folder. */
export interface Absent {
  readonly absent: string
}

/** Where the files are, and what opens them. */
export interface BesideTools {
  readonly intake: ObjectStore
  /** null where the deployment keeps none. */
  readonly seedKeys: SeedKeys | null
}

/**
 * @param entry what the session says of the capture
 * @throws RefusedError where the key log is none, or not as it was sealed: without it the capture would be read otherwise than its
 * session says
 */
export async function readBeside(
  file: SessionFile & { readonly session: Session },
  entry: Session['captures'][number] | undefined,
  tools: BesideTools,
): Promise<BesideCapture | Absent> {
  const keyLog = entry?.keys === undefined ? {} : await keyLogAt(entry.keys, file, tools.intake)
  if ('absent' in keyLog) return keyLog
  const search = await searchIn(file, tools)
  if ('absent' in search) return search
  const { planted, ...searched } = search
  const { bytes } = keyLog
  const hashed = bytes === undefined ? {} : { keyLogSha256: createHash('sha256').update(bytes).digest('hex') }
  return {
    ...(bytes === undefined ? {} : { keyLog: bytes }),
    ...(planted === undefined ? {} : { planted }),
    readWith: { ...hashed, ...searched },
  }
}

/** How a capture is read: as its session says, with the key log that it names. */
export function readingOf(entry: Session['captures'][number] | undefined, { keyLog }: BesideCapture): CaptureReading {
  const { file: _, keys: __, ...reading } = entry ?? { file: '' }
  return keyLog === undefined ? reading : { ...reading, keyLog }
}

async function keyLogAt(
  name: string,
  { campaign, folder, sealed }: SessionFile,
  intake: ObjectStore,
): Promise<{ readonly bytes?: Uint8Array } | Absent> {
  const key = sessionFileKey(campaign, folder, name)
  const facts = await intake.facts(key)
  if (facts === null) return { absent: name }
  if (facts.size > LONGEST_KEY_LOG)
    throw new RefusedError('session', `its key log ${name} has ${facts.size} bytes, and may have ${LONGEST_KEY_LOG}`)
  const hash = createHash('sha256')
  async function* hashed() {
    for await (const chunk of checked(intake.open(key, facts?.version), () => {})) {
      hash.update(chunk)
      yield chunk
    }
  }
  const bytes = await readKeyLogFile(name, hashed()).catch((error: unknown) => {
    throw error instanceof InputError ? new RefusedError('session', error.message) : error
  })
  const fault = sealFaultOf(sealed, { file: name, size: facts.size, sha256: hash.digest('hex') })
  if (fault !== null) throw new RefusedError('altered', `its key log ${fault}`)
  return { bytes }
}

/**
 * What is to be looked for. Whatever stands against opening it, where devices' data went can be judged all the same: the capture is
 * then read without looking, and says why.
 */
async function searchIn(
  file: SessionFile & { readonly session: Session },
  { intake, seedKeys }: BesideTools,
): Promise<{ readonly planted?: Planted; readonly search?: string; readonly unsearched?: string } | Absent> {
  const { session, campaign, folder, sealed } = file
  const { seeds: list } = session
  if (list === undefined) return {}
  const without = (why: string) => ({ unsearched: `planted identifiers were not looked for: ${why}` })
  if (seedKeys === null) return without('this deployment has no seed keys')
  try {
    const key = await seedKeys.open(list.key)
    const facts = await intake.facts(sessionFileKey(campaign, folder, list.envelope))
    if (facts === null) return { absent: list.envelope }
    if (facts.size > MAX_SESSION_BYTES) return without(`${list.envelope} has ${facts.size} bytes, and no envelope has`)
    const envelope = await intake.read(facts.key, facts.version)
    const sha256 = createHash('sha256').update(envelope).digest('hex')
    const fault = sealFaultOf(sealed, { file: list.envelope, size: envelope.length, sha256 })
    if (fault !== null) return without(fault)
    // Captures are read when they come, and which declaration they will be judged by is not known: no salts.
    const salts: readonly string[] = []
    const planted = { seeds: openSeeds(list, envelope, key), salts }
    return { planted, search: searchId(list.key, salts) }
  } catch (error) {
    if (error instanceof InputError) return without(error.message)
    throw error
  }
}
