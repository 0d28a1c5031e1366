/** The four functions of an audit, and what each may do. */
import { Duration, Size } from 'aws-cdk-lib'
import type { ILayerVersion } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import {
  CONCLUSIONS_TOPIC_ARN,
  EVIDENCE_BUCKET,
  INTAKE_BUCKET,
  REFERENCE_BUCKET,
  REPORTS_BUCKET,
  RETENTION_DAYS,
  RETENTION_MODE,
  SIGNING_KEY_ID,
} from '../functions/lambda/environment.ts'
import { SNAPSHOT_KINDS } from '../functions/store/reference-key.ts'
import type { AuditProps } from './audit.ts'
import { databasesLayer } from './databases-layer.ts'
import { Handler } from './handler.ts'
import { allow } from './permission.ts'
import type { Reports } from './reports.ts'

/** Whatever the kind. */
const everySnapshot = SNAPSHOT_KINDS.map((kind) => `${kind}/*`)

/** Whose a report's folder is, and which evidence it counts; kept, unlike `audits/`, for as long as reports are. */
const ABOUT_REPORTS = ['claims/*', 'counted/*']

const ATTESTATIONS = 'reports/*/attestation.dsse.json'

export interface AuditHandlers {
  readonly plan: Handler
  readonly batch: Handler
  readonly conclude: Handler
  readonly sign: Handler
}

export function auditHandlers(scope: Construct, props: AuditProps): AuditHandlers {
  const databases = databasesLayer(scope, 'Databases')
  const handlers = {
    plan: planner(scope, props),
    batch: weigher(scope, props, databases),
    conclude: concluder(scope, props, databases),
    sign: signer(scope, props),
  }
  refuseToOthers(handlers, props)
  return handlers
}

/** Whatever an administrator's own policies allow: what a report says, and whose it is, comes from these functions only. */
function refuseToOthers({ conclude, sign }: AuditHandlers, { evidence, reports }: AuditProps): void {
  const unlessBy = (...handlers: Handler[]) => ({
    ArnNotEquals: { 'aws:PrincipalArn': handlers.map(({ ownRole }) => ownRole.roleArn) },
  })
  evidence.refuse('OnlyConcludeWritesAboutReports', ['s3:PutObject'], ABOUT_REPORTS, unlessBy(conclude))
  evidence.refuse('NobodyDeletesAboutReports', ['s3:DeleteObject', 's3:DeleteObjectVersion'], ABOUT_REPORTS)
  reports.bucket.refuse('OnlyConcludeAndSignWriteReports', ['s3:PutObject'], ['reports/*'], unlessBy(conclude, sign))
  reports.bucket.refuse('OnlySignAttests', ['s3:PutObject'], [ATTESTATIONS], unlessBy(sign))
}

function planner(scope: Construct, { settings, network, intake, evidence, reference }: AuditProps): Handler {
  const plan = new Handler(scope, 'Plan', {
    name: 'plan',
    settings,
    network,
    memory: 1769,
    timeout: Duration.minutes(15),
    environment: {
      [INTAKE_BUCKET]: intake.bucketName,
      [EVIDENCE_BUCKET]: evidence.bucketName,
      [REFERENCE_BUCKET]: reference.bucketName,
    },
  })
  const role = plan.ownRole
  intake.letRead(role, ['intake/*'], 'plan reads declarations and sessions, and the head of every stray file')
  intake.letList(role, 'plan sees which captures there are, and which are missing')
  evidence.letRead(role, ['ledger/*', 'receipts/*', 'quarantine/*', 'audits/*'], 'plan reads what became of captures')
  evidence.letList(role, 'plan sees which captures have no receipt')
  evidence.letWrite(role, ['audits/*'], 'plan writes what an audit works with')
  reference.letList(role, 'plan fixes the snapshots that an audit rests on')
  return plan
}

