import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { run } from '../../functions/cli/audit-command.ts'
import type { Batch } from '../../functions/lambda/batches.ts'
import { TimeLeft } from '../../functions/lambda/capture-limits.ts'
import { type ConcludedAudit, concludePlan } from '../../functions/lambda/conclude-plan.ts'
import { ingestUpload } from '../../functions/lambda/ingest-upload.ts'
import { type PlannedAudit, planAudit } from '../../functions/lambda/plan-audit.ts'
import type { SeedKeys } from '../../functions/lambda/seed-keys.ts'
import { readJson } from '../../functions/lambda/stored-json.ts'
import { weighBatch } from '../../functions/lambda/weigh-batch.ts'
import type { Locator } from '../../functions/model.ts'
import { openReference } from '../../functions/reference/open-reference.ts'
import { FolderStore } from '../../functions/store/folder-store.ts'
import { root } from '../support/bundle.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'
import { exampleKeyFile, exampleSecret, keysOf } from './wrapped-keys.ts'

export const example = join(root, 'examples/redmi-1s')
export const exampleSessions = readdirSync(example).filter((name) => name.startsWith('2014-'))
export const retention = { mode: 'GOVERNANCE', until: new Date('2030-01-01T00:00:00Z') } as const
export const OUTPUTS = ['report.json', 'report.html', 'findings.csv', 'inventory.csv', 'manifest.json']

/** The four buckets, as folders, with the Redmi 1S example's reference data unless another is given. */
export class Buckets {
  readonly folder = mkdtempSync(join(tmpdir(), 'buckets-'))
  readonly intake = new FolderStore(join(this.folder, 'intake-bucket'))
  readonly evidence = new FolderStore(join(this.folder, 'evidence-bucket'))
  readonly reference: FolderStore
  readonly reports = new FolderStore(join(this.folder, 'reports-bucket'))
  #locator: Promise<Locator> | undefined

  /** @param reference folder of other reference data */
  constructor(reference = join(example, 'reference')) {
    this.reference = new FolderStore(reference)
  }

  /** Where the campaign lies, for the command line. */
  campaignFolder(campaign: string): string {
    return join(this.folder, 'intake-bucket/intake', campaign)
  }

  /** Uploads sessions of the example with its declaration. */
  async uploadExample(campaign: string, sessions: readonly string[] = exampleSessions): Promise<void> {
    await this.intake.write(`intake/${campaign}/declaration.yaml`, readFileSync(join(example, 'declaration.yaml')))
    for (const session of sessions)
      for (const path of filesBelow(join(example, session)))
        await this.intake.write(`intake/${campaign}/${relative(example, path)}`, readFileSync(path))
  }

  /**
   * Hands every object of the intake to ingest, in the order of the keys or another.
   *
   * @param seedKeys the example's where it is not given
   */
  async ingest(
    order: (keys: string[]) => string[] = (keys) => keys,
    seedKeys: SeedKeys | null = keysOf(exampleSecret),
  ): Promise<void> {
    const { intake, evidence } = this
    const limits = { bytes: 1 << 30, records: 1e9 }
    const tools = { intake, evidence, seedKeys, limits, time: new TimeLeft(() => 900_000) }
    for (const key of order([...(await this.intake.list('intake/'))])) {
      const facts = await this.intake.facts(key)
      if (facts) for await (const _ of ingestUpload(facts, tools));
    }
  }

  plan(campaign: string, execution: string, perBatch?: number, time = new Date('2014-11-12T06:00:00Z')) {
    return planAudit({ campaign, execution, time }, this, perBatch)
  }

  /** The batches of a plan, as the Distributed Map hands them out. */
  async batchesOf({ items }: PlannedAudit): Promise<Batch[]> {
    return (await readJson(this.evidence, items)) as Batch[]
  }

  weigh(planned: PlannedAudit, batch: Batch): Promise<string> {
    return weighBatch(planned.plan, batch, this.evidence, this.openLocator)
  }

  conclude(planned: PlannedAudit): Promise<ConcludedAudit> {
    return concludePlan(planned.plan, this, this.openLocator, retention)
  }

  readonly openLocator = (keys: readonly string[]): Promise<Locator> => {
    this.#locator ??= openReference(this.reference, { keys })
    return this.#locator
  }

  /** The whole audit, batches in the order given or another. */
  async audit(
    campaign: string,
    execution: string,
    { perBatch, time, order = (batches) => batches }: AuditOptions = {},
  ): Promise<ConcludedAudit> {
    const planned = await this.plan(campaign, execution, perBatch, time)
    for (const batch of order(await this.batchesOf(planned))) await this.weigh(planned, batch)
    return await this.conclude(planned)
  }

  /** A report's files by name. */
  async outputs({ report }: { readonly report: string }): Promise<Record<string, string>> {
    const files = OUTPUTS.map(async (name) => [name, text(await this.reports.read(report + name))] as const)
    return Object.fromEntries(await Promise.all(files))
  }
}

interface AuditOptions {
  readonly perBatch?: number
  readonly time?: Date
  readonly order?: (batches: Batch[]) => Batch[]
}

/**
 * What the command line makes of the same folder.
 *
 * @param seedKey the example's where it is not given, and none where it is null
 */
export async function auditedByCommandLine(
  campaign: string,
  reference = join(example, 'reference'),
  seedKey: string | null = exampleKeyFile,
): Promise<Record<string, string>> {
  const out = mkdtempSync(join(tmpdir(), 'report-'))
  await run([campaign], { out, reference, ...(seedKey === null ? {} : { seedKey }) }, memoryTerminal())
  return Object.fromEntries(OUTPUTS.map((name) => [name, readFileSync(join(out, name), 'utf8')]))
}

export const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
}
