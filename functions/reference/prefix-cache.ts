/**
 * The prefix tables of published files, kept in a folder of the user's own so that the next command need not parse and sort them
 * again. Nothing rests on it: what is missing, damaged, of another program or anybody else's is parsed anew, and a folder that
 * cannot be written is left alone.
 */
import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Published } from '../locate/published/published.ts'
import { type PackedName, packPublished, unpackPublished } from './packed-published.ts'

const DAY = 24 * 60 * 60 * 1000
/** What was not used for longer is removed. */
const LONGEST_UNUSED = 30 * DAY
/** Bytes that may lie in the folder before a command adds its own; what was used last stays. */
const MOST_BYTES = 1 << 30

/** Files of this cache; others in the folder are left alone. The second is one that was being written. */
const KEPT = /^[0-9a-f]{64}\.prefixes$/
const UNFINISHED = /^\.unfinished-[0-9a-f-]{36}$/

export class PrefixCache {
  /** Made when something is kept. */
  readonly folder: string
  readonly #parsers: string
  #cleaned = false

  /** @param parsers names the program's parsers; what others left is not used */
  constructor(folder: string, parsers: string) {
    this.folder = folder
    this.#parsers = parsers
  }

  /**
   * What parsing a file gives: as it was kept, else as `parse` gives it now, which is then kept.
   *
   * @param sha256 of the file, as it was found
   * @throws what `parse` throws, and nothing else
   */
  published(source: string, sha256: string, parse: () => Published): Published {
    const name: PackedName = { source, sha256, parsers: this.#parsers }
    const known = withoutErrors(() => this.#read(name))
    if (known) return known
    const published = parse()
    withoutErrors(() => this.#write(name, published))
    return published
  }

  #read(name: PackedName): Published | null {
    if (!isOurs(lstatSync(this.folder))) return null
    // No link is followed, and no pipe waited for.
    const file = openSync(this.#pathOf(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const facts = fstatSync(file)
      if (!facts.isFile() || !isOurs(facts)) return null
      const published = unpackPublished(readWhole(file, facts.size), name)
      if (published && Date.now() - facts.mtimeMs > DAY) withoutErrors(() => futimesSync(file, new Date(), new Date()))
      return published
    } finally {
      closeSync(file)
    }
  }

  /** Another program may keep the same at the same time: each writes its own, and the last takes the name. */
  #write(name: PackedName, published: Published): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    const folder = lstatSync(this.folder)
    if (!folder.isDirectory() || !isOurs(folder)) return
    if (!this.#cleaned) withoutErrors(() => removeUnused(this.folder))
    this.#cleaned = true
    const draft = join(this.folder, `.unfinished-${randomUUID()}`)
    try {
      writeFileSync(draft, packPublished(published, name), { flag: 'wx', mode: 0o600 })
      renameSync(draft, this.#pathOf(name))
    } finally {
      rmSync(draft, { force: true })
    }
  }

  #pathOf({ source, sha256, parsers }: PackedName): string {
    const hash = createHash('sha256').update(JSON.stringify([source, sha256, parsers]))
    return join(this.folder, `${hash.digest('hex')}.prefixes`)
  }
}

/** Whether nobody else can have written it. Systems without users of numbers say nothing of that. */
function isOurs({ uid, mode }: Stats): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
}

function readWhole(file: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let length = 0
  for (let read = -1; length < size && read !== 0; length += read)
    read = readSync(file, bytes, length, size - length, null)
  return bytes.subarray(0, length)
}

function removeUnused(folder: string): void {
  const found = readdirSync(folder)
    .filter((name) => KEPT.test(name) || UNFINISHED.test(name))
    .map((name) => ({ name, path: join(folder, name), ...usedAndSize(join(folder, name)) }))
    .sort((a, b) => b.used - a.used)
  let bytes = 0
  for (const { name, path, used, size } of found) {
    bytes += size
    const unused = Date.now() - used
    const isGoing = KEPT.test(name) ? unused > LONGEST_UNUSED || bytes > MOST_BYTES : unused > DAY
    if (isGoing) rmSync(path, { force: true })
  }
}

function usedAndSize(path: string): { readonly used: number; readonly size: number } {
  const facts = lstatSync(path, { throwIfNoEntry: false })
  return { used: facts?.mtimeMs ?? 0, size: facts?.size ?? 0 }
}

/** The cache spares work and is never worth a failure. @returns undefined where it failed */
function withoutErrors<Result>(attempt: () => Result): Result | undefined {
  try {
    return attempt()
  } catch {
    return undefined
  }
}
