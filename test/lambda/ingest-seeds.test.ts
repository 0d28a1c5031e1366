import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { beforeEach, describe, expect, test } from 'vitest'
import { sealText } from '../../functions/declare/seal.ts'
import { ingestHandler } from '../../functions/lambda/ingest-messages.ts'
import { CAPTURES_UNSEARCHED, OBJECTS_IGNORED } from '../../functions/lambda/metrics.ts'
import type { Quarantine } from '../../functions/lambda/quarantine.ts'
import type { Receipt } from '../../functions/lambda/receipt.ts'
import { SeedKeys } from '../../functions/lambda/seed-keys.ts'
import { readObservations } from '../../functions/observe/parquet.ts'
import { openEnvelope } from '../../functions/seeds/envelope.ts'
import { keyFileOf, seedKeyOf } from '../../functions/seeds/seed-key.ts'
import { seedKeyPlace } from '../../functions/store/seed-key-place.ts'
import { root } from '../support/bundle.ts'
import { contextWith, eventOf } from './s3-messages.ts'
import { VersionedStore } from './versioned-store.ts'
import { exampleSecret, keysOf, unwrap, wrappedFile } from './wrapped-keys.ts'

const outOfTheBox = '2014-08-07-out-of-the-box'
const retest = '2014-08-14-updated-and-reset'
const other = new Uint8Array(32).fill(7)
const exampleKey = seedKeyOf(exampleSecret)

let intake: VersionedStore
let evidence: VersionedStore
/** Everything that was logged, metrics too. */
let logged: string[]

beforeEach(() => {
  intake = new VersionedStore()
  evidence = new VersionedStore()
  logged = []
})

/** The files of a session of the example by their paths. */
function filesOf(session: string): Map<string, Buffer> {
  const folder = join(root, 'examples/redmi-1s', session)
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = names.map(({ parentPath, name }) => join(parentPath, name))
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]))
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

/** The same session as `rig seal` leaves it. */
function sealed(files: Map<string, Buffer>): Map<string, Buffer> {
  const sealedAt = '2014-08-08T00:00:00Z'
  const listed = [...files].filter(([file]) => file !== 'session.yaml')
  const facts = listed.map(([file, bytes]) => ({ file, size: bytes.length, sha256: sha256(bytes) }))
  const text = `${files.get('session.yaml')}files: ${JSON.stringify(facts)}\nsealedAt: ${sealedAt}\n`
  const seal = sealText({ size: Buffer.byteLength(text), sha256: sha256(text) }, sealedAt)
  return new Map([...listed, ['seal.json', Buffer.from(seal)], ['session.yaml', Buffer.from(text)]])
}

/** The same session, whose capture is read with secrets of another connection. */
function withKeyLog(files: Map<string, Buffer>): Map<string, Buffer> {
  const entry = '- file: captures/rig-del-01.pcapng\n'
  const text = `${files.get('session.yaml')}`
  expect(text).toContain(entry)
  files.set('captures/tls-keys.log', Buffer.from(`CLIENT_RANDOM ${'01'.repeat(32)} ${'02'.repeat(48)}\n`))
  return files.set('session.yaml', Buffer.from(text.replace(entry, `${entry}    keys: captures/tls-keys.log\n`)))
}

/** Uploads files one after the other; each event is handled before the next upload. */
async function upload(files: Iterable<[string, Uint8Array]>, seedKeys: SeedKeys | null, folder = outOfTheBox) {
  const console = Object.fromEntries(
    ['log', 'info', 'warn', 'error', 'debug', 'trace'].map((level) => [
      level,
      (line: unknown) => logged.push(`${line}`),
    ]),
  )
  const logger = Object.assign(new Logger({ serviceName: 'ingest' }), { console })
  const metrics = Object.assign(new Metrics({ namespace: 'Domicile', serviceName: 'ingest' }), { console })
  const limits = { bytes: 1e9, records: 1e9 }
  const handler = ingestHandler({ bucket: 'intake', intake, evidence, seedKeys, limits, logger, metrics })
  let failures = 0
  for (const [file, bytes] of files) {
    const event = eventOf(intake.put(`intake/redmi-1s/${folder}/${file}`, bytes))
    failures += (await handler(event, contextWith())).batchItemFailures.length
  }
  return failures
}

