/** Objects in a bucket of S3. */
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { partsOf } from './key.ts'
import { MissingObjectError } from './missing-object.ts'
import type { ObjectFacts, ObjectStore, WriteOptions } from './object-store.ts'
import { isMissing, statusOf, storeError } from './s3-error.ts'
import { partLength, uploadInParts } from './s3-multipart.ts'
import { type Condition, headersOf, writeOnce } from './s3-write.ts'

/**
 * A bucket. Needs the rights `s3:ListBucket`, `s3:ListBucketVersions` (for {@link listFacts} and {@link listReplaced}),
 * `s3:GetObject`, `s3:GetObjectVersion`, `s3:PutObject`, and with retention `s3:PutObjectRetention`.
 *
 * @throws StoreError from every method where S3 refuses or does not answer
 */
export class S3Store implements ObjectStore {
  readonly #client: S3Client
  readonly #bucket: string

  constructor(client: S3Client, bucket: string) {
    this.#client = client
    this.#bucket = bucket
  }

  async list(prefix: string): Promise<readonly string[]> {
    return (await this.listSizes(prefix)).map(({ key }) => key)
  }

  /** Keys and sizes, in the order of {@link list}: what {@link listFacts} gives without the right to list versions. */
  async listSizes(prefix: string): Promise<readonly Omit<ObjectFacts, 'version'>[]> {
    const found: Omit<ObjectFacts, 'version'>[] = []
    let next: string | undefined
    do {
      const page = await this.#page(prefix, next === undefined ? {} : { ContinuationToken: next })
      for (const { Key, Size, LastModified } of page.Contents ?? [])
        if (Key !== undefined) found.push({ key: decoded(Key), size: Size ?? 0, modified: wholeSecond(LastModified) })
      next = page.NextContinuationToken
    } while (next !== undefined)
    return found.sort(byKey)
  }

