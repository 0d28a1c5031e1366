/** How a bucket is set up: what AWS answers, held against what evidence needs. Only asks; changes nothing. */
import {
  GetBucketEncryptionCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  type ObjectLockConfiguration,
  type S3Client,
} from '@aws-sdk/client-s3'
import { statusOf, storeError } from '../../store/s3-error.ts'
import { asked } from './asked.ts'
import { type Check, checksOf, type Part } from './check.ts'

export interface BucketNeeds {
  readonly part: Part
  readonly bucket: string
  /** Whether what is put there must be locked against being deleted. */
  readonly locked: boolean
}

/** What it means that AWS has no answer, because something was never set. */
const unset: Readonly<Record<string, string>> = {
  ServerSideEncryptionConfigurationNotFoundError: 'not encrypted by default',
  ObjectLockConfigurationNotFoundError: 'no Object Lock: what is put there can be deleted',
  NoSuchPublicAccessBlockConfiguration: 'public access is not blocked',
}

/** @returns the first check alone where the bucket cannot be reached */
export async function checkBucket(client: S3Client, { part, bucket, locked }: BucketNeeds): Promise<Check[]> {
  const { ok, wrong } = checksOf(part)
  const Bucket = bucket
  try {
    await client.send(new HeadBucketCommand({ Bucket }))
  } catch (error) {
    // HEAD has no body: its status is all that is known.
    const cause = statusOf(error) === 404 ? Object.assign(new Error('not found'), { name: 'NoSuchBucket' }) : error
    return [wrong(storeError(`reaching s3://${bucket}`, cause).message)]
  }
  const setting = (name: string, ask: () => Promise<Check>) => asked(part, `${name} of s3://${bucket}`, ask, unset)
  const versioning = await setting('the versioning', async () => {
    const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }))
    return Status === 'Enabled'
      ? ok('versions are kept')
      : wrong('versions are not kept: an upload can replace evidence')
  })
  const encryption = await setting('the encryption', async () => {
    const { ServerSideEncryptionConfiguration } = await client.send(new GetBucketEncryptionCommand({ Bucket }))
    const rule = ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault
    const key = rule?.KMSMasterKeyID ? ` with the key ${rule.KMSMasterKeyID.replace(/^.*\//, '')}` : ''
    return rule?.SSEAlgorithm ? ok(`encrypted: ${rule.SSEAlgorithm}${key}`) : wrong('not encrypted by default')
  })
  const lock = await setting('the Object Lock', async () => {
    const answer = await client.send(new GetObjectLockConfigurationCommand({ Bucket }))
    return lockCheck(part, answer.ObjectLockConfiguration)
  })
  const publicAccess = await setting('the public access block', async () => {
    const { PublicAccessBlockConfiguration: block = {} } = await client.send(
      new GetPublicAccessBlockCommand({ Bucket }),
    )
    const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } = block
    const open = Object.entries({ BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets })
      .filter(([, on]) => on !== true)
      .map(([name]) => name)
    return open.length === 0
      ? ok('public access is blocked')
      : wrong(`public access is not blocked: ${open.join(', ')}`)
  })
  return [ok(`s3://${bucket} is reached`), versioning, encryption, ...(locked ? [lock] : []), publicAccess]
}

function lockCheck(part: Part, lock: ObjectLockConfiguration | undefined): Check {
  const { ok, wrong } = checksOf(part)
  if (lock?.ObjectLockEnabled !== 'Enabled') return wrong('no Object Lock: what is put there can be deleted')
  const { Mode, Days, Years } = lock.Rule?.DefaultRetention ?? {}
  if (!Mode) return wrong('Object Lock is on, but locks nothing by itself: the bucket has no default retention')
  return ok(`Object Lock: ${Mode}, ${Years === undefined ? `${Days ?? 0} days` : `${Years} years`}`)
}

/** Whether the bucket tells the queue of every object that appears. */
export async function checkNotification(client: S3Client, bucket: string, queueUrl: string): Promise<Check> {
  const { ok, wrong } = checksOf('intake')
  const queue = queueUrl.slice(queueUrl.lastIndexOf('/') + 1)
  return await asked('intake', `the notifications of s3://${bucket}`, async () => {
    const answer = await client.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }))
    const told = (answer.QueueConfigurations ?? []).find(
      ({ QueueArn, Events }) => QueueArn?.endsWith(`:${queue}`) && Events?.includes('s3:ObjectCreated:*'),
    )
    if (!told) return wrong(`new objects are not told to the queue ${queue}: nothing is ingested; deploy again`)
    const prefix = told.Filter?.Key?.FilterRules?.find(({ Name }) => Name?.toLowerCase() === 'prefix')?.Value ?? ''
    return 'intake/'.startsWith(prefix)
      ? ok(`new objects are told to the queue ${queue}`)
      : wrong(`only objects below ${prefix} are told to the queue ${queue}, and captures lie below intake/`)
  })
}
