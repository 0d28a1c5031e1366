import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { SQSEvent } from 'aws-lambda'
import { beforeEach, describe, expect, test } from 'vitest'
import { MARGIN_MS } from '../../functions/lambda/capture-limits.ts'
import { ingestHandler } from '../../functions/lambda/ingest-messages.ts'
import { METRICS_NAMESPACE } from '../../functions/lambda/metrics.ts'
import type { Quarantine } from '../../functions/lambda/quarantine.ts'
import type { Receipt } from '../../functions/lambda/receipt.ts'
import type { SeedKeys } from '../../functions/lambda/seed-keys.ts'
import type { Ledger } from '../../functions/model.ts'
import { evidenceId, ledgerKey } from '../../functions/observe/keys.ts'
import { readObservations, writeObservations } from '../../functions/observe/parquet.ts'
import { contextWith, eventOf, message, s3Event } from './s3-messages.ts'
import { VersionedStore } from './versioned-store.ts'

const header = 'srcaddr dstaddr srcport dstport protocol packets bytes start end log-status\n'
const row = (host: number) => `10.0.0.5 203.0.113.${host} 40000 443 6 10 1000 1414799990 1414800000 OK\n`
const log = (...hosts: number[]) => header + hosts.map(row).join('')
const sessionText = (id: string, captures: readonly string[] = []) =>
  `apiVersion: domicile/v1\nkind: Session\nid: ${id}\nrig: { id: rig-1, clockErrorMs: 5 }\ndevice: { addresses: ["10.0.0.5"] }\n` +
  (captures.length > 0 ? `captures:\n${captures.map((file) => `  - file: "${file}"\n`).join('')}` : '')
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')

/** Evidence is kept under hashes, whose order says nothing. */
const sorted = <T>(values: readonly T[]): T[] => [...values].sort()

let intake: VersionedStore
let evidence: VersionedStore
/** Everything that was logged, metrics too. */
let logged: string[]
const seedKeys: SeedKeys | null = null
let limits = { bytes: 1e9, records: 1e9 }

const output = () => {
  const write = (line: unknown) => void logged.push(String(line))
  return { log: write, info: write, warn: write, error: write, debug: write, trace: write }
}

function surroundings() {
  const logger = new Logger({ serviceName: 'ingest' })
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: 'ingest' })
  Object.assign(logger, { console: output() })
  Object.assign(metrics, { console: output() })
  return { bucket: 'intake', intake, evidence, seedKeys, limits, logger, metrics }
}

/** @returns how many messages are to come again */
async function deliver(event: SQSEvent, remainingMs?: () => number): Promise<number> {
  const { batchItemFailures } = await ingestHandler(surroundings())(event, contextWith(remainingMs))
  return batchItemFailures.length
}

/** Sum of a metric over everything that was logged. */
function counted(name: string): number {
  const values = logged.map((line) => JSON.parse(line)[name] as number | number[] | undefined)
  return values.flat().reduce<number>((sum, value) => sum + (value ?? 0), 0)
}

/** Everything in the evidence bucket but attempts: there are as many as were made. */
const content = () =>
  Object.fromEntries(Object.entries(evidence.content()).filter(([key]) => !key.startsWith('attempts/')))

const documents = <Document>(prefix: string): Document[] =>
  Object.entries(content())
    .filter(([key]) => key.startsWith(prefix))
    .map(([, text]) => JSON.parse(Buffer.from(text, 'latin1').toString('utf8')))
const receipts = () => documents<Receipt>('receipts/')
const quarantined = () => documents<Quarantine>('quarantine/')
const ledgers = () => documents<Ledger>('ledger/')

const place = 'intake/mi/day-1'
const putSession = (id = 'day-1', folder = place, captures: readonly string[] = []) =>
  intake.put(`${folder}/session.yaml`, sessionText(id, captures))
const putCapture = (content: string | Uint8Array, file = 'a.log', folder = place) =>
  intake.put(`${folder}/captures/${file}`, content)

beforeEach(() => {
  intake = new VersionedStore()
  evidence = new VersionedStore()
  logged = []
  limits = { bytes: 1e9, records: 1e9 }
})

