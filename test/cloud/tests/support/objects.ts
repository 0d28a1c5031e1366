/** What stands in a bucket. */
import {
  type _Object,
  GetObjectCommand,
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

/** Every JSON document below a prefix. */
export async function readDocuments<T>(s3: S3Client, bucket: string, prefix: string): Promise<T[]> {
  const keys = await listKeys(s3, bucket, prefix)
  const documents: T[] = []
  // As many at a time as the client has connections.
  for (let from = 0; from < keys.length; from += 50) {
    const read = keys.slice(from, from + 50).map(async (key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      return JSON.parse((await Body?.transformToString()) ?? 'null') as T
    })
    documents.push(...(await Promise.all(read)))
  }
  return documents
}
