/** `domicile snapshots`: takes dated reference data into a folder or bucket, and lists it. */
import { createHash } from 'node:crypto'
import { InputError, SnapshotError } from '../errors.ts'
import { parseAwsRanges } from '../locate/published/aws.ts'
import { checkDatabase } from '../locate/database.ts'
import { Mmdb } from '../locate/mmdb.ts'
import { dayOf } from '../locate/snapshots.ts'
import type { Micros } from '../model.ts'
import { referenceKey } from '../store/reference-key.ts'
import { loadReference, referenceFolder } from './load-reference.ts'
import { placeIn, readPlace, storeAt } from './places.ts'
import type { ExitStatus, Terminal } from './terminal.ts'

/** How each kind of source is read: the date that the file itself states, and how its name ends in the store. */
function inspect(source: string, bytes: Buffer, file: string): { readonly time: Micros; readonly extension: string } {
  if (source === 'ranges/aws') return { time: parseAwsRanges(bytes, file).time, extension: 'json' }
  if (/^database\/[a-z0-9][a-z0-9._-]{0,63}$/.test(source)) {
    checkDatabase(bytes, file)
    return { time: new Mmdb(bytes, file).built, extension: 'mmdb' }
  }
  throw new InputError(
    `snapshots add ${source}: write ranges/aws for AWS's ip-ranges.json, or database/NAME (lower case) for a MaxMind-style database`,
  )
}

/**
 * Takes a snapshot from a file. The same content is kept once, however often it is added.
 *
 * @throws InputError for an unknown source or file, SnapshotError where the file is not what the source says
 */
export async function add(
  source: string,
  file: string,
  options: { readonly reference?: string },
  terminal: Terminal,
): Promise<ExitStatus> {
  const bytes = Buffer.from(await readPlace(file))
  const { time, extension } = inspect(source, bytes, file)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const key = referenceKey({ source, date: dayOf(time), sha256, extension })
  const folder = referenceFolder(options.reference, terminal.env)
  const store = await storeAt(folder)
  const written = await store.write(key, bytes, { onlyIfAbsent: true })
  // A file of that name whose content is another was changed after it was taken in: that must not pass for the snapshot.
  if (!written && !bytes.equals(await store.read(key)))
    throw new SnapshotError(placeIn(folder, key), 'its content is not the one in its name; remove it and add it again')
  await terminal.out(
    `${source} of ${dayOf(time)} ${written ? 'added' : 'was there already'}: ${placeIn(folder, key)}\n`,
  )
  return 0
}

/** Lists every snapshot that an audit with this folder may rest on, the packaged databases among them. */
export async function list(
  options: { readonly reference?: string; readonly json?: true },
  terminal: Terminal,
): Promise<ExitStatus> {
  const { snapshots } = await loadReference(options.reference, terminal.env)
  const now = Date.now()
  const rows = snapshots.map((facts) => ({ ...facts, ageDays: Math.floor((now - Date.parse(facts.date)) / 86_400e3) }))
  if (options.json) {
    await terminal.out(`${JSON.stringify({ snapshots: rows })}\n`)
    return 0
  }
  const width = Math.max(...rows.map(({ source }) => source.length), 'source'.length)
  const line = (source: string, date: string, age: string, size: string, hash: string) =>
    `${source.padEnd(width)}  ${date.padEnd(10)}  ${age.padStart(9)}  ${size.padStart(9)}  ${hash}\n`
  let text = line('source', 'date', 'age', 'size', 'SHA-256')
  for (const { source, date, ageDays, size, sha256 } of rows)
    text += line(source, date, `${ageDays} days`, `${(size / 1e6).toFixed(1)} MB`, sha256)
  await terminal.out(text)
  return 0
}
