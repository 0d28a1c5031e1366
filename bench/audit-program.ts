/**
 * The audit benchmark's program, run in a process of its own: judges observations from memory, writes the report as text,
 * and prints how long each part took as JSON.
 */
import { createHash } from 'node:crypto'
import { loadReference } from '../functions/cli/load-reference.ts'
import { judge } from '../functions/judge/judge.ts'
import { refiner } from '../functions/locate/refine.ts'
import { composeReport } from '../functions/report/compose.ts'
import { renderFindingsCsv } from '../functions/report/findings-csv.ts'
import { renderHtml } from '../functions/report/html.ts'
import { reportBytes } from '../functions/report/json.ts'
import { auditData } from './audit-data.ts'

/** Seconds of one part of the work. `cpu` counts every thread of the process, the garbage collector's too. */
export interface Part {
  readonly wall: number
  readonly cpu: number
}

export interface AuditRun {
  readonly parts: Readonly<Record<'load' | 'judge' | 'compose' | 'json' | 'html' | 'csv', Part>>
  readonly findings: number
  readonly locations: number
  readonly jsonBytes: number
  /** SHA-256 of every format together: the same in every run. */
  readonly digest: string
}

const parts: Record<string, Part> = {}

async function timed<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const result = await work()
  const wall = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  parts[name] = { wall, cpu: (user + system) / 1e6 }
  return result
}

const { declaration, sessions, observations, ledgers } = auditData()
// An address of each family makes the databases open, which else are read when they are first asked.
const locator = await timed('load', async () => {
  const loaded = await loadReference(undefined, {})
  const at = observations[0]?.first ?? 0
  for (const ip of ['9.9.9.9', '2620:fe::fe']) loaded.locate(ip, at)
  return loaded
})
const judgement = await timed('judge', () => judge({ ledgers, observations, sessions, declaration, locator }, refiner))
const report = await timed('compose', () => composeReport({ ledgers, sessions, declaration, locator }, judgement))
const json = await timed('json', () => reportBytes(report))
const page = await timed('html', () => renderHtml(report))
const csv = await timed('csv', () => renderFindingsCsv(report))
const digest = createHash('sha256')
for (const piece of [...json, page, csv]) digest.update(piece)
const run = {
  parts,
  findings: report.findings.length,
  locations: report.locations.length,
  jsonBytes: json.reduce((sum, piece) => sum + piece.length, 0),
  digest: digest.digest('hex'),
}
console.log(JSON.stringify(run))
