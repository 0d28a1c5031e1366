import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Context } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Message } from '../../functions/lambda/announce.ts'
import { handler as auditBatch } from '../../functions/lambda/audit-batch.ts'
import { handler as conclude } from '../../functions/lambda/conclude.ts'
import {
  CONCLUSIONS_TOPIC_ARN,
  EVIDENCE_BUCKET,
  INTAKE_BUCKET,
  REFERENCE_BUCKET,
  REFRESH_FROM,
  REPORTS_BUCKET,
  RETENTION_DAYS,
  RETENTION_MODE,
  SIGNING_KEY_ID,
  WATCH_AFTER_HOURS,
} from '../../functions/lambda/environment.ts'
import type { Signature } from '../../functions/lambda/kms-signer.ts'
import { handler as plan } from '../../functions/lambda/plan.ts'
import { handler as refresh } from '../../functions/lambda/refresh.ts'
import { handler as sign } from '../../functions/lambda/sign.ts'
import { handler as watch } from '../../functions/lambda/watch.ts'
import type { FolderStore } from '../../functions/store/folder-store.ts'
import type { WriteOptions } from '../../functions/store/object-store.ts'
import { auditedByCommandLine, Buckets, exampleSessions } from './campaign-in-buckets.ts'

const cloud = vi.hoisted(() => {
  // Handlers make their logger when they are loaded.
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT'
  process.env.POWERTOOLS_METRICS_DISABLED = 'true'
  return { stores: {} as Record<string, FolderStore>, announced: [] as Message[] }
})
vi.mock('../../functions/lambda/buckets.ts', () => ({ bucket: (variable: string) => cloud.stores[variable] }))
vi.mock('../../functions/lambda/announce.ts', () => ({
  announceTo: () => async (message: Message) => void cloud.announced.push(message),
}))
vi.mock('../../functions/lambda/kms-signer.ts', () => ({
  signWith: (keyId: string) => async (): Promise<Signature> => ({ bytes: Buffer.from('signature'), keyId }),
}))

const context = { functionName: 'test', awsRequestId: 'request-1' } as Context
const buckets = new Buckets()

beforeAll(async () => {
  Object.assign(cloud.stores, {
    [INTAKE_BUCKET]: buckets.intake,
    [EVIDENCE_BUCKET]: buckets.evidence,
    [REFERENCE_BUCKET]: buckets.reference,
    [REPORTS_BUCKET]: buckets.reports,
  })
  await buckets.uploadExample('redmi-1s')
  await buckets.ingest()
})
afterAll(() => rmSync(buckets.folder, { recursive: true, force: true }))

beforeEach(() => {
  vi.stubEnv(RETENTION_MODE, 'COMPLIANCE')
  vi.stubEnv(RETENTION_DAYS, '10')
  vi.stubEnv(REPORTS_BUCKET, 'the-reports')
  vi.stubEnv(SIGNING_KEY_ID, 'arn:aws:kms:eu-central-1:1:key/1')
  vi.stubEnv(CONCLUSIONS_TOPIC_ARN, 'arn:aws:sns:eu-central-1:1:conclusions')
  cloud.announced.length = 0
  return () => vi.unstubAllEnvs()
})

