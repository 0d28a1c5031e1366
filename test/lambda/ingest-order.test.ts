/** The law of ingest: whatever the order, repetition and failure of deliveries, the same evidence stands in the end. */
import { gzipSync } from 'node:zlib'
import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ingestHandler } from '../../functions/lambda/ingest-messages.ts'
import type { Receipt } from '../../functions/lambda/receipt.ts'
import { readSessionFile } from '../../functions/lambda/session-file.ts'
import type { UploadedObject } from '../../functions/lambda/upload-events.ts'
import { contextWith, message, s3Event } from './s3-messages.ts'
import { type Failure, VersionedStore } from './versioned-store.ts'

const header = 'srcaddr dstaddr srcport dstport protocol packets bytes start end log-status\n'
const log = (host: number) =>
  `${header}10.0.0.5 203.0.113.${host} 40000 443 6 10 1000 1414799990 1414800000 OK\n10.0.0.5 203.0.113.${host} 40000 443 6 1 99 1414810000 1414810009 OK\n`
const session = (id: string) =>
  `apiVersion: domicile/v1\nkind: Session\nid: ${id}\nrig: { id: rig-1, clockErrorMs: 5 }\n`

/** What rigs upload, in order; a key that comes again is overwritten. */
const uploads: readonly (readonly [string, Uint8Array | string])[] = [
  ['intake/mi/day 1/session.yaml', session('day-1')],
  ['intake/mi/day 1/captures/a.log', log(1)],
  ['intake/mi/day 1/captures/ä b.log.gz', gzipSync(log(2))],
  ['intake/mi/day 1/captures/poison', 'not a capture'],
  ['intake/mi/day 1/captures/empty', ''],
  ['intake/mi/day-2/captures/a.log', log(1)],
  ['intake/mi/day-2/session.yaml', session('day-2')],
  ['intake/other/faulty/session.yaml', 'kind: Session\n'],
  ['intake/other/faulty/captures/a.log', log(3)],
  ['intake/other/no-session/captures/a.log', log(4)],
  ['intake/other/notes.txt', 'nothing'],
]
const overwritten: typeof uploads = [
  ...uploads,
  ['intake/mi/day 1/captures/a.log', log(5)],
  ['intake/mi/day-2/session.yaml', session('day-two')],
  ['intake/other/faulty/session.yaml', session('right')],
]

/** How deliveries may go: ranks that shuffle them, how many come twice, which writes fail, how many messages come at a time. */
const course = fc.record({
  ranks: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
  doubles: fc.array(fc.nat(13), { maxLength: 14 }),
  failures: fc.array(fc.tuple(fc.nat(60), fc.constantFrom<Failure>('before', 'after')), { maxLength: 8 }),
  batch: fc.integer({ min: 1, max: 6 }),
  eventsPerMessage: fc.integer({ min: 1, max: 3 }),
  /** Deliveries that come before everything is uploaded. */
  early: fc.nat(14),
})
type Course = typeof course extends fc.Arbitrary<infer T> ? T : never

const calm: Course = { ranks: [], doubles: [], failures: [], batch: 1, eventsPerMessage: 1, early: 0 }

async function run(list: typeof uploads, { ranks, doubles, failures, batch, eventsPerMessage, early }: Course) {
  const intake = new VersionedStore()
  const evidence = new VersionedStore()
  for (const [nth, failure] of failures) evidence.failAt(nth, failure)
  const logger = new Logger({ logLevel: 'SILENT' })
  const metrics = new Metrics({ namespace: 'Test' })
  Object.assign(metrics, { console: { log: () => {}, warn: () => {} } })
  const limits = { bytes: 1e6, records: 1e6 }
  const handler = ingestHandler({ bucket: 'intake', intake, evidence, seedKeys: null, limits, logger, metrics })
  const deliver = async (events: readonly UploadedObject[]) => {
    let waiting = []
    for (let at = 0; at < events.length; at += eventsPerMessage)
      waiting.push(message({ Records: events.slice(at, at + eventsPerMessage).map((event) => s3Event(event)) }))
    for (let delivery = 0; waiting.length > 0; delivery++) {
      expect(delivery).toBeLessThan(200)
      const Records = waiting.slice(0, batch)
      const { batchItemFailures } = await handler({ Records }, contextWith())
      const failed = Records.filter(({ messageId }) => batchItemFailures.some((f) => f.itemIdentifier === messageId))
      waiting = [...waiting.slice(batch), ...failed]
    }
  }
  const put = ([key, content]: (typeof uploads)[number]) => intake.put(key, content)
  const first = list.slice(0, early).map(put)
  await deliver(first)
  const events = [...first, ...list.slice(early).map(put)]
  const all = [...events, ...doubles.flatMap((i) => events[i] ?? [])]
  const order = all.map((event, i) => ({ event, rank: ranks[i] ?? i })).sort((a, b) => a.rank - b.rank)
  await deliver(order.map(({ event }) => event))
  return { intake, evidence: withoutAttempts(evidence.content()) }
}

/** Attempts are no evidence: there are as many as were made. */
const withoutAttempts = (content: Record<string, string>) =>
  Object.fromEntries(Object.entries(content).filter(([key]) => !key.startsWith('attempts/')))

test('without overwriting, all evidence has the same keys and the same bytes', async () => {
  const expected = (await run(uploads, calm)).evidence
  const receipts = Object.keys(expected).filter((key) => key.startsWith('receipts/'))
  expect(receipts).toHaveLength(6)
  await fc.assert(
    fc.asyncProperty(course, async (any) => {
      expect((await run(uploads, any)).evidence).toEqual(expected)
    }),
    { numRuns: 40 },
  )
}, 120_000)

/** Receipts of what the intake holds now, and everything that they name. */
async function currentEvidence({ intake, evidence }: Awaited<ReturnType<typeof run>>) {
  const versions = new Set((await intake.listFacts('')).map(({ version }) => version))
  const current: Record<string, string | undefined> = {}
  for (const [key, text] of Object.entries(evidence)) {
    if (!key.startsWith('receipts/')) continue
    const receipt = JSON.parse(Buffer.from(text, 'latin1').toString('utf8')) as Receipt
    const file = await readSessionFile(intake, receipt.campaign, receipt.source.split('/')[0] ?? '')
    if (!versions.has(receipt.version) || file?.sha256 !== receipt.sessionSha256) continue
    const named = [receipt.ledger, receipt.quarantine, ...receipt.observations.map((one) => one.key)]
    for (const name of [key, ...named]) if (name !== null) current[name] = evidence[name]
  }
  return current
}

test('with overwriting, the evidence of what stands in the intake has; that of older versions may be there or not', async () => {
  const expected = await currentEvidence(await run(overwritten, calm))
  expect(Object.keys(expected).filter((key) => key.startsWith('receipts/'))).toHaveLength(6)
  expect(Object.values(expected)).not.toContain(undefined)
  const bytes = new Map<string, string>()
  await fc.assert(
    fc.asyncProperty(course, async (any) => {
      const ran = await run(overwritten, any)
      expect(await currentEvidence(ran)).toEqual(expected)
      // A key never has other bytes in another course of events.
      for (const [key, content] of Object.entries(ran.evidence)) {
        expect(content).toBe(bytes.get(key) ?? content)
        bytes.set(key, content)
      }
    }),
    { numRuns: 40 },
  )
}, 120_000)
