/**
 * `refresh`: daily everything that is published, and AWS's own lists whenever AWS says that its ranges have changed. The only
 * handler that reaches outside.
 */
import type { Context } from 'aws-lambda'
import * as z from 'zod'
import { listIn, readOverrides } from '../reference/overrides.ts'
import { chosenSources, refreshSources, type SourceResult } from '../reference/refresh-sources.ts'
import type { Source } from '../reference/sources.ts'
import { count } from '../report/phrase.ts'
import { PROGRAM } from '../report/program.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { bucket } from './buckets.ts'
import { REFERENCE_BUCKET, REFRESH_FROM } from './environment.ts'
import { readEvent } from './event.ts'
import { newLogger } from './log.ts'
import { newMetrics, RANGES_FETCHED, SOURCES_FAILED, SOURCES_FETCHED } from './metrics.ts'

/**
 * A schedule's event, nothing, or a message of AWS's topic AmazonIpSpaceChanged. What the message says is not used: the
 * addresses to fetch from are ours, whoever sends.
 */
const shape = z.union([
  z.object({ Records: z.array(z.object({ EventSource: z.literal('aws:sns') })).min(1) }),
  z.object({ Records: z.undefined().optional() }),
])

const logger = newLogger('refresh')
const metrics = newMetrics('refresh')
let reference: ObjectStore | undefined

/**
 * Refreshes the sources, each of which may fail alone.
 *
 * @throws Error that names every source which failed, after the others were kept: so that Lambda tries again, and somebody is
 * told. Trying again changes nothing of what was kept.
 */
export async function handler(
  event: unknown,
  context: Context,
): Promise<{ readonly refreshed: readonly SourceResult[] }> {
  logger.addContext(context)
  const { Records } = readEvent('refresh', shape, {}, event ?? {})
  reference ??= bucket(REFERENCE_BUCKET)
  const overrides = readOverrides(listIn(process.env[REFRESH_FROM]), REFRESH_FROM)
  const sources = chosenSources([...overrides.keys()], { overrides })
  const changed = Records === undefined ? sources : sources.filter(isOfAws)
  const refreshed = await refreshSources(
    changed,
    {
      store: reference,
      fetch: globalThis.fetch,
      now: () => Date.now() * 1000,
      userAgent: `${PROGRAM.name}/${PROGRAM.version}`,
      overrides,
    },
    account,
  )
  metrics.publishStoredMetrics()
  const failed = refreshed.flatMap((result) => (result.outcome === 'failed' ? [result] : []))
  if (failed.length > 0)
    throw new Error(
      `${failed.length} of ${count(refreshed.length, 'source')} not refreshed: ` +
        `${failed.map(({ source, error }) => `${source} (${error})`).join('; ')}. Their snapshots stay as they were`,
    )
  return { refreshed }
}

const isOfAws = ({ source }: Source) => source.endsWith('/aws')

function account(result: SourceResult): void {
  const failed = result.outcome === 'failed'
  const metric = failed ? SOURCES_FAILED : SOURCES_FETCHED
  metrics.addMetric(metric, 'Count', 1)
  const ofSource = metrics.singleMetric()
  ofSource.addDimension('source', result.source)
  ofSource.addMetric(metric, 'Count', 1)
  if (!failed && result.source === 'ranges/aws') metrics.addMetric(RANGES_FETCHED, 'Count', 1)
  if (failed) logger.error('a source was not refreshed', { ...result })
  else logger.info('a source was fetched', { ...result })
}
