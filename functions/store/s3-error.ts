/** What S3 and its client say went wrong, in one line that says what to do. */
import { StoreError } from './store-error.ts'

const words: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket: check its name, and the account and region that the credentials are for',
  AccessDenied:
    'access is denied: ask who owns it for the right to do that (its policy, that of the key it is encrypted with, or yours)',
  InvalidAccessKeyId: 'the access key is not known there: check AWS_PROFILE or AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'the secret key does not fit the access key: check AWS_SECRET_ACCESS_KEY',
  ExpiredToken: 'the credentials have expired: sign in again (`aws sso login`)',
  CredentialsProviderError:
    'there are no credentials: sign in (`aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  NoRegion: 'no region is set: set AWS_REGION, such as ap-south-1',
  InvalidObjectState: 'the object is archived: restore it first',
  ENOTFOUND:
    'the name of the server is not known: check the region, AWS_ENDPOINT_URL (or that of the service, such as AWS_ENDPOINT_URL_S3) and the network',
  ECONNREFUSED:
    'nobody answers there: check AWS_ENDPOINT_URL (or that of the service, such as AWS_ENDPOINT_URL_S3) and the network',
  TimeoutError: 'no answer came in time: check the network, and try again',
}

/** S3 words that mean the same to whoever reads them. */
const synonyms: Readonly<Record<string, string>> = {
  '403': 'AccessDenied',
  Forbidden: 'AccessDenied',
  AllAccessDisabled: 'AccessDenied',
  AccessDeniedException: 'AccessDenied',
  TokenRefreshRequired: 'ExpiredToken',
  TokenProviderError: 'ExpiredToken',
  ExpiredTokenException: 'ExpiredToken',
  EAI_AGAIN: 'ENOTFOUND',
}

/** What the client throws; its own classes do not say more. */
interface Thrown {
  readonly name?: string
  readonly code?: string
  readonly Code?: string
  readonly message?: string
  /** Of an InvalidArgument: which one. */
  readonly ArgumentName?: string
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
}

/** The HTTP status of an answer that is an error; undefined where none came. */
export const statusOf = (error: unknown): number | undefined => (error as Thrown)?.$metadata?.httpStatusCode

/** S3's word for an error, or the system's. An answer without a body, as HEAD gives, has only its status. */
export function codeOf(error: unknown): string {
  const { name, code, Code, message = '' } = (error ?? {}) as Thrown
  if (/^Region (is missing|not accepted: region="")/.test(message)) return 'NoRegion'
  const said = Code ?? (code === undefined || name === 'CredentialsProviderError' ? name : code) ?? 'Error'
  const status = statusOf(error)
  const known = said in words || said in synonyms ? said : status === 403 ? '403' : said
  return synonyms[known] ?? known
}

/** Whether an answer to GET says that there is no such object, or not that version of it. */
export function isMissing(error: unknown): boolean {
  switch (statusOf(error)) {
    // NoSuchKey or NoSuchVersion; Ceph says NoSuchKey of any version id that it does not have.
    case 404:
      return codeOf(error) !== 'NoSuchBucket'
    // AWS, of a version id that is none of its own. Other reasons for a 400, such as ExpiredToken, say nothing of the version.
    case 400:
      return codeOf(error) === 'InvalidArgument' && (error as Thrown).ArgumentName === 'versionId'
    // The version is a delete marker.
    case 405:
    // The object has another ETag.
    case 412:
      return true
    default:
      return false
  }
}

/**
 * The error to throw for one of S3's.
 *
 * @param doing what was being done to what, such as `reading s3://bucket/key`
 */
export function storeError(doing: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const code = codeOf(error)
  const { message = String(error), $metadata } = (error ?? {}) as Thrown
  const request = $metadata?.requestId ? ` (request ${$metadata.requestId})` : ''
  const [said = ''] = message.split('\n')
  return new StoreError(`${doing}: ${profileFault(code) ?? words[code] ?? `${code}: ${said}${request}`}`, code, error)
}

/** Where a profile is named, credentials come from nowhere else. */
function profileFault(code: string): string | null {
  const { AWS_PROFILE } = process.env
  if (code !== 'CredentialsProviderError' || !AWS_PROFILE) return null
  return `there is no profile ${AWS_PROFILE} (AWS_PROFILE), or it has no credentials: \`aws configure list-profiles\` shows which there are, \`aws sso login\` signs in`
}
