/** What a bucket makes of S3's rarer answers, with a client that gives them. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { MissingObjectError } from '../../functions/store/missing-object.ts'
import { S3Store } from '../../functions/store/s3-store.ts'
import { StoreError } from '../../functions/store/store-error.ts'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'

type Input = Readonly<Record<string, unknown>>
type Answer = (input: Input) => unknown

const refusal = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(`S3 says ${name}`), { name, $metadata: { httpStatusCode } })
const refuse = (name: string, status: number): Answer => {
  return () => {
    throw refusal(name, status)
  }
}

/** A bucket whose client gives the answers of a command one after the other, the last one for good. */
function bucketOf(answers: Readonly<Record<string, Answer | readonly Answer[]>>) {
  const sent: (readonly [string, Input])[] = []
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: Input }) => {
    const name = command.constructor.name.replace(/Command$/, '')
    const before = sent.filter(([other]) => other === name).length
    sent.push([name, command.input])
    const given = answers[name] ?? refuse('NotFound', 404)
    const answer = typeof given === 'function' ? given : (given[Math.min(before, given.length - 1)] as Answer)
    return answer(command.input)
  }
  return { store: new S3Store({ send } as unknown as S3Client, 'b'), sent }
}

/** A bucket of AWS's own client, and a server that gives it one answer. */
async function answering(status: number, error: string) {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/xml', 'x-amz-request-id': 'R1' })
    response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error>${error}<RequestId>R1</RequestId></Error>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'A', secretAccessKey: 'x' },
    forcePathStyle: true,
    maxAttempts: 1,
  })
  const close = async () => {
    client.destroy()
    server.close()
  }
  return { store: new S3Store(client, 'b'), close }
}

const ok: Answer = () => ({})

