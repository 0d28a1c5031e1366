/**
 * The paths of a command line: a file or folder on disk, or `s3://bucket/key` and `s3://bucket/prefix`, which are used in the
 * same way. What S3 needs is loaded when the first such path is used.
 */
import { readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, posix, relative, sep } from 'node:path'
import { InputError } from '../errors.ts'
import { FolderStore } from '../store/folder-store.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { fileChunks } from './file-chunks.ts'
import type { PlacedFile, PlaceFacts } from './placed-file.ts'
import { isS3Url } from './s3-url.ts'
import { explainSystemError } from './system-error.ts'

const s3 = () => import('./s3-places.ts')

/** @returns null where nothing is there */
export async function factsOfPlace(path: string): Promise<PlaceFacts | null> {
  if (isS3Url(path)) return await (await s3()).factsOfUrl(path)
  const facts = statSync(path, { throwIfNoEntry: false })
  return facts ? { size: facts.isDirectory() ? 0 : facts.size, isFolder: facts.isDirectory() } : null
}

/** What stands below a folder, each list in the order of the paths. */
export interface FoundFiles {
  readonly files: readonly PlacedFile[]
  /** What is named as desktops and editors name what they leave behind. */
  readonly litter: readonly PlacedFile[]
}

/** Every file below a folder. Folders on disk that are named as litter are looked into only where captures are kept. */
export async function filesBelow(folder: string): Promise<FoundFiles> {
  const found = isS3Url(folder) ? await (await s3()).filesBelowUrl(folder) : filesOnDisk(folder, folder)
  const sorted = found.sort((a, b) => (a.path === b.path ? 0 : a.path < b.path ? -1 : 1))
  const littered = ({ name }: PlacedFile) => name.split('/').some(isLitter)
  return { files: sorted.filter((file) => !littered(file)), litter: sorted.filter(littered) }
}

/** Names of files that desktops and editors leave behind. */
export const isLitter = (name: string) => name.startsWith('.') || name === 'Thumbs.db' || name.endsWith('~')

function filesOnDisk(root: string, folder: string): PlacedFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    const name = relative(root, path).split(sep).join('/')
    // What a litter's link leads to may be gone.
    const facts = statSync(path, { throwIfNoEntry: !isLitter(entry.name) })
    if (facts === undefined) return []
    if (!facts.isDirectory()) return [{ path, name, size: facts.size }]
    return isLitter(entry.name) && !name.split('/').includes('captures') ? [] : filesOnDisk(root, path)
  })
}

/** The bytes of a file in order; each chunk is overwritten by the next. @throws the system's error, or StoreError */
export function chunksOf(path: string): AsyncIterable<Uint8Array> {
  return isS3Url(path) ? chunksOfUrl(path) : fileChunks(path)
}

async function* chunksOfUrl(url: string): AsyncGenerator<Uint8Array> {
  yield* (await s3()).chunksOfUrl(url)
}

/** A whole file. @throws InputError that names it, StoreError where S3 refuses */
export async function readPlace(path: string): Promise<Uint8Array> {
  if (isS3Url(path)) return await (await s3()).readUrl(path)
  try {
    return await readFile(path)
  } catch (error) {
    throw new InputError(`reading ${path}: ${explainSystemError(error)}`, { source: path })
  }
}

/** A folder, or what stands below a prefix, as a store. */
export async function storeAt(path: string): Promise<ObjectStore> {
  return isS3Url(path) ? (await s3()).storeAtUrl(path) : new FolderStore(path)
}

/** The path of a file in a folder. @param name with `/`; `..` leads up */
export function placeIn(folder: string, name: string): string {
  if (!isS3Url(folder)) return join(folder, name)
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]*)(.*)$/s.exec(folder) ?? []
  return `s3://${bucket}${posix.join('/', prefix, name)}`
}
