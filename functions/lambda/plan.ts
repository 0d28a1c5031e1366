/** `plan`: the first step of an audit. */
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import { InputError } from '../errors.ts'
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

/** Minutes for which clocks may differ. The newest report is the one with the latest time: one from the future would stay it. */
const AHEAD = 5

const logger = newLogger('plan')
const metrics = newMetrics('plan')
let stores: PlanStores | undefined

export async function handler(event: unknown, context: Context): Promise<PlannedAudit> {
  logger.addContext(context)
  const { campaign, execution, at } = readEvent('plan', shape, example, event)
  const now = new Date()
  const time = at ? new Date(at) : now
  if (time.getTime() > now.getTime() + AHEAD * 60_000)
    throw new InputError(
      `planning the audit of ${campaign}: at is ${at}, and now it is ${now.toISOString()}: an audit is of what stands in the ` +
        'intake now; leave `at` out, or give a time that has come',
    )
  stores ??= { intake: bucket(INTAKE_BUCKET), evidence: bucket(EVIDENCE_BUCKET), reference: bucket(REFERENCE_BUCKET) }
  const planned = await planAudit({ campaign, execution, time }, stores)
  metrics.addMetric(CAPTURES_MISSING, 'Count', planned.missing)
  metrics.publishStoredMetrics()
  logger.info('an audit is planned', { ...planned })
  return planned
}
