/** `domicile deploy-check`: whether a deployment works, line by line, without changing anything in it. */
import { S3Store } from '../../store/s3-store.ts'
import { readText } from '../documents.ts'
import { explainSystemError, isSystemError } from '../system-error.ts'
import type { ExitStatus, Terminal } from '../terminal.ts'
import { checkBucket, checkNotification } from './bucket.ts'
import { type Check, checksOf, type Part } from './check.ts'
import { checkAudit, checkIngest, checkReference } from './contents.ts'
import { checkExecutions } from './executions.ts'
import { type Deployment, readDeployment } from './outputs.ts'
import { checkDeadLetters, checkIngestQueue } from './queues.ts'
import { checkSchedules } from './schedules.ts'
import { openServices, type Services } from './services.ts'
import { checkSubscriptions } from './topics.ts'

export interface DeployCheckOptions {
  readonly json?: true
}

/**
 * Looks at everything, and prints a line for each thing that it looked at.
 *
 * @param path the file that `cdk deploy --outputs-file` wrote
 * @returns 2 where something is wrong, or cannot be seen
 * @throws InputError where the file is none
 */
export async function run(
  path: string,
  options: DeployCheckOptions,
  terminal: Terminal,
  services?: Services,
  now = new Date(),
): Promise<ExitStatus> {
  const deployment = readDeployment(await readText(path), path)
  const checks = await checksOfAll(deployment, services ?? openServices(deployment.AuditStateMachineArn), now)
  const wrong = checks.filter(({ outcome }) => outcome === 'wrong').length
  if (options.json) await terminal.out(`${JSON.stringify({ stack: deployment.stack, checks, wrong }, null, 2)}\n`)
  else {
    for (const { part, outcome, says } of checks)
      await terminal.out(`${outcome.padEnd(5)}  ${part.padEnd(9)}  ${says}\n`)
    await terminal.out(`${deployment.stack}: ${wrong === 0 ? 'nothing is wrong' : `${wrong} wrong`}\n`)
  }
  return wrong > 0 ? 2 : 0
}

/** In the order in which a capture goes through the parts. */
async function checksOfAll(deployment: Deployment, services: Services, now: Date): Promise<Check[]> {
  const { s3, queues, machines, schedules, topics } = services
  const { AuditStateMachineArn: machine } = deployment
  const store = (bucket: string) => new S3Store(s3, bucket)
  const [intake, evidence] = [store(deployment.IntakeBucket), store(deployment.EvidenceBucket)]
  const [reference, reports] = [store(deployment.ReferenceBucket), store(deployment.ReportsBucket)]
  const bucket = (part: Part, name: string, locked: boolean) => checkBucket(s3, { part, bucket: name, locked })
  const daily = (part: Part, what: string, name: string) =>
    checkSchedules(schedules, { part, what, target: `:function:${name}`, needed: true })
  const dead = (part: Part, url: string, paragraph: string) => checkDeadLetters(queues, { part, url, paragraph })
  return [
    ...(await bucket('intake', deployment.IntakeBucket, true)),
    await checkNotification(s3, deployment.IntakeBucket, deployment.IngestQueueUrl),
    await daily('intake', 'the daily look for missing captures', deployment.WatchFunction),
    ...(await bucket('ingest', deployment.EvidenceBucket, false)),
    ...(await seen('ingest', () => checkIngest(intake, evidence, now))),
    await checkIngestQueue(queues, deployment.IngestQueueUrl, intake, now),
    await dead('ingest', deployment.DeadLetterQueueUrl, 'uploads-not-ingested'),
    ...(await bucket('reference', deployment.ReferenceBucket, false)),
    ...(await seen('reference', () => checkReference(reference, now))),
    await daily('reference', 'the daily fetch of ranges', deployment.RefreshFunction),
    await dead('reference', deployment.ReferenceDeadLetterQueueUrl, 'reference-refused'),
    ...(await bucket('reports', deployment.ReportsBucket, true)),
    await checkSubscriptions(topics, deployment.ConclusionsTopicArn),
    ...(await seen('audit', () => checkAudit(evidence, reports, machine, now))),
    await checkExecutions(machines, machine, now),
    await checkSchedules(schedules, { part: 'audit', what: 'audits', target: machine, needed: false }),
    await dead('audit', deployment.AuditDeadLetterQueueUrl, 'schedule-missed'),
  ]
}

/** What cannot be listed or read is wrong in itself, and does not keep the rest from being looked at. */
async function seen(part: Part, look: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await look()
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof SyntaxError)) throw error
    return [checksOf(part).wrong(`not checked: ${explainSystemError(error)}`)]
  }
}
