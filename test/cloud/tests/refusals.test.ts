/** What must not be possible, tried. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectRetentionCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { Cloud } from '../cloud.ts'
import { s3Client } from '../servers/ceph.ts'
import { readTemplate } from '../template/template.ts'
import { campaign, folder, sessions, storm } from './support/example.ts'

let cloud: Cloud
let rig: S3Client
let intake: string
/** A session of the rig, and one of another. */
const own = `intake/${campaign}/${sessions[0]?.name}/`
const another = `intake/${campaign}/${sessions.find(({ rig: id }) => id !== sessions[0]?.rig)?.name}/`
const body = readFileSync(join(folder, sessions[0]?.name ?? '', 'session.yaml'))

beforeAll(async () => {
  cloud = await Cloud.start(readTemplate(inject('template')), inject('server'))
  intake = cloud.output('IntakeBucket')
  rig = s3Client(cloud.services.server, cloud.services.rigs.get(sessions[0]?.rig ?? ''))
})
afterAll(() => cloud?.stop())

/** The HTTP status with which a request is refused; 200 where it is not. */
async function refusal(request: Promise<unknown>): Promise<number> {
  return request.then(
    () => 200,
    (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode ?? Number.NaN,
  )
}

describe('a rig', () => {
  it('adds below its own prefix, in one piece or in parts', async () => {
    expect(
      await refusal(rig.send(new PutObjectCommand({ Bucket: intake, Key: `${own}session.yaml`, Body: body }))),
    ).toBe(200)
    const upload = { Bucket: intake, Key: `${own}captures/large.pcap` }
    const { UploadId } = await rig.send(new CreateMultipartUploadCommand(upload))
    expect(await refusal(rig.send(new AbortMultipartUploadCommand({ ...upload, UploadId })))).toBe(200)
  })

  it.each([
    ["below another rig's prefix", `${another}session.yaml`],
    ['beside its prefix', `${own.slice(0, -1)}-2/session.yaml`],
    ['the declaration', `intake/${campaign}/declaration.yaml`],
    ['anywhere else', 'elsewhere.txt'],
  ])('is refused to write %s', async (_where, Key) => {
    expect(await refusal(rig.send(new PutObjectCommand({ Bucket: intake, Key, Body: body })))).toBe(403)
    const parts = new CreateMultipartUploadCommand({ Bucket: intake, Key })
    expect(await refusal(rig.send(parts))).toBe(403)
  })

  it('with a whole campaign as its prefix is refused its declaration', async () => {
    const whole = s3Client(cloud.services.server, cloud.services.rigs.get(storm.rig))
    const put = (key: string) =>
      refusal(whole.send(new PutObjectCommand({ Bucket: intake, Key: `intake/${storm.campaign}/${key}`, Body: body })))
    expect(await put('refused/session.yaml')).toBe(200)
    expect(await put('declaration.yaml')).toBe(403)
  })

  it('is refused to read, list or delete even what it wrote', async () => {
    const Key = `${own}session.yaml`
    expect(await refusal(rig.send(new GetObjectCommand({ Bucket: intake, Key })))).toBe(403)
    expect(await refusal(rig.send(new HeadObjectCommand({ Bucket: intake, Key })))).toBe(403)
    expect(await refusal(rig.send(new ListObjectsV2Command({ Bucket: intake, Prefix: own })))).toBe(403)
    expect(await refusal(rig.send(new DeleteObjectCommand({ Bucket: intake, Key })))).toBe(403)
    const copy = new CopyObjectCommand({
      Bucket: intake,
      Key: `${own}copy`,
      CopySource: `${intake}/${another}session.yaml`,
    })
    expect(await refusal(rig.send(copy))).toBe(403)
  })

  it.each(['EvidenceBucket', 'ReferenceBucket', 'ReportsBucket'])('is refused everything of the %s', async (output) => {
    const Bucket = cloud.output(output)
    expect(await refusal(rig.send(new PutObjectCommand({ Bucket, Key: `${own}x`, Body: body })))).toBe(403)
    expect(await refusal(rig.send(new ListObjectsV2Command({ Bucket })))).toBe(403)
  })
})

describe('a presigned upload', () => {
  const key = `${own}captures/presigned.pcap`
  const presign = (Key: string, expiresIn = 60) =>
    getSignedUrl(rig, new PutObjectCommand({ Bucket: intake, Key }), { expiresIn })
  const status = async (url: string, method = 'PUT') =>
    (await fetch(url, { method, ...(method === 'PUT' ? { body } : {}), signal: AbortSignal.timeout(10_000) })).status

  it('is taken as it was signed', async () => {
    expect(await status(await presign(key))).toBe(200)
  })

  it('is refused after its time', async () => {
    const url = await presign(key, 1)
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(await status(url)).toBe(403)
  })

  it.each([
    ['for another key', (url: string) => url.replace('presigned.pcap', 'other.pcap')],
    ['for a longer time', (url: string) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=604800')],
    ['with another signature', (url: string) => url.replace(/X-Amz-Signature=./, 'X-Amz-Signature=g')],
    ['by another rig', (url: string) => url.replace(/X-Amz-Credential=[^%]*/, `X-Amz-Credential=${otherKey()}`)],
  ])('is refused when it was altered: %s', async (_how, alter) => {
    const url = await presign(key)
    expect(alter(url)).not.toBe(url)
    expect(await status(alter(url))).toBe(403)
  })

  it('is refused for reading', async () => {
    expect(await status(await presign(key), 'GET')).toBe(403)
  })

  it('is refused where its rig may not write, though the signature is right', async () => {
    expect(await status(await presign(`${another}captures/presigned.pcap`))).toBe(403)
  })

  const otherKey = () =>
    cloud.services.rigs.get(sessions.find(({ rig: id }) => id !== sessions[0]?.rig)?.rig ?? '')?.accessKeyId
})

describe('what is under retention', () => {
  const original = Buffer.from('as it was uploaded')
  const changed = Buffer.from('as somebody would like it')

  it.each([
    ['capture', 'IntakeBucket', `${own}captures/locked.pcap`],
    ['report', 'ReportsBucket', 'reports/xiaomi-intl-2014/20141112T060000Z/report.json'],
  ])('is locked as soon as it is there: a %s', async (_what, output, Key) => {
    const Bucket = cloud.output(output)
    const { VersionId } = await cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body: original, IfNoneMatch: '*' }))
    const locked = await cloud.s3.send(new HeadObjectCommand({ Bucket, Key }))
    expect(locked.ObjectLockMode).toBe('GOVERNANCE')

    // Not even by the account that owns the bucket.
    expect(await refusal(cloud.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId })))).toBe(403)
    const Retention = { Mode: 'GOVERNANCE' as const, RetainUntilDate: new Date(Date.now() + 60_000) }
    const shorten = new PutObjectRetentionCommand({ Bucket, Key, VersionId, Retention })
    expect(await refusal(cloud.s3.send(shorten))).toBe(403)

    expect((await cloud.read(Bucket, Key)).equals(original)).toBe(true)
  })

  it('stays where it is as an older version where a rig writes over it: a capture', async () => {
    const object = { Bucket: intake, Key: `${own}captures/overwritten.pcap` }
    const { VersionId } = await cloud.s3.send(new PutObjectCommand({ ...object, Body: original }))
    await rig.send(new PutObjectCommand({ ...object, Body: changed }))
    const kept = await cloud.s3.send(new GetObjectCommand({ ...object, VersionId }))
    expect(await kept.Body?.transformToString()).toBe(original.toString())
  })

  it('is written over by nobody, in one piece, in parts or as a copy: a report', async () => {
    const object = {
      Bucket: cloud.output('ReportsBucket'),
      Key: 'reports/xiaomi-intl-2014/20141113T060000Z/report.json',
    }
    const CopySource = `${intake}/${own}session.yaml`
    await cloud.s3.send(new PutObjectCommand({ ...object, Body: original, IfNoneMatch: '*' }))
    expect(await refusal(cloud.s3.send(new PutObjectCommand({ ...object, Body: changed })))).toBe(403)
    expect(await refusal(cloud.s3.send(new CopyObjectCommand({ ...object, CopySource })))).toBe(403)
    const { UploadId } = await cloud.s3.send(new CreateMultipartUploadCommand(object))
    const part = { ...object, UploadId, PartNumber: 1 }
    const { ETag } = await cloud.s3.send(new UploadPartCommand({ ...part, Body: changed }))
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] }
    const whole = new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload })
    expect(await refusal(cloud.s3.send(whole))).toBe(403)
    expect((await cloud.read(object.Bucket, object.Key)).equals(original)).toBe(true)
  })

  it('is not written over by whoever writes only what is absent, as all our functions do', async () => {
    const Bucket = cloud.output('ReportsBucket')
    const Key = 'reports/once.json'
    await cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body: original, IfNoneMatch: '*' }))
    const again = new PutObjectCommand({ Bucket, Key, Body: changed, IfNoneMatch: '*' })
    expect(await refusal(cloud.s3.send(again))).toBe(412)
  })

  it('cannot be hidden by a delete marker, nor its lock be bypassed: a report', async () => {
    const Bucket = cloud.output('ReportsBucket')
    const Key = 'reports/hidden.json'
    const { VersionId } = await cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body: original, IfNoneMatch: '*' }))
    expect(await refusal(cloud.s3.send(new DeleteObjectCommand({ Bucket, Key })))).toBe(403)
    const bypass = new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention: true })
    expect(await refusal(cloud.s3.send(bypass))).toBe(403)
    expect((await cloud.read(Bucket, Key)).equals(original)).toBe(true)
  })
})
