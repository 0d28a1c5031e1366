/** What stands at `s3://…`: the only file of the commands that needs AWS's client, loaded when such a path is used. */
import type { S3Client } from '@aws-sdk/client-s3'
import { MissingObjectError } from '../store/missing-object.ts'
import type { ObjectFacts, ObjectStore } from '../store/object-store.ts'
import { PrefixedStore } from '../store/prefixed-store.ts'
import { createS3Client } from '../store/s3-client.ts'
import { S3Store } from '../store/s3-store.ts'
import { StoreError } from '../store/store-error.ts'
import type { PlacedFile, PlaceFacts } from './placed-file.ts'
import { parseS3Url } from './s3-url.ts'

let client: S3Client | undefined

/** The client of this run of a command: one, because it keeps connections and credentials. */
export function s3Client(): S3Client {
  // The client would write several lines to stderr about versions of Node; package.json says which ones will do.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  client ??= createS3Client()
  return client
}

const storeOf = (bucket: string) => new S3Store(s3Client(), bucket)

/** @returns null where there is neither an object of that key nor one below it */
export async function factsOfUrl(url: string): Promise<PlaceFacts | null> {
  const { bucket, key } = parseS3Url(url)
  const store = storeOf(bucket)
  const facts = key === '' || url.endsWith('/') ? null : await store.facts(key)
  if (facts !== null) return { size: facts.size, isFolder: false }
  return (await store.hasAny(key === '' ? '' : `${key}/`)) ? { size: 0, isFolder: true } : null
}

/** Every object below a prefix; the empty objects that stand for folders in S3's console are none. */
export async function filesBelowUrl(url: string): Promise<PlacedFile[]> {
  const { bucket, key } = parseS3Url(url)
  const prefix = key === '' ? '' : `${key}/`
  const found = await storeOf(bucket).listSizes(prefix)
  return found
    .filter((object) => !object.key.endsWith('/'))
    .map((object) => ({
      path: `s3://${bucket}/${object.key}`,
      name: object.key.slice(prefix.length),
      size: object.size,
    }))
}

/**
 * Contents that were replaced, of the object at a URL or of every one below it, the last one first.
 *
 * @returns null where the bucket does not let its versions be seen
 */
export async function replacedAtUrl(url: string): Promise<readonly (ObjectFacts & { readonly path: string })[] | null> {
  const { bucket, key } = parseS3Url(url)
  const isFolder = (await factsOfUrl(url))?.isFolder ?? true
  try {
    const found = await storeOf(bucket).listReplaced(key === '' || !isFolder ? key : `${key}/`)
    return found.map((facts) => ({ ...facts, path: `s3://${bucket}/${facts.key}` }))
  } catch (error) {
    if (error instanceof StoreError && ['AccessDenied', 'NotImplemented'].includes(error.code)) return null
    throw error
  }
}

/**
 * @param version the current one where it is not given
 * @throws StoreError also where there is no such object: an InputError would pass for a fault of the capture's bytes
 */
export async function* chunksOfUrl(url: string, version?: string): AsyncGenerator<Uint8Array> {
  const { bucket, key } = parseS3Url(url)
  try {
    yield* storeOf(bucket).open(key, version)
  } catch (error) {
    throw error instanceof MissingObjectError ? new StoreError(error.message, 'NoSuchKey', error) : error
  }
}

export function readUrl(url: string): Promise<Uint8Array> {
  const { bucket, key } = parseS3Url(url)
  return storeOf(bucket).read(key)
}

export function storeAtUrl(url: string): ObjectStore {
  const { bucket, key } = parseS3Url(url)
  return key === '' ? storeOf(bucket) : new PrefixedStore(storeOf(bucket), `${key}/`)
}
