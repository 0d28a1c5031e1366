/** A file of a disk in parts, hashed while it is read. */
import { createHash, type Hash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { InputError } from '../errors.ts'
import type { Upload } from './upload-target.ts'

export interface FilePart {
  /** From 1. */
  readonly number: number
  readonly bytes: Uint8Array
}

/**
 * The parts in order, each in memory of its own. An empty file has one empty part.
 *
 * @throws InputError after the last one, where they are not the bytes that the upload names
 */
export async function* partsOfFile({ path, size, sha256 }: Upload, length: number): AsyncGenerator<FilePart> {
  const hash: Hash = createHash('sha256')
  const file = await open(path, 'r')
  let read = 0
  try {
    for (let number = 1; ; number++) {
      const bytes = await filled(file, length)
      if (bytes.length === 0 && number > 1) break
      hash.update(bytes)
      read += bytes.length
      yield { number, bytes }
      if (bytes.length < length) break
    }
  } finally {
    await file.close()
  }
  if (read !== size || hash.digest('hex') !== sha256)
    throw new InputError(`${path} was altered while it was uploaded: nothing of it was put there`, { source: path })
}

/** As many bytes as fit, fewer at the end of the file. */
async function filled(file: Awaited<ReturnType<typeof open>>, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let at = 0
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at, null)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return bytes.subarray(0, at)
}
