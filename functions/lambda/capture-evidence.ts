/** Writes what was made of a capture. Everything goes where it is not yet; the receipt that results is for the caller to write, last. */
import type { CaptureObservations } from '../model.ts'
import { evidenceId, ledgerKey, observationFiles } from '../observe/keys.ts'
import { writeObservations } from '../observe/parquet.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { documentBytes } from './document-bytes.ts'
import { type Quarantine, type QuarantineReason, quarantineKey, writeQuarantine } from './quarantine.ts'
import type { Receipt, ReceiptSubject } from './receipt.ts'

/** An uploaded version of a capture, and its bytes. */
export interface EvidenceSubject extends ReceiptSubject {
  readonly size: number
}

/** The receipt of a capture of which there are no observations. */
export type QuarantineReceipt = Receipt & { readonly quarantine: string; readonly reason: QuarantineReason }

/** Writes observations, and after them the ledger that accounts for them. */
export async function keepObservations(
  { ledger, observations }: CaptureObservations,
  subject: EvidenceSubject,
  evidence: ObjectStore,
): Promise<Receipt> {
  const { campaign, source, sessionSha256 } = subject
  const id = evidenceId({ sha256: ledger.sha256, source, sessionSha256 })
  const files = observationFiles(campaign, id, observations)
  for (const file of files)
    await evidence.write(file.key, writeObservations(file.observations), {
      onlyIfAbsent: true,
      contentType: 'application/vnd.apache.parquet',
    })
  await evidence.write(ledgerKey(id), documentBytes(ledger), { onlyIfAbsent: true, contentType: 'application/json' })
  return {
    ...subject,
    sha256: ledger.sha256,
    outcome: 'observed',
    ledger: ledgerKey(id),
    observations: files.map(({ key, observations: rows }) => ({ key, count: rows.length })),
    quarantine: null,
    reason: null,
    error: ledger.error,
  }
}

/**
 * Writes the record of a capture of which there are no observations.
 *
 * @param observed what reading it gave; null where it was not read whole
 */
export async function keepInQuarantine(
  { reason, error }: { readonly reason: QuarantineReason; readonly error: string },
  observed: CaptureObservations | null,
  subject: EvidenceSubject,
  evidence: ObjectStore,
): Promise<QuarantineReceipt> {
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
  await writeQuarantine(evidence, record)
  return {
    ...subject,
    sha256: record.sha256,
    outcome: 'quarantined',
    ledger: null,
    observations: [],
    quarantine: quarantineKey(record),
    reason,
    error,
  }
}
