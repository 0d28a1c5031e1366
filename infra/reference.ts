/** Reference: dated snapshots of what is published about addresses, refreshed daily and when AWS says that its ranges changed. */
import { Duration } from 'aws-cdk-lib'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { REFERENCE_BUCKET } from '../functions/lambda/environment.ts'
import { PUBLISHED_KINDS } from '../functions/store/reference-key.ts'
import { type AccessLogs, Store } from './bucket.ts'
import { runDaily } from './daily-run.ts'
import { DeadLetters } from './dead-letters.ts'
import { Handler } from './handler.ts'
import type { Settings } from './settings.ts'

/** https://docs.aws.amazon.com/vpc/latest/userguide/subscribe-notifications.html: the topic is in this region for all. */
const RANGES_CHANGED = 'arn:aws:sns:us-east-1:806199016981:AmazonIpSpaceChanged'

export class Reference extends Construct {
  readonly bucket: Store
  /** Stands outside the closed network, because it alone fetches from the internet; so it may read no evidence. */
  readonly handler: Handler
  readonly deadLetters: DeadLetters

  constructor(scope: Construct, id: string, { settings, accessLogs }: { settings: Settings; accessLogs: AccessLogs }) {
    super(scope, id)
    this.bucket = new Store(this, 'Bucket', { accessLogs, holdsPublicData: true })
    this.deadLetters = new DeadLetters(this, 'DeadLetters')
    this.handler = new Handler(this, 'Function', {
      name: 'refresh',
      settings,
      // Four lists are in memory at once, the largest of 5 MB, each beside the snapshot before it, and parsed.
      memory: 1024,
      // Twenty sources, four at once, each of which may take a minute and a half until it is given up.
      timeout: Duration.minutes(10),
      onFailure: new SqsDestination(this.deadLetters),
      environment: { [REFERENCE_BUCKET]: this.bucket.bucketName },
    })
    const role = this.handler.ownRole
    const published = PUBLISHED_KINDS.map((kind) => `${kind}/*`)
    this.bucket.letWrite(role, published, 'refresh adds a dated snapshot')
    this.bucket.letRead(role, published, 'refresh holds what it fetched against the newest snapshot')
    this.bucket.letList(role, 'refresh looks for the newest snapshot')

    runDaily(this, 'Daily', {
      description: 'Fetches published address ranges',
      handler: this.handler,
      deadLetters: this.deadLetters,
    })
    Topic.fromTopicArn(this, 'RangesChanged', RANGES_CHANGED).addSubscription(new LambdaSubscription(this.handler))
  }
}
