/** `domicile observe`: observations and ledgers of log files, in the layout in which ingest writes them. */
import { createHash } from 'node:crypto'
import { dirname, relative, resolve, sep } from 'node:path'
import canonicalize from 'canonicalize'
import type { CaptureObservations } from '../model.ts'
import { evidenceId, ledgerKey, observationFiles, searchId } from '../observe/keys.ts'
import { writeObservations } from '../observe/parquet.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { type CaptureFile, captureNamed, unassignedSession } from './campaign.ts'
import { readSession } from './documents.ts'
import { KeyLogs } from './key-log.ts'
import { observeAll } from './observe-pool.ts'
import { factsOfPlace, placeIn, readPlace, storeAt } from './places.ts'
import { progressOf } from './progress.ts'
import { type ReadingOptions, readingOf } from './reading-options.ts'
import { isS3Url } from './s3-url.ts'
import { givenSeedKey, openedSeeds } from './seed-keys.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

export interface ObserveOptions extends ReadingOptions {
  /** The place where `observations/` and `ledger/` go. */
  readonly out: string
  /** Path of the `session.yaml` of these captures. */
  readonly session?: string
  readonly campaign: string
  /** Path of the key of the identifiers that were planted. */
  readonly seedKey?: string
  /** What the declaration says that hashes are salted with. */
  readonly salts?: readonly string[]
}

/**
 * Observes files, and says in a line each what came of it. A file that cannot be read (whole) does not stop the others.
 *
 * @returns 2 where there was such a file
 */
export async function run(paths: readonly string[], options: ObserveOptions, terminal: Terminal): Promise<ExitStatus> {
  const session = options.session === undefined ? unassignedSession : await readSession(options.session, terminal.err)
  const sessionSha256 = options.session === undefined ? null : sha256Of(await readPlace(options.session))
  const keyLogs = new KeyLogs()
  const given = await readingOf(options, keyLogs)
  const folder = placeIn(options.session ?? '', '..')
  const { salts = [] } = options
  const seedKey = await givenSeedKey(options.seedKey, terminal.env)
  const seeds = await openedSeeds(session, (name) => readPlace(placeIn(folder, name)), seedKey)
  const planted = seeds === undefined ? {} : { planted: { seeds, salts } }
  const search = seeds === undefined || !session.seeds ? {} : { search: searchId(session.seeds.key, salts) }
  let status: ExitStatus = 0
  const files: CaptureFile[] = []
  for (const path of paths) {
    const facts = await factsOfPlace(path)
    if (facts === null || facts.isFolder) {
      terminal.err(`domicile: ${path}: there is no such file\n`)
      status = 2
      continue
    }
    const reading = { ...(await keyLogs.readingOf(captureNamed(path, session), folder)), ...given }
    files.push({ path, source: sourceOf(path, options.session), size: facts.size, session, reading, ...planted })
  }

  const progress = progressOf(terminal)
  const store = await storeAt(options.out)
  const observed = await observeAll(files, (read) => progress.show(`${read} of ${files.length} read`))
  progress.clear()
  for (const [i, capture] of observed.entries()) {
    const { ledger } = capture
    const keyLog = files[i]?.reading.keyLog
    const unused = keyLogs.unused(ledger.source, keyLog, capture.opened)
    if (unused !== null) terminal.err(`domicile: ${unused}\n`)
    const keyLogSha256 = keyLog === undefined ? {} : { keyLogSha256: sha256Of(keyLog) }
    const { sha256, source, readWith } = ledger
    const origin = {
      sha256,
      source,
      sessionSha256,
      ...keyLogSha256,
      ...search,
      ...(readWith === undefined ? {} : { readWith }),
    }
    const written = await storeCapture(store, options.campaign, capture, evidenceId(origin))
    if (ledger.error !== null) {
      terminal.err(`domicile: ${ledger.source}: ${ledger.error}\n`)
      status = 2
    }
    await terminal.out(
      `${ledger.source}: ${count(ledger.records, 'record')}, ${count(ledger.flows, 'flow')}, ${count(capture.observations.length, 'observation')}\n` +
        written.map((key) => `  ${key}\n`).join(''),
    )
  }
  return status
}

/**
 * A capture's name in its ledger: where its session's folder holds it, its path within the campaign, as an audit and ingest
 * name it; else the path as it was given.
 */
function sourceOf(path: string, session: string | undefined): string {
  if (session === undefined || isS3Url(path) !== isS3Url(session)) return path
  const absolute = (place: string) => (isS3Url(place) ? place.slice('s3:/'.length) : resolve(place))
  const folder = dirname(absolute(session))
  if (relative(folder, absolute(path)).startsWith('..')) return path
  return relative(dirname(folder), absolute(path)).split(sep).join('/')
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Writes what a capture gave. @param id of its evidence @returns the keys, the ledger's last: where it stands, the rest stands */
async function storeCapture(
  store: ObjectStore,
  campaign: string,
  { ledger, observations }: CaptureObservations,
  id: string,
): Promise<string[]> {
  const keys: string[] = []
  for (const file of observationFiles(campaign, id, observations)) {
    await store.write(file.key, writeObservations(file.observations))
    keys.push(file.key)
  }
  const key = ledgerKey(id)
  await store.write(key, new TextEncoder().encode(`${canonicalize(ledger)}\n`))
  return [...keys, key]
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`
