/** What is kept of a capture: its evidence, which is written where it is not yet, and what is for the caller to write after it. */
import type { CaptureObservations, Observation } from '../model.ts'
import { type EvidenceOrigin, evidenceId, ledgerKey, observationFiles } from '../observe/keys.ts'
import { countObservations, writeObservations } from '../observe/parquet.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { documentBytes } from './document-bytes.ts'
import { type Quarantine, type QuarantineReason, quarantineKey } from './quarantine.ts'
import type { Receipt, ReceiptSubject, StoredObservations } from './receipt.ts'

/** An uploaded version of a capture, and its bytes. */
export interface EvidenceSubject extends ReceiptSubject {
  readonly size: number
}

/** What is to be written of a capture of which there are no observations. */
export interface QuarantinedEvidence {
  readonly record: Quarantine
  readonly receipt: Receipt & { readonly quarantine: string }
}

/** What a capture was read with, beside its session. */
export type ReadWith = Pick<EvidenceOrigin, 'keyLogSha256' | 'search'> & Pick<Receipt, 'unsearched'>

/** Writes observations, and after them the ledger that accounts for them. @returns the receipt that is due */
export async function keepObservations(
  { ledger, observations }: CaptureObservations,
  { unsearched, ...readWith }: ReadWith,
  subject: EvidenceSubject,
  evidence: ObjectStore,
): Promise<Receipt> {
  const { campaign, source, sessionSha256 } = subject
  const id = evidenceId({ sha256: ledger.sha256, source, sessionSha256, ...readWith })
  const files = observationFiles(campaign, id, observations)
  const stored: StoredObservations[] = []
  for (const { key, observations: rows } of files) stored.push({ key, count: await keepRows(evidence, key, rows) })
  await evidence.write(ledgerKey(id), documentBytes(ledger), { onlyIfAbsent: true, contentType: 'application/json' })
  return {
    ...subject,
    sha256: ledger.sha256,
    outcome: 'observed',
    ledger: ledgerKey(id),
    observations: stored,
    quarantine: null,
    reason: null,
    ...(unsearched === undefined ? {} : { unsearched }),
    error: ledger.error,
  }
}

/** @returns how many rows the file has: one that stood there already is counted, and not what would have been written */
async function keepRows(evidence: ObjectStore, key: string, rows: readonly Observation[]): Promise<number> {
  const options = { onlyIfAbsent: true, contentType: 'application/vnd.apache.parquet' }
  if (await evidence.write(key, writeObservations(rows), options)) return rows.length
  return countObservations(await evidence.read(key))
}

/**
 * The record of a capture of which there are no observations, and its receipt.
 *
 * @param observed what reading it gave; null where it was not read whole
 */
export function quarantineOf(
  { reason, error }: { readonly reason: QuarantineReason; readonly error: string },
  observed: CaptureObservations | null,
  subject: EvidenceSubject,
): QuarantinedEvidence {
  const { campaign, source, version, sessionSha256 } = subject
  const ledger = observed?.ledger ?? null
  const record: Quarantine = {
    campaign,
    source,
    sha256: ledger?.sha256 ?? null,
    version: ledger === null ? version : null,
    sessionSha256,
    reason,
    error,
    ledger,
  }
  return {
    record,
    receipt: {
      ...subject,
      sha256: record.sha256,
      outcome: 'quarantined',
      ledger: null,
      observations: [],
      quarantine: quarantineKey(record),
      reason,
      error,
    },
  }
}
