/** Puts files into a folder, such as one of a server that is mounted. */
import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { partsOfFile } from './file-parts.ts'
import { FolderStore } from './folder-store.ts'
import type { Presence, Upload, UploadTarget } from './upload-target.ts'

/** Bytes that are copied at a time. */
const LENGTH = 1 << 22

export class FolderUpload implements UploadTarget {
  readonly #store: FolderStore

  constructor(folder: string) {
    this.#store = new FolderStore(folder)
  }

  async look({ key, size, sha256 }: Upload): Promise<Presence> {
    const facts = await this.#store.facts(key)
    if (facts === null) return 'absent'
    if (facts.size !== size) return 'other'
    const hash = createHash('sha256')
    for await (const chunk of this.#store.open(key)) hash.update(chunk)
    return hash.digest('hex') === sha256 ? 'same' : 'other'
  }

  async put(upload: Upload, sent: (bytes: number) => void): Promise<boolean> {
    const path = this.#store.pathOf(upload.key)
    await mkdir(dirname(path), { recursive: true })
    // FolderStore leaves files out of its lists that are called so.
    const draft = join(dirname(path), `.unfinished-${randomUUID()}`)
    try {
      const file = await open(draft, 'wx')
      try {
        for await (const { bytes } of partsOfFile(upload, LENGTH)) {
          await file.writeFile(bytes)
          sent(bytes.length)
        }
        await file.sync()
      } finally {
        await file.close()
      }
      // Unlike rename, link never replaces a file.
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
