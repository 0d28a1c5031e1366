/**
 * Receipts: what became of one version of one uploaded capture under one `session.yaml`. A receipt is the last thing that
 * ingest writes of a capture: where it stands, everything that it names stands too.
 */
import { createHash } from 'node:crypto'
import { keyPart } from '../observe/keys.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { documentBytes } from './document-bytes.ts'
import type { QuarantineReason } from './quarantine.ts'
import { readJson } from './stored-json.ts'

/** What a receipt is about. */
export interface ReceiptSubject {
  readonly campaign: string
  /** The capture's path within its campaign, as its ledger names it. */
  readonly source: string
  /** Version id of the uploaded object; its ETag where the bucket keeps no versions. */
  readonly version: string
  /** SHA-256 of its `session.yaml`, hex. */
  readonly sessionSha256: string
}

/** A file of observations. */
export interface StoredObservations {
  readonly key: string
  /** Rows of it: an audit divides its work by them. */
  readonly count: number
}

export interface Receipt extends ReceiptSubject {
  /** Bytes as they were uploaded. */
  readonly size: number
  /** Of these bytes, hex; null where a limit or a fault of the session kept them from being read whole. */
  readonly sha256: string | null
  readonly outcome: 'observed' | 'quarantined'
  /** Key of the ledger in the evidence bucket; null where the capture is quarantined. */
  readonly ledger: string | null
  /** The files of observations in the evidence bucket, one a UTC date; none where nothing was observed. */
  readonly observations: readonly StoredObservations[]
  /** Key of the quarantine's record in the evidence bucket; null where the capture was observed. */
  readonly quarantine: string | null
  readonly reason: QuarantineReason | null
  /**
   * Why planted identifiers were not looked for in a capture that was observed; left out where they were, and where its session
   * has none.
   */
  readonly unsearched?: string
  /** What is wrong with the capture, also where it was observed in part; null where it was read whole. */
  readonly error: string | null
}

/** Name of a receipt within its campaign: 64 hex digits. */
export function receiptId({ source, version, sessionSha256 }: ReceiptSubject): string {
  return createHash('sha256')
    .update(JSON.stringify([source, version, sessionSha256]))
    .digest('hex')
}

/** Key of a receipt in the evidence bucket. */
export const receiptKey = (subject: ReceiptSubject) =>
  `receipts/${keyPart(subject.campaign)}/${receiptId(subject)}.json`

/** @returns null where the capture has not been ingested under that session */
export async function readReceipt(evidence: ObjectStore, subject: ReceiptSubject): Promise<Receipt | null> {
  const key = receiptKey(subject)
  if ((await evidence.facts(key)) === null) return null
  return (await readJson(evidence, key)) as Receipt
}

/** @returns false where it stood there already */
export function writeReceipt(evidence: ObjectStore, receipt: Receipt): Promise<boolean> {
  return evidence.write(receiptKey(receipt), documentBytes(receipt), {
    onlyIfAbsent: true,
    contentType: 'application/json',
  })
}