describe('the handlers of an audit', () => {
  it('take each what the one before returned, and lock what they write', async () => {
    const locks: WriteOptions['retention'][] = []
    const write = buckets.reports.write.bind(buckets.reports)
    vi.spyOn(buckets.reports, 'write').mockImplementation((key, bytes, options) => {
      locks.push(options?.retention)
      return write(key, bytes, options)
    })
    const planned = await plan({ campaign: 'redmi-1s', execution: 'run', at: '2014-11-12T06:00:00Z' }, context)
    for (const batch of await buckets.batchesOf(planned)) await auditBatch({ plan: planned.plan, batch }, context)
    const concluded = await conclude(planned, context)
    expect(concluded).toMatchObject({ conclusion: 'fail', report: expect.stringMatching(/\/20141112T060000Z\/$/) })
    const expected = await auditedByCommandLine(buckets.campaignFolder('redmi-1s'))
    expect(await buckets.outputs(concluded)).toEqual(expected)
    expect(await sign(concluded, context)).toEqual({
      conclusion: 'fail',
      report: concluded.report,
      attestation: `${concluded.report}attestation.dsse.json`,
      sha256: concluded.sha256,
    })
    expect(cloud.announced.map(({ subject }) => subject)).toEqual(['Domicile: fail: redmi-1s, by xiaomi-intl-2014'])
    expect(cloud.announced[0]?.text).toContain(`Report: s3://the-reports/${concluded.report}report.html`)
    expect(locks.pop()).toBeUndefined()
    expect(locks).toHaveLength(6)
    for (const lock of locks) {
      expect(lock?.mode).toBe('COMPLIANCE')
      expect(((lock?.until.getTime() ?? 0) - Date.now()) / 86_400_000).toBeCloseTo(10, 1)
    }
  })

  it('bear the time of the first attempt where none is given', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000
    const first = await plan({ campaign: 'redmi-1s', execution: 'by hand' }, context)
    expect(Date.parse(first.time)).toBeGreaterThanOrEqual(before)
    expect(await plan({ campaign: 'redmi-1s', execution: 'by hand', at: null }, context)).toEqual(first)
  })

  it('are not of a time to come: such a report would stay the newest', async () => {
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
    await expect(plan({ campaign: 'redmi-1s', execution: 'early', at: at(6) }, context)).rejects.toThrow(
      /^planning the audit of redmi-1s: at is .* leave `at` out/,
    )
    expect(await buckets.evidence.list('audits/redmi-1s/early/')).toEqual([])
    expect(await plan({ campaign: 'redmi-1s', execution: 'early', at: at(4) }, context)).toMatchObject({ missing: 0 })
  })

  it.each([
    [RETENTION_MODE, 'NONE', 'RETENTION_MODE is "NONE": it is GOVERNANCE or COMPLIANCE'],
    [RETENTION_DAYS, '0', 'RETENTION_DAYS is "0"'],
    [RETENTION_DAYS, '', 'RETENTION_DAYS is not set'],
  ])('write nothing where %s is "%s"', async (name, value, message) => {
    vi.stubEnv(name, value)
    await expect(conclude({ plan: 'audits/redmi-1s/run/plan.json' }, context)).rejects.toThrow(message)
  })
})

describe('a wrong event', () => {
  const cases: [string, (event: unknown, context: Context) => Promise<unknown>, unknown, string][] = [
    ['plan', plan, {}, 'campaign: '],
    [
      'plan',
      plan,
      { campaign: 'a/b', execution: 'x' },
      'campaign: the name of a folder of the intake, without a slash',
    ],
    ['plan', plan, { campaign: 'a', execution: 'x', at: 'today' }, 'at: a time such as 2014-11-12T06:00:00Z'],
    ['plan', plan, null, 'the event: '],
    ['audit-batch', auditBatch, { plan: 'x' }, 'batch: '],
    ['audit-batch', auditBatch, { plan: 'x', batch: { number: 0, files: [] } }, 'batch.files: '],
    [
      'audit-batch',
      auditBatch,
      { plan: 'x', batch: { number: 0, files: [{ key: 'k', from: -1, until: 2, of: 2 }] } },
      'batch.files.0.from: ',
    ],
    ['conclude', conclude, { plan: '' }, 'plan: the key of the plan'],
    ['sign', sign, {}, 'campaign: '],
    ['sign', sign, { campaign: 'redmi-1s' }, 'report: '],
    ['refresh', refresh, { Records: [{ EventSource: 'aws:s3' }] }, ''],
    ['watch', watch, { at: 12 }, 'at: a time such as'],
  ]
  it.each(cases)('of %s is refused in words', async (name, handler, event, message) => {
    const failed = await handler(event, context).catch((error: Error) => error)
    expect(failed).toMatchObject({ name: 'InputError' })
    expect(String(failed)).toContain(`reading the event of ${name}: ${message}`)
    expect(String(failed)).toContain('Start it with an event such as {')
  })
})

