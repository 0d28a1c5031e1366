/**
 * `npm run bench:cloud`: what the functions take under AWS's own runtime client on this machine: their start, an event when they
 * are started, and memory; and a flow log of 100 MB, packed, from the intake to its observations.
 *
 * It measures the code, and no cloud: Lambda's processors, its loading of code and S3's distance are others.
 */
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { Cloud } from './cloud.ts'
import { largeFlowLog } from './large-flow-log.ts'
import { ExecutionEnvironment, node } from './runtime/execution-environment.ts'
import type { Invocation, LambdaFunction } from './runtime/lambda-function.ts'
import { startS3, stopS3 } from './servers/ceph.ts'
import { synthesise } from './template/synthesise.ts'
import { readTemplate } from './template/template.ts'
import { awaitIngest, prepareCampaign, put, randomNumbers, sessionUploads } from './tests/support/campaign.ts'
import { audits, campaign, folder, rigs, sessions } from './tests/support/example.ts'
import { readDocuments } from './tests/support/objects.ts'

/** Starts of every function; the best counts, because other work on the machine only ever adds time. */
const rounds = 5
const limits = { initMs: 400, initWithDatabasesMs: 1200, ingestMiB: 512 }

/** Size of the large log, packed. */
const largeLog = 100 * 1024 ** 2
/** The middle of several durations. */
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const best = (values: readonly number[]) => Math.min(...values)
const ms = (value: number) => `${Math.round(value)} ms`

const scratch = mkdtempSync(join(tmpdir(), 'domicile-bench-'))
const stack = synthesise({ rigs, audits, seedKeys: false })
const server = await startS3()
const cloud = await Cloud.start(readTemplate(stack.template), server)
try {
  console.log(`Functions under ${node.includes('node-linux') ? 'Lambda’s Node 24' : node}, on ${cpus().length} cores`)
  await exerciseAll()
  for (const [id, one] of cloud.functions) await printFunction(id, one)
  await ingestLargeLog()
} finally {
  await cloud.stop()
  await stopS3(server)
  stack.remove()
  rmSync(scratch, { recursive: true })
}

/** The example, from its upload to its report, and whatever else has a function. */
async function exerciseAll(): Promise<void> {
  await prepareCampaign(cloud, folder, campaign)
  const random = randomNumbers(1)
  for (const { name } of sessions)
    for (const upload of sessionUploads(join(folder, name), `intake/${campaign}/${name}/`, random))
      await put(cloud.s3, cloud.output('IntakeBucket'), upload)
  await awaitIngest(cloud, 60_000)
  for (const day of [12, 13, 14]) {
    const { error } = await cloud.runSchedule(campaign, new Date(Date.UTC(2014, 10, day)))
    if (error) throw new Error(error)
  }
  for (const output of ['RefreshFunction', 'WatchFunction']) {
    const { answer } = await cloud.functionOf(output).invoke({})
    if (!answer.ok) throw new Error(`${output}: ${answer.payload.errorMessage}`)
  }
}

async function printFunction(id: string, one: LambdaFunction): Promise<void> {
  const starts: number[] = []
  for (let round = 0; round < rounds; round++) {
    const environment = await ExecutionEnvironment.start(one.code, () => {})
    starts.push(environment.initMs)
    await environment.stop()
  }
  const cold = one.invocations.filter(({ initMs }) => initMs !== null)
  const warm = one.invocations.filter(({ initMs }) => initMs === null)
  const durations = (of: readonly Invocation[]) =>
    of.length > 0 ? ms(median(of.map(({ durationMs }) => durationMs))) : '–'
  const peak = Math.max(...one.invocations.map(({ peakMiB }) => peakMiB))
  const opens = one.code.layers.length > 0
  const start = opens ? best(starts) + median(cold.map(({ durationMs }) => durationMs)) : best(starts)
  const limit = opens ? limits.initWithDatabasesMs : limits.initMs
  console.log(
    `${id.padEnd(28)} init ${ms(best(starts))}, first event ${durations(cold)}, later ${durations(warm)}, ` +
      `peak ${Math.round(peak)} of ${one.code.memoryMiB} MiB; ` +
      `${opens ? 'init and first event, with both databases' : 'init'} ${ms(start)} of ${limit} ms: ${verdict(start <= limit)}`,
  )
}

async function ingestLargeLog(): Promise<void> {
  const path = join(scratch, 'large.log.gz')
  const rows = await largeFlowLog(path, largeLog)
  const key = `intake/${campaign}/large/captures/large.log.gz`
  const body = `apiVersion: domicile/v1
kind: Session
id: large
rig: { id: gateway-sin-01, clockErrorMs: 1000 }
device: { addresses: ["10.77.0.20"] }
steps:
  - { id: idle, from: 2014-11-10T00:00:00Z, until: 2014-11-11T00:00:00Z }
`
  await put(cloud.s3, cloud.output('IntakeBucket'), {
    key: `intake/${campaign}/large/session.yaml`,
    body: Buffer.from(body),
  })
  await awaitIngest(cloud, 60_000)
  const ingest = cloud.functionOf('IngestFunction')
  await ingest.forgetIdle()
  const before = ingest.invocations.length
  await cloud.s3.send(
    new PutObjectCommand({ Bucket: cloud.output('IntakeBucket'), Key: key, Body: createReadStream(path) }),
  )
  await awaitIngest(cloud, 300_000)
  const [invocation, ...others] = ingest.invocations.slice(before)
  if (!invocation?.answer.ok || others.length > 0)
    throw new Error(`the large log failed: ${JSON.stringify(invocation)}`)
  await checkObserved('large/captures/large.log.gz', rows)
  const size = Math.round(statSync(path).size / 2 ** 20)
  console.log(
    `a flow log of ${size} MiB packed, ${rows} rows: ${(invocation.durationMs / 1000).toFixed(1)} s, ` +
      `peak ${Math.round(invocation.peakMiB)} of ${limits.ingestMiB} MiB: ${verdict(invocation.peakMiB <= limits.ingestMiB)}`,
  )
}

/** @throws Error unless every row of a capture was read */
async function checkObserved(source: string, rows: number): Promise<void> {
  const bucket = cloud.output('EvidenceBucket')
  const ledgers = await readDocuments<{ source: string; records: number; error: string | null }>(
    cloud.s3,
    bucket,
    'ledger/',
  )
  const ledger = ledgers.find((one) => one.source === source)
  if (ledger?.records === rows) return
  const quarantined = await readDocuments<{ error: string }>(cloud.s3, bucket, 'quarantine/')
  throw new Error(`reading ${rows} rows of ${source} gave ${JSON.stringify([ledger, quarantined])}`)
}

/** @returns the word, and remembers a failure for the exit status */
function verdict(holds: boolean): string {
  if (!holds) process.exitCode = 1
  return holds ? 'within' : 'MISSED'
}
