/** The bench itself, by a stack of a few resources. */
import { verify } from 'node:crypto'
import { rmSync } from 'node:fs'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { Cloud } from '../cloud.ts'
import { restartS3 } from '../servers/ceph.ts'
import { encodeKey } from '../servers/notifications.ts'
import { depthOf, readQueue } from '../servers/queues.ts'
import { serveStateMachines } from '../servers/state-machines.ts'
import { listKeys } from './support/objects.ts'
import { tinyStack } from './support/tiny-stack.ts'

let cloud: Cloud
beforeAll(async () => {
  cloud = await Cloud.start(tinyStack(), inject('server'))
})
afterAll(async () => {
  await cloud?.stop()
  rmSync(cloud.template.folder, { recursive: true })
})

const put = (key: string) => cloud.s3.send(new PutObjectCommand({ Bucket: cloud.output('In'), Key: key, Body: 'x' }))
const seen = () => listKeys(cloud.s3, cloud.output('Out'), 'seen/')

describe('the test bench of the cloud', () => {
  it("hands an upload to the function in the shape of AWS's record", async () => {
    const key = 'in/rig 1/ü+(1).pcap'
    const { VersionId } = await put(key)
    await put('elsewhere/no.pcap')
    await vi.waitUntil(async () => (await seen()).length > 0, { timeout: 20_000, interval: 100 })
    expect(await seen()).toEqual([`seen/${key}`])
    const record = JSON.parse((await cloud.read(cloud.output('Out'), `seen/${key}`)).toString())
    expect(record).toMatchObject({
      bucket: { name: cloud.output('In') },
      object: {
        key: 'in/rig+1/%C3%BC%2B%281%29.pcap',
        size: 1,
        versionId: VersionId,
        eTag: expect.stringMatching(/^\w{32}$/),
      },
    })
  })

  it('starts and describes executions for a client of Step Functions, and refuses what it does not have', async () => {
    const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:m'
    const server = await serveStateMachines(machine, async (_, input) =>
      input === null
        ? { succeeded: false, output: null, error: 'Bad: no input', states: [] }
        : { succeeded: true, output: input, error: null, states: [] },
    )
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
    const client = new SFNClient({ endpoint: server.url, region: 'us-east-1', credentials })
    const run = async (input: string) => {
      const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: machine, input }))
      return await client.send(new DescribeExecutionCommand({ executionArn }))
    }
    expect(await run('{"campaign":"c"}')).toMatchObject({ status: 'SUCCEEDED', output: '{"campaign":"c"}' })
    expect(await run('null')).toMatchObject({ status: 'FAILED', cause: 'Bad: no input' })
    const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn: machine }))
    expect(executions.map(({ status }) => status)).toEqual(['FAILED', 'SUCCEEDED'])
    await expect(client.send(new ListStateMachinesCommand({}))).rejects.toThrow('the bench has no')
    const other = new StartExecutionCommand({ stateMachineArn: `${machine}2` })
    await expect(client.send(other)).rejects.toThrow('no state machine')
    await server.close()
  })

  it('writes keys as S3 does', () => {
    expect(encodeKey("a b/c+d!'()*~ä.gz")).toBe('a+b/c%2Bd%21%27%28%29*%7E%C3%A4.gz')
  })

  it('redelivers what failed, and gives it up into the dead-letter queue', async () => {
    await put('in/poison.pcap')
    await put('in/good.pcap')
    await vi.waitUntil(async () => (await depthOf(cloud.services.queues, cloud.output('Dead'))).waiting === 1, {
      timeout: 20_000,
      interval: 100,
    })
    expect(await readQueue(cloud.services.queues, cloud.output('Dead'))).toEqual([
      expect.stringContaining('in/poison.pcap'),
    ])
    expect(await seen()).toContain('seen/in/good.pcap')
  })

  it('delivers again what a killed function had', async () => {
    const ingest = cloud.functionOf('Ingest')
    await put('in/slow.pcap')
    await vi.waitUntil(() => ingest.killOne(), { timeout: 20_000, interval: 100 })
    await vi.waitUntil(async () => (await seen()).includes('seen/in/slow.pcap'), { timeout: 30_000, interval: 100 })
    expect(ingest.invocations.filter(({ answer }) => !answer.ok)).toHaveLength(1)
  })

  it('survives the restart of the S3 server', async () => {
    await put('in/before.pcap')
    await restartS3(cloud.services.server, 500)
    await put('in/after.pcap')
    const both = ['seen/in/before.pcap', 'seen/in/after.pcap']
    const missing = async () => {
      const keys = await seen()
      return both.filter((key) => !keys.includes(key))
    }
    await vi.waitUntil(async () => (await missing()).length === 0, { timeout: 30_000, interval: 100 })
  })

  it('walks the state machine: retries, batches from an object, choices, a signature', async () => {
    const { succeeded, output, error, states } = await cloud.execute(cloud.output('Machine'), { campaign: 'redmi' })
    expect(error).toBeNull()
    expect(succeeded).toBe(true)
    expect(states.filter((state) => state !== 'Add')).toEqual(['Prepare', 'Each', 'Enough?', 'Sign'])
    expect(output).toMatchObject({
      prepared: { key: 'items.json' },
      sums: [{ sum: 3, label: expect.stringMatching(/^redmi of [0-9a-f-]{36}$/) }, { sum: 7 }, { sum: 5 }],
    })
    const { signature } = (output as { signed: { Payload: { signature: string } } }).signed.Payload
    const valid = verify(
      'sha256',
      Buffer.from('redmi'),
      cloud.services.signingKey.publicKey,
      Buffer.from(signature, 'base64'),
    )
    expect(valid).toBe(true)
    expect(cloud.services.topics.published).toEqual([expect.objectContaining({ message: 'redmi' })])
  })
})