const documents = <Document>(prefix: string): Document[] =>
  Object.entries(evidence.content())
    .filter(([key]) => key.startsWith(prefix))
    .map(([, text]) => JSON.parse(Buffer.from(text, 'latin1').toString('utf8')))
const receipts = () => documents<Receipt>('receipts/')
const quarantined = () => documents<Quarantine>('quarantine/')
const counted = (name: string) =>
  logged.map((line) => JSON.parse(line)[name] ?? 0).reduce((sum, value) => sum + Number(value), 0)

/** Kinds of what was found; null where nobody looked. */
async function found(): Promise<readonly string[] | null> {
  const kinds = new Set<string>()
  let looked = false
  for (const receipt of receipts())
    for (const { key } of receipt.observations)
      for (const { examined } of await readObservations(await evidence.read(key))) {
        looked ||= examined !== undefined
        for (const { kind } of examined?.hits ?? []) kinds.add(kind)
      }
  return looked ? [...kinds].sort() : null
}

/** Values that were planted. */
const planted = openEnvelope(filesOf(outOfTheBox).get('seeds.json.enc') ?? Buffer.alloc(0), exampleKey)

describe('a session with planted identifiers', () => {
  test('is observed with its key, opened once, and its documents are no captures', async () => {
    const store = new VersionedStore()
    store.put(seedKeyPlace(exampleKey.id), wrappedFile(exampleSecret))
    let asked = 0
    const keys = new SeedKeys(store, (bytes) => {
      asked++
      return unwrap(bytes)
    })
    for (const session of [outOfTheBox, retest]) expect(await upload(filesOf(session), keys, session)).toBe(0)
    expect(asked).toBe(1)
    expect(receipts().map(({ outcome, unsearched }) => [outcome, unsearched])).toEqual([
      ['observed', undefined],
      ['observed', undefined],
    ])
    expect(await found()).toEqual(expect.arrayContaining(['carrier', 'imei', 'phone']))
    expect(quarantined()).toEqual([])
    expect(counted(OBJECTS_IGNORED)).toBe(0)
    expect(counted(CAPTURES_UNSEARCHED)).toBe(0)
  })

  test('gives the same evidence whichever of its files comes last', async () => {
    const all: Record<string, string>[] = []
    for (const last of ['session.yaml', 'captures/tls-keys.log', 'captures/rig-del-01.pcapng', 'seeds.json.enc']) {
      ;[intake, evidence] = [new VersionedStore(), new VersionedStore()]
      const files = withKeyLog(filesOf(outOfTheBox))
      const bytes = files.get(last) ?? Buffer.alloc(0)
      files.delete(last)
      await upload(files, keysOf(exampleSecret))
      expect(receipts()).toEqual([])
      await upload([[last, bytes]], keysOf(exampleSecret))
      const content = Object.entries(evidence.content()).filter(([key]) => /^(observations|ledger)/.test(key))
      expect(receipts()).toHaveLength(1)
      all.push(Object.fromEntries(content))
    }
    for (const content of all) expect(content).toEqual(all[0])
  })

  const reasons: [string, () => SeedKeys | null, RegExp, number][] = [
    ['no keys are kept', () => null, /this deployment has no seed keys$/, 0],
    ['its key is not there', () => keysOf(other), /the seed key seeds\/\w{16}\.key is not there/, 1],
    [
      'another key has its name',
      () => misnamed(wrappedFile(other)),
      /is not what its name says: it is the key \w{16}/,
      1,
    ],
    ['its key lies there in clear', () => misnamed(keyFileOf(exampleSecret)), /in clear, and is not used/, 1],
    ['KMS cannot decrypt it', () => misnamed('kms:AAAA'), /KMS cannot decrypt it \(InvalidCiphertextException\)/, 1],
  ]
  test.each(reasons)('is observed without looking, and says so, where %s', async (_, keys, why, unsearched) => {
    expect(await upload(filesOf(outOfTheBox), keys())).toBe(0)
    const [receipt] = receipts()
    expect(receipt).toMatchObject({ outcome: 'observed', error: null })
    expect(receipt?.unsearched).toMatch(/^planted identifiers were not looked for: /)
    expect(receipt?.unsearched).toMatch(why)
    expect(await found()).toBeNull()
    expect(logged.filter((line) => line.includes('were not looked for'))).toHaveLength(1)
    expect(counted(CAPTURES_UNSEARCHED)).toBe(unsearched)
  })

  test('is observed without looking where its envelope was altered', async () => {
    const files = filesOf(outOfTheBox)
    const envelope = JSON.parse(`${files.get('seeds.json.enc')}`)
    const ciphertext = Buffer.from(envelope.ciphertext, 'base64')
    ciphertext[0] = (ciphertext[0] ?? 0) ^ 1
    files.set('seeds.json.enc', Buffer.from(JSON.stringify({ ...envelope, ciphertext: ciphertext.toString('base64') })))
    await upload(files, keysOf(exampleSecret))
    expect(receipts()[0]?.unsearched).toMatch(/was altered since it was sealed/)
    expect(await found()).toBeNull()
    expect(counted(CAPTURES_UNSEARCHED)).toBe(1)
  })

  test('comes again where the key service may answer the next time, and nothing of it is lost', async () => {
    const store = new VersionedStore()
    store.put(seedKeyPlace(exampleKey.id), wrappedFile(exampleSecret))
    const deaf = new SeedKeys(store, () => Promise.reject(new Error('AccessDeniedException')))
    expect(await upload(filesOf(outOfTheBox), deaf)).toBeGreaterThan(0)
    expect(receipts()).toEqual([])
    await upload([['session.yaml', filesOf(outOfTheBox).get('session.yaml') ?? Buffer.alloc(0)]], keysOf(exampleSecret))
    expect(receipts()).toHaveLength(1)
    expect(await found()).toContain('imei')
  })

  test('leaves no value of an identifier in any log, receipt, ledger or observation', async () => {
    await upload(filesOf(outOfTheBox), keysOf(exampleSecret))
    await upload(filesOf(outOfTheBox), keysOf(other), 'again')
    const written = [...logged, ...Object.values(evidence.content())].join('\n')
    expect(planted.length).toBeGreaterThan(3)
    for (const { kind, value } of planted.filter(({ kind }) => kind !== 'carrier'))
      expect(written.includes(value), kind).toBe(false)
  })
})

