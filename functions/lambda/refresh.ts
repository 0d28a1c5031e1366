/** `refresh`: daily, and whenever AWS says that its ranges have changed. The only handler that reaches outside. */
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import type { ObjectStore } from '../store/object-store.ts'
import { bucket } from './buckets.ts'
import { RANGES_URL, REFERENCE_BUCKET } from './environment.ts'
import { readEvent } from './event.ts'
import { type FetchLimits, fetchLimited } from './fetch-limited.ts'
import { newLogger } from './log.ts'
import { newMetrics, RANGES_FETCHED } from './metrics.ts'
import { keepRanges, type Refreshed } from './refresh-ranges.ts'

/** https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-ranges.html */
const AWS_RANGES = 'https://ip-ranges.amazonaws.com/ip-ranges.json'

/** The file has some 2 MB, and comes within a second. */
const LIMITS: FetchLimits = { milliseconds: 30_000, bytes: 64 * 1024 ** 2 }

/**
 * A schedule's event, nothing, or a message of AWS's topic AmazonIpSpaceChanged. What the message says is not used: the
 * address to fetch from is the environment's, whoever sends.
 */
const shape = z.union([
  z.object({ Records: z.array(z.object({ EventSource: z.literal('aws:sns') })).min(1) }),
  z.object({ Records: z.undefined().optional() }),
])

const logger = newLogger('refresh')
const metrics = newMetrics('refresh')
let reference: ObjectStore | undefined

export async function handler(event: unknown, context: Context): Promise<Refreshed> {
  logger.addContext(context)
  readEvent('refresh', shape, {}, event ?? {})
  reference ??= bucket(REFERENCE_BUCKET)
  const url = process.env[RANGES_URL] || AWS_RANGES
  const refreshed = await keepRanges(reference, await fetchLimited(url, LIMITS), url)
  metrics.addMetric(RANGES_FETCHED, 'Count', 1)
  metrics.publishStoredMetrics()
  logger.info('the ranges were fetched', { ...refreshed })
  return refreshed
}
