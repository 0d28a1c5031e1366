/** Works through the messages of the intake's queue, one after the other, and says what became of each. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { Logger } from '@aws-lambda-powertools/logger'
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { ObjectStore } from '../store/object-store.ts'
import { type CaptureLimits, OutOfTimeError, TimeLeft } from './capture-limits.ts'
import { type Happening, ingestUpload } from './ingest-upload.ts'
import {
  CAPTURES_OBSERVED,
  CAPTURES_QUARANTINED,
  CAPTURES_UNSEARCHED,
  INGEST_SECONDS,
  OBJECTS_IGNORED,
  OBSERVATIONS_WRITTEN,
  RECORDS_READ,
} from './metrics.ts'
import type { SeedKeys } from './seed-keys.ts'
import { readNotice } from './upload-events.ts'

export interface IngestSurroundings {
  /** Name of the intake bucket, as events give it. */
  readonly bucket: string
  readonly intake: ObjectStore
  readonly evidence: ObjectStore
  /** null where the deployment keeps none. */
  readonly seedKeys: SeedKeys | null
  readonly limits: CaptureLimits
  readonly logger: Logger
  readonly metrics: Metrics
}

export type IngestHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>

/**
 * The handler. A message that fails comes again, and what it did before it failed is not done again; a message about a
 * capture that cannot be read has not failed.
 */
export function ingestHandler(surroundings: IngestSurroundings): IngestHandler {
  const { logger } = surroundings
  const processor = new BatchProcessor(EventType.SQS)
  return async (event, context) => {
    logger.addContext(context)
    const time = new TimeLeft(() => context.getRemainingTimeInMillis())
    const ingest = (message: SQSRecord) => ingestMessage(message, surroundings, time)
    // One at a time: each may need the whole memory, and a capture is held to the time that it had.
    return await processPartialResponse(event, ingest, processor, {
      context,
      processInParallel: false,
      throwOnFullBatchFailure: false,
    })
  }
}

async function ingestMessage(message: SQSRecord, surroundings: IngestSurroundings, time: TimeLeft): Promise<void> {
  const { bucket, intake, evidence, seedKeys, limits, logger } = surroundings
  try {
    const { uploads, ignored } = readNotice(message.body, bucket)
    for (const eventName of ignored) logger.info('an event that is no upload is passed over', { eventName })
    for (const upload of uploads) {
      let began = performance.now()
      for await (const happening of ingestUpload(upload, { intake, evidence, seedKeys, limits, time })) {
        record(happening, (performance.now() - began) / 1000, surroundings)
        began = performance.now()
      }
    }
  } catch (error) {
    const again = { messageId: message.messageId, receiveCount: message.attributes?.ApproximateReceiveCount }
    if (error instanceof OutOfTimeError) logger.warn(error.message, again)
    else logger.error('a message failed, and comes again', { ...again, ...nameOf(error) })
    throw error
  }
}

/** An error without its stack's source lines and without whatever hangs on it: only what was said of it. */
function nameOf(error: unknown): { errorName: string; errorMessage: string } {
  if (!(error instanceof Error)) return { errorName: typeof error, errorMessage: 'no error was thrown, but a value' }
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return { errorName: error.name, errorMessage: `${error.message}${cause}` }
}

/** Logs and counts what happened, at once: what comes later in the message may crash. */
function record(happening: Happening, seconds: number, { logger, metrics, seedKeys }: IngestSurroundings): void {
  const { key, ...about } = happening
  switch (happening.what) {
    case 'observed':
      logger.info('observed', { ...about, seconds })
      metrics.addMetric(CAPTURES_OBSERVED, MetricUnit.Count, 1)
      metrics.addMetric(RECORDS_READ, MetricUnit.Count, happening.records)
      metrics.addMetric(OBSERVATIONS_WRITTEN, MetricUnit.Count, happening.observations)
      metrics.addMetric(INGEST_SECONDS, MetricUnit.Seconds, seconds)
      // A deployment without keys does not mean to look.
      if (happening.unsearched !== undefined && seedKeys !== null)
        metrics.addMetric(CAPTURES_UNSEARCHED, MetricUnit.Count, 1)
      break
    case 'quarantined':
      logger.warn('quarantined: the record says why', { ...about, seconds })
      if (happening.isNew) metrics.addMetric(CAPTURES_QUARANTINED, MetricUnit.Count, 1)
      break
    case 'stray':
      logger.warn('no place of the intake: a capture lies in captures/ of its session', { ...about, key })
      metrics.addMetric(OBJECTS_IGNORED, MetricUnit.Count, 1)
      break
    default:
      logger.info(wordsOf[happening.what], { ...about, key })
  }
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics()
}

const wordsOf = {
  known: 'ingested before: nothing to do',
  gone: 'deleted or overwritten since: nothing to do',
  litter: 'what a desktop or editor left behind: nothing to do',
  waiting: 'waits for its session.yaml, or for a file that this names',
  document: 'a document of a session: what waited for it is taken up',
  folder: 'stands for a folder: nothing to do',
  declaration: 'the campaign has a declaration: audits read it',
} as const
