/** Every call that the functions make, held against what their roles may do: on AWS nobody acts as the buckets' owner. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { isAllowed } from '../../infra/simulate.ts'
import type { Template as SimulatedTemplate } from '../../infra/template.ts'
import { Cloud } from '../cloud.ts'
import type { Call } from '../servers/calls.ts'
import { readTemplate, resourcesOf } from '../template/template.ts'
import { awaitIngest, prepareCampaign, put, randomNumbers, sessionUploads } from './support/campaign.ts'
import { campaign, folder, sessions } from './support/example.ts'
import { requestsOf, roleOf } from './support/permissions.ts'

let cloud: Cloud

/** Whatever a handler can be asked: captures that come and do not, that can and cannot be read, twice, and at two times. */
beforeAll(async () => {
  cloud = await Cloud.start(readTemplate(inject('template')), inject('server'))
  await prepareCampaign(cloud, folder, campaign)
  const Bucket = cloud.output('IntakeBucket')
  const upload = (key: string, text: string) => put(cloud.s3, Bucket, { key, body: Buffer.from(text) })
  for (const { name } of sessions.slice(0, 2))
    for (const one of sessionUploads(join(folder, name), `intake/${campaign}/${name}/`, randomNumbers(1)))
      await put(cloud.s3, Bucket, one)
  await upload(`intake/${campaign}/${sessions[0]?.name}/captures/unlisted.pcap`, 'no capture')
  await upload(`intake/${campaign}/stray.txt`, 'no capture')
  await upload(`intake/${campaign}/faulty/session.yaml`, 'kind: Session')
  await awaitIngest(cloud, 60_000)
  for (const day of [12, 13, 13]) {
    const { error } = await cloud.runSchedule(campaign, new Date(Date.UTC(2014, 10, day)))
    expect(error).toBeNull()
  }
  const inTwoDays = new Date(Date.now() + 2 * 86_400_000).toISOString()
  await upload(`intake/${campaign}/late/session.yaml`, lateSession)
  for (const [output, event] of [
    ['RefreshFunction', {}],
    ['RefreshFunction', {}],
    ['WatchFunction', { at: inTwoDays }],
  ] as const) {
    const { answer } = await cloud.functionOf(output).invoke(event)
    expect(answer).toMatchObject({ ok: true })
  }
}, 180_000)
afterAll(() => cloud?.stop())

const lateSession = `apiVersion: domicile/v1
kind: Session
id: late
rig: { id: rig-late-01, clockErrorMs: 1000 }
device: { addresses: ["10.77.0.20"] }
captures: [captures/late.pcap]
steps:
  - { id: idle, from: 2014-11-10T00:00:00Z, until: 2014-11-11T00:00:00Z }
`

describe('the roles', () => {
  const distinct = () =>
    [...new Map(cloud.services.calls.map((call) => [JSON.stringify(call), call])).values()] as readonly Call[]

  it('of all functions, the state machine and the schedule are at work', () => {
    const callers = new Set(cloud.services.calls.map(({ caller }) => caller.slice(0, -8)))
    expect([...callers].sort()).toEqual([
      'AuditBatch',
      'AuditConclude',
      'AuditMachine',
      'AuditPlan',
      'AuditScheduleredmi1s',
      'AuditSign',
      'IngestFunction',
      'ReferenceFunction',
      'WatchFunction',
    ])
    const actions = new Set(cloud.services.calls.map(({ action }) => action))
    expect([...actions]).toEqual(expect.arrayContaining(['kms:Sign', 'sns:Publish', 's3:PutObjectRetention']))
  })

  it('may make every call that was made', async () => {
    const { template, services } = cloud
    const refused = new Set<string>()
    for (const call of distinct())
      for (const request of requestsOf(call, template, services.names)) {
        const role = roleOf(template, call.caller)
        if (!(await isAllowed(template as unknown as SimulatedTemplate, role, request)))
          refused.add(`${role}: ${request.action} on ${withoutIds(request.on)}`)
      }
    expect([...refused]).toEqual([])
  })

  it('in the closed network ask nobody but S3, and ingest KMS for a seed key', () => {
    const inside = resourcesOf(cloud.template, 'AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties.VpcConfig,
    )
    expect(inside).toHaveLength(4)
    const asked = cloud.services.calls.filter(({ caller }) => inside.some(([id]) => id === caller))
    const others = asked.filter(({ action }) => !action.startsWith('s3:'))
    expect([...new Set(others.map(({ caller, action }) => `${caller.slice(0, -8)} ${action}`))]).toEqual([
      'IngestFunction kms:Decrypt',
    ])
  })
})

/** Without what each run calls otherwise. */
const withoutIds = (key: string) => key.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}/g, '…')
