/** The buckets, as stores. */
import { createS3Client } from '../store/s3-client.ts'
import { S3Store } from '../store/s3-store.ts'
import { readEnvironment } from './environment.ts'

/** One for all: connections are kept from one event to the next. */
let client: ReturnType<typeof createS3Client> | undefined

/** @param variable of the environment that holds the bucket's name */
export function bucket(variable: string): S3Store {
  const { [variable]: name = '' } = readEnvironment([variable])
  client ??= createS3Client()
  return new S3Store(client, name)
}
