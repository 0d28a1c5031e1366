/** Whether anything lies in the queues that should have gone on. Only asks how much: receiving would hide a message for a while. */
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { count } from '../../report/phrase.ts'
import type { S3Store } from '../../store/s3-store.ts'
import { asked } from './asked.ts'
import { ago, type Check, checksOf, isOlder, type Part } from './check.ts'
import { newest } from './contents.ts'

/** Minutes for which an upload may wait; the alarm `uploads-wait-too-long` has the same. */
const readable = 60

interface Depth {
  readonly waiting: number
  /** Handed to a function that has not done with them yet. */
  readonly inHand: number
}

/** @returns numbers that SQS calls approximate: they may lag by a minute */
async function depthOf(client: SQSClient, url: string): Promise<Depth> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  )
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inHand: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  }
}

/**
 * Whether uploads wait longer than they should. SQS does not say how old its messages are, but none is younger than the newest
 * object of the intake.
 */
export function checkIngestQueue(client: SQSClient, url: string, intake: S3Store, now: Date): Promise<Check> {
  const { ok, note, wrong } = checksOf('ingest')
  return askedOf('ingest', url, async () => {
    const { waiting, inHand } = await depthOf(client, url)
    const said = `${count(waiting, 'upload')} waiting in the queue ${nameOf(url)}, ${inHand} being read`
    if (waiting === 0) return ok(said)
    const upload = newest(await intake.listSizes('intake/'))
    return upload && isOlder(upload.modified, now, readable)
      ? wrong(
          `${said}, and the newest upload came ${ago(upload.modified, now)}: see docs/runbook.md#uploads-wait-too-long`,
        )
      : note(said)
  })
}

export interface DeadLetters {
  readonly part: Part
  readonly url: string
  /** Heading of docs/runbook.md, as a link names it. */
  readonly paragraph: string
}

export function checkDeadLetters(client: SQSClient, { part, url, paragraph }: DeadLetters): Promise<Check> {
  const { ok, wrong } = checksOf(part)
  return askedOf(part, url, async () => {
    const { waiting, inHand } = await depthOf(client, url)
    const dead = waiting + inHand
    return dead === 0
      ? ok(`nothing in the dead-letter queue ${nameOf(url)}`)
      : wrong(`${count(dead, 'message')} in the dead-letter queue ${nameOf(url)}: see docs/runbook.md#${paragraph}`)
  })
}

const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1)

function askedOf(part: Part, url: string, ask: () => Promise<Check>): Promise<Check> {
  const gone = `there is no queue ${nameOf(url)}: deploy again`
  return asked(part, `the messages of the queue ${nameOf(url)} (sqs:GetQueueAttributes)`, ask, {
    QueueDoesNotExist: gone,
    // SQS still sends the word of its older protocol along, and the client takes that first.
    'AWS.SimpleQueueService.NonExistentQueue': gone,
  })
}
