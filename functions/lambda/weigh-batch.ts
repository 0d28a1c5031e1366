/** One worker's share of an audit. */
import { weighObservations } from '../audit.ts'
import { InputError } from '../errors.ts'
import type { WeighedPart } from '../judge/weighed-part.ts'
import type { Locator, Observation } from '../model.ts'
import { countObservations, readObservations } from '../observe/parquet.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { eachAtOnce } from './at-once.ts'
import { partialKey } from './audit-keys.ts'
import type { Batch, FileRows } from './batches.ts'
import { readPlan } from './plan-file.ts'

/** What a worker hands on to the conclusion. */
export interface Partial {
  readonly batch: number
  /** How many were weighed. */
  readonly observations: number
  readonly part: WeighedPart
}

/** Files that are held as they are stored at a time, beside the observations of those before. */
const READ_AT_ONCE = 8

/**
 * Weighs a batch of a plan and writes what it gave.
 *
 * @param openLocator opens the snapshots under these keys of the reference bucket
 * @returns the key of the result; a second attempt finds it there, and does nothing
 */
export async function weighBatch(
  planKey: string,
  batch: Batch,
  evidence: ObjectStore,
  openLocator: (snapshots: readonly string[]) => Promise<Locator>,
): Promise<string> {
  const key = partialKey(planKey, batch.number)
  if ((await evidence.facts(key)) !== null) return key
  const { declaration, sessions, reference } = await readPlan(evidence, planKey)
  const observations = await readBatch(evidence, batch)
  const locator = await openLocator(reference)
  const part = weighObservations({ declaration, sessions, locator, observations })
  const partial: Partial = { batch: batch.number, observations: observations.length, part }
  const bytes = new TextEncoder().encode(JSON.stringify(partial))
  await evidence.write(key, bytes, { onlyIfAbsent: true, contentType: 'application/json' })
  return key
}

async function readBatch(evidence: ObjectStore, { files }: Batch): Promise<readonly Observation[]> {
  const read = await eachAtOnce(files, (file) => readRows(evidence, file), READ_AT_ONCE)
  return read.flat()
}

async function readRows(evidence: ObjectStore, rows: FileRows): Promise<readonly Observation[]> {
  const file = await evidence.read(rows.key)
  const standing = countObservations(file)
  if (standing === rows.of) return await readObservations(file, rows)
  throw new InputError(
    `reading ${rows.key}: it holds ${standing} observations, and a receipt of its capture counts ${rows.of}: none may be left ` +
      'out. Upload the capture once more under its name: the new receipt counts what stands there',
    { source: rows.key },
  )
}
