/** Reads a file as the source that it is said to be, before it is kept. */
import { InputError } from '../errors.ts'
import { checkDatabase } from '../locate/database.ts'
import { Mmdb } from '../locate/mmdb.ts'
import { isJson } from '../locate/published/collection.ts'
import type { BadLine, Published } from '../locate/published/published.ts'
import { knownSources, publisherOf } from '../locate/published/publishers.ts'
import type { Micros } from '../model.ts'
import { isSourceName } from '../store/reference-key.ts'
import { nearestSource } from './nearest-source.ts'

export interface Inspected {
  /** When it was made, as the file itself says; null where it does not say. */
  readonly time: Micros | null
  /** How its name ends in the archive. */
  readonly extension: string
  /** Prefixes; of a database the nodes of its search tree. */
  readonly records: number
  /** null for a database. */
  readonly table: Published['table'] | null
  readonly badLines: readonly BadLine[]
  /** Whether it is text of lines: its form alone does not tell whose it is, nor that nothing of it is missing. */
  readonly isOfLines: boolean
}

/**
 * Reads and checks a whole file.
 *
 * @param name what to call the file in errors
 * @throws InputError where no such source is known, SnapshotError where the file is not what the source says
 */
export function inspectSnapshot(source: string, bytes: Buffer, name: string): Inspected {
  refuseUnknown(source)
  const publisher = publisherOf(source)
  if (publisher === null) {
    checkDatabase(bytes, name)
    const { built, nodeCount } = new Mmdb(bytes, name)
    return { time: built, extension: 'mmdb', records: nodeCount, table: null, badLines: [], isOfLines: false }
  }
  const { time, table, badLines } = publisher.parse(bytes, name)
  const isOfLines = !isJson(bytes.toString('utf8', 0, 1000).replace(/^\uFEFF/, ''))
  return { time, extension: publisher.extension, records: table.size, table, badLines, isOfLines }
}

/** @throws InputError where there is no such source, which names the nearest and those that there are */
export function refuseUnknown(source: string): void {
  if (isSourceName(source) && (source.startsWith('database/') || publisherOf(source) !== null)) return
  const lower = source.toLowerCase()
  const isMiswritten = lower !== source && isSourceName(lower) && /^(geofeed|database)\//.test(lower)
  const near = isMiswritten ? lower : nearestSource(source, knownSources())
  const hint = near === null ? '' : `did you mean ${near}? Else `
  throw new InputError(
    `there is no source ${JSON.stringify(source.slice(0, 100))}; ${hint}write ${knownSources().join(', ')}, or database/NAME (lower case) for a MaxMind-style database`,
  )
}
