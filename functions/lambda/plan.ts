/** `plan`: the first step of an audit. */
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import { bucket } from './buckets.ts'
import { EVIDENCE_BUCKET, INTAKE_BUCKET, REFERENCE_BUCKET } from './environment.ts'
import { readEvent } from './event.ts'
import { newLogger } from './log.ts'
import { CAPTURES_MISSING, newMetrics } from './metrics.ts'
import { type PlannedAudit, type PlanStores, planAudit } from './plan-audit.ts'

const shape = z.object({
  campaign: z.string().regex(/^[^/]{1,200}$/, 'the name of a folder of the intake, without a slash'),
  execution: z.string().min(1, 'the name of the execution'),
  /** Of the schedule; the time of the first attempt where it is started by hand. */
  at: z.iso.datetime({ offset: true, error: 'a time such as 2014-11-12T06:00:00Z' }).nullish(),
})
const example = { campaign: 'redmi-1s', execution: 'audit-2014-11-12', at: '2014-11-12T06:00:00Z' }

const logger = newLogger('plan')
const metrics = newMetrics('plan')
let stores: PlanStores | undefined

export async function handler(event: unknown, context: Context): Promise<PlannedAudit> {
  logger.addContext(context)
  const { campaign, execution, at } = readEvent('plan', shape, example, event)
  stores ??= { intake: bucket(INTAKE_BUCKET), evidence: bucket(EVIDENCE_BUCKET), reference: bucket(REFERENCE_BUCKET) }
  const planned = await planAudit({ campaign, execution, time: at ? new Date(at) : new Date() }, stores)
  metrics.addMetric(CAPTURES_MISSING, 'Count', planned.missing)
  metrics.publishStoredMetrics()
  logger.info('an audit is planned', { ...planned })
  return planned
}
