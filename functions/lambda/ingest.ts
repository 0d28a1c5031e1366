/** The Lambda that reads captures as they are uploaded: S3 tells the queue, the queue tells this. */
import { createKmsClient, unwrapSeedKey } from '../store/kms-seed-key.ts'
import { createS3Client } from '../store/s3-client.ts'
import { S3Store } from '../store/s3-store.ts'
import { DEFAULT_MAX_CAPTURE_BYTES, DEFAULT_MAX_CAPTURE_RECORDS } from './capture-limits.ts'
import {
  EVIDENCE_BUCKET,
  INTAKE_BUCKET,
  MAX_CAPTURE_BYTES,
  MAX_CAPTURE_RECORDS,
  readEnvironment,
  readNumber,
  SEED_KEYS_BUCKET,
} from './environment.ts'
import { ingestHandler } from './ingest-messages.ts'
import { newLogger } from './log.ts'
import { newMetrics } from './metrics.ts'
import { SeedKeys } from './seed-keys.ts'

const environment = readEnvironment([INTAKE_BUCKET, EVIDENCE_BUCKET])
const client = createS3Client()

function seedKeys(bucket: string | undefined): SeedKeys | null {
  if (!bucket) return null
  const kms = createKmsClient()
  return new SeedKeys(new S3Store(client, bucket), (wrapped) => unwrapSeedKey(kms, wrapped))
}

export const handler = ingestHandler({
  bucket: environment[INTAKE_BUCKET],
  intake: new S3Store(client, environment[INTAKE_BUCKET]),
  evidence: new S3Store(client, environment[EVIDENCE_BUCKET]),
  seedKeys: seedKeys(process.env[SEED_KEYS_BUCKET]),
  limits: {
    bytes: readNumber(MAX_CAPTURE_BYTES, DEFAULT_MAX_CAPTURE_BYTES),
    records: readNumber(MAX_CAPTURE_RECORDS, DEFAULT_MAX_CAPTURE_RECORDS),
  },
  logger: newLogger('ingest'),
  metrics: newMetrics('ingest'),
})
