/** AWS's clients for what deploy-check looks at. */
import type { S3Client } from '@aws-sdk/client-s3'
import { SchedulerClient } from '@aws-sdk/client-scheduler'
import { SFNClient } from '@aws-sdk/client-sfn'
import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import { s3Client } from '../s3-places.ts'

export interface Services {
  readonly s3: S3Client
  readonly queues: SQSClient
  readonly machines: SFNClient
  readonly schedules: SchedulerClient
  readonly topics: SNSClient
}

/** @param machineArn of the deployment: everything else in it is in that region too, whichever one the environment names */
export function openServices(machineArn: string): Services {
  const [, , , region = ''] = machineArn.split(':')
  const settings = { region, requestHandler: { connectionTimeout: 10_000, requestTimeout: 30_000 } }
  return {
    s3: s3Client(),
    queues: new SQSClient(settings),
    machines: new SFNClient(settings),
    schedules: new SchedulerClient(settings),
    topics: new SNSClient(settings),
  }
}
