/**
 * Puts files into a bucket. Large ones go in parts, each with its SHA-256, which S3 holds against what arrived; what broke off
 * goes on with the parts that are there. Needs `s3:PutObject`; `s3:GetObject` and `s3:ListBucket` to see what is there already;
 * `s3:ListBucketMultipartUploads` and `s3:ListMultipartUploadParts` to go on.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type ListPartsCommandOutput,
  type Part,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { InputError } from '../errors.ts'
import { type FilePart, partsOfFile } from './file-parts.ts'
import { statusOf, storeError } from './s3-error.ts'
import { partLength } from './s3-multipart.ts'
import { S3Store } from './s3-store.ts'
import { writeOnce } from './s3-write.ts'
import type { Presence, Upload, UploadTarget } from './upload-target.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000
/** Parts on the way at once. */
const TOGETHER = 4

const IF_ABSENT = { IfNoneMatch: '*' } as const

export class S3Upload implements UploadTarget {
  readonly #client: S3Client
  readonly #bucket: string
  readonly #prefix: string
  readonly #partLength: number

  /**
   * @param prefix what keys begin with: empty, or with a slash at its end
   * @param length bytes of a part, and of the longest file that goes in one piece
   */
  constructor(client: S3Client, bucket: string, prefix: string, length = partLength) {
    this.#client = client
    this.#bucket = bucket
    this.#prefix = prefix
    this.#partLength = length
  }

  async look(upload: Upload): Promise<Presence> {
    const at = this.#at(upload)
    try {
      const { ContentLength, ChecksumSHA256 } = await this.#client.send(
        new HeadObjectCommand({ ...at, ChecksumMode: 'ENABLED' }),
      )
      if (ContentLength !== undefined && ContentLength !== upload.size) return 'other'
      if (ChecksumSHA256 === undefined) return await this.#read(upload)
      if (ChecksumSHA256 === base64(upload.sha256)) return 'same'
      // A whole hash that is another one; of parts it may be other parts of the same bytes.
      if (!ChecksumSHA256.includes('-')) return 'other'
      return ChecksumSHA256 === (await this.#hashOfParts(upload)) ? 'same' : await this.#read(upload)
    } catch (error) {
      if (statusOf(error) === 404) return 'absent'
      if (statusOf(error) === 403) return 'unknown'
      throw storeError(`looking for ${this.#name(upload)}`, error)
    }
  }

