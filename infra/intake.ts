/** Intake: where rigs put sessions. A capture that was uploaded stays as it was. */
import { Duration } from 'aws-cdk-lib'
import { ObjectLockRetention, StorageClass } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { type AccessLogs, Store } from './bucket.ts'
import type { Settings } from './settings.ts'

/** A presigned upload that is older is refused, however long its signer meant it to hold. */
const PRESIGNED_HOURS = 12

export class Intake extends Construct {
  readonly bucket: Store

  constructor(scope: Construct, id: string, { settings, accessLogs }: { settings: Settings; accessLogs: AccessLogs }) {
    super(scope, id)
    this.bucket = new Store(this, 'Bucket', {
      accessLogs,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(settings.intakeDays)),
      lifecycleRules: [
        {
          // Read once by ingest; again only when somebody doubts a report, and then at once.
          transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(30) }],
          noncurrentVersionTransitions: [
            { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(30) },
          ],
        },
      ],
    })
    this.bucket.refuse('OldPresignedUploads', ['s3:PutObject'], ['*'], {
      NumericGreaterThan: { 's3:signatureAge': PRESIGNED_HOURS * 3_600_000 },
    })
    // A capture under a key that only its uploader has could never be ingested.
    this.bucket.refuse('UploaderChoosesEncryption', ['s3:PutObject'], ['*'], {
      Null: { 's3:x-amz-server-side-encryption': 'false' },
    })
    this.bucket.refuse('UploaderBringsKey', ['s3:PutObject'], ['*'], {
      Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' },
    })
  }
}