  /** Whether any key begins with the prefix. */
  async hasAny(prefix: string): Promise<boolean> {
    return ((await this.#page(prefix, { MaxKeys: 1 })).Contents ?? []).length > 0
  }

  async listFacts(prefix: string): Promise<readonly ObjectFacts[]> {
    return (await this.#versions(prefix)).current
  }

  async listReplaced(prefix: string): Promise<readonly ObjectFacts[]> {
    const { current, replaced } = await this.#versions(prefix)
    const there = new Set(current.map(({ key }) => key))
    return replaced.filter(({ key }) => there.has(key))
  }

  /** Every version of every object, each key's in the order in which S3 lists them: the newest first. */
  async #versions(prefix: string) {
    const current: ObjectFacts[] = []
    const replaced: ObjectFacts[] = []
    let next: { readonly KeyMarker: string; readonly VersionIdMarker?: string } | undefined
    do {
      const page: ListObjectVersionsCommandOutput = await this.#try('listing', prefix, () =>
        this.#client.send(
          new ListObjectVersionsCommand({ Bucket: this.#bucket, Prefix: prefix, EncodingType: 'url', ...next }),
        ),
      )
      for (const { Key, Size, IsLatest, VersionId, ETag, LastModified } of page.Versions ?? [])
        if (Key !== undefined)
          (IsLatest ? current : replaced).push(factsOf(decoded(Key), Size, VersionId, ETag, LastModified))
      const { NextKeyMarker, NextVersionIdMarker } = page
      next =
        page.IsTruncated && NextKeyMarker !== undefined
          ? {
              KeyMarker: markerOf(page, NextKeyMarker),
              ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
            }
          : undefined
    } while (next !== undefined)
    return { current: current.sort(byKey), replaced: replaced.sort(byKey) }
  }

  async facts(key: string): Promise<ObjectFacts | null> {
    try {
      const head = await this.#head(key)
      if (head !== null) return factsOf(key, head.ContentLength, head.VersionId, head.ETag, head.LastModified)
      await this.#askWhy(key)
      return null
    } catch (error) {
      if (statusOf(error) === 403) await this.#askWhy(key)
      throw storeError(`looking for ${this.#name(key)}`, error)
    }
  }

  async *open(key: string, version?: string): AsyncGenerator<Uint8Array> {
    const { Body, ContentLength } = await this.#get(key, version)
    let read = 0
    try {
      for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) {
        read += chunk.length
        yield chunk
      }
    } catch (error) {
      throw storeError(`reading ${this.#name(key)} after ${read} of ${ContentLength ?? '?'} bytes`, error)
    }
    if (ContentLength !== undefined && read !== ContentLength)
      throw storeError(`reading ${this.#name(key)}`, new Error(`${read} of ${ContentLength} bytes came`))
  }

  async read(key: string, version?: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    for await (const chunk of this.open(key, version)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  async write(key: string, bytes: Uint8Array | readonly Uint8Array[], options: WriteOptions = {}): Promise<boolean> {
    partsOf(key)
    const pieces = bytes instanceof Uint8Array ? [bytes] : bytes
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
    const target = { Bucket: this.#bucket, Key: key, ...headersOf(options) }
    const put = (condition: Condition) =>
      size > partLength
        ? uploadInParts(this.#client, target, pieces, size, condition)
        : this.#client.send(
            new PutObjectCommand({ ...target, ...condition, Body: Buffer.concat(pieces), ContentLength: size }),
          )
    return await this.#try('writing', key, async () => {
      const condition = await this.#condition(key, options)
      return condition !== null && (await writeOnce(condition, () => put(condition)))
    })
  }

  /** What has to hold at the moment of writing; null where it does not hold already. */
  async #condition(key: string, { onlyIfAbsent, onlyIfVersion }: WriteOptions): Promise<Condition | null> {
    // Nothing is sent only to be refused; and servers that do not hold to the condition in a bucket with versions, as Ceph
    // does not, still write nothing again. Who may only write is answered by the write itself.
    if (onlyIfAbsent) return (await this.#head(key).catch(() => null)) === null ? { IfNoneMatch: '*' } : null
    if (onlyIfVersion === undefined) return {}
    const head = await this.#head(key)
    const isIt = head?.ETag !== undefined && versionOf(head.VersionId, head.ETag) === onlyIfVersion
    return isIt ? { IfMatch: unquoted(head.ETag) } : null
  }

  #page(prefix: string, rest: Partial<ListObjectsV2CommandInput>): Promise<ListObjectsV2CommandOutput> {
    const input = { Bucket: this.#bucket, Prefix: prefix, EncodingType: 'url' as const, ...rest }
    return this.#try('listing', prefix, () => this.#client.send(new ListObjectsV2Command(input)))
  }

  /** null where there is no such object. */
  async #head(key: string): Promise<HeadObjectCommandOutput | null> {
    try {
      return await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }))
    } catch (error) {
      if (statusOf(error) === 404) return null
      throw error
    }
  }

  async #get(key: string, version: string | undefined): Promise<GetObjectCommandOutput> {
    try {
      return await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key, ...conditionOf(version) }))
    } catch (error) {
      if (isMissing(error)) throw new MissingObjectError(`s3://${this.#bucket}`, key, version)
      throw storeError(`reading ${this.#name(key)}`, error)
    }
  }

  /** HEAD has no body that could tell a missing bucket from a missing object, or why access is denied: GET has. */
  async #askWhy(key: string): Promise<void> {
    try {
      const { Body } = await this.#get(key, undefined)
      for await (const _ of (Body ?? []) as AsyncIterable<Uint8Array>) break
    } catch (error) {
      if (!(error instanceof MissingObjectError)) throw error
    }
  }

  #name(key: string): string {
    return `s3://${this.#bucket}/${key}`
  }

  async #try<T>(doing: string, key: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action()
    } catch (error) {
      throw storeError(`${doing} ${this.#name(key)}`, error)
    }
  }
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }) =>
  a.key === b.key ? 0 : a.key < b.key ? -1 : 1

/** Listings are asked for in URL encoding, because XML cannot hold every character that a key may have. */
const decoded = (key: string) => decodeURIComponent(key.replaceAll('+', ' '))

/** The key at which a listing goes on: AWS encodes it as it does the keys, Ceph writes it as it is. */
function markerOf({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput, marker: string): string {
  const isPlain = [...Versions, ...DeleteMarkers].some(({ Key }) => Key !== undefined && decoded(Key) === marker)
  return isPlain ? marker : decoded(marker)
}

const factsOf = (
  key: string,
  size: number | undefined,
  versionId: string | undefined,
  etag: string | undefined,
  modified: Date | undefined,
): ObjectFacts => ({ key, size: size ?? 0, version: versionOf(versionId, etag), modified: wholeSecond(modified) })

/** S3 knows whole seconds; some servers write more into a listing than into a head. */
const wholeSecond = (time = new Date(0)) => new Date(Math.floor(time.getTime() / 1000) * 1000)

/** An ETag stands without its quotation marks, as S3's events write it. */
const unquoted = (etag = '') => etag.replaceAll('"', '')

const versionOf = (versionId: string | undefined, etag: string | undefined): string =>
  versionId !== undefined && versionId !== 'null' ? versionId : unquoted(etag)

/** An ETag is an MD5, or one of parts; a version id never looks like that. */
const conditionOf = (version: string | undefined) =>
  version === undefined
    ? {}
    : /^[0-9a-f]{32}(-\d+)?$/.test(version)
      ? { IfMatch: `"${version}"` }
      : { VersionId: version }
