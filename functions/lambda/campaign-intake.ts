/**
 * What stands in the intake of a campaign when an audit begins. Where the command line would refuse a campaign because
 * captures are missing or belong to no session, an audit in the cloud goes on, and names each of them: no rig can stop the
 * audit of the others, and what is not there supports no `pass`.
 */
import { posix } from 'node:path'
import { loadDeclaration } from '../declare/load.ts'
import { DeclarationError, InputError } from '../errors.ts'
import type { Declaration } from '../model.ts'
import { HEAD_LENGTH } from '../parse/detect.ts'
import { looksLikeCapture } from '../parse/looks-like-capture.ts'
import { MissingObjectError } from '../store/missing-object.ts'
import type { ObjectFacts, ObjectStore } from '../store/object-store.ts'
import { eachAtOnce } from './at-once.ts'
import { replacedContents } from './campaign-replaced.ts'
import { isLitter, parseIntakeKey } from './intake-key.ts'
import { absentCaptures, besideCaptures, listedCaptures } from './listed-captures.ts'
import { readSessionFile, type SessionFile } from './session-file.ts'

/** A capture that was uploaded, or should have been. */
export interface IntakeCapture {
  /** Path within the campaign. */
  readonly source: string
  /** Bytes; 0 where it has not come. */
  readonly size: number
  /** null where it has not come. */
  readonly version: string | null
  /** Name of its session's folder. */
  readonly folder: string
  /** null where its folder has no `session.yaml`. */
  readonly session: SessionFile | null
  /** Contents that it replaced, the last one first. */
  readonly replaced: readonly ObjectFacts[]
  /** SHA-256 of every `session.yaml` under which those may have been ingested. */
  readonly sessionHashes: readonly string[]
}

export interface CampaignIntake {
  readonly declaration: Declaration
  readonly declarationText: string
  /** Sorted by folder; faulty ones among them. */
  readonly sessions: readonly SessionFile[]
  /** Sorted by source. */
  readonly captures: readonly IntakeCapture[]
}

/**
 * Surveys a campaign.
 *
 * @throws InputError where there is no declaration, DeclarationError where it is wrong
 */
export async function surveyIntake(intake: ObjectStore, campaign: string): Promise<CampaignIntake> {
  const objects = await intake.listFacts(`intake/${campaign}/`)
  const { declaration, text } = await readDeclaration(intake, campaign)
  const folders = objects.flatMap(({ key }) => {
    const parsed = parseIntakeKey(key)
    return parsed.kind === 'session' ? [parsed.session] : []
  })
  const found = await eachAtOnce(folders, (folder) => readSessionFile(intake, campaign, folder))
  const uploaded = found.filter((session) => session !== null)
  const sessions = withoutDoubledIds(uploaded)
  const byFolder = new Map(sessions.map((session) => [session.folder, session]))
  const captures = [
    ...presentCaptures(objects, uploaded),
    ...absentOf(uploaded, objects),
    ...(await strayCaptures(intake, campaign, objects)),
  ].map((capture) => ({ ...capture, session: byFolder.get(capture.folder) ?? null }))
  const replaced = await replacedContents(intake, campaign)
  return {
    declaration,
    declarationText: text,
    sessions,
    captures: captures
      .map((capture) => ({ ...capture, ...replaced(capture) }))
      .sort((a, b) => (a.source < b.source ? -1 : 1)),
  }
}

async function readDeclaration(intake: ObjectStore, campaign: string) {
  const key = `intake/${campaign}/declaration.yaml`
  const bytes = await intake.read(key).catch((error: unknown) => {
    if (!(error instanceof MissingObjectError)) throw error
    throw new InputError(`planning the audit of ${campaign}: there is no declaration to judge by: upload ${key}`)
  })
  // Like reading a file as text: a byte order mark stays, because the hash of the text is the hash of the file.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const { declaration, faults } = loadDeclaration(text, key)
  const errors = faults.filter(({ severity }) => severity === 'error')
  if (declaration === null || errors.length > 0) throw new DeclarationError(key, errors)
  return { declaration, text }
}

/** A capture before it is known whose it is. */
type FoundCapture = Omit<IntakeCapture, 'session' | 'replaced' | 'sessionHashes'>

/**
 * Evidence of two sessions of one id could not be told apart, so each of them is taken for faulty: leaving out only one could
 * turn a verdict, and stopping here would let one rig stop the audit of all.
 */
function withoutDoubledIds(sessions: readonly SessionFile[]): SessionFile[] {
  const byId = new Map<string, SessionFile[]>()
  for (const file of sessions) if (file.session) byId.set(file.session.id, [...(byId.get(file.session.id) ?? []), file])
  return sessions.map((file) => {
    const alike = file.session ? (byId.get(file.session.id) ?? []) : []
    if (alike.length < 2) return file
    const which = alike.map(({ source }) => source).join(' and ')
    return { ...file, session: null, error: `${which} have one id, ${file.session?.id}: give each an id of its own` }
  })
}

/** @param sessions whose captures count although they look like litter */
function presentCaptures(objects: readonly ObjectFacts[], sessions: readonly SessionFile[]): FoundCapture[] {
  const listed = new Set(sessions.flatMap(listedCaptures))
  const beside = new Set(
    sessions.flatMap(({ folder, session }) => [...besideCaptures(session)].map((file) => posix.join(folder, file))),
  )
  return objects.flatMap(({ key, size, version }) => {
    const parsed = parseIntakeKey(key)
    if (parsed.kind !== 'capture' || beside.has(parsed.source)) return []
    if (isLitter(parsed.file) && !listed.has(parsed.source)) return []
    return [{ source: parsed.source, size, version, folder: parsed.session }]
  })
}

/** Captures that a session lists and that have not come. */
function absentOf(sessions: readonly SessionFile[], objects: readonly ObjectFacts[]): FoundCapture[] {
  const present = new Set(objects.map(({ key }) => key))
  return sessions.flatMap((session) =>
    absentCaptures(session, present).map((source) => ({ source, size: 0, version: null, folder: session.folder })),
  )
}

/** Captures, by their content, where no session looks for any. */
async function strayCaptures(
  intake: ObjectStore,
  campaign: string,
  objects: readonly ObjectFacts[],
): Promise<FoundCapture[]> {
  const root = `intake/${campaign}/`
  const others = objects
    .map(({ key, size, version }) => ({ key, source: key.slice(root.length), size, version }))
    .filter(({ key, source }) => parseIntakeKey(key).kind === 'other' && !isLitter(source))
    .filter(({ source }) => !source.startsWith('reference/'))
  const strays = await eachAtOnce(others, async (other) => {
    const amongCaptures = other.source.split('/').slice(0, -1).includes('captures')
    return amongCaptures || looksLikeCapture(await headOf(intake, other.key)) ? [other] : []
  })
  return strays.flat().map(({ source, size, version }) => {
    return { source, size, version, folder: posix.dirname(source) }
  })
}

async function headOf(intake: ObjectStore, key: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of intake.open(key)) {
    chunks.push(new Uint8Array(chunk))
    size += chunk.length
    if (size >= HEAD_LENGTH) break
  }
  return Buffer.concat(chunks)
}
