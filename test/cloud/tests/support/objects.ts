/** What stands in a bucket. */
import {
  type _Object,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3'

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

/** Every version of every object below a prefix. */
export async function listVersions(s3: S3Client, bucket: string, prefix = ''): Promise<ObjectVersion[]> {
  const versions: ObjectVersion[] = []
  for (let at: { KeyMarker?: string; VersionIdMarker?: string } | null = {}; at; ) {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...at }),
    )
    versions.push(...(page.Versions ?? []))
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page
    at = page.IsTruncated && KeyMarker && VersionIdMarker ? { KeyMarker, VersionIdMarker } : null
  }
  return versions
}