function misnamed(file: string): SeedKeys {
  const store = new VersionedStore()
  store.put(seedKeyPlace(exampleKey.id), file)
  return new SeedKeys(store, unwrap)
}

describe('a sealed session', () => {
  const capture = 'captures/rig-del-01.pcapng'
  const altered = (bytes: Buffer | undefined) => {
    const copy = Buffer.from(bytes ?? [])
    copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1
    return copy
  }

  test('is observed as it was sealed', async () => {
    await upload(sealed(filesOf(outOfTheBox)), keysOf(exampleSecret))
    expect(receipts()).toMatchObject([{ outcome: 'observed' }])
    expect(quarantined()).toEqual([])
  })

  test.each([
    ['of one bit', altered, /it was altered after it was sealed: captures\/rig-del-01\.pcapng was altered since/],
    ['in its size', (bytes: Buffer | undefined) => Buffer.from(bytes ?? []).subarray(1), /has \d+ bytes, and had \d+/],
  ])('has a capture quarantined that was altered %s', async (_, alter, why) => {
    const files = sealed(filesOf(outOfTheBox))
    files.set(capture, alter(files.get(capture)))
    await upload(files, keysOf(exampleSecret))
    expect(quarantined()).toMatchObject([{ source: `${outOfTheBox}/${capture}`, reason: 'altered' }])
    expect(quarantined()[0]?.error).toMatch(why)
    expect(await evidence.list('observations/')).toEqual([])
    // The file as the rig has it.
    await upload([[capture, sealed(filesOf(outOfTheBox)).get(capture) ?? Buffer.alloc(0)]], keysOf(exampleSecret))
    expect(receipts().map(({ outcome }) => outcome)).toContain('observed')
  })

  test('has a capture quarantined that was added', async () => {
    const files = sealed(filesOf(outOfTheBox))
    const text = `${files.get('session.yaml')}`.replace(
      /captures:\n( +)- /,
      `captures:\n$1- file: captures/b.pcapng\n$1- `,
    )
    expect(text).toContain('b.pcapng')
    files.set('session.yaml', Buffer.from(text))
    files.delete('seal.json')
    files.set('captures/b.pcapng', files.get(capture) ?? Buffer.alloc(0))
    await upload(files, keysOf(exampleSecret))
    expect(quarantined()).toMatchObject([{ source: `${outOfTheBox}/captures/b.pcapng`, reason: 'altered' }])
    expect(quarantined()[0]?.error).toContain('was not there when the session was sealed')
  })

  test('waits where session.yaml is not as it was sealed, in any order, and goes on with the right one', async () => {
    const files = sealed(filesOf(outOfTheBox))
    const right = files.get('session.yaml') ?? Buffer.alloc(0)
    files.set('session.yaml', Buffer.from(`${right}`.replace('Redmi 1S', 'Redmi 2S')))
    await upload(files, keysOf(exampleSecret))
    expect(receipts()).toEqual([])
    expect(quarantined()).toMatchObject([{ source: `${outOfTheBox}/session.yaml`, reason: 'altered' }])
    expect(quarantined()[0]?.error).toContain('not as it was sealed')
    await upload([['session.yaml', right]], keysOf(exampleSecret))
    expect(receipts()).toMatchObject([{ outcome: 'observed' }])
  })

  test('is taken up where its seal comes last, and refused where that is another’s', async () => {
    const files = sealed(filesOf(outOfTheBox))
    const seal = files.get('seal.json') ?? Buffer.alloc(0)
    const stale = Buffer.from(`${seal}`.replace(/[0-9a-f]{64}/, '0'.repeat(64)))
    files.delete('seal.json')
    await upload([['seal.json', stale], ...files], keysOf(exampleSecret))
    expect(receipts()).toEqual([])
    await upload([['seal.json', seal]], keysOf(exampleSecret))
    expect(receipts()).toMatchObject([{ outcome: 'observed' }])
  })

  test('has its captures observed without looking where the envelope is not the one that was sealed', async () => {
    const files = sealed(filesOf(outOfTheBox))
    files.set('seeds.json.enc', Buffer.concat([files.get('seeds.json.enc') ?? Buffer.alloc(0), Buffer.from('\n')]))
    await upload(files, keysOf(exampleSecret))
    expect(receipts()).toMatchObject([{ outcome: 'observed' }])
    expect(receipts()[0]?.unsearched).toMatch(/seeds\.json\.enc has \d+ bytes, and had \d+ when it was sealed$/)
  })
})

describe('a key log', () => {
  test('that is none has the capture quarantined, and no word of it told', async () => {
    const files = withKeyLog(filesOf(outOfTheBox))
    files.set('captures/tls-keys.log', Buffer.from('secret words\n'))
    await upload(files, keysOf(exampleSecret))
    expect(quarantined()).toMatchObject([{ source: `${outOfTheBox}/captures/rig-del-01.pcapng`, reason: 'session' }])
    expect(quarantined()[0]?.error).toContain('captures/tls-keys.log is no key log')
    expect([...logged, ...Object.values(evidence.content())].join()).not.toContain('secret words')
  })
})
