import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../../functions/cli/deployment/deploy-check-command.ts'
import { InputError } from '../../../functions/errors.ts'
import { memoryTerminal } from '../../support/memory-terminal.ts'

const now = new Date('2026-11-22T12:00:00Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)

const outputs = {
  'domicile-dev': {
    IntakeBucket: 'intake-bucket',
    EvidenceBucket: 'evidence-bucket',
    ReferenceBucket: 'reference-bucket',
    ReportsBucket: 'reports-bucket',
    IngestQueueUrl: 'https://sqs.ap-south-1.amazonaws.com/123456789012/domicile-dev-ingest',
    AuditStateMachineArn: 'arn:aws:states:ap-south-1:123456789012:stateMachine:audit',
  },
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-check-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileOf(content: unknown): string {
  const path = join(folder, 'outputs.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

type Input = Readonly<Record<string, string>>
type Answers = Readonly<Record<string, (input: Input) => unknown>>

/** What S3 answers, as its client throws it. */
const refusal = (name: string, status: number) => () => {
  throw Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } })
}

/** Objects by bucket and key: when they were written, and what they hold. */
type Objects = Readonly<Record<string, { readonly at: Date; readonly text?: string }>>

const sha256 = 'a'.repeat(64)
const working: Objects = {
  'intake-bucket/intake/mi/s1/session.yaml': { at: daysAgo(2) },
  'intake-bucket/intake/mi/s1/captures/a b.pcap': { at: daysAgo(2) },
  'evidence-bucket/receipts/mi/1.json': { at: daysAgo(1.9) },
  'evidence-bucket/audits/mi/e1/plan.json': { at: daysAgo(1.5) },
  [`reference-bucket/ranges/aws/2026-11-20.${sha256}.json`]: { at: daysAgo(2) },
  'reports-bucket/latest/mi-2014.json': {
    at: daysAgo(1.4),
    text: JSON.stringify({
      declaration: 'mi-2014',
      time: '2026-11-21T00:00:00Z',
      conclusion: 'fail',
      report: 'reports/mi-2014/20261121T000000Z/',
    }),
  },
  'reports-bucket/reports/mi-2014/20261121T000000Z/attestation.dsse.json': { at: daysAgo(1.4) },
}

const without = (objects: Objects, part: string): Objects =>
  Object.fromEntries(Object.entries(objects).filter(([key]) => !key.includes(part)))

/** A client that answers as AWS does for a deployment that works, unless it is told otherwise; writes are not among them. */
function clientOf(objects: Objects, changed: Answers = {}): { readonly client: S3Client; readonly asked: string[] } {
  const find = ({ Bucket, Key }: Input) => objects[`${Bucket}/${Key}`] ?? refusal('NoSuchKey', 404)()
  const answers: Answers = {
    HeadBucketCommand: () => ({}),
    GetBucketVersioningCommand: () => ({ Status: 'Enabled' }),
    GetBucketEncryptionCommand: () => ({
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'arn:aws:kms:x:1:key/k-1' },
          },
        ],
      },
    }),
    GetObjectLockConfigurationCommand: () => ({
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2555 } },
      },
    }),
    GetPublicAccessBlockCommand: () => ({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
    GetBucketNotificationConfigurationCommand: () => ({
      QueueConfigurations: [
        {
          QueueArn: 'arn:aws:sqs:ap-south-1:123456789012:domicile-dev-ingest',
          Events: ['s3:ObjectCreated:*'],
          Filter: { Key: { FilterRules: [{ Name: 'Prefix', Value: 'intake/' }] } },
        },
      ],
    }),
    ListObjectsV2Command: ({ Bucket, Prefix = '' }) => ({
      Contents: Object.entries(objects)
        .filter(([key]) => key.startsWith(`${Bucket}/${Prefix}`))
        .map(([key, { at }]) => ({
          Key: encodeURIComponent(key.slice(`${Bucket}/`.length)),
          Size: 1,
          LastModified: at,
        })),
    }),
    HeadObjectCommand: (input) => ({ ContentLength: 1, ETag: '"e"', LastModified: (find(input) as { at: Date }).at }),
    GetObjectCommand: (input) => ({
      Body: Readable.from([Buffer.from((find(input) as { text?: string }).text ?? '')]),
    }),
    ...changed,
  }
  const asked: string[] = []
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: Input }) => {
    asked.push(command.constructor.name)
    const answer = answers[command.constructor.name]
    if (!answer) throw new Error(`nobody expected ${command.constructor.name}`)
    return answer(command.input)
  }
  return { client: { send } as unknown as S3Client, asked }
}

