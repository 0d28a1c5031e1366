/** S3's notifications as SQS delivers them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
import * as z from 'zod'

/** An object of the intake bucket, as an event or a listing names it. */
export interface UploadedObject {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Version id, the ETag where the bucket keeps no versions. */
  readonly version: string
}

/** What one message holds. */
export interface UploadNotice {
  readonly uploads: readonly UploadedObject[]
  /** Names of other events: removals, tests, and what S3 may add. */
  readonly ignored: readonly string[]
}

const record = z.object({ eventSource: z.string().optional(), eventName: z.string(), s3: z.unknown() })

const uploaded = z.object({
  bucket: z.object({ name: z.string() }),
  object: z.object({
    key: z.string().min(1),
    size: z.number().int().min(0),
    eTag: z.string().optional(),
    versionId: z.string().optional(),
  }),
})

/**
 * Reads the body of a message.
 *
 * @param bucket the intake bucket; an event of another is nobody's upload
 * @throws Error where it is no notification of S3 about that bucket. The error does not quote the message
 */
export function readNotice(body: string, bucket: string): UploadNotice {
  const message = parsed(body)
  if (isTest(message)) return { uploads: [], ignored: ['s3:TestEvent'] }
  const { data } = z.object({ Records: z.array(record) }).safeParse(message)
  if (!data) throw new Error('a message of the queue is no notification of S3: it has no Records with an eventName')
  const isUpload = ({ eventName }: { eventName: string }) => /^(s3:)?ObjectCreated:/.test(eventName)
  return {
    uploads: data.Records.filter(isUpload).map(({ eventName, s3 }) => objectOf(eventName, s3, bucket)),
    ignored: data.Records.filter((event) => !isUpload(event)).map(({ eventName }) => eventName),
  }
}

function objectOf(eventName: string, s3: unknown, bucket: string): UploadedObject {
  const { data, error } = uploaded.safeParse(s3)
  if (!data)
    throw new Error(
      `an event ${eventName} of S3 lacks ${error.issues.map(({ path }) => `s3.${path.join('.')}`).join(', ')}`,
    )
  if (data.bucket.name !== bucket)
    throw new Error(`an event ${eventName} is about the bucket ${data.bucket.name}, and the intake is ${bucket}`)
  const { key, size, eTag = '', versionId } = data.object
  // An object from before the bucket kept versions has the id "null", which a later one without a version replaces.
  const version = versionId === undefined || versionId === 'null' ? eTag.replaceAll('"', '') : versionId
  if (version === '') throw new Error(`an event ${eventName} of S3 has neither a version id nor an ETag`)
  return { key: decoded(key), size, version }
}

/** Keys in events are encoded like those of HTML forms. @throws Error where the key is not */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    throw new Error(`the key ${key} of an event of S3 is not URL-encoded`)
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new Error('a message of the queue is no notification of S3: it is no JSON')
  }
}

const isTest = (message: unknown) =>
  typeof message === 'object' && message !== null && 'Event' in message && message.Event === 's3:TestEvent'