describe('a bucket', () => {
  it('tries again where another writes the same key at the same time, and says who won', async () => {
    const conflict = refuse('ConditionalRequestConflict', 409)
    const won = bucketOf({ PutObject: [conflict, conflict, ok] })
    expect(await won.store.write('k', Buffer.from('1'), { onlyIfAbsent: true })).toBe(true)
    const lost = bucketOf({ PutObject: [conflict, refuse('PreconditionFailed', 412)] })
    expect(await lost.store.write('k', Buffer.from('1'), { onlyIfAbsent: true })).toBe(false)
    for (const { sent } of [won, lost])
      for (const [name, input] of sent) if (name === 'PutObject') expect(input).toMatchObject({ IfNoneMatch: '*' })
  })

  it('gives up where the conflict does not end', { timeout: 30_000 }, async () => {
    const { store, sent } = bucketOf({ PutObject: refuse('ConditionalRequestConflict', 409) })
    await expect(store.write('k', Buffer.from('1'), { onlyIfAbsent: true })).rejects.toThrow(StoreError)
    expect(sent.filter(([name]) => name === 'PutObject')).toHaveLength(6)
  })

  it('leaves an object that is another one than it is to replace, whoever was faster', async () => {
    const head = () => ({ ContentLength: 1, ETag: '"e"', VersionId: 'v1' })
    const { store, sent } = bucketOf({ HeadObject: head, PutObject: refuse('PreconditionFailed', 412) })
    expect(await store.write('k', Buffer.from('1'), { onlyIfVersion: 'v1' })).toBe(false)
    expect(sent.map(([name]) => name)).toEqual(['HeadObject', 'PutObject'])
    expect(sent[1]?.[1]).toMatchObject({ IfMatch: 'e' })
    expect(await store.write('k', Buffer.from('1'), { onlyIfVersion: 'v0' })).toBe(false)
    expect(sent).toHaveLength(3)
  })

  it('writes also where it may not look', async () => {
    const { store } = bucketOf({ HeadObject: refuse('Forbidden', 403), PutObject: ok })
    expect(await store.write('k', Buffer.from('1'), { onlyIfAbsent: true })).toBe(true)
  })

  it('sends nothing large that is there already', async () => {
    const { store, sent } = bucketOf({ HeadObject: () => ({ ContentLength: 1, ETag: '"e"' }) })
    expect(await store.write('k', Buffer.alloc(17 << 20), { onlyIfAbsent: true })).toBe(false)
    expect(sent.map(([name]) => name)).toEqual(['HeadObject'])
  })

  it('leaves no parts behind where one of them fails', async () => {
    const { store, sent } = bucketOf({
      CreateMultipartUpload: () => ({ UploadId: 'u' }),
      UploadPart: [() => ({ ETag: '"1"' }), refuse('InternalError', 500)],
      AbortMultipartUpload: ok,
    })
    await expect(store.write('k', Buffer.alloc(40 << 20))).rejects.toThrow(/^writing s3:\/\/b\/k: InternalError/)
    expect(sent.at(-1)).toMatchObject(['AbortMultipartUpload', { UploadId: 'u' }])
  })

  it('completes an upload with its parts in order, their checksums and the condition', async () => {
    const { store, sent } = bucketOf({
      CreateMultipartUpload: () => ({ UploadId: 'u' }),
      UploadPart: ({ PartNumber }) => ({ ETag: `"${PartNumber}"`, ChecksumSHA256: `c${PartNumber}` }),
      CompleteMultipartUpload: ok,
    })
    const retention = { mode: 'COMPLIANCE' as const, until: new Date('2033-01-01T00:00:00Z') }
    await store.write('k', [Buffer.alloc(20 << 20), Buffer.alloc(20 << 20)], { onlyIfAbsent: true, retention })
    expect(sent.find(([name]) => name === 'CreateMultipartUpload')?.[1]).toMatchObject({
      ChecksumAlgorithm: 'SHA256',
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: retention.until,
    })
    expect(sent.at(-1)?.[1]).toMatchObject({
      IfNoneMatch: '*',
      MultipartUpload: {
        Parts: [1, 2, 3].map((part) => ({ PartNumber: part, ETag: `"${part}"`, ChecksumSHA256: `c${part}` })),
      },
    })
  })

  it('takes a body that ends early for a failure of the network, never for the whole object', async () => {
    const short = () => ({ Body: Readable.from([Buffer.from('ab')]), ContentLength: 5 })
    await expect(bucketOf({ GetObject: short }).store.read('k')).rejects.toThrow(/2 of 5 bytes came/)
    const torn = async function* () {
      yield Buffer.from('ab')
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
    }
    const read = bucketOf({ GetObject: () => ({ Body: torn(), ContentLength: 5 }) }).store.read('k')
    await expect(read).rejects.toThrow(/^reading s3:\/\/b\/k after 2 of 5 bytes: ECONNRESET: aborted$/)
    await expect(read).rejects.toThrow(StoreError)
  })

  it.each([
    ['NoSuchKey', 404, undefined],
    ['NoSuchVersion', 404, 'v1'],
    ['NoSuchKey', 404, 'v1'],
    ['MethodNotAllowed', 405, 'v1'],
    ['PreconditionFailed', 412, 'd41d8cd98f00b204e9800998ecf8427e'],
  ])('takes %s (%i) for an object that is not there', async (name, status, version) => {
    const { store } = bucketOf({ GetObject: refuse(name, status) })
    await expect(store.read('k', version)).rejects.toThrow(MissingObjectError)
  })

  it('takes what AWS says of a version id that is none of its own for a version that is not there', async () => {
    const { store, close } = await answering(
      400,
      '<Code>InvalidArgument</Code><Message>Invalid version id specified</Message>' +
        '<ArgumentName>versionId</ArgumentName><ArgumentValue>v1</ArgumentValue>',
    )
    await expect(store.read('k', 'v1')).rejects.toThrow(MissingObjectError)
    await close()
  })

  it.each([
    ['InvalidArgument', '<Message>Unsupported value</Message><ArgumentName>encryption</ArgumentName>', /Unsupported/],
    ['InvalidArgument', '<Message>Something is odd</Message>', /InvalidArgument: Something is odd \(request R1\)/],
    ['ExpiredToken', '<Message>The provided token has expired.</Message>', /credentials have expired: sign in again/],
    [
      'KMS.DisabledException',
      '<Message>The key is disabled.</Message>',
      /KMS\.DisabledException: The key is disabled\./,
    ],
  ])('takes any other 400 for no word about the version: %s%s', async (code, rest, message) => {
    const { store, close } = await answering(400, `<Code>${code}</Code>${rest}`)
    const read = store.read('k', 'v1')
    await expect(read).rejects.toThrow(StoreError)
    await expect(read).rejects.toThrow(message)
    await close()
  })

  it('asks for a version by its id, and for an ETag by a condition', async () => {
    const { store, sent } = bucketOf({ GetObject: () => ({ Body: Readable.from([]) }) })
    await store.read('k', '3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY')
    await store.read('k', 'd41d8cd98f00b204e9800998ecf8427e-3')
    expect(sent.map(([, input]) => input)).toEqual([
      { Bucket: 'b', Key: 'k', VersionId: '3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY' },
      { Bucket: 'b', Key: 'k', IfMatch: '"d41d8cd98f00b204e9800998ecf8427e-3"' },
    ])
  })

  it('tells current versions from those that were replaced, over pages, with an ETag where there is no version id', async () => {
    const modified = new Date('2026-11-22T12:00:00Z')
    const pages: Answer[] = [
      () => ({
        IsTruncated: true,
        NextKeyMarker: 'a+b',
        NextVersionIdMarker: 'v1',
        Versions: [
          { Key: 'a+b', VersionId: 'v2', IsLatest: true, Size: 2, ETag: '"e"', LastModified: modified },
          { Key: 'a+b', VersionId: 'v1', IsLatest: false, Size: 1, ETag: '"d"', LastModified: modified },
          { Key: 'gone', VersionId: 'v0', IsLatest: false, Size: 1, ETag: '"c"', LastModified: modified },
        ],
        DeleteMarkers: [{ Key: 'gone', IsLatest: true }],
      }),
      () => ({ Versions: [{ Key: 'c%2Bd', VersionId: 'null', IsLatest: true, Size: 3, ETag: '"f"' }] }),
    ]
    const { store, sent } = bucketOf({ ListObjectVersions: pages })
    expect(await store.listFacts('')).toEqual([
      { key: 'a b', size: 2, version: 'v2', modified },
      { key: 'c+d', size: 3, version: 'f', modified: new Date(0) },
    ])
    const { store: again } = bucketOf({ ListObjectVersions: pages })
    expect(await again.listReplaced('')).toEqual([{ key: 'a b', size: 1, version: 'v1', modified }])
    expect(sent[1]?.[1]).toMatchObject({ KeyMarker: 'a b', VersionIdMarker: 'v1' })
  })

  it.each([
    ['AccessDenied', 403, /access is denied/],
    ['ExpiredToken', 400, /credentials have expired/],
    ['SlowDown', 503, /^listing s3:\/\/b\/p: SlowDown: S3 says SlowDown$/],
  ])('says of %s what to do', async (name, status, message) => {
    await expect(bucketOf({ ListObjectsV2: refuse(name, status) }).store.list('p')).rejects.toThrow(message)
  })
})
