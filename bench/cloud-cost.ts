/**
 * What a month of Domicile on AWS costs, from a table of prices and from assumptions that are written down:
 * `npx tsx bench/cloud-cost.ts` prints what docs/deploy.md shows, and test/docs/deploy.test.ts holds the page to it.
 */
import { fileURLToPath } from 'node:url'
import { OBSERVATIONS_PER_BATCH } from '../functions/lambda/batches.ts'
import { SOURCES } from '../functions/reference/sources.ts'
import { type Priced, prices, pricesOf } from './aws-prices.ts'

/** What a month holds. The first column of the printed list is the sentence in docs/deploy.md. */
const assumed = {
  capturesASession: [2, 'captures a session'],
  mebibytesACapture: [50, 'MiB a capture, gzipped'],
  observationsACapture: [5_000, 'observations a capture'],
  bytesAnObservation: [50, 'bytes an observation as Parquet'],
  sessionsACampaign: [100, 'sessions a campaign at most, a schedule each'],
  auditsACampaign: [30, 'audits a campaign and month, each of all its sessions of that month'],
  mebibytesAReport: [4, 'MiB a report with every format'],
  monthsKept: [12, "months of captures, evidence and reports in store: the bill of the year's last month"],
  mebibytesAPart: [8, 'MiB a part of a multipart upload'],
  ingestMebibytesASecond: [10, 'MiB a second through ingest, after 1 s to start'],
  auditSecondsAMillion: [90, 'seconds to read and weigh a million observations, after 3 s to start'],
  secondsToPlanASession: [0.01, 'seconds of plan a session, after 2 s to start'],
  secondsToConclude: [20, 'seconds of conclude and of sign together'],
  requestsAKeyRequest: [100, 'S3 requests for one of KMS: buckets have bucket keys'],
  kibibytesOfLogs: [4, 'KiB of logs an invocation'],
  queries: [20, "queries by Athena a month, each over that month's observations"],
} as const satisfies Record<string, readonly [number, string]>

/** What stands in the stack whatever is uploaded: test/docs/deployed.test.ts counts it in the template. */
export const stack = { keys: 5, alarms: 16, metrics: 13, dashboards: 1 } as const
/** The metrics of refresh by source are there for an hour of a day, and are paid for by the hour. */
const metricsBySource = SOURCES.length / 24
/** Memory of the functions in GB; /tmp costs nothing up to the half that ingest has. */
export const gigabytes = {
  ingest: 1769 / 1024,
  plan: 1769 / 1024,
  batch: 1769 / 1024,
  conclude: 4,
} as const
/** Five pollers that wait twenty seconds each. */
const pollsOfIdleQueue = 5 * 3 * 60 * 24 * 30
/** refresh and watch, a day each; refresh takes a minute for all its sources. */
const dailyFunctions = { runs: 2 * 30, seconds: 30, gigabytes: 1 } as const

const a = Object.fromEntries(Object.entries(assumed).map(([name, [value]]) => [name, value])) as Readonly<
  Record<keyof typeof assumed, number>
>

/** Quantities, by what they are priced as. */
type Quantities = Partial<Record<Priced, number>>

