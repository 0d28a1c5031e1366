import type { Context, SQSEvent, SQSRecord } from 'aws-lambda'
import type { UploadedObject } from '../../functions/lambda/upload-events.ts'

/** As S3 encodes keys in events. */
export const encodeKey = (key: string) => encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+')

/** An event as S3 writes it: the documented example, with the members that others might trip over. */
export function s3Event({ key, size, version }: UploadedObject, eventName = 'ObjectCreated:Put', bucket = 'intake') {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-central-1',
    eventTime: '2014-11-03T10:00:00.000Z',
    eventName,
    userIdentity: { principalId: 'AWS:AROAEXAMPLE:rig-del-01' },
    requestParameters: { sourceIPAddress: '198.51.100.77' },
    responseElements: { 'x-amz-request-id': 'C3D13FE58DE4C810' },
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: encodeKey(key),
        size,
        eTag: 'd41d8cd98f00b204e9800998ecf8427e',
        versionId: version,
        sequencer: '00',
      },
    },
  }
}

let messages = 0

export function message(body: unknown): SQSRecord {
  return {
    messageId: `message-${++messages}`,
    receiptHandle: '',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  }
}

/** One message an upload. */
export const eventOf = (...uploads: readonly UploadedObject[]): SQSEvent => ({
  Records: uploads.map((upload) => message({ Records: [s3Event(upload)] })),
})

/** @param remainingMs what the function has left at each call */
export function contextWith(remainingMs: () => number = () => 900_000): Context {
  return {
    functionName: 'ingest',
    memoryLimitInMB: '1024',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:1:function:ingest',
    awsRequestId: 'request-1',
    getRemainingTimeInMillis: remainingMs,
  } as Context
}
