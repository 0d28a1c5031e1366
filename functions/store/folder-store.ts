/** Objects as files below one folder. */
import { createHash, randomUUID } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { type FileHandle, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { partsOf } from './key.ts'
import { MissingObjectError } from './missing-object.ts'
import type { ObjectFacts, ObjectStore, WriteOptions } from './object-store.ts'

/** How the names of files begin that are not whole yet; {@link FolderStore.list} leaves them out. */
const unfinished = '.unfinished-'

/** Bytes that are read at a time. */
const chunkLength = 1 << 18

/** A part of the path may be a file where the key wants a folder: then the object is not there either. */
const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')

export class FolderStore implements ObjectStore {
  readonly folder: string

  /** @param folder need not exist; the first write makes it */
  constructor(folder: string) {
    this.folder = folder
  }

  /** The file of an object. @throws InputError where the key could lead out of the folder */
  pathOf(key: string): string {
    return join(this.folder, ...partsOf(key))
  }

  async list(prefix: string): Promise<readonly string[]> {
    const keys: string[] = []
    const walk = async (below: string): Promise<void> => {
      const entries = await readdir(join(this.folder, below), { withFileTypes: true }).catch((error: unknown) => {
        if (isMissing(error)) return []
        throw error
      })
      for (const entry of entries) {
        const key = below === '' ? entry.name : `${below}/${entry.name}`
        if (entry.isDirectory()) {
          if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) await walk(key)
        } else if (key.startsWith(prefix) && !entry.name.startsWith(unfinished)) keys.push(key)
      }
    }
    await walk('')
    return keys.sort()
  }

  async listFacts(prefix: string): Promise<readonly ObjectFacts[]> {
    const found: ObjectFacts[] = []
    for (const key of await this.list(prefix)) {
      const facts = await this.facts(key)
      if (facts !== null) found.push(facts)
    }
    return found
  }

  /** None: a file that is replaced is gone. */
  async listReplaced(): Promise<readonly ObjectFacts[]> {
    return []
  }

  async facts(key: string): Promise<ObjectFacts | null> {
    try {
      const file = await stat(this.pathOf(key), { bigint: true })
      return file.isFile() ? { key, size: Number(file.size), version: versionOf(file), modified: file.mtime } : null
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  async *open(key: string, version?: string): AsyncGenerator<Uint8Array> {
    const file = await this.#opened(key, version)
    try {
      const chunk = new Uint8Array(chunkLength)
      for (;;) {
        const { bytesRead } = await file.read(chunk, 0, chunkLength, null)
        if (bytesRead === 0) return
        yield chunk.subarray(0, bytesRead)
      }
    } finally {
      await file.close()
    }
  }

  async read(key: string, version?: string): Promise<Uint8Array> {
    const file = await this.#opened(key, version)
    try {
      return await file.readFile()
    } finally {
      await file.close()
    }
  }

  async write(key: string, bytes: Uint8Array | readonly Uint8Array[], options: WriteOptions = {}): Promise<boolean> {
    const path = this.pathOf(key)
    await mkdir(dirname(path), { recursive: true })
    const draft = join(dirname(path), `${unfinished}${randomUUID()}`)
    try {
      const file = await open(draft, 'wx')
      try {
        for (const piece of bytes instanceof Uint8Array ? [bytes] : bytes) await file.writeFile(piece)
        await file.sync()
      } finally {
        await file.close()
      }
      const { onlyIfAbsent, onlyIfVersion } = options
      if (onlyIfVersion !== undefined && (await this.facts(key))?.version !== onlyIfVersion) return false
      if (!onlyIfAbsent) {
        await rename(draft, path)
        return true
      }
      // Unlike rename, link never replaces a file, so that of two writers exactly one wins.
      return await link(draft, path).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EEXIST') return false
          throw error
        },
      )
    } finally {
      await rm(draft, { force: true })
    }
  }

  /** The open file of an object, which stays the same one when another takes its name. */
  async #opened(key: string, version: string | undefined): Promise<FileHandle> {
    const file = await open(this.pathOf(key), 'r').catch((error: unknown) => {
      throw isMissing(error) ? new MissingObjectError(this.folder, key, version) : error
    })
    const facts = await file.stat({ bigint: true })
    if (facts.isFile() && (version === undefined || version === versionOf(facts))) return file
    await file.close()
    throw new MissingObjectError(this.folder, key, version)
  }
}

/** Two files of one name differ in their number, even where both were written within the clock's grain. */
function versionOf({ ino, size, mtimeNs }: BigIntStats): string {
  return createHash('sha256').update(`${ino} ${size} ${mtimeNs}`).digest('hex').slice(0, 32)
}
