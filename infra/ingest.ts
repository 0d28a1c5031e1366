/** Ingest: a capture that arrives in the intake becomes observations and a ledger in the evidence bucket, or goes into quarantine. */
import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import type { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { EVIDENCE_BUCKET, INTAKE_BUCKET } from '../functions/lambda/environment.ts'
import { type AccessLogs, Store } from './bucket.ts'
import type { ClosedNetwork } from './closed-network.ts'
import { DeadLetters } from './dead-letters.ts'
import { Handler } from './handler.ts'
import type { Settings } from './settings.ts'

const timeout = Duration.minutes(15)

/** What ingest alone writes. */
const EVIDENCE = ['observations/*', 'ledger/*', 'receipts/*', 'quarantine/*', 'attempts/*']

export interface IngestProps {
  readonly settings: Settings
  readonly accessLogs: AccessLogs
  readonly intake: Store
  readonly network: ClosedNetwork
}

export class Ingest extends Construct {
  readonly evidence: Store
  readonly queue: Queue
  readonly deadLetters: DeadLetters
  readonly handler: Handler

  constructor(scope: Construct, id: string, { settings, accessLogs, intake, network }: IngestProps) {
    super(scope, id)
    this.evidence = new Store(this, 'Evidence', {
      accessLogs,
      lifecycleRules: [
        // What audits work with, what queries answered, and attempts at captures, whose messages are gone by then. Claims stay,
        // as reports do.
        ...['audits/', 'queries/', 'attempts/'].map((prefix) => ({
          prefix,
          expiration: Duration.days(30),
          noncurrentVersionExpiration: Duration.days(1),
        })),
      ],
    })

    this.deadLetters = new DeadLetters(this, 'DeadLetters')
    this.queue = new Queue(this, 'Queue', {
      // With a key of ours, S3 and the queue would each have to know the other's first.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
      // AWS advises six times the time-out for messages that a busy function sends back; this source takes no more than the
      // function may have. So a capture whose function was killed is tried again after minutes, not hours.
      visibilityTimeout: timeout.plus(Duration.minutes(5)),
    })

    this.handler = new Handler(this, 'Function', {
      name: 'ingest',
      settings,
      network,
      memory: 1769,
      timeout,
      // A capture is read as it comes and never lies in /tmp; how much of it is read, functions/lambda/capture-limits.ts says.
      environment: { [INTAKE_BUCKET]: intake.bucketName, [EVIDENCE_BUCKET]: this.evidence.bucketName },
    })
    this.handler.addEventSource(
      new SqsEventSource(this.queue, {
        // One capture a function: one that takes all the memory, or all the time, takes no other with it.
        batchSize: 1,
        reportBatchItemFailures: true,
        // A limit here reserves no part of what the account may run.
        maxConcurrency: settings.capturesAtOnce,
      }),
    )
    const role = this.handler.ownRole
    intake.letRead(role, ['intake/*'], 'ingest reads every capture and session that rigs upload')
    intake.letList(role, 'a session that comes after its captures: ingest looks for them')
    this.evidence.letWrite(role, EVIDENCE, 'ingest alone turns captures into evidence')
    this.evidence.letRead(role, EVIDENCE, 'a capture that comes twice: ingest looks at what it wrote')
    this.evidence.letList(role, 'a capture that comes twice: ingest sees what is there')
    this.evidence.refuse('OnlyIngestWritesEvidence', ['s3:PutObject'], EVIDENCE, {
      ArnNotEquals: { 'aws:PrincipalArn': role.roleArn },
    })
    this.evidence.refuse('NobodyDeletesEvidence', ['s3:DeleteObject', 's3:DeleteObjectVersion'], EVIDENCE)

    this.listenTo(intake)
  }

  /**
   * The notification stands in the bucket itself, so no function of the CDK's needs the right to change buckets. The queue
   * comes first, and therefore knows the bucket only by the beginning of its name, which is the stack's.
   */
  private listenTo(intake: Store): void {
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'IntakeTellsOfUploads',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:s3:::${Stack.of(this).stackName}-*` },
        },
      }),
    )
    const bucket = intake.node.defaultChild as CfnBucket
    bucket.notificationConfiguration = {
      queueConfigurations: [
        {
          event: 's3:ObjectCreated:*',
          queue: this.queue.queueArn,
          filter: { s3Key: { rules: [{ name: 'prefix', value: 'intake/' }] } },
        },
      ],
    }
    // S3 sends a message to try the queue before it takes the configuration.
    bucket.node.addDependency(this.queue)
  }
}
