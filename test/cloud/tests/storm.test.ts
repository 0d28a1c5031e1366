/** Hundreds of captures twice and in any order, poison among them, functions that die, a server that goes away: nothing is lost. */
import { rmSync } from 'node:fs'
import type { S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { Cloud } from '../cloud.ts'
import { restartS3, s3Client } from '../servers/ceph.ts'
import { readQueue } from '../servers/queues.ts'
import type { Execution } from '../states/execution.ts'
import { readTemplate } from '../template/template.ts'
import { awaitIngest, filesOf, prepareCampaign, put, randomNumbers, shuffled, type Upload } from './support/campaign.ts'
import { auditOnDisk } from './support/command-line.ts'
import { storm as stormRig } from './support/example.ts'
import { listVersions, readDocuments } from './support/objects.ts'
import { makeStorm, type Storm } from './support/storm.ts'

/** Uploads at a time. */
const uploaders = 8
/** After so many uploads a function is killed at its work. */
const kills = [150, 500, 850]
const restartAfter = 400
const seed = Number(process.env.STORM_SEED ?? 1)

interface Receipt {
  readonly source: string
  readonly version: string
  readonly outcome: 'observed' | 'quarantined'
  readonly observations: readonly { readonly key: string }[]
}

let cloud: Cloud
let storm: Storm
let deadLetters: readonly string[]
let killed = 0
let receipts: readonly Receipt[]

beforeAll(async () => {
  storm = makeStorm()
  cloud = await Cloud.start(readTemplate(inject('template')), inject('server'))
  await prepareCampaign(cloud, storm.folder, stormRig.campaign)
  const start = performance.now()
  await uploadAll()
  await awaitIngest(cloud, 420_000)
  const seconds = (performance.now() - start) / 1000
  deadLetters = await readQueue(cloud.services.queues, cloud.output('DeadLetterQueueUrl'))
  receipts = await readAll<Receipt>('receipts/')
  await printFigures(seconds)
}, 600_000)

afterAll(async () => {
  await cloud?.stop()
  rmSync(storm.folder, { recursive: true })
})

/** Everything twice and mixed, while functions are killed and the server is restarted. */
async function uploadAll(): Promise<void> {
  const prefix = `intake/${stormRig.campaign}/`
  const files = filesOf(storm.folder, prefix).filter(({ key }) => /\/(captures\/|session\.yaml$)/.test(key))
  const uploads = shuffled([...files, ...files], randomNumbers(seed))
  const rig = s3Client(cloud.services.server, cloud.services.rigs.get(stormRig.rig))
  const disturbances: Promise<unknown>[] = []
  const disturb = (done: number) => {
    if (kills.includes(done)) disturbances.push(killAtWork())
    if (done === restartAfter) disturbances.push(restartS3(cloud.services.server, 1000))
  }
  let done = 0
  const upload = async () => {
    for (let next = uploads.shift(); next; next = uploads.shift()) {
      await putPatiently(rig, next)
      disturb(++done)
    }
  }
  await Promise.all(Array.from({ length: uploaders }, upload))
  await Promise.all(disturbances)
}

/** As a rig does: it tries again until the server has taken it. */
async function putPatiently(rig: S3Client, upload: Upload): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      return await put(rig, cloud.output('IntakeBucket'), upload)
    } catch (error) {
      if (attempt === 10) throw error
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
}

async function killAtWork(): Promise<void> {
  await vi.waitUntil(() => cloud.functionOf('IngestFunction').killOne(), { timeout: 30_000, interval: 5 })
  killed++
}

const readAll = <T>(prefix: string) => readDocuments<T>(cloud.s3, cloud.output('EvidenceBucket'), prefix)

async function printFigures(seconds: number): Promise<void> {
  const { invocations } = cloud.functionOf('IngestFunction')
  const rows = [
    ['captures', storm.captures.length, `${storm.poisoned.length} of them poisoned`],
    [
      'uploads',
      (await listVersions(cloud.s3, cloud.output('IntakeBucket'), 'intake/')).length,
      'versions in the intake',
    ],
    ['invocations', invocations.length, `${invocations.filter(({ answer }) => !answer.ok).length} of them failed`],
    ['killed at work', killed, 'and the S3 server restarted once'],
    ['receipts', receipts.length, `${receipts.filter(({ outcome }) => outcome === 'quarantined').length} quarantined`],
    ['dead letters', deadLetters.length, deadLetters.join(' ').slice(0, 500)],
    ['seconds', Math.round(seconds), 'from the first upload to the last receipt'],
  ]
  for (const [name, figure, remark] of rows)
    console.log(`${String(name).padEnd(16)}${String(figure).padStart(6)}  ${remark}`)
}

describe(`500 captures twice, in random order (seed ${seed})`, () => {
  it('were disturbed as planned', () => {
    expect(killed).toBe(kills.length)
    expect(storm.captures).toHaveLength(500)
    expect(storm.poisoned).toHaveLength(5)
  })

  it('have each a receipt of their current version', async () => {
    const current = (await listVersions(cloud.s3, cloud.output('IntakeBucket'), 'intake/')).filter(
      ({ IsLatest }) => IsLatest,
    )
    const receipted = new Set(receipts.map(({ source, version }) => `${source} ${version}`))
    const missing = current
      .map(({ Key = '', VersionId }) => `${Key.slice(`intake/${stormRig.campaign}/`.length)} ${VersionId}`)
      .filter((name) => name.includes('/captures/') && !receipted.has(name))
    expect(missing).toEqual([])
  })

  it('are each in observations exactly once, or in quarantine', async () => {
    const ledgers = await readAll<{ source: string }>('ledger/')
    const quarantined = await readAll<{ source: string }>('quarantine/')
    const good = storm.captures.filter((source) => !storm.poisoned.includes(source))
    expect(ledgers.map(({ source }) => source).sort()).toEqual([...good].sort())
    expect(quarantined.map(({ source }) => source).sort()).toEqual([...storm.poisoned].sort())
  })

  it('have observations that were written once, and that a receipt names', async () => {
    const named = new Set(receipts.flatMap(({ observations }) => observations.map(({ key }) => key)))
    const versions = await listVersions(cloud.s3, cloud.output('EvidenceBucket'), 'observations/')
    expect(versions.map(({ Key }) => Key).sort()).toEqual([...named].sort())
    expect(versions).toHaveLength(storm.captures.length - storm.poisoned.length)
  })

  it('leave no dead letter', () => {
    expect(deadLetters).toEqual([])
  })

  it("give the command line's report to the byte", async () => {
    const execution: Execution = await cloud.runSchedule(stormRig.campaign, new Date('2014-12-01T06:00:00Z'))
    expect(execution.error).toBeNull()
    const { report } = execution.output as { report: string }
    for (const [name, bytes] of await auditOnDisk(storm.folder)) {
      const stored = await cloud.read(cloud.output('ReportsBucket'), `${report}${name}`)
      expect({ name, equal: stored.equals(bytes) }).toEqual({ name, equal: true })
    }
  })
})
