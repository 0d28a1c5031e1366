/** `sign`: the last step of an audit. */
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import { announceTo } from './announce.ts'
import { bucket } from './buckets.ts'
import { CONCLUSIONS_TOPIC_ARN, REPORTS_BUCKET, readEnvironment, SIGNING_KEY_ID } from './environment.ts'
import { readEvent } from './event.ts'
import { signWith } from './kms-signer.ts'
import { newLogger } from './log.ts'
import { newMetrics, REPORTS_SIGNED } from './metrics.ts'
import { retentionFrom } from './retention.ts'
import { type SignedReport, type SignTools, signReport } from './sign-report.ts'

/** What `conclude` returned, or as much of it. */
const shape = z.object({
  campaign: z.string().min(1, "the campaign's name"),
  report: z.string().min(1, "the report's folder in the reports bucket"),
})
const example = { campaign: 'redmi-1s', report: 'reports/xiaomi-intl-2014/20141112T060000Z/' }

const logger = newLogger('sign')
const metrics = newMetrics('sign')
let clients: Omit<SignTools, 'retention'> | undefined

export async function handler(event: unknown, context: Context): Promise<SignedReport> {
  logger.addContext(context)
  const concluded = readEvent('sign', shape, example, event)
  clients ??= openClients()
  const signed = await signReport(concluded, { ...clients, retention: retentionFrom(new Date()) })
  metrics.addMetric(REPORTS_SIGNED, 'Count', 1)
  metrics.publishStoredMetrics()
  logger.info('a report is signed', { ...signed })
  return signed
}

function openClients(): Omit<SignTools, 'retention'> {
  const environment = readEnvironment([REPORTS_BUCKET, SIGNING_KEY_ID, CONCLUSIONS_TOPIC_ARN])
  return {
    reports: bucket(REPORTS_BUCKET),
    place: `s3://${environment[REPORTS_BUCKET]}/`,
    sign: signWith(environment[SIGNING_KEY_ID]),
    announce: announceTo(environment[CONCLUSIONS_TOPIC_ARN]),
  }
}
