/** `s3://bucket/key`, as AWS's own command line writes it. */
import { InputError } from '../errors.ts'

export interface S3Url {
  readonly bucket: string
  /** A key or a prefix, without a slash at either end; empty for the bucket itself. */
  readonly key: string
}

export const isS3Url = (path: string) => path.startsWith('s3://')

/** @throws InputError where the bucket cannot be one */
export function parseS3Url(url: string): S3Url {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/*(.*?)\/*$/s.exec(url) ?? []
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new InputError(
      `${url} names no bucket: write s3://bucket/prefix, with a bucket of lower-case letters and digits`,
    )
  return { bucket, key }
}
