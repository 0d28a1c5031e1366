/** `domicile snapshots list`: what an audit with this folder may rest on. */

import { type ListedSnapshot, listKept } from '../reference/list-kept.ts'
import { packagedDatabases } from '../reference/packaged-databases.ts'
import { findReference, referenceFolder } from './load-reference.ts'
import { factsOfPlace, placeIn, storeAt } from './places.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

/**
 * Lists every snapshot, the packaged databases among them, by source and date. One that is broken does not hide the others.
 *
 * @returns 2 where one is broken
 */
export async function list(
  options: { readonly reference?: string; readonly json?: true },
  terminal: Terminal,
): Promise<ExitStatus> {
  const folder = referenceFolder(options.reference, terminal.env)
  // Before anything was added there is no folder, and that is no error here.
  const isThere = (await factsOfPlace(folder)) !== null
  const place = isThere ? await findReference(options.reference, terminal.env) : folder
  const kept = await listKept(await storeAt(place), (key) => placeIn(place, key))
  const packaged = packagedDatabases().map(
    (database): ListedSnapshot => ({ ...database.facts(), records: null, badLines: 0, error: null }),
  )
  const now = Date.now()
  const rows = [...kept, ...packaged]
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0))
    .map((row) => ({ ...row, ageDays: row.date === '' ? null : Math.floor((now - Date.parse(row.date)) / 86_400e3) }))
  const broken = rows.filter(({ error }) => error !== null)
  if (options.json) await terminal.out(`${JSON.stringify({ snapshots: rows })}\n`)
  else await terminal.out(tableOf(rows.filter(({ error }) => error === null)))
  if (kept.length === 0)
    terminal.err(
      `domicile snapshots list: nothing is kept in ${folder} yet${options.json ? '' : '; the databases above come with the program'}. Fetch what is published with \`domicile snapshots refresh -r ${folder}\`, or take in a file with \`domicile snapshots add KIND/SOURCE FILE -r ${folder}\`\n`,
    )
  for (const { error } of broken) terminal.err(`domicile snapshots list: ${error}\n`)
  return broken.length > 0 ? 2 : 0
}

const keyOf = ({ source, date, sha256 }: ListedSnapshot) => `${source} ${date} ${sha256}`

function tableOf(rows: readonly (ListedSnapshot & { readonly ageDays: number | null })[]): string {
  const width = Math.max(...rows.map(({ source }) => source.length), 'source'.length)
  const line = (
    source: string,
    date: string,
    age: string,
    size: string,
    family: string,
    prefixes: string,
    bad: string,
    hash: string,
  ) =>
    `${source.padEnd(width)}  ${date.padEnd(10)}  ${age.padStart(9)}  ${size.padStart(9)}  ${family.padEnd(6)}  ${prefixes.padStart(8)}  ${bad.padStart(9)}  ${hash}\n`
  let text = line('source', 'date', 'age', 'size', 'family', 'prefixes', 'bad lines', 'SHA-256')
  for (const { source, date, ageDays, size, family, records, badLines, sha256 } of rows)
    text += line(
      source,
      date,
      `${ageDays} days`,
      sizeOf(size),
      family ? `IPv${family}` : 'both',
      String(records ?? '-'),
      String(badLines),
      sha256,
    )
  return text
}

const sizeOf = (bytes: number) => (bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`)
