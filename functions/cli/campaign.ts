/**
 * Finds what an audit is of: a campaign folder with its declaration, reference data and sessions, or loose log files.
 *
 *     <campaign>/declaration.yaml   reference/…   <session>/session.yaml   <session>/captures/…
 */
import { posix } from 'node:path'
import { InputError } from '../errors.ts'
import type { CaptureReading, Session } from '../model.ts'
import { ASSUMED_CLOCK_ERROR_MS } from '../net/clock-error.ts'
import { readSession } from './documents.ts'
import { refuseDifferentDeclarations, refuseDoubledSessions } from './one-campaign.ts'
import type { PlacedFile } from './placed-file.ts'
import { factsOfPlace, filesBelow, placeIn } from './places.ts'
import { refuseLitteredCaptures, refuseStrayCaptures } from './stray-captures.ts'

/** A capture on disk or in a bucket. Plain data, so that it can be handed to a worker. */
export interface CaptureFile {
  readonly path: string
  /** The name in ledgers and reports: relative to the campaign with `/`, or the path as it was given. */
  readonly source: string
  readonly size: number
  readonly session: Session
  readonly reading: CaptureReading
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
  /** Sessions' files, for the manifest. */
  readonly documents: readonly { readonly path: string; readonly source: string }[]
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

/**
 * The captures of one session folder: those its `session.yaml` lists, or everything in `captures/`.
 *
 * @param files what stands below the campaign's folder
 */
async function capturesOf(
  root: string,
  manifest: PlacedFile,
  session: Session,
  files: readonly PlacedFile[],
): Promise<CaptureFile[]> {
  const folder = posix.dirname(manifest.name)
  const present = files.filter(({ name }) => name.startsWith(posix.join(folder, 'captures/')))
  if (session.captures.length === 0) return present.map((file) => captureOf(file, session, {}))
  const captures: CaptureFile[] = []
  const say: string[] = []
  for (const { file, ...reading } of session.captures) {
    const found = await fileNamed(posix.join(folder, file), root, files)
    if (found) captures.push(captureOf(found, session, reading))
    else say.push(`${file} is listed and not there: put it there, or take it off the list`)
  }
  const listed = new Set(captures.map(({ path }) => path))
  for (const { path, name } of present)
    if (!listed.has(path)) say.push(`${posix.relative(folder, name)} is there and not listed: list it under captures`)
  if (say.length > 0)
    throw new InputError(`the captures of ${manifest.path} are not complete: ${say.join('; ')}`, { source: root })
  return captures
}

/** A file of the campaign, also one that was left out because it looks like litter. */
async function fileNamed(name: string, root: string, files: readonly PlacedFile[]): Promise<PlacedFile | null> {
  const file = files.find((candidate) => candidate.name === name)
  if (file) return file
  const path = placeIn(root, name)
  const facts = await factsOfPlace(path)
  return facts && { path, name, size: facts.size }
}

const captureOf = ({ path, name, size }: PlacedFile, session: Session, reading: CaptureReading): CaptureFile => ({
  path,
  source: name,
  size,
  session,
  reading,
})

/** What stands below one folder of the command line. */
async function surveyFolder(root: string, reading: CaptureReading, warn: (text: string) => void): Promise<Campaign> {
  const { files: all, litter } = await filesBelow(root)
  const isReference = ({ name }: PlacedFile) => /^(declaration\.yaml$|reference\/)/.test(name)
  const at = async (name: string) => ((await factsOfPlace(placeIn(root, name))) ? placeIn(root, name) : null)
  const [declaration, reference] = [await at('declaration.yaml'), await at('reference')]
  const manifests = all.filter(({ name }) => posix.basename(name) === 'session.yaml')
  if (manifests.length === 0) {
    const captures = all.filter((file) => !isReference(file)).map((file) => captureOf(file, unassignedSession, reading))
    await refuseLitteredCaptures(root, litter)
    return { declaration, reference, sessions: [unassignedSession], captures, documents: [] }
  }
  const sessions: { readonly manifest: PlacedFile; readonly session: Session }[] = []
  for (const manifest of manifests) sessions.push({ manifest, session: await readSession(manifest.path, warn) })
  const captures: CaptureFile[] = []
  for (const { manifest, session } of sessions) captures.push(...(await capturesOf(root, manifest, session, all)))
  const claimed = new Set([...manifests, ...captures].map(({ path }) => path))
  const unclaimed = (file: PlacedFile) => !claimed.has(file.path) && !isReference(file)
  await refuseStrayCaptures(root, all.filter(unclaimed))
  await refuseLitteredCaptures(root, litter.filter(unclaimed))
  return {
    declaration,
    reference,
    sessions: sessions.map(({ session }) => session),
    captures,
    documents: manifests.map(({ path, name }) => ({ path, source: name })),
  }
}

/**
 * Surveys the paths of a command line.
 *
 * @param reading how captures are read of which no session says it
 * @param warn told what does not stop an audit
 * @param declared whether the command line names a declaration
 * @throws InputError where a path is not there or the paths are not of one campaign, DeclarationError where a session is wrong
 */
export async function surveyCampaign(
  paths: readonly string[],
  reading: CaptureReading,
  warn: (text: string) => void,
  declared = false,
): Promise<Campaign> {
  const parts: Campaign[] = []
  for (const path of paths) {
    const facts = await factsOfPlace(path)
    if (!facts) throw new InputError(`${path} is not there: name a campaign folder or log files`, { source: path })
    if (facts.isFolder) parts.push(await surveyFolder(path, reading, warn))
    else {
      const captures = [captureOf({ path, name: path, size: facts.size }, unassignedSession, reading)]
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
    documents: parts.flatMap((part) => part.documents),
  }
}

const nothing: Campaign = { declaration: null, reference: null, sessions: [], captures: [], documents: [] }
