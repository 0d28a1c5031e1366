/** The template's buckets on the S3 server: versioning, Object Lock, default retention. */
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { Names } from '../template/names.ts'
import { resourcesOf, type Template } from '../template/template.ts'

/**
 * Makes every bucket. Encryption by default, access logs, lifecycle and inventories are left to AWS: Ceph 16 has them not, and
 * nothing that the bench proves rests on them. Bucket policies are AWS's too, save the rigs' (`rigs.ts`).
 */
export async function makeBuckets(template: Template, names: Names, s3: S3Client): Promise<void> {
  for (const [id, resource] of resourcesOf(template, 'AWS::S3::Bucket')) {
    const Bucket = names.physicalName(id, resource)
    const {
      ObjectLockEnabled = false,
      ObjectLockConfiguration,
      VersioningConfiguration,
    } = names.resolve(resource.Properties ?? {})
    await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: ObjectLockEnabled }))
    if (VersioningConfiguration) await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
    if (ObjectLockConfiguration)
      await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }))
  }
}
