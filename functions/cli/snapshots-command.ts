/** `domicile snapshots add`: takes dated reference data from a file into a folder or bucket. */
import { SnapshotError } from '../errors.ts'
import type { BadLine } from '../locate/published/published.ts'
import { dayOf } from '../locate/snapshots.ts'
import { unpacked } from '../reference/gunzip.ts'
import { inspectFiles, type OfferedFile } from '../reference/inspect-files.ts'
import { type Inspected, inspectSnapshot, refuseUnknown } from '../reference/inspect-snapshot.ts'
import { keepSnapshot, sha256Of } from '../reference/keep-snapshot.ts'
import { newestSnapshot } from '../reference/newest-snapshot.ts'
import { refuseCopy } from '../reference/refuse-copy.ts'
import { whyUnreadable } from '../reference/refuse-loss.ts'
import { refuseRival } from '../reference/refuse-rival.ts'
import { refuseAnothers, refuseUnknownBlocks, refuseUnrelated, TAKE_ANYWAY } from '../reference/refuse-stranger.ts'
import { refuseTorn } from '../reference/refuse-torn.ts'
import { dateOfFiles } from '../reference/snapshot-date.ts'
import { count } from '../report/phrase.ts'
import { referenceKey } from '../store/reference-key.ts'
import { referenceFolder } from './load-reference.ts'
import { placeIn, readPlace, storeAt } from './places.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

export interface AddOptions {
  /** YYYY-MM-DD, for a file that says no date itself. */
  readonly date?: string
  readonly reference?: string
  /** Whether a file is taken that does not look like the source's, or not whole. */
  readonly force?: true
}

/** Of lines that cannot be read so many are shown. */
const SHOWN = 3

/**
 * Takes a snapshot from a file, which may be packed with gzip. The same content is kept once, however often it is added.
 *
 * @param given one file, or all of a list of lines that is published in several: they are kept as one, one after the other. Files
 * that are snapshots by themselves are each kept as such
 * @throws InputError for an unknown source or file, SnapshotError where the file is not what the source says, nothing says of
 * which day it is, or another one of that instant is kept
 */
export async function add(
  source: string,
  given: string | readonly string[],
  options: AddOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  refuseUnknown(source)
  const paths = typeof given === 'string' ? [given] : given
  const files: OfferedFile[] = []
  for (const path of paths) files.push({ path, bytes: await unpacked(await readPlace(path), path) })
  const areSnapshots =
    files.length > 1 && files.every(({ bytes, path }) => !inspectSnapshot(source, bytes, path).isOfLines)
  for (const some of areSnapshots ? files.map((file) => [file]) : [files]) await addOne(source, some, options, terminal)
  return 0
}

/** Adds one snapshot, of one file or several. */
async function addOne(
  source: string,
  files: readonly OfferedFile[],
  options: AddOptions,
  terminal: Terminal,
): Promise<void> {
  const { parts, bytes, whole, name } = inspectFiles(source, files)
  const { extension, records, table, badLines } = whole
  const { time, by } = dateOfFiles(parts, options.date, Date.now() * 1000)
  const folder = referenceFolder(options.reference, terminal.env)
  const nameOf = (key: string) => placeIn(folder, key)
  const store = await storeAt(folder)
  const date = dayOf(time)
  const sha256 = sha256Of(bytes)
  const isKept = (await store.facts(referenceKey({ source, date, sha256, extension }))) !== null
  if (!isKept && !options.force) await refuseCopy(store, source, sha256, name, nameOf)
  if (table !== null && !isKept) {
    if (!options.force) {
      for (const part of parts) refuseUnlike(source, part)
      const unreadable = whyUnreadable(whole)
      if (unreadable !== null) throw new SnapshotError(name, `${unreadable}. ${TAKE_ANYWAY}`)
      refuseUnknownBlocks(source, whole, name)
      refuseUnrelated(whole, await newestSnapshot(store, source), name)
    }
    await refuseRival(store, { ...whole, source, at: time, bytes }, name, nameOf)
  }
  const { key, written } = await keepSnapshot(store, { source, time, extension, bytes }, nameOf)
  warnOfBadLines(name, badLines, terminal)
  const size = table === null ? '' : `; ${count(records, 'prefix', 'prefixes')}`
  await terminal.out(
    `${source} of ${date} (says ${by}${size}) ${written ? 'added' : 'was there already'}: ${nameOf(key)}\n`,
  )
}

function refuseUnlike(source: string, part: OfferedFile & Inspected): void {
  if (part.isOfLines) refuseTorn(part.bytes, part.path)
  refuseAnothers(source, part, part.path)
}

function warnOfBadLines(file: string, badLines: readonly BadLine[], terminal: Terminal): void {
  if (badLines.length === 0) return
  const [verb, are] = badLines.length === 1 ? ['says', 'is'] : ['say', 'are']
  terminal.err(
    `domicile snapshots add: ${file}: ${count(badLines.length, 'line')} ${verb} nothing usable and ${are} left out\n`,
  )
  for (const { line, what } of badLines.slice(0, SHOWN)) terminal.err(`  line ${line}: ${what}\n`)
  if (badLines.length > SHOWN) terminal.err(`  and ${badLines.length - SHOWN} more\n`)
}
