/** Ends an audit: its report, in every format, where nobody can change it. */
import { createHash } from 'node:crypto'
import { concludeStreamedAudit } from '../audit.ts'
import { InputError } from '../errors.ts'
import { readWeighedPart } from '../judge/read-weighed-part.ts'
import type { WeighedPart } from '../judge/weighed-part.ts'
import type { Conclusion, Locator } from '../model.ts'
import { contentTypeOf, outputsOf, type Pieces } from '../report/outputs.ts'
import type { ObjectStore, WriteOptions } from '../store/object-store.ts'
import { claimKey, partialKey, reportFolder } from './audit-keys.ts'
import { writeCounted } from './counted-evidence.ts'
import { documentBytes } from './document-bytes.ts'
import { type Plan, readAccounts, readPlan } from './plan-file.ts'
import { readReportHead } from './report-head.ts'
import { readJson } from './stored-json.ts'
import type { Partial } from './weigh-batch.ts'

export interface ConcludeStores {
  readonly evidence: ObjectStore
  readonly reports: ObjectStore
}

/** What the step after it is started with. */
export interface ConcludedAudit {
  readonly campaign: string
  readonly conclusion: Conclusion
  /** Folder of the report in the reports bucket, with a slash at its end. */
  readonly report: string
  /** Of `report.json`, hex. */
  readonly sha256: string
  readonly time: string
}

/**
 * Merges what the workers gave, composes the report and writes it.
 *
 * The manifest is written last. Where it stands, an audit of that declaration and time is complete, and counts: a second
 * attempt, or a start that was delivered twice, leaves it and returns what it concluded.
 *
 * @param retention of everything that is written
 * @throws InputError where a batch has not been weighed, or the place is another campaign's or holds an unfinished report of
 * other evidence
 */
export async function concludePlan(
  planKey: string,
  { evidence, reports }: ConcludeStores,
  openLocator: (snapshots: readonly string[]) => Promise<Locator>,
  retention: NonNullable<WriteOptions['retention']>,
): Promise<ConcludedAudit> {
  const plan = await readPlan(evidence, planKey)
  const folder = reportFolder(plan.declaration.id, new Date(plan.time))
  await claim(evidence, folder, plan.campaign)
  if ((await reports.facts(`${folder}manifest.json`)) === null) {
    const { ledgers, documents } = await readAccounts(evidence, plan)
    const { declaration, sessions, reference } = plan
    const input = { declaration, sessions, ledgers, locator: await openLocator(reference) }
    const report = await concludeStreamedAudit(input, partsOf(evidence, planKey, plan))
    for (const [name, pieces] of outputsOf(report, documents)) {
      // Where report.json stands, no audit of other evidence has come as far as this.
      if (name === 'manifest.json') await writeCounted(evidence, plan, folder)
      await put(reports, folder, name, pieces, retention)
    }
  }
  const { head, sha256 } = await readReportHead(reports, folder)
  return { campaign: plan.campaign, conclusion: head.conclusion, report: folder, sha256, time: plan.time }
}

/** Two campaigns may be audited by one declaration at one time; neither may be given the other's report. */
async function claim(evidence: ObjectStore, folder: string, campaign: string): Promise<void> {
  const key = claimKey(folder)
  await evidence.write(key, documentBytes({ campaign }), { onlyIfAbsent: true, contentType: 'application/json' })
  const holder = (await readJson(evidence, key)) as { readonly campaign: string }
  if (holder.campaign !== campaign)
    throw new InputError(
      `concluding the audit of ${campaign}: ${folder} is that of ${holder.campaign}, which has the same declaration and time: ` +
        'start it again with another time, and give the schedules different ones',
      { source: folder },
    )
}

/** What the workers gave, one after another. @throws InputError where one is missing: left out, it could turn the verdict */
async function* partsOf(evidence: ObjectStore, planKey: string, plan: Plan): AsyncGenerator<WeighedPart> {
  let observations = 0
  for (let batch = 0; batch < plan.batchCount; batch++) {
    const key = partialKey(planKey, batch)
    const partial = (await readJson(evidence, key)) as Partial
    observations += partial.observations
    yield readWeighedPart(partial.part, key)
  }
  if (observations !== plan.observations)
    throw new InputError(
      `concluding ${planKey}: ${observations} observations were weighed, and the plan has ${plan.observations}: start the audit again`,
    )
}

/** Writes a file, unless an attempt before has written the same. */
async function put(
  reports: ObjectStore,
  folder: string,
  name: string,
  pieces: Pieces,
  retention: NonNullable<WriteOptions['retention']>,
): Promise<void> {
  const key = folder + name
  const bytes = pieces.map((piece) => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece))
  const contentType = contentTypeOf(name)
  if (await reports.write(key, bytes, { onlyIfAbsent: true, contentType, retention })) return
  if ((await hashOf(reports.open(key))) !== (await hashOf(bytes)))
    throw new InputError(
      `writing ${key}: another audit of that declaration and time began to write its report there, which is locked and not ` +
        'complete: start the audit again, with another time',
      { source: key },
    )
}

async function hashOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}
