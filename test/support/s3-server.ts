/**
 * Where the tests' S3 is: a server that AWS_ENDPOINT_URL_S3 names, with credentials in the environment, such as the Ceph
 * that the cloud tests start. Without one, those tests are skipped.
 */
import { randomUUID } from 'node:crypto'
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectLockConfigurationCommand } from '@aws-sdk/client-s3'
import { createS3Client } from '../../functions/store/s3-client.ts'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'

export const s3Endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? ''

/** What a test says that is skipped for want of a server. */
export const withoutS3 = s3Endpoint === '' ? ' (skipped: set AWS_ENDPOINT_URL_S3 to a server that speaks S3)' : ''

/** Makes an empty bucket. @returns its name */
export async function makeBucket(options: { versioned?: boolean; locked?: boolean } = {}): Promise<string> {
  const client = createS3Client()
  const Bucket = `domicile-test-${randomUUID()}`
  await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: options.locked === true }))
  if (options.versioned)
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  const ObjectLockConfiguration = {
    ObjectLockEnabled: 'Enabled' as const,
    Rule: { DefaultRetention: { Mode: 'GOVERNANCE' as const, Days: 1 } },
  }
  if (options.locked) await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }))
  client.destroy()
  return Bucket
}