  async put(upload: Upload, sent: (bytes: number) => void): Promise<boolean> {
    try {
      return await (upload.size > this.#partLength ? this.#putParts(upload, sent) : this.#putWhole(upload, sent))
    } catch (error) {
      throw error instanceof InputError ? error : storeError(`writing ${this.#name(upload)}`, error)
    }
  }

  async #putWhole(upload: Upload, sent: (bytes: number) => void): Promise<boolean> {
    const pieces: Uint8Array[] = []
    for await (const { bytes } of partsOfFile(upload, this.#partLength)) pieces.push(bytes)
    const Body = Buffer.concat(pieces)
    const object = { ...this.#at(upload), Body, ContentLength: Body.length, ChecksumSHA256: base64(upload.sha256) }
    const written = await writeOnce(IF_ABSENT, () =>
      this.#client.send(new PutObjectCommand({ ...object, ...IF_ABSENT })),
    )
    if (written) sent(Body.length)
    return written
  }

  async #putParts(upload: Upload, sent: (bytes: number) => void): Promise<boolean> {
    const at = this.#at(upload)
    const { UploadId, there } = await this.#begun(upload)
    const parts: CompletedPart[] = []
    const send = async ({ number: PartNumber, bytes: Body }: FilePart) => {
      const ChecksumSHA256 = createHash('sha256').update(Body).digest('base64')
      const known = there.get(PartNumber)
      const isThere = known?.ChecksumSHA256 === ChecksumSHA256 && known.Size === Body.length
      const { ETag } = isThere
        ? known
        : await this.#client.send(
            new UploadPartCommand({ ...at, UploadId, PartNumber, Body, ContentLength: Body.length, ChecksumSHA256 }),
          )
      parts.push({ PartNumber, ETag, ChecksumSHA256 })
      sent(Body.length)
    }
    try {
      await inGroups(partsOfFile(upload, this.#lengthFor(upload)), send)
    } catch (error) {
      // What a lost connection leaves behind is gone on with; what was begun with other bytes is of no use.
      if (error instanceof InputError)
        await this.#client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => {})
      throw error
    }
    const Parts = parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0))
    const whole = { ...at, UploadId, MultipartUpload: { Parts }, ...IF_ABSENT }
    const written = await writeOnce(IF_ABSENT, () => this.#client.send(new CompleteMultipartUploadCommand(whole)))
    if (!written) await this.#client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => {})
    return written
  }

  /** An upload of this key that broke off, with its parts; else a new one. */
  async #begun(upload: Upload): Promise<{ readonly UploadId: string; readonly there: ReadonlyMap<number, Part> }> {
    const at = this.#at(upload)
    const earlier = await this.#unfinished(upload)
    if (earlier !== null) {
      const there = await this.#partsThere(upload, earlier)
      if (there !== null) return { UploadId: earlier, there }
    }
    const { UploadId } = await this.#client.send(
      new CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm: 'SHA256' }),
    )
    if (UploadId === undefined) throw new Error('S3 began an upload and gave it no id')
    return { UploadId, there: new Map() }
  }

  /** Id of the last upload of this key that was begun and not completed; null where there is none, or it may not be seen. */
  async #unfinished(upload: Upload): Promise<string | null> {
    const { Bucket, Key } = this.#at(upload)
    try {
      const { Uploads = [] } = await this.#client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }))
      const own = Uploads.filter((begun) => begun.Key === Key && (begun.ChecksumAlgorithm ?? 'SHA256') === 'SHA256')
      own.sort((a, b) => (b.Initiated?.getTime() ?? 0) - (a.Initiated?.getTime() ?? 0))
      return own[0]?.UploadId ?? null
    } catch (error) {
      if (statusOf(error) === 403 || statusOf(error) === 501) return null
      throw error
    }
  }

  /** null where the upload is gone, or its parts may not be seen. */
  async #partsThere(upload: Upload, UploadId: string): Promise<ReadonlyMap<number, Part> | null> {
    const there = new Map<number, Part>()
    try {
      for (let PartNumberMarker: string | undefined; ; ) {
        const page: ListPartsCommandOutput = await this.#client.send(
          new ListPartsCommand({ ...this.#at(upload), UploadId, ...(PartNumberMarker ? { PartNumberMarker } : {}) }),
        )
        for (const part of page.Parts ?? []) if (part.PartNumber !== undefined) there.set(part.PartNumber, part)
        if (!page.IsTruncated || page.NextPartNumberMarker === undefined) return there
        PartNumberMarker = page.NextPartNumberMarker
      }
    } catch (error) {
      if (statusOf(error) === 403 || statusOf(error) === 404) return null
      throw error
    }
  }

  /** What S3 keeps of an object in parts: the hash of their hashes, and their number. */
  async #hashOfParts(upload: Upload): Promise<string> {
    const hash = createHash('sha256')
    let count = 0
    for await (const { bytes } of partsOfFile(upload, this.#lengthFor(upload))) {
      hash.update(createHash('sha256').update(bytes).digest())
      count++
    }
    return `${hash.digest('base64')}-${count}`
  }

  /** Holds the object's own bytes against the hash, where S3's hash does not tell. */
  async #read({ key, sha256 }: Upload): Promise<Presence> {
    const hash = createHash('sha256')
    for await (const chunk of new S3Store(this.#client, this.#bucket).open(this.#prefix + key)) hash.update(chunk)
    return hash.digest('hex') === sha256 ? 'same' : 'other'
  }

  #lengthFor({ size }: Upload): number {
    return Math.max(this.#partLength, Math.ceil(size / MOST_PARTS))
  }

  #at({ key }: Upload) {
    return { Bucket: this.#bucket, Key: this.#prefix + key }
  }

  #name(upload: Upload): string {
    return `s3://${this.#bucket}/${this.#prefix}${upload.key}`
  }
}

/** Sends parts, some at once; no more are in memory than that. */
async function inGroups(parts: AsyncIterable<FilePart>, send: (part: FilePart) => Promise<void>): Promise<void> {
  let group: Promise<void>[] = []
  const settle = async () => {
    const settled = await Promise.allSettled(group)
    group = []
    for (const result of settled) if (result.status === 'rejected') throw result.reason
  }
  try {
    for await (const part of parts) {
      const sending = send(part)
      // It is heard of when the group settles, and may fail while the next part is read.
      sending.catch(() => {})
      group.push(sending)
      if (group.length === TOGETHER) await settle()
    }
  } finally {
    await settle()
  }
}

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')
