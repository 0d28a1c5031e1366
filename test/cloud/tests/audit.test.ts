/** From the rigs' uploads to a signed and locked report, which is the command line's to the byte. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HeadObjectCommand } from '@aws-sdk/client-s3'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { checkDeadLetters, checkIngestQueue } from '../../../functions/cli/deployment/queues.ts'
import { S3Store } from '../../../functions/store/s3-store.ts'
import { Cloud } from '../cloud.ts'
import { s3Client } from '../servers/ceph.ts'
import type { Execution } from '../states/execution.ts'
import { root } from '../template/root.ts'
import { readTemplate } from '../template/template.ts'
import { verifiedStatement } from './support/attestation.ts'
import { awaitIngest, prepareCampaign, put, randomNumbers, sessionUploads, shuffled } from './support/campaign.ts'
import { auditOnDisk } from './support/command-line.ts'
import { campaign, folder, seedKeyFile, sessions } from './support/example.ts'
import { listKeys } from './support/objects.ts'

const due = new Date('2014-11-12T06:00:00Z')
const place = 'reports/xiaomi-intl-2014/20141112T060000Z/'
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

let cloud: Cloud
let execution: Execution
let expected: ReadonlyMap<string, Buffer>

beforeAll(async () => {
  cloud = await Cloud.start(readTemplate(inject('template')), inject('server'))
  await prepareCampaign(cloud, folder, campaign)
  const random = randomNumbers(2014)
  for (const { name, rig } of shuffled(sessions, random)) {
    const client = s3Client(cloud.services.server, cloud.services.rigs.get(rig))
    for (const upload of sessionUploads(join(folder, name), `intake/${campaign}/${name}/`, random))
      await put(client, cloud.output('IntakeBucket'), upload)
  }
  await awaitIngest(cloud, 60_000)
  execution = await cloud.runSchedule(campaign, due)
  expected = await auditOnDisk(folder, seedKeyFile)
}, 180_000)
afterAll(() => cloud?.stop())

const report = (name: string) => cloud.read(cloud.output('ReportsBucket'), `${place}${name}`)

describe('the example of the Redmi 1S in the cloud', () => {
  it('is ingested and audited by its schedule', async () => {
    expect(execution.error).toBeNull()
    expect(execution.output).toMatchObject({ report: place })
    expect(await listKeys(cloud.s3, cloud.output('EvidenceBucket'), 'ledger/')).toHaveLength(sessions.length)
    expect(await listKeys(cloud.s3, cloud.output('EvidenceBucket'), 'quarantine/')).toEqual([])
  })

  it.each(['report.json', 'report.html', 'findings.csv', 'inventory.csv', 'manifest.json'])(
    "gives %s with the command line's bytes",
    async (name) => {
      expect((await report(name)).equals(expected.get(name) ?? Buffer.alloc(0))).toBe(true)
    },
  )

  it('looked for what was planted in August, with the key that KMS decrypted', async () => {
    const { inventory } = JSON.parse((await report('report.json')).toString())
    const kinds = inventory.map(({ data }: { data: string }) => data)
    expect(inventory.length).toBeGreaterThan(0)
    expect(kinds).toEqual(
      (JSON.parse((expected.get('report.json') ?? '{}').toString()).inventory as { data: string }[]).map(
        ({ data }) => data,
      ),
    )
    expect(cloud.services.calls.filter(({ action }) => action === 'kms:Decrypt').length).toBeGreaterThan(0)
  })

  it('locks everything of the report', async () => {
    const keys = await listKeys(cloud.s3, cloud.output('ReportsBucket'), place)
    expect(keys.map((key) => key.slice(place.length)).sort()).toEqual([
      'attestation.dsse.json',
      'findings.csv',
      'inventory.csv',
      'manifest.json',
      'report.html',
      'report.json',
    ])
    for (const Key of keys) {
      const facts = await cloud.s3.send(new HeadObjectCommand({ Bucket: cloud.output('ReportsBucket'), Key }))
      expect(facts.ObjectLockMode).toBe('GOVERNANCE')
      expect(facts.ObjectLockRetainUntilDate?.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000)
    }
  })

  it('signs what it wrote, so that openssl verifies it', async () => {
    const statement = verifiedStatement(await report('attestation.dsse.json'), cloud.services.signingKey.publicKey)
    expect(statement._type).toBe('https://in-toto.io/Statement/v1')
    const digests = Object.fromEntries(statement.subject.map(({ name, digest }) => [name, digest.sha256]))
    for (const [name, bytes] of expected)
      if (name in digests || name !== 'manifest.json') expect(digests[name]).toBe(sha256(bytes))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(statement.predicate.program).toEqual({ name: 'domicile', version })
    expect(statement.predicate.captures).toHaveLength(sessions.length)
  })

  it('is refused by openssl where the statement was changed', async () => {
    const envelope = JSON.parse((await report('attestation.dsse.json')).toString())
    const statement = Buffer.from(envelope.payload, 'base64')
      .toString()
      .replace(/[0-9a-f]{64}/, '0'.repeat(64))
    const changed = { ...envelope, payload: Buffer.from(statement).toString('base64') }
    expect(() => verifiedStatement(Buffer.from(JSON.stringify(changed)), cloud.services.signingKey.publicKey)).toThrow()
  })

  it('points at the newest report, and tells people of it', async () => {
    const latest = await cloud.read(cloud.output('ReportsBucket'), `latest/xiaomi-intl-2014/${campaign}.json`)
    expect(JSON.parse(latest.toString())).toMatchObject({ report: place })
    const told = cloud.services.topics.published.filter(({ topic }) => topic === cloud.output('ConclusionsTopicArn'))
    expect(told).toHaveLength(1)
  })

  it('writes nothing new where the schedule starts it twice', async () => {
    const before = await listKeys(cloud.s3, cloud.output('ReportsBucket'))
    const again = await cloud.runSchedule(campaign, due)
    expect(again.error).toBeNull()
    expect(again.output).toEqual(execution.output)
    expect(await listKeys(cloud.s3, cloud.output('ReportsBucket'))).toEqual(before)
  })
  it('leaves nothing in its queues, and deploy-check sees what is put among the dead letters', async () => {
    const { client } = cloud.services.queues
    const [queue, dead] = [cloud.output('IngestQueueUrl'), cloud.output('DeadLetterQueueUrl')]
    const look = async () => [
      await checkIngestQueue(client, queue, new S3Store(cloud.s3, cloud.output('IntakeBucket')), new Date()),
      await checkDeadLetters(client, { part: 'ingest', url: dead, paragraph: 'uploads-not-ingested' }),
    ]
    expect((await look()).map(({ outcome }) => outcome)).toEqual(['ok', 'ok'])
    await client.send(new SendMessageCommand({ QueueUrl: dead, MessageBody: '{}' }))
    const [, { outcome, says } = { outcome: '', says: '' }] = await look()
    expect(outcome).toBe('wrong')
    expect(says).toMatch(/^1 message in the dead-letter queue \S+: see docs\/runbook\.md#uploads-not-ingested$/)
    const gone = await checkDeadLetters(client, { part: 'ingest', url: `${dead}-gone`, paragraph: '' })
    expect(gone.says).toMatch(/^there is no queue \S+-gone: deploy again$/)
  })
})
