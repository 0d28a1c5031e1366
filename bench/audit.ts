/**
 * An audit of a million observations over a hundred thousand addresses: locate, judge, compose and write, from memory. Each
 * run has a bundled program and a process of its own, as users have; the best of several, because other work on the machine
 * only ever adds time.
 */
import { addressCount, observationCount } from './audit-data.ts'
import type { AuditRun } from './audit-program.ts'
import { bundled } from './bundled.ts'
import { measure } from './measure.ts'
import type { BenchRow } from './row.ts'

const runs = 3
/** The budget, in seconds. */
const allowed = 10

type Measured = AuditRun & { readonly peakMiB: number }

export async function benchAudit(): Promise<BenchRow[]> {
  const program = await bundled('audit-program')
  const results: Measured[] = []
  for (let run = 0; run < runs; run++) {
    const { stdout, peakMiB } = await measure([process.execPath, program], { keepOutput: true })
    results.push({ ...(JSON.parse(stdout) as AuditRun), peakMiB })
  }
  const audit = (run: AuditRun) => wallOf(run, ['load', 'judge', 'compose', 'json'])
  const best = results.reduce((a, b) => (audit(b) < audit(a) ? b : a))
  const written = audit(best) + wallOf(best, ['html', 'csv'])
  const counts = `${observationCount.toLocaleString('en')} observations, ${addressCount.toLocaleString('en')} addresses`
  const parts = Object.entries(best.parts)
    .map(([name, { wall }]) => `${name} ${wall.toFixed(2)}`)
    .join(', ')
  const row = (work: string, seconds: number, note: string): BenchRow => ({
    work,
    ours: `${seconds.toFixed(2)} s`,
    peer: `a budget of ${allowed} s`,
    ratio: allowed / seconds,
    floor: 1,
    note,
  })
  return [
    row(
      `audit of ${counts}: report.json as bytes`,
      audit(best),
      `databases opened within the time; ${best.findings} findings, ${Math.round(best.jsonBytes / 1e6)} MB; peak ${best.peakMiB.toFixed(0)} MiB, the observations included`,
    ),
    { ...row('the same with report.html and findings.csv', written, `seconds: ${parts}`), floor: null },
  ]
}

function wallOf({ parts }: AuditRun, names: readonly (keyof AuditRun['parts'])[]): number {
  return names.reduce((sum, name) => sum + parts[name].wall, 0)
}
