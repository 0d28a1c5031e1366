/** `domicile snapshots add`: takes dated reference data from a file into a folder or bucket. */
import type { BadLine } from '../locate/published/published.ts'
import { dayOf } from '../locate/snapshots.ts'
import { unpacked } from '../reference/gunzip.ts'
import { inspectSnapshot, refuseUnknown } from '../reference/inspect-snapshot.ts'
import { joinLines } from '../reference/join-lines.ts'
import { keepSnapshot } from '../reference/keep-snapshot.ts'
import { dateOfFile } from '../reference/snapshot-date.ts'
import { count } from '../report/phrase.ts'
import { referenceFolder } from './load-reference.ts'
import { placeIn, readPlace, storeAt } from './places.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

export interface AddOptions {
  /** YYYY-MM-DD, for a file that says no date itself. */
  readonly date?: string
  readonly reference?: string
}

/** Of lines that cannot be read so many are shown. */
const SHOWN = 3

/**
 * Takes a snapshot from a file, which may be packed with gzip. The same content is kept once, however often it is added.
 *
 * @param files one, or all of a list of lines that is published in several; they are kept as one, one after the other
 * @throws InputError for an unknown source or file, SnapshotError where the file is not what the source says or nothing says
 * of which day it is
 */
export async function add(
  source: string,
  files: string | readonly string[],
  options: AddOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  refuseUnknown(source)
  const paths = typeof files === 'string' ? [files] : files
  const file = paths.join(' and ')
  const parts: Buffer[] = []
  for (const path of paths) parts.push(await unpacked(await readPlace(path), path))
  const bytes = joinLines(parts)
  const { time: own, extension, records, table, badLines } = inspectSnapshot(source, bytes, file)
  const { time, by } = dateOfFile(own, file, options.date, Date.now() * 1000)
  const folder = referenceFolder(options.reference, terminal.env)
  const nameOf = (key: string) => placeIn(folder, key)
  const { key, written } = await keepSnapshot(await storeAt(folder), { source, time, extension, bytes }, nameOf)
  warnOfBadLines(file, badLines, terminal)
  const size = table === null ? '' : `; ${count(records, 'prefix', 'prefixes')}`
  await terminal.out(
    `${source} of ${dayOf(time)} (says ${by}${size}) ${written ? 'added' : 'was there already'}: ${nameOf(key)}\n`,
  )
  return 0
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