async function check(objects: Objects, changed: Answers = {}) {
  const terminal = memoryTerminal()
  const { client, asked } = clientOf(objects, changed)
  const status = await run(fileOf(outputs), {}, terminal, client, now)
  return { status, lines: terminal.stdout.trimEnd().split('\n'), asked }
}

describe('domicile deploy-check', () => {
  it('says line by line that everything works, and only asks', async () => {
    const { status, lines, asked } = await check(working)
    expect(lines).toEqual([
      'ok     intake     s3://intake-bucket is reached',
      'ok     intake     versions are kept',
      'ok     intake     encrypted: aws:kms with the key k-1',
      'ok     intake     Object Lock: COMPLIANCE, 2555 days',
      'ok     intake     public access is blocked',
      'ok     intake     new objects are told to the queue domicile-dev-ingest',
      'ok     ingest     s3://evidence-bucket is reached',
      'ok     ingest     versions are kept',
      'ok     ingest     encrypted: aws:kms with the key k-1',
      'ok     ingest     public access is blocked',
      'ok     ingest     1 capture, the newest uploaded 2 days ago; 1 receipt, the newest written 45 hours ago',
      'ok     reference  s3://reference-bucket is reached',
      'ok     reference  versions are kept',
      'ok     reference  encrypted: aws:kms with the key k-1',
      'ok     reference  public access is blocked',
      'ok     reference  ranges/aws of 2026-11-20, 2 days old',
      'ok     reports    s3://reports-bucket is reached',
      'ok     reports    versions are kept',
      'ok     reports    encrypted: aws:kms with the key k-1',
      'ok     reports    Object Lock: COMPLIANCE, 2555 days',
      'ok     reports    public access is blocked',
      'ok     audit      the last report on mi-2014, of 2026-11-21T00:00:00Z (36 hours ago): fail, signed',
      'domicile-dev: nothing is wrong',
    ])
    expect(status).toBe(0)
    expect(asked.filter((name) => !/^(Get|Head|List)/.test(name))).toEqual([])
  })

  it('takes a deployment that has done nothing yet for a good one', async () => {
    const { status, lines } = await check(without(without(without(working, 'intake/'), 'evidence'), 'reports-'))
    expect(lines).toContain('note   ingest     no capture has been uploaded yet')
    expect(lines).toContain('note   audit      no audit has run yet')
    expect(status).toBe(0)
  })

  it.each<[string, string, RegExp, Objects, Answers?]>([
    ['versions are off', 'intake', /versions are not kept/, working, { GetBucketVersioningCommand: () => ({}) }],
    [
      'there is no Object Lock',
      'reports',
      /no Object Lock/,
      working,
      { GetObjectLockConfigurationCommand: refusal('ObjectLockConfigurationNotFoundError', 404) },
    ],
    [
      'the lock locks nothing',
      'intake',
      /no default retention/,
      working,
      { GetObjectLockConfigurationCommand: () => ({ ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }) },
    ],
    [
      'nothing is encrypted',
      'ingest',
      /not encrypted/,
      working,
      { GetBucketEncryptionCommand: refusal('ServerSideEncryptionConfigurationNotFoundError', 404) },
    ],
    [
      'the public may come in',
      'reports',
      /public access is not blocked/,
      working,
      { GetPublicAccessBlockCommand: refusal('NoSuchPublicAccessBlockConfiguration', 404) },
    ],
    [
      'the public may come in by a policy',
      'reports',
      /not blocked: BlockPublicPolicy, RestrictPublicBuckets$/,
      working,
      {
        GetPublicAccessBlockCommand: () => ({
          PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true },
        }),
      },
    ],
    [
      'the queue is not told',
      'intake',
      /not told to the queue domicile-dev-ingest: nothing is ingested/,
      working,
      { GetBucketNotificationConfigurationCommand: () => ({}) },
    ],
    [
      'a bucket is gone',
      'reference',
      /there is no such bucket/,
      working,
      { HeadBucketCommand: refusal('NotFound', 404) },
    ],
    [
      'a bucket is shut',
      'reports',
      /reaching s3:\/\/reports-bucket: access is denied/,
      working,
      { HeadBucketCommand: refusal('403', 403) },
    ],
    [
      'a setting may not be seen',
      'ingest',
      /asking for the versioning of s3:\/\/evidence-bucket: access is denied/,
      working,
      { GetBucketVersioningCommand: refusal('AccessDenied', 403) },
    ],
    [
      'the contents may not be seen',
      'audit',
      /listing s3:\/\/reports-bucket\/latest\/: access is denied/,
      working,
      { ListObjectsV2Command: refusal('AccessDenied', 403) },
    ],
    ['captures are not read', 'ingest', /1 capture and no receipt: look at/, without(working, 'receipts')],
    ['there are no ranges', 'reference', /no ranges\/aws: run the refresh/, without(working, 'ranges/')],
    [
      'the ranges are old',
      'reference',
      /ranges\/aws of 2026-09-01, 82 days old: after 35 days/,
      {
        ...without(working, 'ranges/'),
        [`reference-bucket/ranges/aws/2026-09-01.${sha256}.json`]: { at: daysAgo(0) },
      },
    ],
    [
      'a snapshot has a strange name',
      'reference',
      /ranges\/aws\/x is named like no snapshot/,
      { ...working, 'reference-bucket/ranges/aws/x': { at: daysAgo(0) } },
    ],
    ['a report is not signed', 'audit', /: fail, and there is no signature at/, without(working, 'attestation')],
    [
      'an audit did not end',
      'audit',
      /an audit began 24 hours ago \(audits\/mi\/e2\/plan\.json\) and gave no report: .* of arn:aws:states/,
      { ...working, 'evidence-bucket/audits/mi/e2/plan.json': { at: daysAgo(1) } },
    ],
    [
      'the pointer to a report is broken',
      'audit',
      /JSON/,
      { ...working, 'reports-bucket/latest/mi-2014.json': { at: daysAgo(1), text: '{' } },
    ],
  ])('says that %s, and ends with 2', async (_what, part, says, objects, changed) => {
    const { status, lines } = await check(objects, changed)
    const wrong = lines.filter((line) => line.startsWith(`wrong  ${part} `))
    expect(wrong.filter((line) => says.test(line))).toHaveLength(1)
    expect(lines.at(-1)).toMatch(/^domicile-dev: \d+ wrong$/)
    expect(status).toBe(2)
  })

  it('names what is in quarantine', async () => {
    const { lines } = await check({ ...working, 'evidence-bucket/quarantine/q.json': { at: daysAgo(3) } })
    expect(lines).toContain('note   ingest     1 capture in quarantine, the newest of 3 days ago: quarantine/q.json')
  })

  it('prints one JSON document where it is asked to', async () => {
    const terminal = memoryTerminal()
    await run(fileOf(outputs), { json: true }, terminal, clientOf(working).client, now)
    expect(JSON.parse(terminal.stdout)).toMatchObject({ stack: 'domicile-dev', wrong: 0 })
  })

  const dev = outputs['domicile-dev']
  it.each([
    ['{', /this is no JSON/],
    [[1], /no stack in it has an IntakeBucket/],
    [{ other: { Url: 'x' } }, /no stack in it has an IntakeBucket: write it with/],
    [{ a: dev, b: dev }, /a and b are both in it/],
    [{ a: { ...dev, ReportsBucket: '', IngestQueueUrl: 3 } }, /a has no ReportsBucket, no IngestQueueUrl/],
  ])('refuses as outputs %j', async (content, message) => {
    const asked = run(fileOf(content), {}, memoryTerminal(), clientOf(working).client, now)
    await expect(asked).rejects.toThrow(InputError)
    await expect(run(fileOf(content), {}, memoryTerminal(), clientOf(working).client, now)).rejects.toThrow(message)
  })
})
