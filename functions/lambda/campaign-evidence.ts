/** What ingest made of the captures of a campaign, and what it did not make. */
import type { Ledger } from '../model.ts'
import { withoutDoubles } from '../observe/doubles.ts'
import { lostContents, overwrittenLedger, standingOf } from '../observe/overwritten.ts'
import { unreadLedger } from '../observe/unread.ts'
import type { ObjectFacts, ObjectStore } from '../store/object-store.ts'
import { eachAtOnce } from './at-once.ts'
import type { IntakeCapture } from './campaign-intake.ts'
import { hashOfContent } from './campaign-replaced.ts'
import { readQuarantine } from './quarantine.ts'
import { type Receipt, readReceipt, type StoredObservations } from './receipt.ts'
import { readJson } from './stored-json.ts'

export interface CampaignEvidence {
  /** Of every capture, in the order given; after them, of what captures have replaced. */
  readonly ledgers: readonly Ledger[]
  /** Of the captures that count, in the same order. */
  readonly observations: readonly StoredObservations[]
  /** Sources of captures without observations: not come, not read yet, in the quarantine, or replaced. */
  readonly missing: readonly string[]
}

export interface CampaignStores {
  readonly intake: ObjectStore
  readonly evidence: ObjectStore
}

/**
 * Gathers the evidence of the captures that stand in the intake now. That of older versions stays out, and is named as missing
 * where its bytes stand nowhere else.
 */
export async function gatherEvidence(
  { intake, evidence }: CampaignStores,
  campaign: string,
  captures: readonly IntakeCapture[],
): Promise<CampaignEvidence> {
  const present = await eachAtOnce(captures, (capture) => evidenceOf(evidence, campaign, capture))
  const found = [...present, ...(await overwrittenAmong({ intake, evidence }, campaign, captures, present))]
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
  if (receipt === null) return missing(capture, session.error ?? NOT_READ)
  // Ingest reads one session after another, and does not see that two have one id.
  if (session.error !== null && receipt.outcome === 'observed') return missing(capture, session.error, receipt.sha256)
  return receipt.ledger === null
    ? quarantined(evidence, capture, receipt)
    : { ledger: (await readJson(evidence, receipt.ledger)) as Ledger, observations: receipt.observations }
}

async function overwrittenAmong(
  { intake, evidence }: CampaignStores,
  campaign: string,
  captures: readonly IntakeCapture[],
  present: readonly Found[],
): Promise<readonly Found[]> {
  const standing = standingOf(present.map(({ ledger }) => ledger))
  const found = await eachAtOnce(captures, async ({ source, session, folder, replaced, sessionHashes }) => {
    /** As ingest read it, under whichever session; ingest has not read what was replaced before its turn came. */
    const sha256Of = async (content: ObjectFacts) => {
      for (const sessionSha256 of sessionHashes) {
        const receipt = await readReceipt(evidence, { campaign, source, version: content.version, sessionSha256 })
        if (receipt?.sha256) return receipt.sha256
      }
      return await hashOfContent(intake, content)
    }
    const lost = await lostContents(replaced, standing, sha256Of)
    const ledger = overwrittenLedger({ source, session: session?.session?.id ?? folder }, lost)
    return ledger === null ? [] : [{ ledger, observations: null }]
  })
  return found.flat()
}

async function quarantined(evidence: ObjectStore, capture: IntakeCapture, receipt: Receipt): Promise<Found> {
  const record = receipt.quarantine === null ? null : await readQuarantine(evidence, receipt.quarantine)
  return record?.ledger
    ? { ledger: record.ledger, observations: null }
    : missing(capture, receipt.error ?? 'it is in the quarantine', receipt.sha256)
}

const NOT_READ = 'ingest had not read it when the audit began, or it waited for a file that its session.yaml names'

/** The account of a capture of which no record was read. */
function missing({ source, size, session, folder }: IntakeCapture, error: string, sha256?: string | null): Found {
  const ledger = unreadLedger({ source, size, session: session?.session?.id ?? folder }, error, sha256)
  return { ledger, observations: null }
}