describe('a capture that comes', () => {
  test('after its session.yaml gives observations, ledger and receipt', async () => {
    const session = putSession()
    const capture = putCapture(log(1, 2))
    expect(await deliver(eventOf(session, capture))).toBe(0)

    const id = evidenceId({
      sha256: sha256(log(1, 2)),
      source: 'day-1/captures/a.log',
      sessionSha256: sha256(sessionText('day-1')),
    })
    const file = `observations/campaign=mi/date=2014-10-31/${id}.parquet`
    expect(Object.keys(content())).toEqual([
      ledgerKey(id),
      file,
      expect.stringMatching(/^receipts\/mi\/[0-9a-f]{64}\.json$/),
    ])
    expect(ledgers()).toMatchObject([{ source: 'day-1/captures/a.log', session: 'day-1', used: 2, error: null }])
    expect(await readObservations(await evidence.read(file))).toMatchObject([
      { remote: '203.0.113.1', bytesOut: 1000 },
      { remote: '203.0.113.2' },
    ])
    expect(receipts()).toEqual([
      {
        campaign: 'mi',
        source: 'day-1/captures/a.log',
        version: capture.version,
        sessionSha256: sha256(sessionText('day-1')),
        size: capture.size,
        sha256: sha256(log(1, 2)),
        outcome: 'observed',
        ledger: ledgerKey(id),
        observations: [{ key: file, count: 2 }],
        quarantine: null,
        reason: null,
        error: null,
      },
    ])
    expect([counted('CapturesObserved'), counted('RecordsRead'), counted('ObservationsWritten')]).toEqual([1, 2, 2])
    expect(counted('IngestSeconds')).toBeGreaterThan(0)
  })

  test('before its session.yaml waits for it, and is ingested with it', async () => {
    const capture = putCapture(log(1))
    expect(await deliver(eventOf(capture))).toBe(0)
    expect(content()).toEqual({})
    expect(logged.join('')).toContain('waits for its session.yaml')
    expect(await deliver(eventOf(putSession()))).toBe(0)
    expect(receipts()).toMatchObject([{ version: capture.version, outcome: 'observed' }])
  })

  test('packed is seen through, and its fingerprint is that of what was uploaded', async () => {
    const packed = gzipSync(log(1, 2, 3))
    await deliver(eventOf(putSession(), putCapture(packed, 'a.log.gz')))
    expect(ledgers()).toMatchObject([{ records: 3, sha256: sha256(packed), size: packed.length }])
  })

  test('cut short is observed as far as it goes, with the error in ledger and receipt, as on the command line', async () => {
    const packed = gzipSync(log(...Array.from({ length: 250 }, (_, i) => i)), { level: 0 })
    await deliver(eventOf(putSession(), putCapture(packed.subarray(0, packed.length / 2))))
    const [ledger] = ledgers()
    expect(ledger?.records).toBeGreaterThan(50)
    expect(ledger?.error).toMatch(/cut short|ends/)
    expect(receipts()).toMatchObject([{ outcome: 'observed', error: ledger?.error }])
    expect(quarantined()).toEqual([])
  })

  test.each(['wlan 0+1.log', 'días/дом.log', '100%.log', '👩‍🔬&a=b;c#d?e.log'])(
    'as %s keeps its name',
    async (file) => {
      const folder = 'intake/mi cloud/день 1'
      await deliver(eventOf(putSession('day-1', folder), putCapture(log(1), file, folder)))
      expect(ledgers()).toMatchObject([{ source: `день 1/captures/${file}` }])
      const [receipt] = receipts()
      expect(receipt?.observations[0]?.key).toMatch(/^observations\/campaign=mi%20cloud\//)
      expect(receipt?.campaign).toBe('mi cloud')
    },
  )

  test('with a field order that its session.yaml gives is read by it', async () => {
    const text = `${sessionText('day-1', ['captures/a.log'])}    format: "srcaddr dstaddr srcport dstport protocol packets bytes start end log-status"\n`
    await deliver(eventOf(intake.put(`${place}/session.yaml`, text), putCapture(row(1))))
    expect(ledgers()).toMatchObject([{ records: 1, used: 1 }])
  })
})

describe('what comes again, or otherwise than it was sent', () => {
  test('twice changes nothing, and counts once', async () => {
    const event = eventOf(putSession(), putCapture(log(1)), putCapture('no capture', 'b.log'))
    await deliver(event)
    const before = content()
    await deliver({ Records: [...event.Records, ...event.Records].reverse() })
    expect(content()).toEqual(before)
    expect([counted('CapturesObserved'), counted('CapturesQuarantined')]).toEqual([1, 1])
  })

  test('the version of the event is read, and not the newest', async () => {
    putSession()
    const first = putCapture(log(1))
    const second = putCapture(log(2))
    await deliver(eventOf(second, first))
    expect(receipts().map(({ version, sha256 }) => [version, sha256])).toEqual(
      expect.arrayContaining([
        [first.version, sha256(log(1))],
        [second.version, sha256(log(2))],
      ]),
    )
  })

  test('a version that is gone is done, without a receipt and without another try', async () => {
    putSession()
    const capture = putCapture(log(1))
    intake.removeVersion(capture.key, capture.version)
    expect(await deliver(eventOf(capture))).toBe(0)
    expect(content()).toEqual({})
    expect(logged.join('')).toContain('deleted or overwritten since')
  })

  test('a store that cannot find what it lists as current is asked again', async () => {
    putSession()
    const capture = putCapture(log(1))
    const { open } = intake
    intake.open = async function* (key, version) {
      yield* open.call(intake, key, key === capture.key ? 'lost' : version)
    }
    expect(await deliver(eventOf(capture))).toBe(1)
    intake.open = open
    expect(await deliver(eventOf(capture))).toBe(0)
    expect(receipts()).toHaveLength(1)
  })

  test('a session.yaml that is overwritten has its captures ingested again, under the new one', async () => {
    const capture = putCapture(log(1))
    await deliver(eventOf(putSession('day-1'), capture))
    await deliver(eventOf(putSession('day-one')))
    expect(receipts().map(({ version }) => version)).toEqual([capture.version, capture.version])
    expect(sorted(ledgers().map(({ session }) => session))).toEqual(['day-1', 'day-one'])
  })

  test('a session.yaml that was overwritten meanwhile is not used any more', async () => {
    const old = putSession('day-1')
    putSession('day-one')
    putCapture(log(1))
    await deliver(eventOf(old))
    expect(ledgers()).toMatchObject([{ session: 'day-one' }])
  })

  test('a session.yaml that was deleted is done', async () => {
    const session = putSession()
    intake.remove(session.key)
    expect(await deliver(eventOf(session))).toBe(0)
    expect(content()).toEqual({})
  })

  test('the same bytes in two sessions are the evidence of both', async () => {
    const other = 'intake/mi/day-2'
    const uploads = [putSession(), putCapture(log(1)), putSession('day-2', other), putCapture(log(1), 'a.log', other)]
    await deliver(eventOf(...uploads))
    expect(sorted(ledgers().map(({ session }) => session))).toEqual(['day-1', 'day-2'])
    expect(new Set(receipts().flatMap(({ observations }) => observations.map(({ key }) => key))).size).toBe(2)
  })

  test('the same bytes uploaded again are one evidence with two receipts', async () => {
    await deliver(eventOf(putSession(), putCapture(log(1)), putCapture(log(1))))
    expect(ledgers()).toHaveLength(1)
    expect(receipts()).toHaveLength(2)
  })

  test('the same bytes that cannot be read, uploaded again, are in the quarantine once, and are counted once', async () => {
    await deliver(eventOf(putSession(), putCapture('no capture')))
    await deliver(eventOf(putCapture('no capture')))
    expect([quarantined().length, receipts().length, counted('CapturesQuarantined')]).toEqual([1, 2, 1])
  })

  test('a receipt counts the observations that stand, whoever wrote them', async () => {
    await deliver(eventOf(putSession(), putCapture(log(1, 2, 3))))
    const [{ key } = { key: '' }] = receipts()[0]?.observations ?? []
    const others = (await readObservations(await evidence.read(key))).slice(0, 2)
    await evidence.write(key, writeObservations(others))
    await deliver(eventOf(putCapture(log(1, 2, 3))))
    expect(sorted(receipts().flatMap(({ observations }) => observations.map(({ count }) => count)))).toEqual([2, 3])
  })
})

describe('what is no capture', () => {
  test('in a place of captures is quarantined with its ledger and an error, once', async () => {
    const capture = putCapture('a letter to Beijing\n', 'letter.txt')
    expect(await deliver(eventOf(putSession(), capture))).toBe(0)
    const [record, ...more] = quarantined()
    expect(more).toEqual([])
    expect(record).toMatchObject({
      campaign: 'mi',
      source: 'day-1/captures/letter.txt',
      reason: 'unreadable',
      sha256: sha256('a letter to Beijing\n'),
      version: null,
      ledger: { format: 'unknown', records: 0, source: 'day-1/captures/letter.txt', session: 'day-1' },
    })
    expect(record?.error).toMatch(/not a capture that is known/)
    expect(record?.ledger?.error).toBe(record?.error)
    expect(receipts()).toMatchObject([{ outcome: 'quarantined', ledger: null, observations: [], error: record?.error }])
    expect(Object.keys(content())).toContain(receipts()[0]?.quarantine)
    expect(counted('CapturesQuarantined')).toBe(1)
  })

  test('because it is empty is quarantined too', async () => {
    await deliver(eventOf(putSession(), putCapture('')))
    expect(quarantined()).toMatchObject([{ reason: 'unreadable', ledger: { size: 0 } }])
    expect(quarantined()[0]?.error).toMatch(/empty/)
  })

  test('never blocks others, of the same message or session', async () => {
    const uploads = [putSession(), putCapture('poison', '1.log'), putCapture(log(1), '2.log'), putCapture('', '3.log')]
    const event = { Records: [message({ Records: uploads.map((upload) => s3Event(upload)) })] }
    expect(await deliver(event)).toBe(0)
    expect([ledgers().length, quarantined().length, receipts().length]).toEqual([1, 2, 3])
  })

  test('and no place of the layout is passed over with a word', async () => {
    const names = [
      '',
      'day-1/captures/',
      'notes.txt',
      'day-1/wlan.pcap',
      'declaration.yaml',
      'day-1/captures/.DS_Store',
    ]
    putSession()
    const uploads = names.map((name) => intake.put(`intake/mi/${name}`, 'x'))
    expect(await deliver(eventOf(...uploads))).toBe(0)
    expect(content()).toEqual({})
    expect(logged.filter((line) => 'level' in JSON.parse(line))).toHaveLength(names.length)
    expect(counted('ObjectsIgnored')).toBe(2)
  })
})

describe('a session.yaml', () => {
  test('that is faulty is quarantined with every fault, and so are its captures, until a right one comes', async () => {
    const faulty = intake.put(`${place}/session.yaml`, 'apiVersion: domicile/v1\nkind: Session\nid: "?!"\nrigg: 1\n')
    const capture = putCapture(log(1))
    expect(await deliver(eventOf(faulty, capture))).toBe(0)
    expect(sorted(quarantined().map(({ source, reason }) => [source, reason]))).toEqual([
      ['day-1/captures/a.log', 'session'],
      ['day-1/session.yaml', 'session'],
    ])
    for (const { error } of quarantined()) expect(error).toMatch(/day-1\/session\.yaml:\d+:\d+: .*(\n.*)*rigg/)
    expect(counted('CapturesQuarantined')).toBe(2)
    await deliver(eventOf(putSession()))
    expect(sorted(receipts().map(({ outcome }) => outcome))).toEqual(['observed', 'quarantined'])
  })

  test('that is no text, or far too large, is faulty', async () => {
    for (const bytes of [Uint8Array.of(0xff, 0xfe, 0, 1), new Uint8Array(9 * 1024 ** 2)])
      expect(await deliver(eventOf(intake.put(`${place}/session.yaml`, bytes)))).toBe(0)
    expect(quarantined()).toMatchObject([{ reason: 'session' }, { reason: 'session' }])
  })

  test('that lists captures has those ingested, and the others quarantined', async () => {
    const listed = ['captures/a.log', './captures/.hidden.log']
    const session = putSession('day-1', place, listed)
    const uploads = [putCapture(log(1)), putCapture(log(2), '.hidden.log'), putCapture(log(3), 'b.log')]
    await deliver(eventOf(session, ...uploads))
    expect(sorted(ledgers().map(({ source }) => source))).toEqual([
      'day-1/captures/.hidden.log',
      'day-1/captures/a.log',
    ])
    expect(quarantined()).toMatchObject([{ source: 'day-1/captures/b.log', reason: 'unlisted', ledger: null }])
  })

  test('that names a key log has that capture wait for it, and no other', async () => {
    const listed = '  - { file: captures/a.log, keys: captures/tls.log }\n  - file: captures/b.log\n'
    const session = intake.put(`${place}/session.yaml`, `${sessionText('day-1')}captures:\n${listed}`)
    await deliver(eventOf(session, putCapture(log(1)), putCapture(log(2), 'b.log')))
    expect(ledgers().map(({ source }) => source)).toEqual(['day-1/captures/b.log'])
    await deliver(eventOf(putCapture(`CLIENT_RANDOM ${'01'.repeat(32)} ${'02'.repeat(48)}\n`, 'tls.log')))
    expect(sorted(ledgers().map(({ source }) => source))).toEqual(['day-1/captures/a.log', 'day-1/captures/b.log'])
    expect(quarantined()).toEqual([])
  })
})

describe('a limit', () => {
  test('of bytes is told from the event, without reading', async () => {
    limits = { ...limits, bytes: 100 }
    const capture = putCapture(log(1, 2, 3))
    expect(await deliver(eventOf(putSession(), capture))).toBe(0)
    expect(quarantined()).toMatchObject([{ reason: 'too-large', sha256: null, version: capture.version, ledger: null }])
    expect(quarantined()[0]?.error).toContain(`has ${capture.size} bytes, and the limit is 100`)
    expect(intake.opened.map(([key]) => key)).not.toContain(capture.key)
  })

  test('of records is exact', async () => {
    limits = { ...limits, records: 3 }
    await deliver(eventOf(putSession(), putCapture(log(1, 2, 3), 'a.log'), putCapture(log(1, 2, 3, 4), 'b.log')))
    expect(sorted(receipts().map(({ source, reason }) => [source, reason]))).toEqual([
      ['day-1/captures/a.log', null],
      ['day-1/captures/b.log', 'too-many-records'],
    ])
    expect(quarantined()[0]?.error).toContain('more than 3 records')
  })

  test('of records stops the reading, and the object is not read on', async () => {
    limits = { ...limits, records: 1000 }
    const large = gzipSync(header + row(7).repeat(600_000), { level: 1 })
    let chunks = 0
    const { open } = intake
    intake.chunkLength = 4096
    intake.open = async function* (key, version) {
      for await (const chunk of open.call(intake, key, version)) {
        chunks++
        yield chunk
      }
    }
    await deliver(eventOf(putSession(), putCapture(large)))
    expect(quarantined()).toMatchObject([{ reason: 'too-many-records', ledger: null }])
    expect(chunks).toBeLessThan(large.length / 4096 / 2)
  })

  test('of time is a quarantine for a capture that had the whole of it', async () => {
    const capture = putCapture(log(1, 2, 3))
    intake.chunkLength = 16
    let asked = 0
    const remaining = () => 900_000 - (asked++ < 3 ? 0 : 100_000 * asked)
    expect(await deliver(eventOf(putSession()), undefined)).toBe(0)
    evidence = new VersionedStore()
    expect(await deliver(eventOf(capture), remaining)).toBe(0)
    expect(quarantined()).toMatchObject([{ reason: 'too-slow', version: capture.version }])
    expect(quarantined()[0]?.error).toContain(`${MARGIN_MS / 1000} s before its end`)
  })

  test('of time that went by before its turn is not its fault', async () => {
    const session = putSession()
    for (const file of ['a.log', 'b.log']) putCapture(log(1), file)
    await deliver(eventOf(session))
    putCapture(log(2), 'c.log')
    // Until what is known has been looked for, an eighth of the time is gone; while the rest is read, all of it.
    const late = () =>
      intake.opened.at(-1)?.[0].endsWith('c.log') ? MARGIN_MS : evidence.looked > 0 ? 780_000 : 900_000
    evidence.looked = 0
    expect(await deliver(eventOf(session), late)).toBe(1)
    expect(quarantined()).toEqual([])
    expect(await deliver(eventOf(session))).toBe(0)
    expect(receipts().map(({ outcome }) => outcome)).toEqual(['observed', 'observed', 'observed'])
  })

  test('of time that others have used sends the message back, and no capture suffers for it', async () => {
    const session = putSession()
    const uploads = [putCapture(log(1), 'a.log'), putCapture(log(2), 'b.log'), putCapture(log(3), 'c.log')]
    const untilFirstReceipt = () => (receipts().length > 0 ? MARGIN_MS - 1 : 900_000)
    expect(await deliver(eventOf(...uploads), untilFirstReceipt)).toBe(2)
    expect(quarantined()).toEqual([])
    expect(await deliver(eventOf(session))).toBe(0)
    expect(receipts().map(({ outcome }) => outcome)).toEqual(['observed', 'observed', 'observed'])
  })
})

describe('what fails', () => {
  test('is the message, and no other', async () => {
    const event = eventOf(putSession(), putCapture(log(1)))
    const broken = [
      message('no json'),
      message({ Records: [s3Event(putCapture('x', 'other.log', 'elsewhere'), undefined, 'other')] }),
    ]
    expect(await deliver({ Records: [...broken, ...event.Records, message({ Event: 's3:TestEvent' })] })).toBe(2)
    expect(receipts()).toHaveLength(1)
  })

  test.each([0, 1, 2, 3])('at write %i is repaired by the next delivery, and counted at least once', async (nth) => {
    for (const failure of ['before', 'after'] as const)
      for (const bytes of [log(1), 'poison']) {
        intake = new VersionedStore()
        evidence = new VersionedStore()
        logged = []
        const event = eventOf(putSession(), putCapture(bytes))
        await deliver(event)
        const whole = content()
        evidence = new VersionedStore()
        evidence.failAt(nth, failure)
        logged = []
        await deliver(event)
        await deliver(event)
        expect(content()).toEqual(whole)
        expect(counted('CapturesObserved') + counted('CapturesQuarantined')).toBeGreaterThan(0)
      }
  })

  test('in reading the object is no fault of the capture', async () => {
    putSession()
    const capture = putCapture(log(1, 2))
    const { open } = intake
    intake.open = async function* (key, version) {
      yield* open.call(intake, key, version)
      if (key === capture.key) throw new Error('the connection broke')
    }
    expect(await deliver(eventOf(capture))).toBe(1)
    expect(content()).toEqual({})
    expect(logged.join('')).toContain('the connection broke')
  })
})

test('what is logged names the request, campaign, session and source, and nothing that a capture or its sender holds', async () => {
  const poison = 'version account-id 203.0.113.77 imei 356938035643809\n'
  const uploads = [
    putSession(),
    putCapture(log(1, 2)),
    putCapture(poison, 'b.log'),
    putCapture(gzipSync(poison), 'c.log'),
  ]
  await deliver({ Records: [...eventOf(...uploads).Records, message('10.0.0.5 says hello')] })
  const lines = logged.map((line) => JSON.parse(line))
  const about = { function_request_id: 'request-1', campaign: 'mi', session: 'day-1', service: 'ingest' }
  expect(lines).toContainEqual(
    expect.objectContaining({ ...about, source: 'day-1/captures/a.log', records: 2, observations: 2 }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({ ...about, source: 'day-1/captures/b.log', level: 'WARN', reason: 'unreadable' }),
  )
  expect(logged.join('\n')).not.toMatch(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|imei|account-id|356938035643809|hello/)
})
