/** Objects as files below one folder. */
import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InputError } from '../errors.ts'
import type { ObjectStore } from './object-store.ts'

/** How the names of files begin that are not whole yet; {@link FolderStore.list} leaves them out. */
const unfinished = '.unfinished-'

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

export class FolderStore implements ObjectStore {
  readonly folder: string

  /** @param folder need not exist; the first write makes it */
  constructor(folder: string) {
    this.folder = folder
  }

  /** The file of an object. @throws InputError where the key could lead out of the folder */
  pathOf(key: string): string {
    const parts = key.split('/')
    if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part)))
      throw new InputError(`${JSON.stringify(key)} is no key of an object: no empty parts, no . or .., no backslash`)
    return join(this.folder, ...parts)
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

  async read(key: string): Promise<Uint8Array> {
    try {
      return await readFile(this.pathOf(key))
    } catch (error) {
      if (isMissing(error)) throw new InputError(`reading ${key} from ${this.folder}: there is no such file`)
      throw error
    }
  }

  async write(key: string, bytes: Uint8Array, options: { readonly onlyIfAbsent?: boolean } = {}): Promise<boolean> {
    const path = this.pathOf(key)
    await mkdir(dirname(path), { recursive: true })
    const draft = join(dirname(path), `${unfinished}${randomUUID()}`)
    try {
      const file = await open(draft, 'wx')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      if (!options.onlyIfAbsent) {
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
}
