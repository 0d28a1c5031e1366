/** Ingests one uploaded capture: observations and ledger, or a record of the quarantine, and what its receipt is to say. */
import { posix } from 'node:path'
import { observeCapture } from '../audit.ts'
import type { CaptureObservations, Session } from '../model.ts'
import { MissingObjectError } from '../store/missing-object.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { type Absent, type BesideCapture, type BesideTools, readBeside, readingOf } from './beside-capture.ts'
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
import { sealFaultOf } from './sealed-files.ts'
import type { SessionFile } from './session-file.ts'

/** Where captures come from, where their evidence goes, and how much of them is read. */
export interface IngestTools extends BesideTools {
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
      /** {@link Receipt.unsearched} */
      readonly unsearched?: string
    }
  /** `for` a file that its session names: the event of that will take it up. */
  | { readonly what: 'waiting'; readonly for?: string }
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
  file: SessionFile,
  subject: EvidenceSubject,
  tools: IngestTools,
): Promise<Ingested> {
  const { evidence, limits, time } = tools
  const { session, error, sealed } = file
  if (session === null) throw new RefusedError('session', `its session.yaml is faulty: ${error}`)
  const entry = entryOf(session, capture.file)
  // A session that lists nothing has every file in `captures/`.
  if (!entry && session.captures.length > 0)
    throw new RefusedError(
      'unlisted',
      `${capture.file} is there and not listed: list it under captures of its session.yaml`,
    )
  checkSeal(sealed, capture)
  checkSize(capture.size, limits)
  checkAttempts(await killedAttempts(evidence, subject, new Date()))
  const checkTime = time.begin()
  const beside = await readBeside({ ...file, session }, entry, tools)
  if ('absent' in beside) return waitingFor(beside)
  const end = await beginAttempt(evidence, subject, time.deadline())
  try {
    const observed = await observe(capture, session, beside, tools, checkTime)
    checkSeal(sealed, { ...capture, sha256: observed.ledger.sha256 })
    return await keep(observed, beside, subject, evidence)
  } catch (failure) {
    // Where the end cannot be told, this passes for a killed attempt: one of several that it takes to give up a capture.
    if (!(failure instanceof RefusedError)) await end().catch(() => {})
    throw failure
  }
}

const waitingFor = ({ absent }: Absent): Ingested => ({
  outcome: { what: 'waiting', for: absent },
  quarantine: null,
  receipt: null,
})

/** @throws RefusedError where the capture is not as it was sealed */
function checkSeal(sealed: SessionFile['sealed'], found: Parameters<typeof sealFaultOf>[1]): void {
  const { file, size, sha256 } = found
  const fault = sealFaultOf(sealed, { file, size, ...(sha256 === undefined ? {} : { sha256 }) })
  if (fault === null) return
  throw new RefusedError(
    'altered',
    `it was altered after it was sealed: ${fault}. Upload the file as the rig has it, or the session under a new id`,
  )
}

async function keep(
  observed: CaptureObservations,
  { readWith }: BesideCapture,
  subject: EvidenceSubject,
  evidence: ObjectStore,
): Promise<Ingested> {
  const { format, error, records } = observed.ledger
  if (format === 'unknown') {
    const fault = { reason: 'unreadable', error: error ?? 'it is not a capture that is known' } as const
    return await inQuarantine(quarantineOf(fault, observed, subject), evidence)
  }
  const receipt = await keepObservations(observed, readWith, subject, evidence)
  const outcome = {
    what: 'observed',
    whole: error === null,
    records,
    observations: observed.observations.length,
    ...(receipt.unsearched === undefined ? {} : { unsearched: receipt.unsearched }),
  } as const
  return { outcome, quarantine: null, receipt }
}

async function observe(
  { key, version, file, source }: UploadedCapture,
  session: Session,
  beside: BesideCapture,
  { intake, limits }: IngestTools,
  checkTime: () => void,
): Promise<CaptureObservations> {
  const bytes = checked(intake.open(key, version), checkTime)
  const watch = (records: number) => {
    checkTime()
    checkRecords(records, limits)
  }
  const reading = readingOf(entryOf(session, file), beside)
  const { planted } = beside
  const looking = planted === undefined ? {} : { planted }
  try {
    const observed = await observeCapture({ source, session, reading, ...looking, open: () => bytes, watch })
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
