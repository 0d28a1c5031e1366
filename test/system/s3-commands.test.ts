/** The command line on buckets, as it is bundled: the same evidence gives the same bytes on a disk and in S3. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createS3Client } from '../../functions/store/s3-client.ts'
import { S3Store } from '../../functions/store/s3-store.ts'
import { root } from '../support/bundle.ts'
import { makeBucket, s3Endpoint, withoutS3 } from '../support/s3-server.ts'

const campaign = join(root, 'examples/redmi-1s')
/** Of what was planted in August. */
const seedKey = { DOMICILE_SEED_KEY_FILE: `${campaign}.seed-key` }

const domicile = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawnSync(process.execPath, [join(root, 'dist/domicile.js'), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 60_000,
    env: { ...process.env, ...seedKey, ...env },
  })

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

describe.skipIf(s3Endpoint === '')(`the command line on buckets${withoutS3}`, () => {
  let folder = ''
  let bucket = ''
  let store: S3Store
  /** A name that neither a URL nor a shell would leave as it is. */
  const place = () => `s3://${bucket}/test campaigns/रेडमी + 1S`

  const upload = async (from: string, to: string) => {
    for (const name of filesOf(from)) await store.write(`${to}/${name}`, readFileSync(join(from, name)))
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 's3-cli-'))
    bucket = await makeBucket()
    store = new S3Store(createS3Client(), bucket)
    await upload(campaign, 'test campaigns/रेडमी + 1S')
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('gives the same report of a campaign in a bucket as of the folder, to the byte, wherever it is written', async () => {
    const onDisk = domicile(['audit', campaign, '-o', join(folder, 'disk')])
    const inBucket = domicile(['audit', place(), '-o', `s3://${bucket}/reports/x`])
    expect(inBucket.stderr.replaceAll(place(), campaign)).toBe(onDisk.stderr)
    expect(inBucket.status).toBe(onDisk.status)
    expect(inBucket.stdout).toBe(
      onDisk.stdout.replace(join(folder, 'disk/report.html'), `s3://${bucket}/reports/x/report.html`),
    )
    expect(await store.list('reports/x/')).toEqual(filesOf(join(folder, 'disk')).map((name) => `reports/x/${name}`))
    for (const name of filesOf(join(folder, 'disk')))
      expect(Buffer.from(await store.read(`reports/x/${name}`)).equals(readFileSync(join(folder, 'disk', name)))).toBe(
        true,
      )
    const finding = /F-[0-9a-f]{8}/.exec(onDisk.stdout)?.[0] ?? 'F-00000000'
    expect(domicile(['explain', `s3://${bucket}/reports/x`, finding]).stdout).toBe(
      domicile(['explain', join(folder, 'disk'), finding]).stdout,
    )
  })

  it('takes declaration and reference data from a bucket where the captures are elsewhere', () => {
    const [session = ''] = readdirSync(campaign).filter((name) => /^\d{4}/.test(name))
    const captures = join(campaign, session, 'captures')
    const capture = join(captures, readdirSync(captures)[0] ?? '')
    const rest = (from: string) => ['-d', `${from}/declaration.yaml`, '-r', `${from}/reference`]
    const one = domicile(['audit', capture, ...rest(campaign), '-o', join(folder, 'one')])
    const two = domicile(['audit', capture, ...rest(place()), '-o', join(folder, 'two')])
    expect([two.status, two.stderr.replaceAll(place(), campaign)]).toEqual([one.status, one.stderr])
    expect(readFileSync(join(folder, 'two/report.json')).equals(readFileSync(join(folder, 'one/report.json')))).toBe(
      true,
    )
  })

  it('shows flows, observes, checks and lists snapshots from a bucket as from a disk', async () => {
    const name = filesOf(campaign).find((path) => path.includes('captures/')) ?? ''
    const session = `${name.split('/')[0]}/session.yaml`
    const same = (text: string) => text.replaceAll(place(), campaign)
    for (const args of [
      (at: string) => ['flows', `${at}/${name}`, '--session', `${at}/${session}`],
      (at: string) => ['check', `${at}/declaration.yaml`, `${at}/${session}`],
      (at: string) => ['locate', '54.183.1.1', '--at', '2014-11-03', '-r', `${at}/reference`],
      (at: string) => ['snapshots', 'list', '-r', `${at}/reference`],
    ]) {
      const [disk, inBucket] = [domicile(args(campaign)), domicile(args(place()))]
      expect([inBucket.status, same(inBucket.stdout), same(inBucket.stderr)]).toEqual([
        disk.status,
        disk.stdout,
        disk.stderr,
      ])
    }
    const observed = (at: string, out: string) =>
      domicile(['observe', `${at}/${name}`, '--session', `${at}/${session}`, '-o', out])
    const out = join(folder, 'evidence')
    expect(same(observed(place(), `s3://${bucket}/evidence`).stdout)).toBe(observed(campaign, out).stdout)
    expect(await store.list('evidence/')).toEqual(filesOf(out).map((path) => `evidence/${path}`))
    for (const path of filesOf(out))
      expect(Buffer.from(await store.read(`evidence/${path}`)).equals(readFileSync(join(out, path)))).toBe(true)
  })

  it('says what a session lists that is not in the bucket, and what lies there that no session claims', async () => {
    const broken = join(folder, 'broken')
    cpSync(campaign, broken, { recursive: true })
    const capture = filesOf(broken).find((path) => path.includes('captures/')) ?? ''
    mkdirSync(join(broken, 'stray'))
    cpSync(join(broken, capture), join(broken, 'stray/capture.bin'))
    const compare = async (prefix: string) => {
      await upload(broken, prefix)
      const [disk, inBucket] = [domicile(['audit', broken]), domicile(['audit', `s3://${bucket}/${prefix}`])]
      expect(disk.status).toBe(2)
      expect([inBucket.status, inBucket.stderr]).toEqual([
        2,
        disk.stderr.replaceAll(broken, `s3://${bucket}/${prefix}`),
      ])
    }
    await compare('stray')
    rmSync(join(broken, 'stray'), { recursive: true })
    rmSync(join(broken, capture))
    writeFileSync(join(broken, `${capture}.extra`), '')
    await compare('incomplete')
  })

  const noCredentials = {
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_PROFILE: '',
    AWS_CONFIG_FILE: '/nowhere',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  it.each([
    ['there is no such bucket', 's3://domicile-no-such-bucket/x', {}, /there is no such bucket/],
    ['the bucket has no such thing', 's3://BUCKET/nothing', {}, /is not there: name a campaign folder or log files/],
    ['the name is none of a bucket', 's3:///x', {}, /names no bucket/],
    ['access is denied', 's3://BUCKET/x', { AWS_SECRET_ACCESS_KEY: 'wrong' }, /secret key does not fit/],
    ['nobody knows who asks', 's3://BUCKET/x', { AWS_ACCESS_KEY_ID: 'nobody' }, /access key is not known/],
    ['there are no credentials', 's3://BUCKET/x', noCredentials, /there are no credentials/],
    ['nobody answers', 's3://BUCKET/x', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' }, /nobody answers/],
    [
      'no region is set',
      's3://BUCKET/x',
      { AWS_ENDPOINT_URL_S3: '', AWS_ENDPOINT_URL: '', AWS_REGION: '', AWS_DEFAULT_REGION: '', ...noCredentials },
      /no region is set/,
    ],
  ])('says in one line, with status 2, that %s', (_, url, env, message) => {
    const path = url.replace('BUCKET', bucket)
    for (const args of [
      ['audit', path],
      ['flows', path],
      ['audit', campaign, '-o', path],
    ]) {
      if (args.length > 2 && url.endsWith('nothing')) continue
      const run = domicile(args, env)
      if (args[0] === 'flows' && url.endsWith('nothing')) expect(run.stderr).toMatch(/there is no such object/)
      else expect(run.stderr).toMatch(message)
      expect(run.stderr.trim().split('\n')).toHaveLength(1)
      expect(run.status).toBe(2)
    }
  })
})