describe('refresh', () => {
  const ranges = JSON.stringify({
    createDate: '2026-06-05-00-37-05',
    prefixes: [{ ip_prefix: '54.176.0.0/15', region: 'us-west-1', service: 'EC2', network_border_group: 'us-west-1' }],
    ipv6_prefixes: [],
  })
  const tags = JSON.stringify({ addresses: ['151.101.0.0/16'], ipv6_addresses: [] })
  const topic = { Records: [{ EventSource: 'aws:sns', Sns: { Message: '{"url":"http://evil.example/"}' } }] }
  const publisher = createServer((request, response) => {
    const body = { '/aws': ranges, '/fastly': tags }[request.url ?? '']
    response.writeHead(body === undefined ? 503 : 200).end(body)
  })
  let url = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}`
  })
  beforeEach(() => {
    cloud.stores[REFERENCE_BUCKET] = buckets.evidence
  })
  afterAll(() => {
    publisher.closeAllConnections()
    publisher.close()
  })
  const sourcesOf = async (event: unknown) => (await refresh(event, context)).refreshed.map(({ source }) => source)

  it.each([
    ['its schedule', {}, ['ranges/aws', 'ranges/fastly']],
    ['nothing', undefined, ['ranges/aws', 'ranges/fastly']],
    ["AWS's topic", topic, ['ranges/aws']],
  ])('fetches what the environment names when it is started by %s', async (_, event, sources) => {
    vi.stubEnv(REFRESH_FROM, `ranges/aws=${url}/aws ranges/fastly=${url}/fastly`)
    expect(await sourcesOf(event)).toEqual(sources)
    const [key] = await buckets.evidence.list('ranges/aws/2026-06-05.')
    expect(key).toBeDefined()
  })

  it('keeps what came, and then fails, naming what did not, so that it is tried again and somebody is told', async () => {
    vi.stubEnv(REFRESH_FROM, `ranges/aws=${url}/aws ranges/oracle=${url}/oracle ranges/google=${url}/fastly`)
    const before = await buckets.evidence.list('ranges/')
    const failed = refresh({}, context)
    await expect(failed).rejects.toThrow(/^2 of 3 sources not refreshed: /)
    await expect(failed).rejects.toThrow(
      /ranges\/oracle \(.*503.*ranges\/google \(.*Their snapshots stay as they were$/,
    )
    await expect(refresh({}, context)).rejects.toThrow(/^2 of 3/)
    expect(await buckets.evidence.list('ranges/')).toEqual(before)
  })

  it('says which variable is wrong', async () => {
    vi.stubEnv(REFRESH_FROM, 'https://mirror.example/')
    await expect(refresh({}, context)).rejects.toThrow(/REFRESH_FROM https:.*write SOURCE=URL/)
  })
})

describe('watch', () => {
  it('sends one message where captures are late, and none otherwise', async () => {
    const later = new Date(Date.now() + 30 * 3_600_000).toISOString()
    expect(await watch({ at: later }, context)).toEqual({ late: 0 })
    expect(cloud.announced).toEqual([])
    const [capture = ''] = await buckets.intake.list(`intake/redmi-1s/${exampleSessions[0]}/captures/`)
    rmSync(buckets.intake.pathOf(capture))
    vi.stubEnv(WATCH_AFTER_HOURS, '29')
    expect(await watch({ at: later }, context)).toEqual({ late: 1 })
    expect(cloud.announced.map(({ subject }) => subject)).toEqual(['Domicile: 1 capture has not come'])
  })
})
