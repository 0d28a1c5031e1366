import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { S3Client } from '@aws-sdk/client-s3'
import { beforeEach, describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import { S3Upload } from '../../functions/store/s3-upload.ts'
import { StoreError } from '../../functions/store/store-error.ts'
import type { Upload } from '../../functions/store/upload-target.ts'

const PART = 1000
const sha = (bytes: Uint8Array, form: 'hex' | 'base64' = 'base64') => createHash('sha256').update(bytes).digest(form)
const refusal = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } })

/** What the commands of an upload say, each some of it. */
interface Input {
  readonly Key: string
  readonly Prefix: string
  readonly Body: Uint8Array
  readonly UploadId: string
  readonly PartNumber: number
  readonly PartNumberMarker?: string
  readonly ChecksumSHA256: string
  readonly IfNoneMatch: string
  readonly MultipartUpload: { readonly Parts: readonly { PartNumber: number; ChecksumSHA256: string }[] }
}

/** As much of S3 as an upload needs: it holds parts and objects against their hashes, and to If-None-Match. */
class Bucket {
  readonly objects = new Map<string, { bytes: Buffer; hash: string | undefined }>()
  readonly begun = new Map<string, { key: string; parts: Map<number, Buffer> }>()
  readonly sent: string[] = []
  /** Refuses a command, or fails it. */
  fail: (command: string, input: Input) => Error | null = () => null

  readonly client = {
    send: async (command: { readonly constructor: { readonly name: string }; readonly input: Input }) => {
      const name = command.constructor.name.replace(/Command$/, '') as keyof Bucket
      this.sent.push(String(name))
      const failure = this.fail(String(name), command.input)
      if (failure) throw failure
      return (this[name] as (input: Input) => unknown).call(this, command.input)
    },
  } as unknown as S3Client

  HeadObject({ Key }: Input) {
    const object = this.objects.get(Key)
    if (!object) throw refusal('NotFound', 404)
    return { ContentLength: object.bytes.length, ChecksumSHA256: object.hash }
  }
  async GetObject({ Key }: Input) {
    const { bytes } = this.objects.get(Key) ?? { bytes: Buffer.alloc(0) }
    return { Body: [bytes], ContentLength: bytes.length }
  }
  PutObject({ Key, Body, ChecksumSHA256, IfNoneMatch }: Input) {
    if (IfNoneMatch !== '*') throw new Error('this would overwrite')
    if (sha(Body) !== ChecksumSHA256) throw refusal('BadDigest', 400)
    this.#appear(Key, Buffer.from(Body), ChecksumSHA256)
    return {}
  }
  CreateMultipartUpload({ Key }: Input) {
    const UploadId = `u${this.begun.size + 1}`
    this.begun.set(UploadId, { key: Key, parts: new Map() })
    return { UploadId }
  }
  UploadPart({ UploadId, PartNumber, Body, ChecksumSHA256 }: Input) {
    if (sha(Body) !== ChecksumSHA256) throw refusal('BadDigest', 400)
    this.begun.get(UploadId)?.parts.set(PartNumber, Buffer.from(Body))
    return { ETag: `"${PartNumber}"` }
  }
  ListMultipartUploads({ Prefix }: Input) {
    const Uploads = [...this.begun].map(([UploadId, { key: Key }]) => ({ UploadId, Key, Initiated: new Date(0) }))
    return { Uploads: Uploads.filter(({ Key }) => Key.startsWith(Prefix)) }
  }
  ListParts({ UploadId, PartNumberMarker = '0' }: Input) {
    const parts = [...(this.begun.get(UploadId)?.parts ?? [])].filter(([number]) => number > Number(PartNumberMarker))
    const page = parts.slice(0, 2).map(([PartNumber, bytes]) => ({
      PartNumber,
      Size: bytes.length,
      ETag: `"${PartNumber}"`,
      ChecksumSHA256: sha(bytes),
    }))
    return { Parts: page, IsTruncated: parts.length > 2, NextPartNumberMarker: String(page.at(-1)?.PartNumber ?? '') }
  }
  CompleteMultipartUpload({ Key, UploadId, MultipartUpload, IfNoneMatch }: Input) {
    if (IfNoneMatch !== '*') throw new Error('this would overwrite')
    const { Parts } = MultipartUpload
    const parts = Parts.map(({ PartNumber, ChecksumSHA256 }) => {
      const bytes = this.begun.get(UploadId)?.parts.get(PartNumber) ?? Buffer.alloc(0)
      if (sha(bytes) !== ChecksumSHA256) throw refusal('InvalidPart', 400)
      return bytes
    })
    const hashes = Buffer.concat(parts.map((bytes) => Buffer.from(sha(bytes), 'base64')))
    this.#appear(Key, Buffer.concat(parts), `${sha(hashes)}-${parts.length}`)
    this.begun.delete(UploadId)
    return {}
  }
  AbortMultipartUpload({ UploadId }: Input) {
    this.begun.delete(UploadId)
    return {}
  }
  #appear(key: string, bytes: Buffer, hash: string): void {
    if (this.objects.has(key)) throw refusal('PreconditionFailed', 412)
    this.objects.set(key, { bytes, hash })
  }
}

