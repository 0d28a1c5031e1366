/** `conclude`: the step of an audit that writes its report. */
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import { bucket } from './buckets.ts'
import { type ConcludedAudit, type ConcludeStores, concludePlan } from './conclude-plan.ts'
import { EVIDENCE_BUCKET, REPORTS_BUCKET } from './environment.ts'
import { readEvent } from './event.ts'
import { newLogger } from './log.ts'
import { openLocator } from './open-locator.ts'
import { retentionFrom } from './retention.ts'

/** What `plan` returned, or as much of it. */
const shape = z.object({ plan: z.string().min(1, 'the key of the plan') })
const example = { plan: 'audits/redmi-1s/audit-2014-11-12/plan.json' }

const logger = newLogger('conclude')
let stores: ConcludeStores | undefined

export async function handler(event: unknown, context: Context): Promise<ConcludedAudit> {
  logger.addContext(context)
  const { plan } = readEvent('conclude', shape, example, event)
  stores ??= { evidence: bucket(EVIDENCE_BUCKET), reports: bucket(REPORTS_BUCKET) }
  const concluded = await concludePlan(plan, stores, openLocator, retentionFrom(new Date()))
  logger.info('an audit is concluded', { ...concluded })
  return concluded
}