function weigher(
  scope: Construct,
  { settings, network, evidence, reference }: AuditProps,
  databases: ILayerVersion,
): Handler {
  const batch = new Handler(scope, 'Batch', {
    name: 'audit-batch',
    settings,
    network,
    memory: 1769,
    // An express workflow ends after five minutes, with its retries.
    timeout: Duration.seconds(90),
    storage: Size.gibibytes(2),
    layers: [databases],
    environment: { [EVIDENCE_BUCKET]: evidence.bucketName, [REFERENCE_BUCKET]: reference.bucketName },
  })
  const role = batch.ownRole
  evidence.letRead(role, ['observations/*', 'audits/*'], 'a batch is any observations, and the plan')
  evidence.letList(role, 'a batch that is weighed twice sees what is there')
  evidence.letWrite(role, ['audits/*/partial/*'], 'a batch writes what it contributes')
  reference.letRead(role, everySnapshot, 'locating reads every snapshot')
  reference.letList(role, 'locating tells a snapshot that is missing from one it may not read')
  return batch
}

function concluder(
  scope: Construct,
  { settings, network, evidence, reference, reports }: AuditProps,
  databases: ILayerVersion,
): Handler {
  const { mode, days } = settings.reportRetention
  const conclude = new Handler(scope, 'Conclude', {
    name: 'conclude',
    settings,
    network,
    memory: 4096,
    timeout: Duration.minutes(15),
    storage: Size.gibibytes(2),
    layers: [databases],
    environment: {
      [EVIDENCE_BUCKET]: evidence.bucketName,
      [REFERENCE_BUCKET]: reference.bucketName,
      [REPORTS_BUCKET]: reports.bucket.bucketName,
      [RETENTION_MODE]: mode,
      [RETENTION_DAYS]: String(days),
    },
  })
  const role = conclude.ownRole
  evidence.letRead(role, ['audits/*', ...ABOUT_REPORTS], 'conclude joins what the batches contribute')
  evidence.letList(role, 'conclude tells a part that is missing from one it may not read')
  evidence.letWrite(role, ABOUT_REPORTS, 'conclude says whose a report is, and which evidence it counts')
  reference.letRead(role, everySnapshot, 'locating reads every snapshot')
  reference.letList(role, 'locating tells a snapshot that is missing from one it may not read')
  letWriteReports(conclude, reports, ['reports/*'])
  return conclude
}

function signer(scope: Construct, { settings, reports }: AuditProps): Handler {
  const { mode, days } = settings.reportRetention
  // Not in the closed network: KMS and SNS would each need an endpoint there, paid by the hour. It reads reports only.
  const sign = new Handler(scope, 'Sign', {
    name: 'sign',
    settings,
    memory: 512,
    timeout: Duration.minutes(2),
    environment: {
      [REPORTS_BUCKET]: reports.bucket.bucketName,
      [SIGNING_KEY_ID]: reports.signingKey.keyArn,
      [CONCLUSIONS_TOPIC_ARN]: reports.conclusions.topicArn,
      [RETENTION_MODE]: mode,
      [RETENTION_DAYS]: String(days),
    },
  })
  letWriteReports(sign, reports, [ATTESTATIONS])
  const role = sign.ownRole
  reports.bucket.letWrite(role, ['latest/*'], 'sign moves the pointer to the newest report')
  reports.bucket.letRead(role, ['latest/*'], 'sign moves the pointer only forward')
  reports.letSign(role)
  reports.letTell(role)
  return sign
}

/** @param written keys of what the function adds to a report */
function letWriteReports({ ownRole }: Handler, { bucket }: Reports, written: readonly string[]): void {
  bucket.letWrite(ownRole, written, 'each report has a folder of its own')
  bucket.letRead(ownRole, ['reports/*'], 'a report that is written twice is held against what is there')
  bucket.letList(ownRole, 'a report that is written twice: it sees what is there')
  allow(ownRole, {
    because: 'Writing an object with a retention needs it; under a lock it can only lengthen one.',
    actions: ['s3:PutObjectRetention'],
    resources: written.map((key) => bucket.arnForObjects(key)),
  })
}
