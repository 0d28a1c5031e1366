/** `watch`: once a day, names captures that have not come. */
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import type { ObjectStore } from '../store/object-store.ts'
import { type Announce, announceTo } from './announce.ts'
import { bucket } from './buckets.ts'
import { CONCLUSIONS_TOPIC_ARN, INTAKE_BUCKET, readEnvironment, readNumber, WATCH_AFTER_HOURS } from './environment.ts'
import { readEvent } from './event.ts'
import { lateCaptures, lateMessage } from './late-captures.ts'
import { newLogger } from './log.ts'
import { CAPTURES_LATE, newMetrics } from './metrics.ts'

/** A schedule's event; `at` stands in for the time of day. */
const shape = z.object({
  at: z.iso.datetime({ offset: true, error: 'a time such as 2014-11-12T06:00:00Z' }).optional(),
})

const logger = newLogger('watch')
const metrics = newMetrics('watch')
let intake: ObjectStore | undefined
let announce: Announce | undefined

export async function handler(event: unknown, context: Context): Promise<{ readonly late: number }> {
  logger.addContext(context)
  const { at } = readEvent('watch', shape, {}, event ?? {})
  const hours = readNumber(WATCH_AFTER_HOURS, 24)
  intake ??= bucket(INTAKE_BUCKET)
  announce ??= announceTo(readEnvironment([CONCLUSIONS_TOPIC_ARN])[CONCLUSIONS_TOPIC_ARN])
  const late = await lateCaptures(intake, at === undefined ? new Date() : new Date(at), hours)
  if (late.length > 0) await announce(lateMessage(late, hours))
  metrics.addMetric(CAPTURES_LATE, 'Count', late.length)
  metrics.publishStoredMetrics()
  logger.info('the intake was looked through', { late: late.length, hours })
  return { late: late.length }
}
