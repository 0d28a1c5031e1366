/** Reports: signed, and locked for their retention. Whoever has to be told of them subscribes to the topic. */
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib'
import { AnyPrincipal, Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms'
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { type AccessLogs, Store } from './bucket.ts'
import { allow } from './permission.ts'
import type { Settings } from './settings.ts'

export interface ReportsProps {
  readonly settings: Settings
  readonly accessLogs: AccessLogs
  readonly topicKey: Key
}

export class Reports extends Construct {
  readonly bucket: Store
  /** Signs reports; its private half never leaves KMS. */
  readonly signingKey: Key
  /** Conclusions, and captures that did not come. */
  readonly conclusions: Topic
  private readonly topicKey: Key

  constructor(scope: Construct, id: string, { settings, accessLogs, topicKey }: ReportsProps) {
    super(scope, id)
    this.topicKey = topicKey
    const { mode, days } = settings.reportRetention
    const retention = Duration.days(days)
    this.bucket = new Store(this, 'Bucket', {
      accessLogs,
      objectLockEnabled: true,
      objectLockDefaultRetention:
        mode === 'COMPLIANCE' ? ObjectLockRetention.compliance(retention) : ObjectLockRetention.governance(retention),
    })
    // The lock alone would let a report be hidden by a delete marker, and under governance a retention be shortened.
    this.bucket.refuse('NobodyDeletesReports', ['s3:DeleteObject', 's3:DeleteObjectVersion'], ['*'])
    this.bucket.refuse('NobodyBypassesTheLock', ['s3:BypassGovernanceRetention'], ['*'])
    // Nor be hidden by a newer version. The parts of a multipart upload bring no condition; what joins them does.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
    this.bucket.refuse('NobodyWritesOverReports', ['s3:PutObject'], ['reports/*'], {
      Null: { 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    })

    this.signingKey = new Key(this, 'SigningKey', {
      alias: `domicile-${settings.stage}-signing`,
      description: 'Signs the reports of Domicile',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.conclusions = new Topic(this, 'Conclusions', {
      displayName: `Domicile ${settings.stage}: audits`,
      masterKey: topicKey,
      enforceSSL: true,
    })
    if (settings.alarmEmail) this.conclusions.addSubscription(new EmailSubscription(settings.alarmEmail))
  }

  /** Lets the role sign, and nobody else, whatever an administrator's own policies allow. */
  letSign(role: IRole): void {
    allow(role, {
      because: 'sign signs the report',
      actions: ['kms:Sign'],
      resources: [this.signingKey.keyArn],
      conditions: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } },
    })
    this.signingKey.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlySignSigns',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['kms:Sign'],
        // In a key's own policy, every resource is that key.
        resources: ['*'],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } },
      }),
    )
  }

  /** Lets the role send to the topic. */
  letTell(role: IRole): void {
    allow(role, { because: 'People are told', actions: ['sns:Publish'], resources: [this.conclusions.topicArn] })
    allow(role, {
      because: 'The topic is encrypted; the key is of no use but through SNS.',
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: [this.topicKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `sns.${Aws.REGION}.amazonaws.com` } },
    })
  }
}
