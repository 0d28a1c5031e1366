/** Plans an audit: what it is of, and how the work is divided. */
import { daysOfDates, listSnapshots } from '../reference/list-snapshots.ts'
import type { FileFacts } from '../report/manifest.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { eachAtOnce } from './at-once.ts'
import { planKey, plannedKey } from './audit-keys.ts'
import { batchesOf } from './batches.ts'
import { gatherEvidence } from './campaign-evidence.ts'
import { type CampaignIntake, surveyIntake } from './campaign-intake.ts'
import { hashOfContent } from './campaign-replaced.ts'
import { documentBytes } from './document-bytes.ts'
import { sessionFileKey } from './intake-key.ts'
import { besideCaptures } from './listed-captures.ts'
import { type Accounts, PLAN, type Plan, readPlan } from './plan-file.ts'
import type { SessionFile } from './session-file.ts'

export interface PlanRequest {
  readonly campaign: string
  /** Name of the execution: the same name is the same audit. */
  readonly execution: string
  readonly time: Date
}

export interface PlanStores {
  readonly intake: ObjectStore
  readonly evidence: ObjectStore
  readonly reference: ObjectStore
}

/** What the steps after it are started with. */
export interface PlannedAudit {
  readonly campaign: string
  readonly execution: string
  /** Key of the plan in the evidence bucket. */
  readonly plan: string
  /** Key of the list of batches. */
  readonly items: string
  readonly batches: number
  readonly time: string
  /** Captures without observations. */
  readonly missing: number
}

/**
 * Plans an audit of what stands in the intake now. Of several attempts of one execution the first to write its plan counts:
 * the others find it, and give the same.
 *
 * @param perBatch observations that one worker weighs
 * @throws InputError or DeclarationError where there is nothing to judge by
 */
export async function planAudit(request: PlanRequest, stores: PlanStores, perBatch?: number): Promise<PlannedAudit> {
  const key = planKey(request.campaign, request.execution)
  if ((await stores.evidence.facts(key)) === null) await writePlan(key, request, stores, perBatch)
  const plan = await readPlan(stores.evidence, key)
  return {
    campaign: plan.campaign,
    execution: plan.execution,
    plan: key,
    items: plan.batches,
    batches: plan.batchCount,
    time: plan.time,
    missing: plan.missing.length,
  }
}

async function writePlan(key: string, request: PlanRequest, stores: PlanStores, perBatch?: number): Promise<void> {
  const { campaign, execution, time } = request
  const intake = await surveyIntake(stores.intake, campaign)
  const { ledgers, observations, missing } = await gatherEvidence(stores, campaign, intake.captures)
  const batches = batchesOf(
    observations.map(({ key: file, count }) => ({ key: file, observations: count })),
    perBatch,
  )
  const beside = await eachAtOnce(intake.sessions, (file) => factsBeside(stores.intake, file))
  const accounts: Accounts = { ledgers, documents: [...documentsOf(intake), ...beside.flat()] }
  /** Writes a file that the plan names, under the name of its content. */
  const write = async (name: string, content: object) => {
    const bytes = documentBytes(content)
    const file = plannedKey(campaign, execution, name, bytes)
    await stores.evidence.write(file, bytes, { onlyIfAbsent: true, contentType: 'application/json' })
    return file
  }
  const plan: Plan = {
    schema: PLAN,
    campaign,
    execution,
    // As exact as the report's folder, so that the two never say different times.
    time: new Date(Math.floor(time.getTime() / 1000) * 1000).toISOString(),
    declaration: intake.declaration,
    sessions: intake.sessions.flatMap(({ session }) => session ?? []),
    reference: await listSnapshots(stores.reference, daysOfDates(observations.map(({ key: file }) => dateOf(file)))),
    accounts: await write('accounts', accounts),
    batches: await write('batches', batches),
    batchCount: batches.length,
    observations: observations.reduce((sum, { count }) => sum + count, 0),
    missing,
  }
  await stores.evidence.write(key, documentBytes(plan), { onlyIfAbsent: true, contentType: 'application/json' })
}

/** The UTC date in the key of a file of observations. */
const dateOf = (key: string) => /\/date=([^/]+)\/[^/]+$/.exec(key)?.[1] ?? ''

/** What the manifest names besides captures: the same as on the command line. */
function documentsOf({ declarationText, sessions }: CampaignIntake): Accounts['documents'] {
  return [
    { name: 'declaration.yaml', text: declarationText },
    ...sessions.flatMap(({ source, text, session }) => (session === null ? [] : [{ name: source, text }])),
  ]
}

/**
 * What sessions name beside their captures, as far as it has come. Its bytes are people's secrets: of them only size and hash go on.
 */
async function factsBeside(intake: ObjectStore, { campaign, folder, session }: SessionFile): Promise<FileFacts[]> {
  const found = await eachAtOnce([...besideCaptures(session)], async (file) => {
    const facts = await intake.facts(sessionFileKey(campaign, folder, file))
    const sha256 = facts && (await hashOfContent(intake, facts))
    return facts && sha256 ? [{ name: `${folder}/${file}`, size: facts.size, sha256 }] : []
  })
  return found.flat()
}
