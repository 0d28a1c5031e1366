/**
 * One Lambda's share of a divided audit, run in a process of its own; prints what it took as JSON.
 *
 *     prepare ADDRESSES FILE…   divides the benchmark's observations, over so many remote addresses, among files of Parquet
 *     weigh PART FILE…          reads files and weighs them as one batch, as audit-batch does
 *     divide SIZE FILE…         weighs so many files at a time, and writes each part beside its first file
 *     conclude PART…            reads parts and makes report.json's bytes, as conclude does
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { concludeAudit, weighObservations } from '../functions/audit.ts'
import { loadReference } from '../functions/cli/load-reference.ts'
import type { WeighedPart } from '../functions/judge/weighed-part.ts'
import type { Observation } from '../functions/model.ts'
import { readObservations, writeObservations } from '../functions/observe/parquet.ts'
import { reportBytes } from '../functions/report/json.ts'
import { auditData } from './audit-data.ts'

export interface WeighRun {
  readonly observations: number
  readonly cases: number
  readonly partBytes: number
  /** Until the databases are open, until observations are in memory, weighing, and writing the part. Seconds. */
  readonly open: number
  readonly read: number
  readonly weigh: number
  readonly write: number
}

export interface ConcludeRun {
  /** Cases of all parts together: a case that several parts hold counts several times. */
  readonly cases: number
  readonly partBytes: number
  readonly findings: number
  readonly jsonBytes: number
  /** Reading the parts, concluding, and writing report.json's bytes. Seconds. */
  readonly parse: number
  readonly conclude: number
  readonly json: number
}

function prepare(addresses: number, files: readonly string[]): void {
  const { observations } = auditData()
  const all = observations.map((row, i) => ({ ...row, remote: observations[i % addresses]?.remote ?? row.remote }))
  const each = all.length / files.length
  for (const [n, file] of files.entries()) writeFileSync(file, writeObservations(all.slice(n * each, (n + 1) * each)))
}

async function openLocator() {
  const locator = await loadReference(undefined, {})
  // An address of each family makes the databases open, which else are read when they are first asked.
  for (const ip of ['9.9.9.9', '2620:fe::fe']) locator.locate(ip, Date.UTC(2025, 5, 1) * 1000)
  return locator
}

async function weigh(partFile: string, files: readonly string[]): Promise<WeighRun> {
  const { declaration, sessions } = auditData(0)
  const lap = stopwatch()
  const locator = await openLocator()
  const open = lap()
  const observations: Observation[] = []
  for (const file of files) for (const row of await readObservations(readFileSync(file))) observations.push(row)
  const read = lap()
  const part = weighObservations({ declaration, sessions, locator, observations })
  const weighed = lap()
  const text = JSON.stringify(part)
  writeFileSync(partFile, text)
  const times = { open, read, weigh: weighed, write: lap() }
  return { observations: observations.length, cases: part.cases.location.length, partBytes: text.length, ...times }
}

async function divide(size: number, files: readonly string[]): Promise<void> {
  for (let from = 0; from < files.length; from += size)
    await weigh(`${files[from]}.part`, files.slice(from, from + size))
}

async function conclude(files: readonly string[]): Promise<ConcludeRun> {
  const { declaration, sessions, ledgers } = auditData(0)
  const locator = await openLocator()
  let cases = 0
  let partBytes = 0
  let parse = 0
  /** One after another, so that one part at a time is in memory. */
  function* parts() {
    for (const file of files) {
      const lap = stopwatch()
      const bytes = readFileSync(file)
      const part = JSON.parse(bytes.toString('utf8')) as WeighedPart
      partBytes += bytes.length
      cases += part.cases.location.length
      parse += lap()
      yield part
    }
  }
  const lap = stopwatch()
  const report = concludeAudit({ ledgers, sessions, declaration, locator }, parts())
  const concluded = lap() - parse
  const jsonBytes = reportBytes(report).reduce((sum, piece) => sum + piece.length, 0)
  return { cases, partBytes, findings: report.findings.length, jsonBytes, parse, conclude: concluded, json: lap() }
}

/** Seconds since it was last asked. */
function stopwatch(): () => number {
  let last = performance.now()
  return () => {
    const now = performance.now()
    const seconds = (now - last) / 1000
    last = now
    return seconds
  }
}

const [, , command, ...rest] = process.argv
const [first = '', ...files] = rest
if (command === 'prepare') prepare(Number(first), files)
if (command === 'weigh') console.log(JSON.stringify(await weigh(first, files)))
if (command === 'divide') await divide(Number(first), files)
if (command === 'conclude') console.log(JSON.stringify(await conclude(rest)))
