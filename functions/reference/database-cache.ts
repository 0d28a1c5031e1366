/** Databases as files, because they are too large to be held in memory before somebody asks them. */
import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { FolderStore } from '../store/folder-store.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { checkHash } from './check-hash.ts'

/**
 * A database is copied once, under its hash, and found there by the next audit. Whoever opens the copy holds it against the
 * hash, so that nothing rests on what else may write into the folder.
 */
export class DatabaseCache {
  readonly #store: ObjectStore
  readonly #folder: string

  /** @param folder made when it is needed; `domicile-databases` among the system's temporary files where it is not given */
  constructor(store: ObjectStore, folder = join(tmpdir(), 'domicile-databases')) {
    this.#store = store
    this.#folder = folder
  }

  /**
   * The file that holds a database: of a folder its own, else a copy.
   *
   * @param name what messages call the object
   * @throws SnapshotError where what is copied has another hash
   */
  async fileOf(key: string, sha256: string, name: string): Promise<string> {
    if (this.#store instanceof FolderStore) return this.#store.pathOf(key)
    const path = join(this.#folder, `${sha256}.mmdb`)
    const [kept, facts] = await Promise.all([stat(path).catch(() => null), this.#store.facts(key)])
    // Of another length it cannot be whole.
    if (kept === null || (facts !== null && kept.size !== facts.size))
      await this.#copy(key, path, (actual) => checkHash(name, sha256, actual))
    return path
  }

  /** Another thread or program may copy the same at the same time: each its own, and the last takes the name. */
  async #copy(key: string, path: string, check: (sha256: string) => void): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const draft = `${path}.${randomUUID()}`
    try {
      const hash = createHash('sha256')
      const hashed = async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          // A chunk of a store is only there until the next; the file may take it later.
          yield Buffer.from(chunk)
        }
      }
      await pipeline(this.#store.open(key), hashed, createWriteStream(draft, { flags: 'wx', mode: 0o600 }))
      check(hash.digest('hex'))
      await rename(draft, path)
    } finally {
      await rm(draft, { force: true })
    }
  }
}