/** Quantities of a month with so many sessions, by part of the bill. */
function quantitiesOf(sessions: number): Readonly<Record<string, Quantities>> {
  const captures = sessions * a.capturesASession
  const observations = captures * a.observationsACapture
  const campaigns = Math.ceil(sessions / a.sessionsACampaign)
  const audits = campaigns * a.auditsACampaign
  const batches = audits * Math.ceil(observations / campaigns / OBSERVATIONS_PER_BATCH)
  const captureGiB = (captures * a.mebibytesACapture) / 1024
  const evidenceGiB = (observations * a.bytesAnObservation) / 2 ** 30
  const reportGiB = (audits * a.mebibytesAReport) / 1024

  // A capture is sent in parts, beside the two requests that open and close an upload; its session.yaml is one more.
  const uploads = captures * (Math.ceil(a.mebibytesACapture / a.mebibytesAPart) + 2) + sessions
  const ingests = captures + sessions
  // Observations of two dates, the ledger and the receipt.
  const evidencePuts = captures * 4
  const ingestSeconds = captures * (1 + a.mebibytesACapture / a.ingestMebibytesASecond) + sessions

  const sessionsAudited = sessions * a.auditsACampaign
  // Of each session its session.yaml; of each capture receipt and ledger for plan, and two files of observations for a batch.
  const auditGets = sessionsAudited * (1 + a.capturesASession * 4) + batches * 4
  const auditPuts = audits * 10 + batches + Math.ceil(sessionsAudited / 500)
  const batchSeconds = batches * 3 + ((audits * observations) / campaigns / 1e6) * a.auditSecondsAMillion
  const planSeconds = audits * 2 + sessionsAudited * a.secondsToPlanASession
  const invocations = ingests + audits * 3 + batches + dailyFunctions.runs

  return {
    'what stands: keys, alarms, metrics, dashboard, an idle queue': {
      key: stack.keys,
      alarm: stack.alarms,
      metric: stack.metrics + metricsBySource,
      dashboard: stack.dashboards,
      queueRequest: pollsOfIdleQueue,
      lambdaRequest: dailyFunctions.runs,
      lambdaCompute: dailyFunctions.runs * dailyFunctions.seconds * dailyFunctions.gigabytes,
    },
    'uploading and ingest': {
      put: uploads + evidencePuts,
      get: ingests * 3,
      queueRequest: ingests * 3,
      lambdaRequest: ingests,
      lambdaCompute: ingestSeconds * gigabytes.ingest,
      keyRequest: (uploads + evidencePuts + ingests * 3) / a.requestsAKeyRequest,
    },
    // Glacier Instant Retrieval after the first month.
    'captures in store': {
      standardStorage: captureGiB,
      toGlacier: captures,
      glacierStorage: captureGiB * (a.monthsKept - 1),
    },
    'observations, ledgers and receipts in store': { standardStorage: evidenceGiB * a.monthsKept },
    audits: {
      schedule: audits,
      transition: audits * 8,
      expressRequest: batches,
      // Express workflows are charged by 64 MB.
      expressMemory: batchSeconds * 0.0625,
      lambdaRequest: audits * 3 + batches,
      lambdaCompute:
        batchSeconds * gigabytes.batch +
        planSeconds * gigabytes.plan +
        audits * a.secondsToConclude * gigabytes.conclude,
      get: auditGets,
      put: auditPuts,
      keyRequest: (auditGets + auditPuts) / a.requestsAKeyRequest,
      signature: audits,
      mail: audits,
    },
    'reports in store': { standardStorage: reportGiB * a.monthsKept },
    'logs, traces and queries': {
      trace: invocations,
      logs: (invocations * a.kibibytesOfLogs) / 2 ** 20,
      scanned: Math.max(evidenceGiB, 0.01) * a.queries,
    },
  }
}

const dollarsOf = (quantities: Quantities) =>
  Object.entries(quantities).reduce((sum, [name, quantity]) => sum + quantity * prices[name as Priced].dollars, 0)

/** Dollars a month, by part of the bill. */
export function monthlyCost(sessions: number): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(quantitiesOf(sessions)).map(([part, quantities]) => [part, dollarsOf(quantities)]),
  )
}

const shown = (dollars: number) =>
  dollars > 0 && dollars < 0.005
    ? '< 0.01'
    : dollars.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** The table of docs/deploy.md, as Markdown. */
export function costTable(months: readonly number[] = [1, 100, 10_000]): string {
  const bills = months.map(monthlyCost)
  const parts = Object.keys(bills[0] ?? {})
  const row = (name: string, of: (bill: Readonly<Record<string, number>>) => number) =>
    `| ${name} | ${bills.map((bill) => shown(of(bill))).join(' | ')} |`
  const sum = (bill: Readonly<Record<string, number>>) => Object.values(bill).reduce((x, y) => x + y, 0)
  return [
    `| US dollars a month, ${pricesOf.region} | ${months.map((n) => `${n.toLocaleString('en')} ${n === 1 ? 'session' : 'sessions'}`).join(' | ')} |`,
    `|---|${months.map(() => '--:|').join('')}`,
    ...parts.map((part) => row(part, (bill) => bill[part] ?? 0)),
    row('**together**', sum),
  ].join('\n')
}

/** The assumptions, as Markdown. */
export function assumptionList(): string {
  return Object.values(assumed)
    .map(([value, sentence]) => `- ${value.toLocaleString('en')} ${sentence}`)
    .join('\n')
}

/** The prices that were used, as Markdown. */
export function priceTable(): string {
  const used = new Set(Object.values(quantitiesOf(1)).flatMap((quantities) => Object.keys(quantities)))
  return [
    '| dollars | for one | source |',
    '|--:|---|---|',
    ...Object.entries(prices)
      .filter(([name]) => used.has(name))
      .map(([, { dollars, unit, source }]) => `| ${plain(dollars)} | ${unit} | <${source}> |`),
  ].join('\n')
}

/** Never 2e-7: a price is read by people. */
const plain = (dollars: number) => dollars.toFixed(12).replace(/\.?0+$/, '')

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log([costTable(), assumptionList(), priceTable()].join('\n\n'))
