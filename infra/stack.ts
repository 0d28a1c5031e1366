/** One stage of Domicile in one account and region. */
import { Aws, CfnOutput, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { Audit } from './audit.ts'
import { AccessLogs } from './bucket.ts'
import { ClosedNetwork } from './closed-network.ts'
import { Ingest } from './ingest.ts'
import { Intake } from './intake.ts'
import { Query } from './query.ts'
import { Reference } from './reference.ts'
import { Reports } from './reports.ts'
import { RigAccess } from './rig-access.ts'
import { SeedKeys } from './seed-keys.ts'
import { readSettings, type Stage } from './settings.ts'
import { Watch } from './watch.ts'

export class DomicileStack extends Stack {
  constructor(scope: Construct, stage: Stage) {
    const settings = readSettings(scope.node, stage)
    super(scope, `domicile-${stage}`, {
      description: `Domicile, ${stage}: audits where devices' data really goes`,
      // Removing the stack keeps what was uploaded, observed and reported; in prod it has to be meant twice.
      terminationProtection: stage === 'prod',
    })
    Tags.of(this).add('stage', stage)
    const accessLogs = new AccessLogs(this, 'AccessLogs')
    const topicKey = this.topicKey()
    const network = new ClosedNetwork(this, 'Network', { settings })

    const intake = new Intake(this, 'Intake', { settings, accessLogs })
    const rigs = new RigAccess(this, 'Rigs', { settings, intake: intake.bucket })
    const ingest = new Ingest(this, 'Ingest', { settings, accessLogs, intake: intake.bucket, network })
    const reference = new Reference(this, 'Reference', { settings, accessLogs })
    const seedKeys = settings.seedKeys
      ? new SeedKeys(this, 'SeedKeys', { settings, network, ingest: ingest.handler, reference: reference.bucket })
      : undefined
    const reports = new Reports(this, 'Reports', { settings, accessLogs, topicKey })
    const audit = new Audit(this, 'Audit', {
      settings,
      network,
      reports,
      intake: intake.bucket,
      evidence: ingest.evidence,
      reference: reference.bucket,
    })
    const query = new Query(this, 'Query', { settings, evidence: ingest.evidence, reports: reports.bucket })
    const watch = new Watch(this, 'Watch', { settings, intake, ingest, reference, audit, reports, topicKey })
    network.openTo([intake.bucket, ingest.evidence, reference.bucket, reports.bucket])

    this.output({
      IntakeBucket: intake.bucket.bucketName,
      EvidenceBucket: ingest.evidence.bucketName,
      ReferenceBucket: reference.bucket.bucketName,
      ReportsBucket: reports.bucket.bucketName,
      IngestQueueUrl: ingest.queue.queueUrl,
      DeadLetterQueueUrl: ingest.deadLetters.queueUrl,
      AuditDeadLetterQueueUrl: audit.deadLetters.queueUrl,
      ReferenceDeadLetterQueueUrl: reference.deadLetters.queueUrl,
      AuditStateMachineArn: audit.machine.stateMachineArn,
      ConclusionsTopicArn: reports.conclusions.topicArn,
      AlarmsTopicArn: watch.alarms.topicArn,
      SigningKeyArn: reports.signingKey.keyArn,
      IngestFunction: ingest.handler.functionName,
      RefreshFunction: reference.handler.functionName,
      PlanFunction: audit.handlers.plan.functionName,
      AuditBatchFunction: audit.handlers.batch.functionName,
      ConcludeFunction: audit.handlers.conclude.functionName,
      SignFunction: audit.handlers.sign.functionName,
      WatchFunction: watch.handler.functionName,
      QueryWorkgroup: query.workgroup,
      ...(seedKeys ? { SeedKeyArn: seedKeys.key.keyArn } : {}),
      ...rigs.outputs,
    })
  }

  private output(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value })
  }

  /** For messages to people. Alarms may use it too, which a key of AWS's would not let them. */
  private topicKey(): Key {
    const key = new Key(this, 'TopicKey', { enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN })
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsTellPeople',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        // In a key's own policy, every resource is that key.
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    )
    return key
  }
}
