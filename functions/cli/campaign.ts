/**
 * Finds what an audit is of: a campaign folder with its declaration, reference data and sessions, or loose log files.
 *
 *     <campaign>/declaration.yaml   reference/…   <session>/session.yaml   <session>/captures/…
 */
import { type Dirent, readdirSync, statSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import { InputError } from '../errors.ts'
import type { Session } from '../model.ts'
import { readSession } from './documents.ts'
import { refuseStrayCaptures } from './stray-captures.ts'

/** A capture on disk. Plain data, so that it can be handed to a worker. */
export interface CaptureFile {
  readonly path: string
  /** The name in ledgers and reports: relative to the campaign with `/`, or the path as it was given. */
  readonly source: string
  readonly size: number
  readonly session: Session
  readonly format?: string
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
  rig: { id: 'unknown', clockErrorMs: 0 },
  device: { addresses: [] },
  steps: [],
  captures: [],
}

/** Files that desktops and editors leave behind; they are nobody's evidence. */
const isLitter = (name: string) => name.startsWith('.') || name === 'Thumbs.db' || name.endsWith('~')

/** Every file below a folder that is no litter. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry: Dirent) => !isLitter(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return statSync(path).isDirectory() ? filesBelow(path) : [path]
    })
    .sort()
}

/** The captures of one session folder: those its `session.yaml` lists, or everything in `captures/`. */
function capturesOf(folder: string, session: Session, nameOf: (path: string) => string): CaptureFile[] {
  const present = filesBelow(folder).filter((path) => relative(folder, path).startsWith(`captures${sep}`))
  const listed = session.captures.map((capture) => ({ ...capture, path: resolve(folder, capture.file) }))
  const missing = listed.filter(({ path }) => statSync(path, { throwIfNoEntry: false }) === undefined)
  const unlisted = present.filter((path) => listed.length > 0 && !listed.some((c) => c.path === resolve(path)))
  if (missing.length > 0 || unlisted.length > 0) {
    const say = [
      ...missing.map(({ file }) => `${file} is listed and not there: put it there, or take it off the list`),
      ...unlisted.map((path) => `${relative(folder, path)} is there and not listed: list it under captures`),
    ]
    throw new InputError(`the captures of ${join(folder, 'session.yaml')} are not complete: ${say.join('; ')}`, {
      source: folder,
    })
  }
  const files: readonly { path: string; format?: string }[] =
    listed.length > 0 ? listed : present.map((path) => ({ path }))
  return files.map(({ path, format }) => ({
    path,
    source: nameOf(path),
    size: statSync(path).size,
    session,
    ...(format === undefined ? {} : { format }),
  }))
}

/** What stands below one folder of the command line. */
function surveyFolder(root: string, format: string | undefined, warn: (text: string) => void): Campaign {
  const nameOf = (path: string) => relative(root, path).split(sep).join('/')
  const all = filesBelow(root)
  const manifests = all.filter((path) => basename(path) === 'session.yaml')
  const isReference = (path: string) => /^(declaration\.yaml$|reference\/)/.test(nameOf(path))
  const at = (name: string) => (statSync(join(root, name), { throwIfNoEntry: false }) ? join(root, name) : null)
  if (manifests.length === 0) {
    const captures = all.filter((path) => !isReference(path)).map((path) => loose(path, nameOf(path), format))
    return {
      declaration: at('declaration.yaml'),
      reference: at('reference'),
      sessions: [unassignedSession],
      captures,
      documents: [],
    }
  }
  const sessions = manifests.map((path) => ({ path, session: readSession(path, warn) }))
  const doubled = sessions.find(({ session }, i) => sessions.findIndex((s) => s.session.id === session.id) !== i)
  if (doubled)
    throw new InputError(
      `two sessions of ${root} are called ${doubled.session.id}: give ${doubled.path} an id of its own`,
      { source: doubled.path },
    )
  const captures = sessions.flatMap(({ path, session }) => capturesOf(resolve(path, '..'), session, nameOf))
  const claimed = new Set([...manifests, ...captures.map(({ path }) => path)].map((path) => resolve(path)))
  refuseStrayCaptures(
    root,
    all.filter((path) => !claimed.has(resolve(path)) && !isReference(path)),
  )
  return {
    declaration: at('declaration.yaml'),
    reference: at('reference'),
    sessions: sessions.map(({ session }) => session),
    captures,
    documents: sessions.map(({ path }) => ({ path, source: nameOf(path) })),
  }
}

const loose = (path: string, source: string, format: string | undefined): CaptureFile => ({
  path,
  source,
  size: statSync(path).size,
  session: unassignedSession,
  ...(format === undefined ? {} : { format }),
})

/**
 * Surveys the paths of a command line.
 *
 * @param warn told what does not stop an audit
 * @throws InputError where a path is not there, DeclarationError where a session is wrong
 */
export function surveyCampaign(
  paths: readonly string[],
  format: string | undefined,
  warn: (text: string) => void,
): Campaign {
  const parts = paths.map((path) => {
    const facts = statSync(path, { throwIfNoEntry: false })
    if (!facts) throw new InputError(`${path} is not there: name a campaign folder or log files`, { source: path })
    if (facts.isDirectory()) return surveyFolder(path, format, warn)
    return { ...nothing, sessions: [unassignedSession], captures: [loose(path, path, format)] }
  })
  return {
    declaration: parts.find((part) => part.declaration !== null)?.declaration ?? null,
    reference: parts.find((part) => part.reference !== null)?.reference ?? null,
    sessions: [...new Set(parts.flatMap((part) => part.sessions))],
    captures: parts.flatMap((part) => part.captures).sort((a, b) => (a.source < b.source ? -1 : 1)),
    documents: parts.flatMap((part) => part.documents),
  }
}

const nothing: Campaign = { declaration: null, reference: null, sessions: [], captures: [], documents: [] }
