/** What stands in a bucket. */
import { type _Object, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'

export async function listObjects(s3: S3Client, bucket: string, prefix = ''): Promise<_Object[]> {
  const objects: _Object[] = []
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
    objects.push(...(page.Contents ?? []))
  return objects
}

/** Keys in ascending order. */
export async function listKeys(s3: S3Client, bucket: string, prefix = ''): Promise<string[]> {
  return (await listObjects(s3, bucket, prefix)).map(({ Key = '' }) => Key)
}
