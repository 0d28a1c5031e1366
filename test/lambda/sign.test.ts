import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../functions/lambda/announce.ts'
import { type SignTools, signReport } from '../../functions/lambda/sign-report.ts'
import { type Envelope, preAuthEncoding } from '../../functions/report/dsse.ts'
import { Buckets, example, OUTPUTS, retention } from './campaign-in-buckets.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const buckets = new Buckets()
let announced: Message[] = []
let signatures = 0
const tools: SignTools = {
  reports: buckets.reports,
  place: 's3://reports/',
  retention,
  sign: async (message) => {
    signatures++
    return { bytes: sign('sha256', message, privateKey), keyId: 'arn:aws:kms:eu-central-1:1:key/1' }
  },
  announce: async (message) => void announced.push(message),
}

const json = async (key: string) => JSON.parse(Buffer.from(await buckets.reports.read(key)).toString())
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const campaign = 'redmi-1s'
let folder = ''
let later = ''
beforeAll(async () => {
  await buckets.uploadExample('redmi-1s')
  await buckets.ingest()
  folder = (await buckets.audit('redmi-1s', 'one')).report
  later = (await buckets.audit('redmi-1s', 'two', { time: new Date('2014-11-13T06:00:00Z') })).report
})
afterAll(() => rmSync(buckets.folder, { recursive: true, force: true }))
beforeEach(() => {
  announced = []
  signatures = 0
})

describe('signing a report', () => {
  it('attests every file of it, so that a change shows', async () => {
    const signed = await signReport({ campaign, report: folder }, tools)
    expect(signed).toMatchObject({ conclusion: 'fail', report: folder })
    const envelope = (await json(signed.attestation)) as Envelope
    const payload = Buffer.from(envelope.payload, 'base64')
    const [{ keyid, sig } = { keyid: '', sig: '' }] = envelope.signatures
    expect(keyid).toBe('arn:aws:kms:eu-central-1:1:key/1')
    const message = preAuthEncoding('application/vnd.in-toto+json', payload)
    expect(verify('sha256', message, publicKey, Buffer.from(sig, 'base64'))).toBe(true)
    expect(verify('sha256', payload, publicKey, Buffer.from(sig, 'base64'))).toBe(false)

    const statement = JSON.parse(payload.toString())
    expect(statement).toMatchObject({ _type: 'https://in-toto.io/Statement/v1' })
    expect(statement.predicate).toMatchObject({ conclusion: 'fail', time: '2014-11-12T06:00:00.000Z' })
    const { captures, documents, snapshots } = statement.predicate
    const named = [...captures, ...documents].map(({ name }) => join(example, name))
    expect(named).toHaveLength(11 + 11 + 3 + 1)
    for (const [i, { digest }] of [...captures, ...documents].entries())
      expect(digest.sha256).toBe(sha256(readFileSync(named[i] ?? '')))
    const ranges = snapshots.filter(({ name }: { name: string }) => name === 'ranges/aws')
    expect(ranges.map(({ annotations }: { annotations: { date: string } }) => annotations.date)).toEqual([
      '2014-08-20',
      '2015-11-03',
    ])
    const subject = await Promise.all(
      [...OUTPUTS].sort().map(async (name) => {
        return { name, digest: { sha256: sha256(await buckets.reports.read(folder + name)) } }
      }),
    )
    expect(statement.subject).toEqual(subject)
  })

  it('says what has come of it in one message, and the same once more when it is done again', async () => {
    await signReport({ campaign, report: folder }, tools)
    const before = await buckets.reports.listFacts('')
    await signReport({ campaign, report: folder }, tools)
    expect(await buckets.reports.listFacts('')).toEqual(before)
    expect(signatures).toBe(0)
    expect(announced).toHaveLength(2)
    expect(announced[1]).toEqual(announced[0])
    expect(announced[0]).toMatchObject({
      subject: 'Domicile: fail: redmi-1s, by xiaomi-intl-2014',
      attributes: {
        conclusion: 'fail',
        campaign,
        declaration: 'xiaomi-intl-2014',
        report: `s3://reports/${folder}`,
      },
    })
    expect(announced[0]?.text).toMatch(
      /^fail\. 3 findings of the declaration being broken; 5 flows stood where it lets none go\./,
    )
    expect(announced[0]?.text).toContain('Findings: 3 in violation, 5 indeterminate, 15 compliant')
    expect(announced[0]?.text).toContain(`Report: s3://reports/${folder}report.html`)
  })

  it('gives SNS a subject that it takes, whatever the campaign is called', async () => {
    await signReport({ campaign: `Büro ${'x'.repeat(190)}`, report: folder }, tools)
    expect(announced[0]?.subject).toMatch(/^Domicile: fail: B\?ro x{78}$/)
  })

  it('points to the newest report, in whatever order they are signed', async () => {
    await signReport({ campaign, report: later }, tools)
    await signReport({ campaign, report: folder }, tools)
    expect(await json('latest/xiaomi-intl-2014/redmi-1s.json')).toEqual({
      schema: 'urn:domicile:schema:latest-v1',
      declaration: 'xiaomi-intl-2014',
      campaign,
      time: '2014-11-13T06:00:00.000Z',
      conclusion: 'fail',
      report: later,
      sha256: sha256(await buckets.reports.read(`${later}report.json`)),
    })
  })

  it('signs nothing that is not what its manifest says, and no other folder', async () => {
    const broken = 'reports/xiaomi-intl-2014/20141114T060000Z/'
    for (const name of OUTPUTS) await buckets.reports.write(broken + name, await buckets.reports.read(folder + name))
    await buckets.reports.write(`${broken}findings.csv`, Buffer.from('nothing found\r\n'))
    await expect(signReport({ campaign, report: broken }, tools)).rejects.toThrow(
      /findings\.csv has the SHA-256 .* it was changed/,
    )
    await expect(signReport({ campaign, report: 'reports/xiaomi-intl-2014/20141115T060000Z/' }, tools)).rejects.toThrow(
      'manifest.json',
    )
    for (const none of ['reports/', 'reports/x/20141315T060000Z/', 'latest/x/20141112T060000Z/', `${folder}x`])
      await expect(signReport({ campaign, report: none }, tools)).rejects.toThrow('it is no folder of a report')
    expect(announced).toEqual([])
    expect(signatures).toBe(0)
  })
})
