/**
 * Carries the S3 server's notifications into SQS, in the shape in which AWS writes them:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
import { PutBucketNotificationConfigurationCommand, type S3Client } from '@aws-sdk/client-s3'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { type Names, region } from '../template/names.ts'
import { resourcesOf, type Template } from '../template/template.ts'
import type { S3Server } from './ceph.ts'
import { type HttpServer, serveHttp } from './http.ts'
import type { QueueServer } from './queues.ts'

/** The part of Ceph's record that is carried over. */
interface CephRecord {
  readonly eventName: string
  readonly eventTime: string
  readonly s3: {
    readonly configurationId: string
    readonly bucket: { readonly name: string }
    readonly object: {
      readonly key: string
      readonly size: number
      readonly eTag?: string
      readonly etag?: string
      readonly versionId?: string
      readonly sequencer?: string
    }
  }
}

/** A key as S3 writes it into an event: every byte but letters, digits and `-_.*` escaped, `/` kept, a blank is `+`. */
export function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
}

/** Ceph's record as S3 would have written it. */
function awsRecord({ eventName, eventTime, s3 }: CephRecord) {
  const { key, size, eTag, etag, versionId, sequencer } = s3.object
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime,
    eventName: eventName.replace(/^s3:/, ''),
    userIdentity: { principalId: 'AWS:bench' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': 'bench', 'x-amz-id-2': 'bench' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: s3.configurationId,
      bucket: { name: s3.bucket.name, ownerIdentity: { principalId: 'bench' }, arn: `arn:aws:s3:::${s3.bucket.name}` },
      object: {
        key: encodeKey(key),
        size,
        eTag: (eTag ?? etag ?? '').replaceAll('"', ''),
        ...(versionId ? { versionId } : {}),
        sequencer: sequencer ?? '0',
      },
    },
  }
}

interface QueueConfiguration {
  readonly QueueArn?: string
  readonly Queue?: string
  readonly Event?: string
  readonly Events?: readonly string[]
  readonly Filter?: { readonly Key?: Filter; readonly S3Key?: { readonly Rules: Filter['FilterRules'] } }
}
interface Filter {
  readonly FilterRules: readonly { readonly Name: string; readonly Value: string }[]
}

/** What the template says about notifications: the CDK's custom resource, or the bucket's own property. */
function* queueConfigurations(template: Template, names: Names): Generator<[bucket: string, QueueConfiguration]> {
  for (const [, { Properties }] of resourcesOf(template, 'Custom::S3BucketNotifications')) {
    const { BucketName, NotificationConfiguration } = names.resolve(Properties)
    for (const one of NotificationConfiguration.QueueConfigurations ?? []) yield [BucketName, one]
  }
  for (const [id, resource] of resourcesOf(template, 'AWS::S3::Bucket'))
    for (const one of names.resolve(resource.Properties?.NotificationConfiguration ?? {}).QueueConfigurations ?? [])
      yield [names.physicalName(id, resource), one]
}

/** Makes the server notify this bridge as the template wants queues to be notified. */
export async function bridgeNotifications(
  template: Template,
  names: Names,
  server: S3Server,
  s3: S3Client,
  queues: QueueServer,
): Promise<HttpServer> {
  const bridge = await serveHttp(async (request, body) => {
    const queue = `${queues.endpoint}${request.url}`
    const { Records } = JSON.parse(body) as { Records: readonly CephRecord[] }
    const message = JSON.stringify({ Records: Records.map(awsRecord) })
    await queues.client.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: message }))
    return {}
  })
  const sns = new SNSClient({ endpoint: server.endpoint, region: 'default', credentials: server.owner })
  const wanted = groupByBucket(queueConfigurations(template, names))
  for (const [bucket, configurations] of wanted) {
    const topics = []
    for (const [number, wish] of configurations.entries()) {
      const arn = wish.QueueArn ?? wish.Queue ?? ''
      const queue = `/${arn.split(':').slice(-2).join('/')}`
      const { TopicArn } = await sns.send(
        new CreateTopicCommand({
          Name: `${bucket}-${number}`,
          Attributes: { 'push-endpoint': `${bridge.url}${queue}` },
        }),
      )
      const rules = wish.Filter?.Key?.FilterRules ?? wish.Filter?.S3Key?.Rules ?? []
      const filter = rules.map(({ Name, Value }) => ({ Name: Name.toLowerCase() as 'prefix' | 'suffix', Value }))
      topics.push({
        Id: `notification-${number}`,
        TopicArn,
        Events: (wish.Events ?? [wish.Event]) as 's3:ObjectCreated:*'[],
        ...(filter.length > 0 ? { Filter: { Key: { FilterRules: filter } } } : {}),
      })
    }
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        NotificationConfiguration: { TopicConfigurations: topics },
      }),
    )
  }
  sns.destroy()
  return bridge
}

function groupByBucket(all: Iterable<[bucket: string, QueueConfiguration]>): Map<string, QueueConfiguration[]> {
  const groups = new Map<string, QueueConfiguration[]>()
  for (const [bucket, one] of all) groups.set(bucket, [...(groups.get(bucket) ?? []), one])
  return groups
}
