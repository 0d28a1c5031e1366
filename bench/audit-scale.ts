/**
 * Measures an audit that is divided among Lambdas, each share in a process of its own, and writes the figures to
 * bench/audit-scale.json: `npx tsx bench/audit-scale.ts`. The tables of docs/decisions/0006-scale.md are made from them by
 * bench/audit-scale-model.ts.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { addressCount } from './audit-data.ts'
import type { ConcludeMeasured, ScaleMeasured, WeighMeasured } from './audit-scale-model.ts'
import type { ConcludeRun, WeighRun } from './audit-scale-program.ts'
import { bundled } from './bundled.ts'
import { measure } from './measure.ts'

const root = resolve(import.meta.dirname, '..')
const runs = 2
const fileCount = 20
/** Files a batch: 50,000 observations to a million. */
const batchSizes = [1, 4, fileCount]
/** Addresses of a campaign whose devices do alike, and of one in which hardly two flows are the same. */
const shapes = [2_000, addressCount]

const program = await bundled('audit-scale-program')

const run = (args: readonly (string | number)[]) =>
  measure([process.execPath, program, ...args.map(String)], { keepOutput: true })

/** The fastest of several runs: other work on the machine only ever adds time. */
async function fastest<Run>(args: readonly (string | number)[], seconds: (run: Run) => number) {
  const results: (Run & { readonly peakMiB: number })[] = []
  for (let i = 0; i < runs; i++) {
    const { stdout, peakMiB } = await run(args)
    results.push({ ...(JSON.parse(stdout) as Run), peakMiB: Math.round(peakMiB) })
  }
  return results.reduce((a, b) => (seconds(b) < seconds(a) ? b : a))
}

const folder = mkdtempSync(join(tmpdir(), 'audit-scale-'))
const files = Array.from({ length: fileCount }, (_, n) => join(folder, `observations-${n}.parquet`))
const weighed: WeighMeasured[] = []
const concluded: ConcludeMeasured[] = []
try {
  for (const addresses of shapes) {
    await run(['prepare', addresses, ...files])
    for (const size of batchSizes) {
      const batch = ['weigh', join(folder, 'part-0.json'), ...files.slice(0, size)]
      const seconds = ({ read, weigh, write }: WeighRun) => read + weigh + write
      weighed.push({ addresses, ...(await fastest<WeighRun>(batch, seconds)) })
    }
    for (const size of batchSizes) {
      await run(['divide', size, ...files])
      const parts = files.filter((_, n) => n % size === 0).map((file) => `${file}.part`)
      concluded.push({
        addresses,
        parts: parts.length,
        ...(await fastest<ConcludeRun>(['conclude', ...parts], (r) => r.parse + r.conclude + r.json)),
      })
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const measured: ScaleMeasured = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0]?.model.trim()} × ${cpus().length}, Node ${process.versions.node}`,
  weighed: weighed.map(rounded),
  concluded: concluded.map(rounded),
}
writeFileSync(join(root, 'bench/audit-scale.json'), `${JSON.stringify(measured, null, 2)}\n`)
console.log(JSON.stringify(measured, null, 2))

/** Milliseconds are all that a noisy machine can say. */
function rounded<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Math.round(value * 1000) / 1000])) as Row
}
