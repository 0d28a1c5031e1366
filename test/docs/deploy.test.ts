import { spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pricesOf } from '../../bench/aws-prices.ts'
import { assumptionList, costTable, monthlyCost, priceTable } from '../../bench/cloud-cost.ts'
import { root } from '../support/bundle.ts'

const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8')
const shellBlocks = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)

describe('what a deployment costs', () => {
  it('is in the page as it is computed, with its assumptions and prices', () => {
    for (const part of [costTable(), assumptionList(), priceTable()]) expect(page).toContain(`\n${part}\n`)
  })

  it('says of which day and region the prices are', () => {
    const [year, month, day] = pricesOf.date.split('-').map(Number)
    const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day)).toLocaleDateString('en-GB', {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZone: 'UTC',
    })
    expect(page).toContain(date)
    expect(page).toContain(`\`${pricesOf.region}\``)
  })

  it('never falls when there are more sessions', () => {
    const bills = [1, 10, 100, 1_000, 10_000].map(monthlyCost)
    for (const [i, bill] of bills.slice(1).entries())
      for (const [part, dollars] of Object.entries(bill)) expect(dollars).toBeGreaterThanOrEqual(bills[i]?.[part] ?? 0)
  })
})

const installed = spawnSync('bash', ['-c', 'command -v jq && command -v openssl && command -v sha256sum']).status === 0

describe.skipIf(!installed)('verifying a report as the page says', () => {
  const block = shellBlocks.find((text) => text.includes('openssl dgst')) ?? ''
  // The key comes from KMS in the first line; here it lies there already.
  const commands = `set -e\n${block.split('\n').slice(1).join('\n')}`
  let folder = ''

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deploy-'))
    const report = join(folder, 'report')
    const audit = [join(root, 'dist/domicile.js'), 'audit', 'examples/redmi-1s', '-o', report]
    spawnSync(process.execPath, audit, { cwd: root })
    // Made here from the two specifications, and not by the program, so that the page is held to them.
    const subject = readdirSync(report).map((name) => {
      const digest = {
        sha256: createHash('sha256')
          .update(readFileSync(join(report, name)))
          .digest('hex'),
      }
      return { name, digest }
    })
    const payload = Buffer.from(JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject, note: 'Füße' }))
    const type = 'application/vnd.in-toto+json'
    const signed = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload])
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const signatures = [{ keyid: 'key', sig: sign('sha256', signed, privateKey).toString('base64') }]
    const envelope = { payloadType: type, payload: payload.toString('base64'), signatures }
    writeFileSync(join(folder, 'key.der'), publicKey.export({ type: 'spki', format: 'der' }))
    writeFileSync(join(report, 'attestation.dsse.json'), JSON.stringify(envelope))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const verify = () => spawnSync('bash', ['-c', commands], { cwd: folder, encoding: 'utf8' })

  it('succeeds for a report that was signed', () => {
    const { status, stdout, stderr } = verify()
    expect(stderr).toBe('')
    expect(stdout.trim().split('\n')).toEqual([
      'Verified OK',
      ...['findings.csv', 'inventory.csv', 'manifest.json', 'report.html', 'report.json'].map((name) => `${name}: OK`),
    ])
    expect(status).toBe(0)
  })

  it('fails for a report that was changed', () => {
    const file = join(folder, 'report/report.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"conclusion":"fail"', '"conclusion":"pass"'))
    expect(verify().status).not.toBe(0)
  })

  it('fails for a statement that was changed', () => {
    const file = join(folder, 'report/attestation.dsse.json')
    const envelope = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({ ...envelope, payload: Buffer.from('{"subject":[]}').toString('base64') }))
    expect(verify().status).not.toBe(0)
  })
})

describe('presigning an upload as the page says', () => {
  it('gives a URL for that key and an hour, to which the uploader may add a checksum', () => {
    const block = shellBlocks.find((text) => text.includes('getSignedUrl')) ?? ''
    const program = /-e '\n(.*?)\n *' /s.exec(block)?.[1] ?? ''
    const key = 'intake/redmi-1s/session/captures/a.pcap'
    const environment = {
      INTAKE: 'bucket',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'A',
      AWS_SECRET_ACCESS_KEY: 'x',
    }
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', program, key], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...environment },
    })
    const url = new URL(run.stdout)
    expect(url.origin + url.pathname).toBe(`https://bucket.s3.eu-central-1.amazonaws.com/${key}`)
    expect(url.searchParams.get('X-Amz-Expires')).toBe('3600')
    expect([...url.searchParams.keys()].filter((name) => /checksum/i.test(name))).toEqual([])
  })
})
