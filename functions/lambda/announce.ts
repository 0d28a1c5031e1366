/** Messages to people. */
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'

export interface Message {
  /** Fewer than 100 characters of ASCII, as SNS has it. */
  readonly subject: string
  readonly text: string
  /** By which subscribers may filter. */
  readonly attributes?: Readonly<Record<string, string>>
}

export type Announce = (message: Message) => Promise<void>

/** Sends to a topic of SNS. */
export function announceTo(
  topic: string,
  client = new SNSClient({ requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000 } }),
): Announce {
  return async ({ subject, text, attributes = {} }) => {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    )
    await client.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: text, MessageAttributes }))
  }
}
