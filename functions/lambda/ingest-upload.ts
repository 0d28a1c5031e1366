/** What is to be done about one uploaded object. */
import { SEAL } from '../declare/seal.ts'
import { eachAtOnce } from './at-once.ts'
import { killedAttempts } from './capture-attempts.ts'
import { type CaptureOutcome, type IngestTools, ingestCapture, subjectOf } from './ingest-capture.ts'
import { capturesPrefix, parseIntakeKey } from './intake-key.ts'
import { besideCaptures } from './listed-captures.ts'
import { quarantineKey, writeQuarantine } from './quarantine.ts'
import { receiptKey, writeReceipt } from './receipt.ts'
import { readSessionFile, type SessionFile } from './session-file.ts'
import type { UploadedObject } from './upload-events.ts'

/** What happened, as it is logged and counted. */
export type Happening = (
  | CaptureOutcome
  /** Read with the captures of its session: what waited for it is taken up. */
  | { readonly what: 'document' }
  /** An object that stands for a folder, or the campaign's declaration: nothing is to be done. */
  | { readonly what: 'folder' | 'declaration' }
  /** Not of the intake's layout. */
  | { readonly what: 'stray' }
) & {
  readonly key: string
  readonly campaign?: string
  /** Name of the session's folder. */
  readonly session?: string
  readonly source?: string
}

/**
 * Ingests an uploaded object: a capture under its session, or for a `session.yaml` the captures that are there already. The
 * session is always the current one: whichever of the two came last, its event sees the other.
 *
 * @returns what happened, each as soon as it did. It is to be told before the next is asked for: only then the receipt is
 * written, and a record of the quarantine, so that a crash may have something told twice, but never not at all
 * @throws as {@link ingestCapture}
 */
export async function* ingestUpload(upload: UploadedObject, tools: IngestTools): AsyncGenerator<Happening> {
  const place = parseIntakeKey(upload.key)
  const { key } = upload
  if (place.kind === 'other') yield { what: 'stray', key }
  else if (place.kind === 'folder') yield { what: 'folder', key }
  else if (place.kind === 'declaration') yield { what: 'declaration', key, campaign: place.campaign }
  else {
    const session = await readSessionFile(tools.intake, place.campaign, place.session)
    const about = { key, campaign: place.campaign, session: place.session }
    const isBeside = place.kind !== 'session' && besideCaptures(session?.session ?? null).has(place.file)
    if (place.kind === 'document' || isBeside) {
      yield { ...about, what: 'document' }
      if (session !== null && (isBeside || place.file === SEAL)) yield* ingestSession(session, about, tools)
    } else if (place.kind === 'capture') yield* ingestUnder(session, upload, place, tools)
    else yield* ingestSession(session, about, tools)
  }
}

interface Place {
  readonly campaign: string
  readonly session: string
  readonly file: string
  readonly source: string
}

async function* ingestUnder(
  file: SessionFile | null,
  upload: UploadedObject,
  place: Place,
  tools: IngestTools,
): AsyncGenerator<Happening> {
  const { campaign, session, source } = place
  const about = { key: upload.key, campaign, session, source }
  // A session that is not as it was sealed says nothing of its captures: they wait for what belongs together.
  if (file === null || file.isAltered) {
    yield { ...about, what: 'waiting' }
    return
  }
  const { outcome, quarantine, receipt } = await ingestCapture({ ...upload, file: place.file, source }, file, tools)
  yield { ...about, ...outcome }
  if (quarantine !== null) await writeQuarantine(tools.evidence, quarantine)
  if (receipt !== null) await writeReceipt(tools.evidence, receipt)
}

async function* ingestSession(
  file: SessionFile | null,
  about: { readonly key: string; readonly campaign: string; readonly session: string },
  tools: IngestTools,
): AsyncGenerator<Happening> {
  if (file === null) {
    yield { ...about, what: 'gone' }
    return
  }
  if (file.error !== null) yield* quarantineSession(file, file.error, about, tools)
  for (const { upload, place, isKnown } of await capturesOf(file, about, tools))
    if (isKnown) yield { ...about, key: upload.key, source: place.source, what: 'known' }
    else yield* ingestUnder(file, upload, place, tools)
}

/**
 * The captures of a session, those last that killed the function before: one that does it again takes no other with it. They
 * are looked for many at a time, so that the time of the function is left for those that are to be read.
 */
async function capturesOf(
  file: SessionFile,
  { campaign, session }: { readonly campaign: string; readonly session: string },
  { intake, evidence }: IngestTools,
) {
  const uploads = await intake.listFacts(capturesPrefix(campaign, session))
  const beside = besideCaptures(file.session)
  const captures = await eachAtOnce(uploads, async (upload) => {
    const place = parseIntakeKey(upload.key)
    if (place.kind !== 'capture' || beside.has(place.file)) return []
    const subject = subjectOf({ source: place.source, version: upload.version }, file)
    const isKnown = (await evidence.facts(receiptKey(subject))) !== null
    return [{ upload, place, isKnown, killed: isKnown ? 0 : await killedAttempts(evidence, subject, new Date()) }]
  })
  return captures.flat().sort((a, b) => a.killed - b.killed)
}

/** A faulty `session.yaml` is in the quarantine itself, so that it is seen also where none of its captures has come. */
async function* quarantineSession(
  { campaign, source, sha256, isAltered }: SessionFile,
  error: string,
  about: { readonly key: string; readonly campaign: string; readonly session: string },
  { evidence }: IngestTools,
): AsyncGenerator<Happening> {
  const reason = isAltered ? 'altered' : 'session'
  const quarantine = {
    campaign,
    source,
    sha256,
    version: null,
    sessionSha256: sha256,
    reason,
    error,
    ledger: null,
  } as const
  const record = quarantineKey(quarantine)
  if ((await evidence.facts(record)) !== null) {
    yield { ...about, source, what: 'known' }
    return
  }
  yield { ...about, source, what: 'quarantined', reason, record, isNew: true }
  await writeQuarantine(evidence, quarantine)
}
