/** A database that is read when it is first asked, so that one that nobody asks costs no memory. */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { SnapshotError } from '../errors.ts'
import { openDatabase } from '../locate/database.ts'
import { attributionOf } from '../locate/database-maker.ts'
import { metadataBytes, peekMetadata } from '../locate/mmdb.ts'
import { type DatabaseSnapshot, dayOf } from '../locate/snapshots.ts'
import type { SnapshotFacts } from '../model.ts'
import { checkHash } from './check-hash.ts'

export interface LazyDatabase {
  /** The file to read. */
  readonly path: string
  readonly source: string
  /** What messages call it; the path where it is not given. */
  readonly name?: string
  /** The day in its key, UTC, YYYY-MM-DD; undefined where it has none. */
  readonly date?: string
  /** What the file has to have; undefined where nothing says. */
  readonly sha256?: string
  readonly attribution?: SnapshotFacts['attribution']
  /** Where the file has fewer than its metadata says. */
  readonly families?: readonly (4 | 6)[]
}

/** @throws SnapshotError where the file is no database, or of another day, also later where it is first asked */
export function lazyDatabase(file: LazyDatabase): DatabaseSnapshot {
  const { path, source, name = path, date, sha256: named, attribution, families } = file
  const peeked = peekMetadata(readTail(path))
  let opened: DatabaseSnapshot | undefined
  const facts = (): SnapshotFacts => {
    const { sha256, size } = hashFile(path)
    if (named !== undefined) checkHash(name, named, sha256)
    const shown = attribution ?? attributionOf(open().publisher)
    const only = familyAlone(held)
    return { source, date: dayOf(time), sha256, size, ...only, ...(shown ? { attribution: shown } : {}) }
  }
  const open = (): DatabaseSnapshot => {
    if (opened) return opened
    const bytes = readFileSync(path)
    if (named !== undefined) checkHash(name, named, createHash('sha256').update(bytes).digest('hex'))
    const read = openDatabase({ source, bytes, facts, name })
    if (peeked && read.time !== peeked.built)
      throw new SnapshotError(name, 'its metadata says twice when it was built, and not the same')
    opened = read
    return read
  }
  const time = peeked?.built ?? open().time
  // By the day in its key it is decided about which packets it speaks, and by that it was added.
  if (date !== undefined && dayOf(time) !== date)
    throw new SnapshotError(
      name,
      `its name says ${date}, and it was built on ${dayOf(time)}: remove it, and add the file again`,
    )
  const held = families ?? (peeked ? (peeked.ipVersion === 4 ? [4] : [4, 6]) : open().families)
  return {
    source,
    time,
    date: dayOf(time),
    families: held,
    get publisher() {
      return open().publisher
    },
    find: (address) => open().find(address),
    recordOf: (address) => open().recordOf(address),
    facts,
  }
}

/** The fact that a file has addresses of one family alone. */
function familyAlone([family, other]: readonly (4 | 6)[]): Pick<SnapshotFacts, 'family'> {
  return family === undefined || other !== undefined ? {} : { family }
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
