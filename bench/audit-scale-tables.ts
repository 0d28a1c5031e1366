/**
 * The tables of docs/decisions/0006-scale.md: `npx tsx bench/audit-scale-tables.ts` prints them, and test/docs/scale.test.ts
 * holds the page to them.
 */
import { fileURLToPath } from 'node:url'
import { breaksOf, conclusionOf, deployed, limits, measured, measuredCases, scaleOf } from './audit-scale-model.ts'

const whole = (value: number) => Math.round(value).toLocaleString('en')
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** What weighing a batch took, as Markdown. */
export function weighTable(): string {
  return table(
    [
      'observations a batch',
      'cases',
      'reading Parquet, s',
      'weighing, s',
      'writing the part, s',
      'part, MB',
      'peak, MiB',
    ],
    measured.weighed.map((run) => [
      whole(run.observations),
      whole(run.cases),
      run.read.toFixed(1),
      run.weigh.toFixed(1),
      run.write.toFixed(1),
      (run.partBytes / 1e6).toFixed(1),
      whole(run.peakMiB),
    ]),
  )
}

/** What concluding from parts took, as Markdown. */
export function concludeTable(): string {
  return table(
    [
      'parts',
      'cases of all parts',
      'findings',
      'reading parts, s',
      'concluding, s',
      'report.json, s',
      'report.json, MB',
      'peak, MiB',
    ],
    measured.concluded.map((run) => [
      whole(run.parts),
      whole(run.cases),
      whole(run.findings),
      run.parse.toFixed(1),
      run.conclude.toFixed(1),
      run.json.toFixed(1),
      (run.jsonBytes / 1e6).toFixed(1),
      whole(run.peakMiB),
    ]),
  )
}

const powers = [6, 7, 8, 9, 10]
const megabytes = (bytes: number) => (bytes < 1e6 ? '< 1' : whole(bytes / 1e6))
const duration = (seconds: number) => (seconds < 90 ? `${whole(seconds)} s` : `${whole(seconds / 60)} min`)

/** Planning and weighing 10^6 to 10^10 observations, as Markdown. */
export function scaleTable(): string {
  return table(
    [
      'observations',
      'captures',
      'plan',
      'plan.json and accounts, MB',
      'batches',
      `weighing, ${deployed.atATime} at a time`,
      `${whole(limits.atOnce)} at a time`,
      'Lambdas of it, $',
      'S3 requests',
      `a second, ${whole(limits.atOnce)} at a time`,
    ],
    powers.map((power) => {
      const scale = scaleOf(10 ** power)
      return [
        `10^${power}`,
        whole(scale.captures),
        duration(scale.planSeconds),
        `${megabytes(scale.planBytes)}, ${megabytes(scale.accountBytes)}`,
        whole(scale.batches),
        duration(scale.weighSeconds),
        duration(scale.weighSecondsAtMost),
        scale.weighDollars < 0.01 ? '< 0.01' : scale.weighDollars.toFixed(2),
        whole(scale.requests),
        whole(scale.requestsASecond),
      ]
    }),
  )
}

/** Concluding the same, as Markdown. @param cases distinct ones of the whole audit */
export function conclusionTable(cases: number): string {
  return table(
    ['observations', 'cases in all parts', 'memory, MiB', 'time', 'report.json, MB', 'what breaks'],
    powers.map((power) => {
      const conclusion = conclusionOf(10 ** power, cases)
      return [
        `10^${power}`,
        whole(conclusion.read),
        whole(conclusion.mebibytes),
        duration(conclusion.seconds),
        megabytes(conclusion.reportBytes),
        breaksOf(10 ** power, cases),
      ]
    }),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log([weighTable(), concludeTable(), scaleTable(), ...measuredCases().map(conclusionTable)].join('\n\n'))
