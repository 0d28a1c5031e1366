/** A database that is read when it is first asked, so that one that nobody asks costs no memory. */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { SnapshotError } from '../errors.ts'
import { attributionOf, openDatabase } from '../locate/database.ts'
import { metadataBytes, peekMetadata } from '../locate/mmdb.ts'
import { type DatabaseSnapshot, dayOf } from '../locate/snapshots.ts'
import type { SnapshotFacts } from '../model.ts'
import { checkHash } from './check-hash.ts'

export interface LazyDatabase {
  /** The file to read. */
  readonly path: string
  readonly source: string
  /** What the file has to have; undefined where nothing says. */
  readonly sha256?: string
  readonly attribution?: SnapshotFacts['attribution']
  /** Where the file has fewer than its metadata says. */
  readonly families?: readonly (4 | 6)[]
}

/** @throws SnapshotError where the file is no database, also later where it is first asked */
export function lazyDatabase({ path, source, sha256: named, attribution, families }: LazyDatabase): DatabaseSnapshot {
  const peeked = peekMetadata(readTail(path))
  let opened: DatabaseSnapshot | undefined
  const facts = (): SnapshotFacts => {
    const { sha256, size } = hashFile(path)
    if (named !== undefined) checkHash(path, named, sha256)
    const shown = attribution ?? attributionOf(database().publisher)
    return { source, date: dayOf(time), sha256, size, ...(shown ? { attribution: shown } : {}) }
  }
  const database = (): DatabaseSnapshot => {
    if (opened) return opened
    const bytes = readFileSync(path)
    if (named !== undefined) checkHash(path, named, createHash('sha256').update(bytes).digest('hex'))
    opened = openDatabase({ source, bytes, facts })
    if (peeked && opened.time !== peeked.built)
      throw new SnapshotError(path, 'its metadata says twice when it was built, and not the same')
    return opened
  }
  const time = peeked?.built ?? database().time
  return {
    source,
    time,
    date: dayOf(time),
    families: families ?? (peeked ? (peeked.ipVersion === 4 ? [4] : [4, 6]) : database().families),
    get publisher() {
      return database().publisher
    },
    find: (address) => database().find(address),
    recordOf: (address) => database().recordOf(address),
    facts,
  }
}

function readTail(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const tail = Buffer.alloc(Math.min(size, metadataBytes))
    readSync(file, tail, 0, tail.length, size - tail.length)
    return tail
  } finally {
    closeSync(file)
  }
}

/** Hashes in pieces. */
function hashFile(path: string): { readonly sha256: string; readonly size: number } {
  const hash = createHash('sha256')
  const piece = Buffer.alloc(1 << 20)
  const file = openSync(path, 'r')
  try {
    let size = 0
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
      hash.update(piece.subarray(0, read))
      size += read
    }
    return { sha256: hash.digest('hex'), size }
  } finally {
    closeSync(file)
  }
}
