/**
 * Which evidence a report counts, as a table for questions about observations: the bucket also holds evidence of uploads,
 * sessions and versions of the program that others took the place of, and a sum over all of it would count a capture twice.
 */
import type { ObjectStore } from '../store/object-store.ts'
import { countedKey } from './audit-keys.ts'
import type { Batch } from './batches.ts'
import type { Plan } from './plan-file.ts'
import { readJson } from './stored-json.ts'

/** @param folder of the report */
export async function writeCounted(evidence: ObjectStore, plan: Plan, folder: string): Promise<void> {
  const batches = (await readJson(evidence, plan.batches)) as readonly Batch[]
  const ids = new Set(batches.flatMap(({ files }) => files.map(({ key }) => evidenceIdOf(key))))
  const bytes = new TextEncoder().encode(['evidence', ...[...ids].sort(), ''].join('\n'))
  await evidence.write(countedKey(folder), bytes, { onlyIfAbsent: true, contentType: 'text/csv; charset=utf-8' })
}

/** @param key of a file of observations, `…/<id>.parquet` */
const evidenceIdOf = (key: string) => key.slice(key.lastIndexOf('/') + 1, key.lastIndexOf('.'))
