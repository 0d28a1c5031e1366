/** Buckets that keep evidence: encrypted, versioned, logged, closed to the public, and kept when the stack goes. */
import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { allow } from './permission.ts'

const closed = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN,
} satisfies BucketProps

const READ = ['s3:GetObject', 's3:GetObjectVersion'] as const
const LIST = ['s3:ListBucket', 's3:ListBucketVersions'] as const
const WRITE = ['s3:PutObject', 's3:AbortMultipartUpload'] as const

/** Everything that a handler may be allowed to do with a store. */
export const STORE_ACTIONS = [...READ, ...LIST, ...WRITE] as const

/** Who asked which bucket for what. */
export class AccessLogs extends Bucket {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      ...closed,
      // S3 delivers its logs to no bucket with a key of ours.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(400) }],
    })
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'This bucket takes the access logs: logging the access to it would never end.',
    })
  }
}

export interface StoreProps extends BucketProps {
  readonly accessLogs: AccessLogs
  /** Public data needs no key of its own. */
  readonly holdsPublicData?: boolean
}

/** A bucket of objects under keys, and what a role may do with them. */
export class Store extends Bucket {
  constructor(
    scope: Construct,
    id: string,
    { accessLogs, holdsPublicData, lifecycleRules = [], ...props }: StoreProps,
  ) {
    super(scope, id, {
      ...closed,
      ...(holdsPublicData
        ? { encryption: BucketEncryption.S3_MANAGED }
        : {
            encryption: BucketEncryption.KMS,
            // One key a bucket: who may use one bucket cannot decrypt another's objects, whatever else went wrong.
            encryptionKey: new Key(scope, `${id}Key`, { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN }),
            bucketKeyEnabled: true,
          }),
      versioned: true,
      // The CDK's class and its interface differ in what they leave out.
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: `${scope.node.id.toLowerCase()}/`,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(2) }, ...lifecycleRules],
      ...props,
    })
  }

  /** @param keys such as `observations/*` */
  letRead(role: IRole, keys: readonly string[], because: string): void {
    const resources = keys.map((key) => this.arnForObjects(key))
    allow(role, { because, actions: READ, resources })
    this.letUseKey(role, ['kms:Decrypt'])
  }

  /**
   * Lets the role see which keys there are. Without it S3 answers 403 for an object that is not there, and with a condition
   * on the prefix too: a handler could not tell "not yet" from "not allowed".
   */
  letList(role: IRole, because: string): void {
    allow(role, { because, actions: LIST, resources: [this.bucketArn] })
  }

  /** @param keys such as `observations/*` */
  letWrite(role: IRole, keys: readonly string[], because: string): void {
    const resources = keys.map((key) => this.arnForObjects(key))
    allow(role, { because, actions: WRITE, resources })
    // S3 decrypts the parts of a multipart upload to join them.
    this.letUseKey(role, ['kms:GenerateDataKey', 'kms:Decrypt'])
  }

  /** Part of reading and writing. */
  letUseKey(role: IRole, actions: readonly string[]): void {
    if (!this.encryptionKey) return
    allow(role, {
      because: 'The objects are encrypted; the key is of no use but through S3.',
      actions,
      resources: [this.encryptionKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } },
    })
  }

  /** Refuses the actions to everybody, administrators of the account included. */
  refuse(
    sid: string,
    actions: readonly string[],
    keys: readonly string[],
    conditions: Record<string, Record<string, string | string[] | number>> = {},
  ): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [...actions],
        resources: keys.map((key) => this.arnForObjects(key)),
        conditions,
      }),
    )
  }
}
