/**
 * An event source mapping of SQS to a function: batches, partial failures, redelivery and dead letters, as in
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import type { QueueServer } from '../servers/queues.ts'
import { region } from '../template/names.ts'
import type { LambdaFunction } from './lambda-function.ts'

export interface Mapping {
  readonly queueUrl: string
  readonly queueArn: string
  readonly batchSize: number
  readonly concurrency: number
  readonly reportsItemFailures: boolean
}

/** On AWS a failed message is seen again after the queue's visibility timeout, which is hours here; the bench does not wait. */
const retrySeconds = 1

export class EventSource {
  readonly #mapping: Mapping
  readonly #queues: QueueServer
  readonly #target: LambdaFunction
  readonly #pollers: Promise<void>[]
  #stopped = false

  constructor(mapping: Mapping, queues: QueueServer, target: LambdaFunction) {
    this.#mapping = mapping
    this.#queues = queues
    this.#target = target
    this.#pollers = Array.from({ length: mapping.concurrency }, () => this.#poll())
  }

  /** Ends after the batches that are under way. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#pollers)
  }

  async #poll(): Promise<void> {
    const { queueUrl, batchSize } = this.#mapping
    while (!this.#stopped) {
      const receive = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(batchSize, 10),
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['All'],
      })
      const { Messages = [] } = await this.#queues.client.send(receive)
      if (Messages.length > 0) await this.#handOver(Messages)
    }
  }

  async #handOver(messages: readonly Message[]): Promise<void> {
    const { answer } = await this.#target.invoke({ Records: messages.map((message) => this.#record(message)) })
    const failed = this.#mapping.reportsItemFailures ? itemFailures(answer.payload) : []
    // A response that names a message that was not in the batch is taken for a failure of the whole batch.
    const isValid = failed.every((id) => messages.some(({ MessageId }) => MessageId === id))
    const returned =
      answer.ok && isValid ? messages.filter(({ MessageId = '' }) => failed.includes(MessageId)) : messages
    const done = messages.filter((message) => !returned.includes(message))
    const { client } = this.#queues
    const QueueUrl = this.#mapping.queueUrl
    if (done.length > 0) await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: entries(done) }))
    if (returned.length > 0) {
      const Entries = entries(returned).map((entry) => ({ ...entry, VisibilityTimeout: retrySeconds }))
      await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }))
    }
  }

  #record({ MessageId, ReceiptHandle, Body, Attributes, MD5OfBody }: Message) {
    return {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      messageAttributes: {},
      md5OfBody: MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: this.#mapping.queueArn,
      awsRegion: region,
    }
  }
}

const entries = (messages: readonly Message[]) =>
  messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle: ReceiptHandle ?? '' }))

function itemFailures(payload: unknown): readonly string[] {
  const { batchItemFailures = [] } = (payload ?? {}) as { batchItemFailures?: { itemIdentifier: string }[] }
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
}