let bucket: Bucket
let target: S3Upload
const fileOf = (bytes: Buffer): Upload => {
  const path = join(mkdtempSync(join(tmpdir(), 'domicile-upload-')), 'file')
  writeFileSync(path, bytes)
  return { key: 's/captures/a', path, size: bytes.length, sha256: sha(bytes, 'hex') }
}
const put = async (upload: Upload) => {
  let sent = 0
  const written = await target.put(upload, (bytes) => {
    sent += bytes
  })
  return { written, sent }
}

beforeEach(() => {
  bucket = new Bucket()
  target = new S3Upload(bucket.client, 'b', 'intake/', PART)
})

describe('an upload into a bucket', () => {
  it.each([0, 1, PART, PART + 1, 9 * PART, 9 * PART + 7])('of %d bytes arrives whole, once', async (size) => {
    const upload = fileOf(randomBytes(size))
    expect(await target.look(upload)).toBe('absent')
    expect(await put(upload)).toEqual({ written: true, sent: size })
    expect(await target.look(upload)).toBe('same')
    expect(sha(bucket.objects.get('intake/s/captures/a')?.bytes ?? Buffer.alloc(0), 'hex')).toBe(upload.sha256)
    expect(await put(upload)).toMatchObject({ written: false })
    expect(bucket.begun.size).toBe(0)
  })

  it.each([3, PART * 3])('of %d bytes never takes the place of another', async (size) => {
    const mine = fileOf(randomBytes(size))
    const other = fileOf(randomBytes(size))
    await put(other)
    expect(await target.look(mine)).toBe('other')
    expect(await put(mine)).toMatchObject({ written: false })
    expect(await target.look(other)).toBe('same')
  })

  it('goes on with the parts that had arrived when the line was lost', async () => {
    const upload = fileOf(randomBytes(10 * PART))
    let parts = 0
    bucket.fail = (name) => (name === 'UploadPart' && ++parts > 6 ? refusal('TimeoutError', 500) : null)
    await expect(put(upload)).rejects.toThrow(StoreError)
    expect(bucket.objects.size).toBe(0)
    bucket.fail = () => null
    bucket.sent.length = 0
    expect(await put(upload)).toEqual({ written: true, sent: 10 * PART })
    expect(bucket.sent.filter((name) => name === 'UploadPart')).toHaveLength(4)
    expect(bucket.sent).not.toContain('CreateMultipartUpload')
    expect(await target.look(upload)).toBe('same')
  })

  it('sends parts again that are not those of the file', async () => {
    const upload = fileOf(randomBytes(5 * PART))
    bucket.begun.set('u9', { key: 'intake/s/captures/a', parts: new Map([[2, randomBytes(PART)]]) })
    expect(await put(upload)).toMatchObject({ written: true })
    expect(await target.look(upload)).toBe('same')
  })

  it('begins anew where what broke off may not be seen, or is gone', async () => {
    for (const [command, status] of [
      ['ListMultipartUploads', 403],
      ['ListParts', 404],
    ] as const) {
      bucket = new Bucket()
      target = new S3Upload(bucket.client, 'b', 'intake/', PART)
      bucket.begun.set('u9', { key: 'intake/s/captures/a', parts: new Map() })
      bucket.fail = (name) => (name === command ? refusal('AccessDenied', status) : null)
      expect(await put(fileOf(randomBytes(3 * PART)))).toMatchObject({ written: true })
    }
  })

  it.each([10, PART * 3])('puts nothing there of %d bytes that are altered meanwhile', async (size) => {
    const upload = fileOf(randomBytes(size))
    writeFileSync(upload.path, randomBytes(size))
    await expect(put(upload)).rejects.toThrow(InputError)
    expect(bucket.objects.size).toBe(0)
    expect(bucket.begun.size).toBe(0)
  })

  it('reads what is there where its hash does not tell', async () => {
    const bytes = randomBytes(3 * PART)
    const upload = fileOf(bytes)
    for (const hash of [undefined, `${sha(bytes)}-7`]) {
      bucket.objects.set('intake/s/captures/a', { bytes, hash })
      expect(await target.look(upload)).toBe('same')
      bucket.objects.set('intake/s/captures/a', { bytes: randomBytes(3 * PART), hash })
      expect(await target.look(upload)).toBe('other')
    }
  })

  it('says that it cannot know where it may not look', async () => {
    bucket.fail = (name) => (name === 'HeadObject' ? refusal('Forbidden', 403) : null)
    expect(await target.look(fileOf(randomBytes(3)))).toBe('unknown')
    expect(await put(fileOf(randomBytes(3)))).toMatchObject({ written: true })
  })
})
