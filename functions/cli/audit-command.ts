/** `domicile audit`: reads the evidence, runs the main flow, writes the report. */
import { auditCaptures } from '../audit.ts'
import { loadDeclaration } from '../declare/load.ts'
import { InputError } from '../errors.ts'
import type { Conclusion, Declaration, Micros, Report } from '../model.ts'
import { withoutDoubles } from '../observe/doubles.ts'
import { daysOf } from '../reference/list-snapshots.ts'
import { renderJson } from '../report/json.ts'
import { contentTypeOf, type Document, outputsOf } from '../report/outputs.ts'
import { renderSummary } from '../report/summary.ts'
import { type Campaign, surveyCampaign } from './campaign.ts'
import { acceptDocument, readText } from './documents.ts'
import { KeyLogs } from './key-log.ts'
import { findReference, loadReference } from './load-reference.ts'
import { observeAll } from './observe-pool.ts'
import { overwrittenCaptures } from './overwritten-captures.ts'
import { placeIn, readPlace, storeAt } from './places.ts'
import { progressOf } from './progress.ts'
import { type ReadingOptions, readingOf } from './reading-options.ts'
import { referenceNote } from './reference-note.ts'
import { givenSeedKey } from './seed-keys.ts'
import { explainSystemError } from './system-error.ts'
import type { ExitStatus, Terminal } from './terminal.ts'
import { parseTime } from './time-option.ts'

export interface AuditOptions extends ReadingOptions {
  readonly declaration?: string
  readonly reference?: string
  readonly out: string
  readonly asOf?: string
  /** Path of the key of the identifiers that were planted. */
  readonly seedKey?: string
  readonly json?: true
}

const statusOf: Readonly<Record<Conclusion, ExitStatus>> = { pass: 0, fail: 1, inconclusive: 3 }

/**
 * Audits the paths and writes the report into `options.out`.
 *
 * @throws InputError, DeclarationError or SnapshotError where there is nothing to judge, or nothing to judge it by
 */
export async function run(paths: readonly string[], options: AuditOptions, terminal: Terminal): Promise<ExitStatus> {
  const asOf = options.asOf === undefined ? undefined : parseTime('--as-of', options.asOf)
  const keyLogs = new KeyLogs()
  const seedKey = await givenSeedKey(options.seedKey, terminal.env)
  const given = { reading: await readingOf(options, keyLogs), keyLog: options.keys ?? null, seedKey }
  const campaign = await surveyCampaign(paths, given, keyLogs, terminal.err, options.declaration !== undefined)
  const declaration = await readDeclaration(options.declaration ?? campaign.declaration, asOf, terminal)
  const reference = options.reference ?? campaign.reference ?? undefined
  const place = await findReference(reference, terminal.env)
  const report = await judgeCampaign(paths, campaign, keyLogs, declaration, { given: reference, place }, asOf, terminal)
  await writeReport(options.out, report, campaign, options.declaration ?? campaign.declaration ?? '')
  if (options.json) await terminal.out(renderJson(report))
  else
    await terminal.out(
      `${renderSummary(report, { color: terminal.color })}\nReport: ${placeIn(options.out, 'report.html')}\n`,
    )
  return statusOf[report.conclusion]
}

async function judgeCampaign(
  paths: readonly string[],
  campaign: Campaign,
  keyLogs: KeyLogs,
  declaration: Declaration,
  reference: { readonly given: string | undefined; readonly place: string },
  asOf: Micros | undefined,
  terminal: Terminal,
): Promise<Report> {
  const progress = progressOf(terminal)
  const total = campaign.captures.length
  const { salts = [] } = declaration
  const captures = campaign.captures.map((capture) => {
    const seeds = campaign.seeds.get(capture.session)
    return seeds === undefined ? capture : { ...capture, planted: { seeds, salts } }
  })
  const observed = await observeAll(captures, (read) => progress.show(`reading captures: ${read} of ${total}`))
  for (const [i, { ledger, opened }] of observed.entries()) {
    const unused = keyLogs.unused(ledger.source, campaign.captures[i]?.reading.keyLog, opened)
    if (unused === null) continue
    progress.clear()
    terminal.err(`domicile audit: ${unused}\n`)
  }
  progress.show('judging')
  const days = daysOf(withoutDoubles(observed))
  const locator = await loadReference(reference.given, terminal.env, { days })
  const overwritten = await overwrittenCaptures(paths, campaign.captures, observed, terminal.err)
  const report = auditCaptures([...observed, ...overwritten], {
    sessions: campaign.sessions,
    declaration,
    locator,
    ...(asOf === undefined ? {} : { asOf }),
  })
  progress.clear()
  const note = referenceNote(reference.place, campaign.reference, locator.snapshots, days)
  if (note !== null) terminal.err(`domicile audit: ${note}\n`)
  return report
}

/** Loads the declaration; warnings go to stderr. */
async function readDeclaration(
  path: string | null,
  asOf: Micros | undefined,
  terminal: Terminal,
): Promise<Declaration> {
  if (path === null)
    throw new InputError(
      'there is no declaration to judge by: name one with -d, or put declaration.yaml into the campaign folder',
    )
  const { declaration, faults } = loadDeclaration(await readText(path), path, asOf === undefined ? {} : { asOf })
  return acceptDocument(path, declaration, faults, terminal.err)
}

/** Writes every format; each file appears whole or not at all. */
async function writeReport(out: string, report: Report, campaign: Campaign, declaration: string): Promise<void> {
  const documents: Document[] = []
  for (const { path, source } of [...campaign.documents, { path: declaration, source: 'declaration.yaml' }])
    documents.push({ name: source, text: await readPlace(path) })
  const store = await storeAt(out)
  try {
    for (const [name, pieces] of outputsOf(report, documents)) {
      await store.write(name, pieces.map(bytesOf), { contentType: contentTypeOf(name) })
    }
  } catch (error) {
    throw new InputError(`writing the report to ${out}: ${explainSystemError(error)}`, { source: out })
  }
}

const bytesOf = (piece: string | Uint8Array) => (typeof piece === 'string' ? Buffer.from(piece) : piece)
