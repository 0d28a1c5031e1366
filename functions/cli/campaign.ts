/**
 * Finds what an audit is of: a campaign folder with its declaration, reference data and sessions, or loose log files.
 *
 *     <campaign>/declaration.yaml   reference/…   <session>/session.yaml   <session>/captures/…
 */
import { posix, resolve } from 'node:path'
import type { Planted } from '../audit.ts'
import { InputError } from '../errors.ts'
import type { CaptureReading, Seed, Session } from '../model.ts'
import { ASSUMED_CLOCK_ERROR_MS } from '../net/clock-error.ts'
import type { SeedKey } from '../seeds/seed-key.ts'
import { withoutEmptyDeliveries } from './aws-delivery.ts'
import { readSession } from './documents.ts'
import type { KeyLogs } from './key-log.ts'
import { refuseDifferentDeclarations, refuseDoubledSessions } from './one-campaign.ts'
import type { PlacedFile } from './placed-file.ts'
import { factsOfPlace, filesBelow, placeIn, readPlace } from './places.ts'
import { isS3Url } from './s3-url.ts'
import { refuseAlteredSession } from './sealed-session.ts'
import { openedSeeds } from './seed-keys.ts'
import { refuseLitteredCaptures, refuseStrayCaptures } from './stray-captures.ts'

/** A capture on disk or in a bucket. Plain data, so that it can be handed to a worker. */
export interface CaptureFile {
  readonly path: string
  /** The name in ledgers and reports: relative to the campaign with `/`, or the path as it was given. */
  readonly source: string
  readonly size: number
  readonly session: Session
  readonly reading: CaptureReading
  readonly planted?: Planted
}

/** What was found below the paths of a command line. */
export interface Campaign {
  /** `declaration.yaml` of the folder, if there is one. */
  readonly declaration: string | null
  /** `reference/` of the folder, if there is one. */
  readonly reference: string | null
  readonly sessions: readonly Session[]
  /** Sorted by source. */
  readonly captures: readonly CaptureFile[]
  /** What was planted on the device of a session, where the key was given that opens it. */
  readonly seeds: ReadonlyMap<Session, readonly Seed[]>
  /** Sessions' files, key logs and envelopes, for the manifest. */
  readonly documents: readonly { readonly path: string; readonly source: string }[]
}

/** What the command line says of how captures are read. */
export interface GivenReading {
  /** Holds where no session says otherwise. */
  readonly reading: CaptureReading
  /** Path of the key log that it names. */
  readonly keyLog: string | null
  /** What opens the sessions' envelopes; null where it was not given. */
  readonly seedKey: SeedKey | null
}

/** The session of captures that came without a `session.yaml`: nothing is known of rig or device. */
export const unassignedSession: Session = {
  id: 'unassigned',
  rig: { id: 'unknown', clockErrorMs: ASSUMED_CLOCK_ERROR_MS },
  device: { addresses: [] },
  steps: [],
  captures: [],
}

/** What a session says of the file at a path, if it lists it. */
export const captureNamed = (path: string, session: Session): Session['captures'][number] | undefined =>
  session.captures.find(({ file }) => path === file || path.endsWith(`/${file}`))

/** The captures of a session, and the key logs that it names. */
interface SessionEvidence {
  readonly captures: readonly CaptureFile[]
  readonly keyLogs: readonly PlacedFile[]
}

/**
 * The captures of one session folder: those its `session.yaml` lists, or everything in `captures/`.
 *
 * @param files what stands below the campaign's folder
 * @param given what holds of captures of which the session names no key log
 */
