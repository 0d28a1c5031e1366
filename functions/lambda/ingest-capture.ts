/** Ingests one uploaded capture: observations and ledger, or a record of the quarantine, and what its receipt is to say. */
import { posix } from 'node:path'
import { observeCapture } from '../audit.ts'
import type { CaptureObservations, Session } from '../model.ts'
import { MissingObjectError } from '../store/missing-object.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { beginAttempt, killedAttempts } from './capture-attempts.ts'
import { type EvidenceSubject, keepObservations, type QuarantinedEvidence, quarantineOf } from './capture-evidence.ts'
import {
  type CaptureLimits,
  checkAttempts,
  checked,
  checkRecords,
  checkSize,
  ReadingError,
  RefusedError,
  type TimeLeft,
} from './capture-limits.ts'
import { isLitter } from './intake-key.ts'
import { type Quarantine, type QuarantineReason, quarantineKey } from './quarantine.ts'
import { type Receipt, receiptKey } from './receipt.ts'
import type { SessionFile } from './session-file.ts'

/** Where captures come from, where their evidence goes, and how much of them is read. */
export interface IngestTools {
  readonly intake: ObjectStore
  readonly evidence: ObjectStore
  readonly limits: CaptureLimits
  readonly time: TimeLeft
}

/** One version of one uploaded capture. */
export interface UploadedCapture {
  readonly key: string
  readonly version: string
  /** Bytes. */
  readonly size: number
  /** Path below its session's folder, and below its campaign. */
  readonly file: string
  readonly source: string
}

/** What became of a capture. */
export type CaptureOutcome =
  | {
      readonly what: 'observed'
      /** False where something stopped the reading; the ledger says what and where. */
      readonly whole: boolean
      readonly records: number
      readonly observations: number
    }
  | {
      readonly what: 'quarantined'
      readonly reason: QuarantineReason
      /** Key of its record in the evidence bucket. */
      readonly record: string
      /** False where the record stands already: the same bytes were uploaded before. */
      readonly isNew: boolean
    }
  /** A receipt was there already. */
  | { readonly what: 'known' }
  /** The version that was uploaded is not there any more. */
  | { readonly what: 'gone' }
  /** What a desktop or editor left behind. */
  | { readonly what: 'litter' }

/** A capture whose evidence stands. */
export interface Ingested {
  readonly outcome: CaptureOutcome
  /** What is to be written last, the record before the receipt, once the outcome has been told; null where there is none. */
  readonly quarantine: Quarantine | null
  readonly receipt: Receipt | null
}

/**
 * Writes the evidence of a capture where it is not yet: whoever comes after a crash finds no receipt, and completes the rest.
 *
 * @throws OutOfTimeError, or what a store throws: another delivery may do better
 */
export async function ingestCapture(
  capture: UploadedCapture,
  session: SessionFile,
  tools: IngestTools,
): Promise<Ingested> {
  const { intake, evidence } = tools
  const without = (outcome: CaptureOutcome): Ingested => ({ outcome, quarantine: null, receipt: null })
  if (isLitter(capture.file) && !entryOf(session.session, capture.file)) return without({ what: 'litter' })
  const subject = { ...subjectOf(capture, session), size: capture.size }
  if ((await evidence.facts(receiptKey(subject))) !== null) return without({ what: 'known' })
  try {
    return await attempt(capture, session, subject, tools)
  } catch (error) {
    if (error instanceof RefusedError) {
      const { reason, message } = error
      return await inQuarantine(quarantineOf({ reason, error: message }, null, subject), evidence)
    }
    if (error instanceof ReadingError && (await isGone(capture, intake, error.cause))) return without({ what: 'gone' })
    throw error
  }
}

/** What the receipt of a capture is about. */
export function subjectOf({ source, version }: { source: string; version: string }, session: SessionFile) {
  return { campaign: session.campaign, source, version, sessionSha256: session.sha256 }
}

async function inQuarantine({ record, receipt }: QuarantinedEvidence, evidence: ObjectStore): Promise<Ingested> {
  const key = quarantineKey(record)
  const isNew = (await evidence.facts(key)) === null
  return { outcome: { what: 'quarantined', reason: record.reason, record: key, isNew }, quarantine: record, receipt }
}

/** @throws RefusedError where a limit or the session stands against it, ReadingError where the object cannot be read */
async function attempt(
  capture: UploadedCapture,
  { session, error }: SessionFile,
  subject: EvidenceSubject,
  tools: IngestTools,
): Promise<Ingested> {
  const { evidence, limits, time } = tools
  if (session === null) throw new RefusedError('session', `its session.yaml is faulty: ${error}`)
  // A session that lists nothing has every file in `captures/`.
  if (!entryOf(session, capture.file) && session.captures.length > 0)
    throw new RefusedError(
      'unlisted',
      `${capture.file} is there and not listed: list it under captures of its session.yaml`,
    )
  if (entryOf(session, capture.file)?.keys !== undefined)
    throw new RefusedError(
      'session',
      `its session.yaml names a key log for ${capture.file}, and ingest reads each capture alone: ` +
        'put the secrets into the capture (editcap --inject-secrets tls,FILE), or take `keys` off the list',
    )
  checkSize(capture.size, limits)
  checkAttempts(await killedAttempts(evidence, subject, new Date()))
  const checkTime = time.begin()
  const end = await beginAttempt(evidence, subject, time.deadline())
  try {
    return await keep(await observe(capture, session, tools, checkTime), subject, evidence)
  } catch (failure) {
    // Where the end cannot be told, this passes for a killed attempt: one of several that it takes to give up a capture.
    if (!(failure instanceof RefusedError)) await end().catch(() => {})
    throw failure
  }
}

async function keep(observed: CaptureObservations, subject: EvidenceSubject, evidence: ObjectStore): Promise<Ingested> {
  const { format, error, records } = observed.ledger
  if (format === 'unknown') {
    const fault = { reason: 'unreadable', error: error ?? 'it is not a capture that is known' } as const
    return await inQuarantine(quarantineOf(fault, observed, subject), evidence)
  }
  const receipt = await keepObservations(observed, subject, evidence)
  const observations = observed.observations.length
  return { outcome: { what: 'observed', whole: error === null, records, observations }, quarantine: null, receipt }
}

async function observe(
  { key, version, file, source }: UploadedCapture,
  session: Session,
  { intake, limits }: IngestTools,
  checkTime: () => void,
): Promise<CaptureObservations> {
  const entry = entryOf(session, file)
  const bytes = checked(intake.open(key, version), checkTime)
  const watch = (records: number) => {
    checkTime()
    checkRecords(records, limits)
  }
  const { file: _, ...reading } = entry ?? { file }
  try {
    const observed = await observeCapture({ source, session, reading, open: () => bytes, watch })
    checkRecords(observed.ledger.records, limits)
    return observed
  } finally {
    await bytes.return(undefined)
  }
}

/** What a session says of a file. */
function entryOf(session: Session | null, file: string): Session['captures'][number] | undefined {
  return session?.captures.find((capture) => posix.normalize(capture.file) === file)
}

/** Whether a version is not there any more. A store that lists as current what it cannot find is to be asked again. */
async function isGone({ key, version }: UploadedCapture, intake: ObjectStore, cause: unknown): Promise<boolean> {
  return cause instanceof MissingObjectError && (await intake.facts(key))?.version !== version
}
