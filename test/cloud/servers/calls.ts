/** What each function asked of S3, KMS and SNS, in the words of IAM: whether its role may is asked of a simulator of IAM. */
import type { IncomingMessage } from 'node:http'

export interface Call extends Asked {
  /** Logical id of what asked. */
  readonly caller: string
}

interface Asked {
  /** Such as `s3:PutObject`. */
  readonly action: string
  /** ARN. */
  readonly resource: string
  /** Condition keys of IAM that the request brings. */
  readonly context: Readonly<Record<string, string | string[]>>
}

/** The variable by which AWS's SDKs add a name to their user agent, which no signature covers: functions bear their logical id. */
export const CALLER = 'AWS_SDK_UA_APP_ID'

/** Who sent a request; null for whoever is no function. */
export const callerOf = ({ headers }: IncomingMessage): string | null =>
  / app\/(\w+)/.exec(` ${headers['user-agent']}`)?.[1] ?? null

/**
 * The permissions that a request to S3 takes.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 *
 * @throws Error on a request that our functions do not send: the bench must not guess
 */
export function s3Calls(request: IncomingMessage): Asked[] {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://s3')
  const [, bucket = '', ...key] = pathname.split('/').map(decodeURIComponent)
  const isOfBucket = key.join('') === ''
  const resource = `arn:aws:s3:::${isOfBucket ? bucket : [bucket, ...key].join('/')}`
  const asks = (action: string) => [{ action: `s3:${action}`, resource, context: {} }]
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      if (isOfBucket) return asks(query.has('versions') ? 'ListBucketVersions' : 'ListBucket')
      return asks(query.has('versionId') ? 'GetObjectVersion' : 'GetObject')
    case 'PUT':
    case 'POST':
      return writes(request, query, resource)
    case 'DELETE':
      return asks(query.has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject')
    default:
      throw new Error(`the bench does not know ${request.method} ${request.url}`)
  }
}

function writes({ headers, method }: IncomingMessage, query: URLSearchParams, resource: string): Asked[] {
  const isInParts = query.has('uploads') || query.has('uploadId')
  const condition = headers['if-none-match']
  const context = {
    's3:ObjectCreationOperation': String(isInParts ? method === 'POST' && query.has('uploadId') : true),
    ...(condition === undefined ? {} : { 's3:if-none-match': condition }),
  }
  const write = { action: 's3:PutObject', resource, context }
  const isLocking = headers['x-amz-object-lock-mode'] !== undefined
  return isLocking ? [write, { action: 's3:PutObjectRetention', resource, context: {} }] : [write]
}