async function evidenceOf(
  root: string,
  manifest: PlacedFile,
  session: Session,
  files: readonly PlacedFile[],
  given: CaptureReading,
  readKeyLogs: KeyLogs,
): Promise<SessionEvidence> {
  const folder = posix.dirname(manifest.name)
  const present = files.filter(({ name }) => name.startsWith(posix.join(folder, 'captures/')))
  if (session.captures.length === 0)
    return { captures: present.map((file) => captureOf(file, session, given)), keyLogs: [] }
  const captures: CaptureFile[] = []
  const keyLogs: PlacedFile[] = []
  const say: string[] = []
  /** Also those of which something else is missing. */
  const named = new Set<string>()
  for (const capture of session.captures) {
    const { file, keys } = capture
    const found = await fileNamed(posix.join(folder, file), root, files)
    const keyLog = keys === undefined ? null : await fileNamed(posix.join(folder, keys), root, files)
    for (const [name, there] of [[file, found], ...(keys === undefined ? [] : [[keys, keyLog] as const])] as const)
      if (!there) say.push(await absence(name, placeIn(root, posix.join(folder, name))))
    if (found) named.add(found.path)
    if (keyLog) keyLogs.push(keyLog)
    if (!found || (keys !== undefined && !keyLog)) continue
    const said = await readKeyLogs.readingOf(capture, placeIn(root, folder))
    captures.push(captureOf(found, session, { ...given, ...said }))
  }
  for (const { path } of keyLogs) named.add(path)
  const inFolders = session.captures.map(({ file }) => `${posix.join(folder, file)}/`)
  for (const { path, name } of present)
    if (!named.has(path) && !inFolders.some((listed) => name.startsWith(listed)))
      say.push(`${posix.relative(folder, name)} is there and not listed: list it under captures`)
  if (say.length > 0)
    throw new InputError(`the captures of ${manifest.path} are not complete: ${say.join('; ')}`, { source: root })
  return { captures, keyLogs }
}

/** What was planted on a session's device; says so where it cannot be looked for. @param folder of the session */
async function seedsOf(session: Session, folder: string, key: SeedKey | null, warn: (text: string) => void) {
  if (session.seeds !== undefined && key === null)
    warn(`session ${session.id}: its planted identifiers are not looked for: give their key with --seed-key\n`)
  return openedSeeds(session, (name) => readPlace(placeIn(folder, name)), key)
}

const isSamePlace = (a: string, b: string) => a === b || (!isS3Url(a) && !isS3Url(b) && resolve(a) === resolve(b))

/** Why a file that a session lists cannot be read. */
async function absence(name: string, path: string): Promise<string> {
  const facts = await factsOfPlace(path)
  return facts?.isFolder
    ? `${name} is a folder: list its files, or leave \`captures\` out`
    : `${name} is listed and not there: put it there, or take it off the list`
}

/** A file of the campaign, also one that was left out because it looks like litter. */
async function fileNamed(name: string, root: string, files: readonly PlacedFile[]): Promise<PlacedFile | null> {
  const file = files.find((candidate) => candidate.name === name)
  if (file) return file
  const path = placeIn(root, name)
  const facts = await factsOfPlace(path)
  return facts && !facts.isFolder ? { path, name, size: facts.size } : null
}

const captureOf = ({ path, name, size }: PlacedFile, session: Session, reading: CaptureReading): CaptureFile => ({
  path,
  source: name,
  size,
  session,
  reading,
})

