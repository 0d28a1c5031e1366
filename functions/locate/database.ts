/** Geolocation databases as snapshots: opened to be asked, or checked before they are taken in. */
import { SnapshotError } from '../errors.ts'
import type { SnapshotFacts } from '../model.ts'
import type { Address } from '../net/address.ts'
import { readRecord } from './database-answer.ts'
import { DatabaseFindings } from './database-finding.ts'
import { publisherOf } from './database-maker.ts'
import { Mmdb } from './mmdb.ts'
import { type DatabaseSnapshot, dayOf } from './snapshots.ts'

export interface DatabaseFile {
  /** Such as `database/dbip-city`. */
  readonly source: string
  readonly bytes: Buffer
  /** What to call the file in errors; its source where it is not given. */
  readonly name?: string
  facts(): SnapshotFacts
}

/**
 * Opens a database.
 *
 * @throws SnapshotError where the file is none; records that cannot be decoded only give no answer
 */
export function openDatabase({ source, bytes, facts, name = source }: DatabaseFile): DatabaseSnapshot {
  const mmdb = new Mmdb(bytes, name)
  const date = dayOf(mmdb.built)
  const publisher = publisherOf(mmdb.type, source)
  const findings = new DatabaseFindings(mmdb, { source, time: mmdb.built, date, publisher })
  return {
    source,
    time: mmdb.built,
    date,
    families: mmdb.ipVersion === 4 ? [4] : [4, 6],
    publisher,
    facts,
    find: (address: Address) => findings.find(address),
    recordOf: (address: Address) => mmdb.recordOf(address),
  }
}

/** Records looked at before a database is taken in. */
const sampled = 200

/**
 * Makes sure that a file is a geolocation database before it is taken in: its tree can be walked, records all over it can
 * be decoded, and some of them name a country.
 *
 * @throws SnapshotError that says what is wrong
 */
export function checkDatabase(bytes: Buffer, source: string): void {
  const mmdb = new Mmdb(bytes, source)
  const records = sampleRecords(mmdb)
  if (records.length === 0) throw new SnapshotError(source, 'opening it as a MaxMind-style database: it has no records')
  const answers = records.map((record) => readRecord(mmdb.decode(record)))
  if (!answers.some((answer) => answer?.country))
    throw new SnapshotError(
      source,
      `of ${answers.length} records that were looked at none names a country; only geolocation databases can be used`,
    )
}

/** Records found by going through the tree breadth first. */
function sampleRecords(mmdb: Mmdb): number[] {
  const found: number[] = []
  let level = [0]
  for (let depth = mmdb.ipVersion === 4 ? 32 : 128; depth > 0 && level.length > 0 && found.length < sampled; depth--) {
    const next: number[] = []
    for (const node of level)
      for (const side of [0, 1]) {
        const child = mmdb.child(node, side)
        if (child > mmdb.nodeCount) found.push(child)
        else if (child < mmdb.nodeCount && next.length < 4096) next.push(child)
      }
    level = next
  }
  return found.slice(0, sampled)
}
