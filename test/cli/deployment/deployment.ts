/** A deployment that works, as AWS's clients tell of it, and ways in which it does not. */
import { Readable } from 'node:stream'
import type { Services } from '../../../functions/cli/deployment/services.ts'

export const now = new Date('2026-11-22T12:00:00Z')
export const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)

export const outputs = {
  'domicile-dev': {
    IntakeBucket: 'intake-bucket',
    EvidenceBucket: 'evidence-bucket',
    ReferenceBucket: 'reference-bucket',
    ReportsBucket: 'reports-bucket',
    IngestQueueUrl: 'https://sqs.ap-south-1.amazonaws.com/123456789012/domicile-dev-ingest',
    DeadLetterQueueUrl: 'https://sqs.ap-south-1.amazonaws.com/123456789012/ingest-dead',
    AuditDeadLetterQueueUrl: 'https://sqs.ap-south-1.amazonaws.com/123456789012/audit-dead',
    ReferenceDeadLetterQueueUrl: 'https://sqs.ap-south-1.amazonaws.com/123456789012/reference-dead',
    AuditStateMachineArn: 'arn:aws:states:ap-south-1:123456789012:stateMachine:audit',
    ConclusionsTopicArn: 'arn:aws:sns:ap-south-1:123456789012:conclusions',
    RefreshFunction: 'refresh',
    WatchFunction: 'watch',
  },
}
export const machine = outputs['domicile-dev'].AuditStateMachineArn

type Input = Readonly<Record<string, string>>
export type Answers = Readonly<Record<string, (input: Input) => unknown>>

/** What S3 answers, as its client throws it. */
export const refusal = (name: string, status: number) => () => {
  throw Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } })
}

/** Objects by bucket and key: when they were written, and what they hold. */
export type Objects = Readonly<Record<string, { readonly at: Date; readonly text?: string }>>

export const sha256 = 'a'.repeat(64)
export const working: Objects = {
  'intake-bucket/intake/mi/s1/session.yaml': { at: daysAgo(2) },
  'intake-bucket/intake/mi/s1/captures/a b.pcap': { at: daysAgo(2) },
  'evidence-bucket/receipts/mi/1.json': { at: daysAgo(1.9) },
  'evidence-bucket/audits/mi/e1/plan.json': { at: daysAgo(1.5) },
  [`reference-bucket/ranges/aws/2026-11-20.${sha256}.json`]: { at: daysAgo(2) },
  'reports-bucket/latest/mi-2014/mi.json': {
    at: daysAgo(1.4),
    text: JSON.stringify({
      declaration: 'mi-2014',
      campaign: 'mi',
      time: '2026-11-21T00:00:00Z',
      conclusion: 'fail',
      report: 'reports/mi-2014/20261121T000000Z/',
    }),
  },
  'reports-bucket/reports/mi-2014/20261121T000000Z/attestation.dsse.json': { at: daysAgo(1.4) },
}

export const without = (objects: Objects, part: string): Objects =>
  Object.fromEntries(Object.entries(objects).filter(([key]) => !key.includes(part)))

/** Messages that wait in a queue, or in all of them. */
export const waiting =
  (messages: number, queue = ''): Answers[string] =>
  ({ QueueUrl = '' }) => ({
    Attributes: {
      ApproximateNumberOfMessages: String(QueueUrl.endsWith(queue) ? messages : 0),
      ApproximateNumberOfMessagesNotVisible: '0',
    },
  })

/** Executions, the latest first, that ended as many days ago as they are listed. */
export const executed =
  (...statuses: readonly string[]): Answers[string] =>
  () => ({
    executions: statuses.map((status, i) => ({
      status,
      executionArn: `arn:execution:${i + 1}`,
      ...(status === 'RUNNING' ? {} : { stopDate: daysAgo(i + 1) }),
    })),
  })

export const schedule = (Arn: string, State = 'ENABLED') => ({
  Name: `start-${Arn.split(':').at(-1)}`,
  State,
  Target: { Arn },
})
export const functionArn = (name: string) => `arn:aws:lambda:ap-south-1:123456789012:function:${name}`
export const scheduled =
  (...Schedules: readonly unknown[]): Answers[string] =>
  () => ({ Schedules })

/** Clients that answer as AWS does for a deployment that works, unless told otherwise; writes are not among the answers. */
export function servicesOf(
  objects: Objects,
  changed: Answers = {},
): { readonly services: Services; readonly asked: string[] } {
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
    GetQueueAttributesCommand: waiting(0),
    GetTopicAttributesCommand: () => ({ Attributes: { SubscriptionsConfirmed: '2', SubscriptionsPending: '0' } }),
    ListExecutionsCommand: executed('SUCCEEDED'),
    ListSchedulesCommand: ({ NextToken }) =>
      NextToken === undefined
        ? { Schedules: [schedule(functionArn('refresh')), schedule(functionArn('another'))], NextToken: 'more' }
        : { Schedules: [schedule(functionArn('watch')), schedule(machine)] },
    ...changed,
  }
  const asked: string[] = []
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: Input }) => {
    asked.push(command.constructor.name)
    const answer = answers[command.constructor.name]
    if (!answer) throw new Error(`nobody expected ${command.constructor.name}`)
    return answer(command.input)
  }
  const client = { send } as unknown
  return {
    services: { s3: client, queues: client, machines: client, schedules: client, topics: client } as Services,
    asked,
  }
}