/** What stands below one folder of the command line. */
async function surveyFolder(
  root: string,
  given: GivenReading,
  readKeyLogs: KeyLogs,
  warn: (text: string) => void,
): Promise<Campaign> {
  const { files, litter } = await filesBelow(root)
  const delivered = withoutEmptyDeliveries(files, warn)
  const all = delivered.filter(({ path }) => given.keyLog === null || !isSamePlace(path, given.keyLog))
  const isReference = ({ name }: PlacedFile) => /^(declaration\.yaml$|reference\/)/.test(name)
  const at = async (name: string) => ((await factsOfPlace(placeIn(root, name))) ? placeIn(root, name) : null)
  const [declaration, reference] = [await at('declaration.yaml'), await at('reference')]
  const manifests = all.filter(({ name }) => posix.basename(name) === 'session.yaml')
  if (manifests.length === 0) {
    const captures = all
      .filter((file) => !isReference(file))
      .map((file) => captureOf(file, unassignedSession, given.reading))
    await refuseLitteredCaptures(root, litter)
    return { ...nothing, declaration, reference, sessions: [unassignedSession], captures }
  }
  const sessions: { readonly manifest: PlacedFile; readonly session: Session }[] = []
  for (const manifest of manifests) {
    await refuseAlteredSession(root, manifest, files)
    sessions.push({ manifest, session: await readSession(manifest.path, warn) })
  }
  const captures: CaptureFile[] = []
  const seeds = new Map<Session, readonly Seed[]>()
  const envelopes: PlacedFile[] = []
  const keyLogs = new Map<string, PlacedFile>()
  const { keyLog } = given.reading
  for (const { manifest, session } of sessions) {
    const evidence = await evidenceOf(root, manifest, session, all, keyLog ? { keyLog } : {}, readKeyLogs)
    captures.push(...evidence.captures)
    for (const file of evidence.keyLogs) keyLogs.set(file.path, file)
    const folder = posix.dirname(manifest.name)
    const opened = await seedsOf(session, placeIn(root, folder), given.seedKey, warn)
    if (opened !== undefined) seeds.set(session, opened)
    const envelope = session.seeds && all.find(({ name }) => name === posix.join(folder, session.seeds?.envelope ?? ''))
    if (envelope) envelopes.push(envelope)
  }
  const claimed = new Set([...manifests, ...captures, ...keyLogs.values(), ...envelopes].map(({ path }) => path))
  const unclaimed = (file: PlacedFile) => !claimed.has(file.path) && !isReference(file)
  await refuseStrayCaptures(root, all.filter(unclaimed))
  await refuseLitteredCaptures(root, litter.filter(unclaimed))
  return {
    declaration,
    reference,
    sessions: sessions.map(({ session }) => session),
    captures,
    seeds,
    documents: [...manifests, ...keyLogs.values(), ...envelopes].map(({ path, name }) => ({ path, source: name })),
  }
}

/**
 * Surveys the paths of a command line.
 *
 * @param given how captures are read of which no session says it
 * @param warn told what does not stop an audit
 * @param declared whether the command line names a declaration
 * @throws InputError where a path is not there, the paths are not of one campaign, or a sealed session was altered;
 * DeclarationError where a session is wrong
 */
export async function surveyCampaign(
  paths: readonly string[],
  given: GivenReading,
  readKeyLogs: KeyLogs,
  warn: (text: string) => void,
  declared = false,
): Promise<Campaign> {
  const parts: Campaign[] = []
  for (const path of paths) {
    const facts = await factsOfPlace(path)
    if (!facts) throw new InputError(`${path} is not there: name a campaign folder or log files`, { source: path })
    if (facts.isFolder) parts.push(await surveyFolder(path, given, readKeyLogs, warn))
    else {
      const captures = [captureOf({ path, name: path, size: facts.size }, unassignedSession, given.reading)]
      parts.push({ ...nothing, sessions: [unassignedSession], captures })
    }
  }
  refuseDoubledSessions(parts)
  const declarations = parts.flatMap(({ declaration }) => declaration ?? [])
  if (!declared) await refuseDifferentDeclarations(declarations)
  return {
    declaration: declarations[0] ?? null,
    reference: parts.find((part) => part.reference !== null)?.reference ?? null,
    sessions: [...new Set(parts.flatMap((part) => part.sessions))],
    captures: parts.flatMap((part) => part.captures).sort((a, b) => (a.source < b.source ? -1 : 1)),
    seeds: new Map(parts.flatMap((part) => [...part.seeds])),
    documents: [
      ...parts.flatMap((part) => part.documents),
      ...(given.keyLog === null ? [] : [{ path: given.keyLog, source: given.keyLog }]),
    ],
  }
}

const nothing: Campaign = {
  declaration: null,
  reference: null,
  sessions: [],
  captures: [],
  seeds: new Map(),
  documents: [],
}
