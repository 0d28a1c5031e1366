/** SQS on 127.0.0.1, by fauxqs, with the queues of the template. */
import type { AddressInfo } from 'node:net'
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { Names } from '../template/names.ts'
import { region } from '../template/names.ts'
import { resourcesOf, type Template } from '../template/template.ts'

export interface QueueServer {
  readonly endpoint: string
  readonly client: SQSClient
  close(): Promise<void>
}

export async function serveQueues(): Promise<QueueServer> {
  // Not the package's own start: that listens on every interface.
  const { buildApp } = await import('../node_modules/fauxqs/dist/app.js')
  const app = buildApp({ logger: false })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const endpoint = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const client = new SQSClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    useQueueUrlAsEndpoint: false,
  })
  const close = async () => {
    client.destroy()
    app.server.closeAllConnections()
    await app.close()
  }
  return { endpoint, client, close }
}

/** Makes the template's queues; dead-letter queues first, because the others name them. */
export async function makeQueues(template: Template, names: Names, { client }: QueueServer): Promise<void> {
  const queues = resourcesOf(template, 'AWS::SQS::Queue').map(([id, resource]) => ({
    name: names.physicalName(id, resource),
    properties: names.resolve(resource.Properties ?? {}),
  }))
  queues.sort((a, b) => Number('RedrivePolicy' in a.properties) - Number('RedrivePolicy' in b.properties))
  for (const { name, properties } of queues) {
    const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = properties
    const attributes = {
      ...(VisibilityTimeout === undefined ? {} : { VisibilityTimeout: String(VisibilityTimeout) }),
      ...(MessageRetentionPeriod === undefined ? {} : { MessageRetentionPeriod: String(MessageRetentionPeriod) }),
      ...(RedrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
    }
    await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))
  }
}

/** How many messages wait in a queue, and how many are being worked on. */
export async function depthOf({ client }: QueueServer, url: string): Promise<{ waiting: number; inFlight: number }> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  )
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
  }
}

/** Bodies of up to `most` messages of a queue, which stay hidden afterwards as after any reading. */
export async function readQueue({ client }: QueueServer, url: string, most = 1000): Promise<string[]> {
  const bodies: string[] = []
  while (bodies.length < most) {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }))
    if (Messages.length === 0) break
    bodies.push(...Messages.map(({ Body = '' }) => Body))
  }
  return bodies
}
