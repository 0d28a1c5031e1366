/** `domicile deploy-check`: whether a deployment works, line by line, without changing anything in it. */
import type { S3Client } from '@aws-sdk/client-s3'
import { S3Store } from '../../store/s3-store.ts'
import { readText } from '../documents.ts'
import { s3Client } from '../s3-places.ts'
import { explainSystemError, isSystemError } from '../system-error.ts'
import type { ExitStatus, Terminal } from '../terminal.ts'
import { checkBucket, checkNotification } from './bucket.ts'
import { type Check, checksOf, type Part } from './check.ts'
import { checkAudit, checkIngest, checkReference } from './contents.ts'
import { readDeployment } from './outputs.ts'

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
  client: S3Client = s3Client(),
  now = new Date(),
): Promise<ExitStatus> {
  const deployment = readDeployment(await readText(path), path)
  const { IntakeBucket, EvidenceBucket, ReferenceBucket, ReportsBucket, IngestQueueUrl } = deployment
  const store = (bucket: string) => new S3Store(client, bucket)
  const checks = [
    ...(await checkBucket(client, { part: 'intake', bucket: IntakeBucket, locked: true })),
    await checkNotification(client, IntakeBucket, IngestQueueUrl),
    ...(await checkBucket(client, { part: 'ingest', bucket: EvidenceBucket, locked: false })),
    ...(await seen('ingest', () => checkIngest(store(IntakeBucket), store(EvidenceBucket), now))),
    ...(await checkBucket(client, { part: 'reference', bucket: ReferenceBucket, locked: false })),
    ...(await seen('reference', () => checkReference(store(ReferenceBucket), now))),
    ...(await checkBucket(client, { part: 'reports', bucket: ReportsBucket, locked: true })),
    ...(await seen('audit', () =>
      checkAudit(store(EvidenceBucket), store(ReportsBucket), deployment.AuditStateMachineArn, now),
    )),
  ]
  const wrong = checks.filter(({ outcome }) => outcome === 'wrong').length
  if (options.json) await terminal.out(`${JSON.stringify({ stack: deployment.stack, checks, wrong }, null, 2)}\n`)
  else {
    for (const { part, outcome, says } of checks)
      await terminal.out(`${outcome.padEnd(5)}  ${part.padEnd(9)}  ${says}\n`)
    await terminal.out(`${deployment.stack}: ${wrong === 0 ? 'nothing is wrong' : `${wrong} wrong`}\n`)
  }
  return wrong > 0 ? 2 : 0
}

/** What cannot be listed or read is wrong in itself, and does not keep the rest from being looked at. */
async function seen(part: Part, look: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await look()
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof SyntaxError)) throw error
    return [checksOf(part).wrong(explainSystemError(error))]
  }
}
