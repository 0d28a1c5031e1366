/** The client for S3, as the environment says. */
import { S3Client } from '@aws-sdk/client-s3'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Credentials and region come from where AWS's own programs have them: environment, profile, role of the machine.
 * AWS_ENDPOINT_URL_S3 points it at another server that speaks S3; there, buckets are in the path, because names of buckets
 * are rarely names of hosts, and any region will do.
 */
export function createS3Client(env: Environment = process.env): S3Client {
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || (endpoint ? 'us-east-1' : undefined)
  return new S3Client({
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(region ? { region } : {}),
    followRegionRedirects: true,
    // Nothing waits for ever: neither for a connection, nor for bytes that no longer come.
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 120_000 },
  })
}
