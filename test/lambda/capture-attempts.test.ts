/** Captures that kill the function that reads them: no error, no end, no receipt. */
import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { SQSRecord } from 'aws-lambda'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { beginAttempt, killedAttempts } from '../../functions/lambda/capture-attempts.ts'
import { MOST_KILLED } from '../../functions/lambda/capture-limits.ts'
import { ingestHandler } from '../../functions/lambda/ingest-messages.ts'
import type { Quarantine } from '../../functions/lambda/quarantine.ts'
import type { Receipt } from '../../functions/lambda/receipt.ts'
import { contextWith, eventOf } from './s3-messages.ts'
import { VersionedStore } from './versioned-store.ts'

const log =
  'srcaddr dstaddr srcport dstport protocol packets bytes start end log-status\n' +
  '10.0.0.5 203.0.113.1 40000 443 6 10 1000 1414799990 1414800000 OK\n'
const session = 'apiVersion: domicile/v1\nkind: Session\nid: day-1\nrig: { id: rig-1, clockErrorMs: 5 }\n'
const place = 'intake/mi/day-1'
const minutes = 60_000

let intake: VersionedStore
let evidence: VersionedStore
/** Keys whose bytes kill whoever reads them. */
let heavy: Set<string>
let killed: () => void
/** Sources as they were read. */
let reads: string[]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2014, 10, 3) })
  intake = new VersionedStore()
  evidence = new VersionedStore()
  heavy = new Set()
  reads = []
  const { open } = intake
  intake.open = async function* (key, version) {
    if (key.includes('/captures/')) reads.push(key.slice(key.lastIndexOf('/') + 1))
    if (heavy.has(key)) {
      killed()
      await new Promise(() => {})
    }
    yield* open.call(intake, key, version)
  }
})
afterEach(() => void vi.useRealTimers())

/** Delivers a message. @returns whether it is done, sent back, or killed its function */
async function deliver(message: SQSRecord): Promise<'done' | 'again' | 'killed'> {
  const metrics = new Metrics({ namespace: 'Test' })
  Object.assign(metrics, { console: { log: () => {}, warn: () => {} } })
  const logger = new Logger({ logLevel: 'SILENT' })
  const limits = { bytes: 1e9, records: 1e9 }
  const handler = ingestHandler({ bucket: 'intake', intake, evidence, seedKeys: null, limits, logger, metrics })
  const death = new Promise<'killed'>((resolve) => {
    killed = () => resolve('killed')
  })
  const life = handler(
    { Records: [message] },
    contextWith(() => 15 * minutes),
  )
  return await Promise.race([death, life.then((end) => (end.batchItemFailures.length > 0 ? 'again' : 'done'))])
}

/** Delivers a message until it is done, as the queue does. @returns how often that took */
async function deliverUntilDone(message: SQSRecord): Promise<number> {
  for (let delivery = 1; ; delivery++) {
    if ((await deliver(message)) === 'done') return delivery
    expect(delivery).toBeLessThan(20)
    vi.setSystemTime(Date.now() + 20 * minutes)
  }
}

const only = (message: ReturnType<typeof eventOf>) => message.Records[0] as SQSRecord
const documents = <Document>(prefix: string): Document[] =>
  Object.entries(evidence.content())
    .filter(([key]) => key.startsWith(prefix))
    .map(([, text]) => JSON.parse(text))
const outcomes = () =>
  Object.fromEntries(documents<Receipt>('receipts/').map(({ source, outcome }) => [source.slice(-1), outcome]))

test('one that comes with its session does not keep the others from being read, and is given up', async () => {
  for (const file of ['a', 'b', 'c', 'd']) intake.put(`${place}/captures/${file}`, log)
  heavy.add(`${place}/captures/b`)
  const message = only(eventOf(intake.put(`${place}/session.yaml`, session)))
  expect(await deliver(message)).toBe('killed')
  vi.setSystemTime(Date.now() + 20 * minutes)
  expect(await deliver(message)).toBe('killed')
  expect(outcomes()).toEqual({ a: 'observed', c: 'observed', d: 'observed' })
  expect(reads).toEqual(['a', 'b', 'c', 'd', 'b'])
  vi.setSystemTime(Date.now() + 20 * minutes)
  expect(await deliverUntilDone(message)).toBe(MOST_KILLED - 1)
  expect(outcomes()).toEqual({ a: 'observed', b: 'quarantined', c: 'observed', d: 'observed' })
  expect(documents<Quarantine>('quarantine/')).toMatchObject([{ reason: 'too-heavy', ledger: null, version: 'v2' }])
})

test('one that comes after its session is given up in as many deliveries as a message has', async () => {
  intake.put(`${place}/session.yaml`, session)
  const capture = intake.put(`${place}/captures/a`, log)
  heavy.add(capture.key)
  expect(await deliverUntilDone(only(eventOf(capture)))).toBe(MOST_KILLED + 1)
  expect(MOST_KILLED + 1).toBeLessThan(5)
  expect(outcomes()).toEqual({ a: 'quarantined' })
  // Uploaded again it is another version, and tried anew.
  heavy.clear()
  expect(await deliver(only(eventOf(intake.put(capture.key, log))))).toBe('done')
  expect(
    documents<Receipt>('receipts/')
      .map(({ outcome }) => outcome)
      .sort(),
  ).toEqual(['observed', 'quarantined'])
})

test('several of one session are all given up', async () => {
  for (const file of ['a', 'b', 'c', 'd']) heavy.add(intake.put(`${place}/captures/${file}`, log).key)
  heavy.delete(`${place}/captures/c`)
  const message = only(eventOf(intake.put(`${place}/session.yaml`, session)))
  expect(await deliverUntilDone(message)).toBe(3 * MOST_KILLED + 1)
  expect(outcomes()).toEqual({ a: 'quarantined', b: 'quarantined', c: 'observed', d: 'quarantined' })
})

test('what fails with a word is not counted as killed, however often', async () => {
  intake.put(`${place}/session.yaml`, session)
  const capture = intake.put(`${place}/captures/a`, log)
  const { open } = intake
  intake.open = async function* (key, version) {
    if (key === capture.key) throw new Error('S3 does not answer')
    yield* open.call(intake, key, version)
  }
  const message = only(eventOf(capture))
  for (let delivery = 0; delivery < 2 * MOST_KILLED; delivery++) {
    expect(await deliver(message)).toBe('again')
    vi.setSystemTime(Date.now() + 20 * minutes)
  }
  intake.open = open
  expect(await deliver(message)).toBe('done')
  expect(outcomes()).toEqual({ a: 'observed' })
})

test('an attempt that may still be under way is not counted as killed', async () => {
  const subject = { campaign: 'mi', source: 'day-1/captures/a', version: 'v1', sessionSha256: 'f' }
  const deadline = new Date(Date.now() + 15 * minutes)
  await beginAttempt(evidence, subject, deadline)
  const end = await beginAttempt(evidence, subject, deadline)
  expect(await killedAttempts(evidence, subject, new Date())).toBe(0)
  expect(await killedAttempts(evidence, subject, new Date(deadline.getTime() + 1))).toBe(2)
  await end()
  expect(await killedAttempts(evidence, subject, new Date(deadline.getTime() + 1))).toBe(1)
  expect(await killedAttempts(evidence, { ...subject, version: 'v2' }, new Date(deadline.getTime() + 1))).toBe(0)
})
