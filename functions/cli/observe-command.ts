/** `domicile observe`: observations and ledgers of log files, in the layout in which ingest writes them. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import canonicalize from 'canonicalize'
import type { CaptureObservations } from '../model.ts'
import { evidenceId, ledgerKey, observationFiles } from '../observe/keys.ts'
import { writeObservations } from '../observe/parquet.ts'
import { FolderStore } from '../store/folder-store.ts'
import { unassignedSession } from './campaign.ts'
import { readSession } from './documents.ts'
import { observeAll } from './observe-pool.ts'
import { progressOf } from './progress.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

export interface ObserveOptions {
  /** The folder where `observations/` and `ledger/` go. */
  readonly out: string
  /** Path of the `session.yaml` of these captures. */
  readonly session?: string
  readonly campaign: string
  /** Field order of VPC flow logs that have no header line. */
  readonly format?: string
}

/**
 * Observes files, and says in a line each what came of it. A file that cannot be read (whole) does not stop the others.
 *
 * @returns 2 where there was such a file
 */
export async function run(paths: readonly string[], options: ObserveOptions, terminal: Terminal): Promise<ExitStatus> {
  const session = options.session === undefined ? unassignedSession : readSession(options.session, terminal.err)
  const sessionSha256 = options.session === undefined ? null : sha256Of(readFileSync(options.session))
  const missing = paths.filter((path) => !statSync(path, { throwIfNoEntry: false })?.isFile())
  for (const path of missing) terminal.err(`domicile: ${path}: there is no such file\n`)
  const files = paths
    .filter((path) => !missing.includes(path))
    .map((path) => {
      const capture = session.captures.find(({ file }) => path === file || path.endsWith(`/${file}`))
      const format = options.format ?? capture?.format
      const size = statSync(path).size
      const source = sourceOf(path, options.session)
      return { path, source, size, session, ...(format === undefined ? {} : { format }) }
    })

  const progress = progressOf(terminal)
  const store = new FolderStore(options.out)
  let status: ExitStatus = missing.length > 0 ? 2 : 0
  const observed = await observeAll(files, (read) => progress.show(`${read} of ${files.length} read`))
  progress.clear()
  for (const capture of observed) {
    const { ledger } = capture
    const written = await storeCapture(store, options.campaign, capture, sessionSha256)
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
  if (session === undefined || relative(resolve(session, '..'), path).startsWith('..')) return path
  return relative(resolve(session, '../..'), path).split(sep).join('/')
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Writes what a capture gave. @returns the keys, the ledger's last: where it stands, the rest stands */
async function storeCapture(
  store: FolderStore,
  campaign: string,
  { ledger, observations }: CaptureObservations,
  sessionSha256: string | null,
): Promise<string[]> {
  const id = evidenceId({ sha256: ledger.sha256, source: ledger.source, sessionSha256 })
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
