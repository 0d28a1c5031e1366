/** What ingest made of the captures of a campaign, and what it did not make. */
import { createHash } from 'node:crypto'
import type { Ledger } from '../model.ts'
import { withoutDoubles } from '../observe/doubles.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { eachAtOnce } from './at-once.ts'
import type { IntakeCapture } from './campaign-intake.ts'
import { readQuarantine } from './quarantine.ts'
import { type Receipt, readReceipt, type StoredObservations } from './receipt.ts'
import { readJson } from './stored-json.ts'

export interface CampaignEvidence {
  /** Of every capture, in the order given. */
  readonly ledgers: readonly Ledger[]
  /** Of the captures that count, in the same order. */
  readonly observations: readonly StoredObservations[]
  /** Sources of captures without observations: not come, not read yet, or in the quarantine. */
  readonly missing: readonly string[]
}

/** The SHA-256 of no bytes: what stands in the ledger of a capture of which none were read. */
const OF_NOTHING = createHash('sha256').digest('hex')

/** Gathers the evidence of the captures that stand in the intake now; that of others and of older versions stays out. */
export async function gatherEvidence(
  evidence: ObjectStore,
  campaign: string,
  captures: readonly IntakeCapture[],
): Promise<CampaignEvidence> {
  const found = await eachAtOnce(captures, (capture) => evidenceOf(evidence, campaign, capture))
  // A double has no observations of its own, and its ledger says of which capture it is one.
  const counted = withoutDoubles(found.map(({ ledger }) => ({ ledger, observations: [] })))
  return {
    ledgers: counted.map(({ ledger }) => ledger),
    observations: found.flatMap(({ ledger, observations }, i) =>
      counted[i]?.ledger === ledger ? (observations ?? []) : [],
    ),
    missing: found.filter(({ observations }) => observations === null).map(({ ledger }) => ledger.source),
  }
}

interface Found {
  readonly ledger: Ledger
  /** null where the capture is missing. */
  readonly observations: readonly StoredObservations[] | null
}

async function evidenceOf(evidence: ObjectStore, campaign: string, capture: IntakeCapture): Promise<Found> {
  const { source, version, session, folder } = capture
  if (session === null) {
    const error = `no session claims it: upload intake/${campaign}/${folder}/session.yaml, or move it below captures/ of its session`
    return missing(capture, error)
  }
  if (version === null) return missing(capture, 'session.yaml lists it, and it had not come when the audit began')
  const receipt = await readReceipt(evidence, { campaign, source, version, sessionSha256: session.sha256 })
  if (receipt === null) return missing(capture, session.error ?? 'ingest had not read it when the audit began')
  // Ingest reads one session after another, and does not see that two have one id.
  if (session.error !== null && receipt.outcome === 'observed') return missing(capture, session.error, receipt.sha256)
  return receipt.ledger === null
    ? quarantined(evidence, capture, receipt)
    : { ledger: (await readJson(evidence, receipt.ledger)) as Ledger, observations: receipt.observations }
}

async function quarantined(evidence: ObjectStore, capture: IntakeCapture, receipt: Receipt): Promise<Found> {
  const record = receipt.quarantine === null ? null : await readQuarantine(evidence, receipt.quarantine)
  return record?.ledger
    ? { ledger: record.ledger, observations: null }
    : missing(capture, receipt.error ?? 'it is in the quarantine', receipt.sha256)
}

/** The account of a capture of which no record was read. */
function missing({ source, size, session, folder }: IntakeCapture, error: string, sha256?: string | null): Found {
  const nothing = { records: 0, used: 0, leftOut: {}, flows: 0, unnamed: {}, gaps: [], first: null, last: null }
  const ledger: Ledger = {
    ...{ source, format: 'unknown', sha256: sha256 ?? OF_NOTHING, size, ...nothing },
    error,
    session: session?.session?.id ?? folder,
  }
  return { ledger, observations: null }
}
