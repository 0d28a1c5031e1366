/** `audit-batch`: one item of an audit's Distributed Map. */
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import type { ObjectStore } from '../store/object-store.ts'
import { bucket } from './buckets.ts'
import { EVIDENCE_BUCKET } from './environment.ts'
import { readEvent } from './event.ts'
import { newLogger } from './log.ts'
import { openLocator } from './open-locator.ts'
import { weighBatch } from './weigh-batch.ts'

const count = z.number().int().min(0)
const shape = z.object({
  /** Key of the plan. */
  plan: z.string().min(1),
  /** An item of the plan's list of batches. */
  batch: z.object({
    number: count,
    files: z.array(z.object({ key: z.string().min(1), from: count, until: count, of: count })).min(1),
  }),
})
const file = { key: 'observations/campaign=redmi-1s/date=2014-11-03/5f….parquet', from: 0, until: 1200, of: 1200 }
const example = { plan: 'audits/redmi-1s/audit-2014-11-12/plan.json', batch: { number: 0, files: [file] } }

const logger = newLogger('audit-batch')
let evidence: ObjectStore | undefined

/** @returns where the result stands; it is too large to be handed on */
export async function handler(event: unknown, context: Context): Promise<{ readonly partial: string }> {
  logger.addContext(context)
  const { plan, batch } = readEvent('audit-batch', shape, example, event)
  evidence ??= bucket(EVIDENCE_BUCKET)
  const partial = await weighBatch(plan, batch, evidence, openLocator)
  logger.info('a batch is weighed', { plan, batch: batch.number, files: batch.files.length })
  return { partial }
}
