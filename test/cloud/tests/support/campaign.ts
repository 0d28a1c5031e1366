/** Uploads a campaign's folder as rigs, the vendor's auditor and refresh would. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { readKeyFile, seedKeyOf, wrappedKeyFileOf } from '../../../../functions/seeds/seed-key.ts'
import { SEED_KEY_CONTEXT, seedKeyPlace } from '../../../../functions/store/seed-key-place.ts'
import type { Cloud } from '../../cloud.ts'
import { depthOf } from '../../servers/queues.ts'

/** One object to upload. */
export interface Upload {
  readonly key: string
  readonly body: Uint8Array
}

/** Numbers in [0, 1), the same for the same seed, so that a failure can be repeated. */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const order = items.map((item) => ({ item, rank: random() }))
  return order.sort((a, b) => a.rank - b.rank).map(({ item }) => item)
}

/** Files below a folder as objects below a prefix. */
export function filesOf(folder: string, prefix: string): Upload[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ key: `${prefix}${relative(folder, path)}`, body: readFileSync(path) }))
}

/** What a rig uploads of a session: its captures in any order, then `session.yaml`. */
export function sessionUploads(folder: string, prefix: string, random: () => number): Upload[] {
  const files = filesOf(folder, prefix)
  const isManifest = ({ key }: Upload) => key.endsWith('/session.yaml')
  return [
    ...shuffled(
      files.filter((file) => !isManifest(file)),
      random,
    ),
    ...files.filter(isManifest),
  ]
}

export async function put(s3: S3Client, bucket: string, { key, body }: Upload): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }))
}

/** The account's part of a campaign: its declaration in the intake; address ranges, and the seed key beside the folder, in the reference bucket. */
export async function prepareCampaign(cloud: Cloud, folder: string, campaign: string): Promise<void> {
  const declaration = {
    key: `intake/${campaign}/declaration.yaml`,
    body: readFileSync(join(folder, 'declaration.yaml')),
  }
  await put(cloud.s3, cloud.output('IntakeBucket'), declaration)
  for (const snapshot of filesOf(join(folder, 'reference'), ''))
    await put(cloud.s3, cloud.output('ReferenceBucket'), snapshot)
  const keyFile = `${folder}.seed-key`
  const read = existsSync(keyFile) ? readKeyFile(readFileSync(keyFile), keyFile) : null
  if (read === null || !('secret' in read)) return
  const wrapped = cloud.services.seedKey.encrypt(read.secret, SEED_KEY_CONTEXT)
  await put(cloud.s3, cloud.output('ReferenceBucket'), {
    key: seedKeyPlace(seedKeyOf(read.secret).id),
    body: Buffer.from(wrappedKeyFileOf(wrapped)),
  })
}

/** Waits until ingest has nothing to do. @throws Error after the time, with how much there is still */
export async function awaitIngest(cloud: Cloud, timeoutMs: number): Promise<void> {
  const until = Date.now() + timeoutMs
  // A notification that is on its way stands in no queue yet, so it must be idle for a while.
  for (let idle = 0; idle < 5; ) {
    const { waiting, inFlight } = await depthOf(cloud.services.queues, cloud.output('IngestQueueUrl'))
    idle = waiting + inFlight === 0 ? idle + 1 : 0
    if (Date.now() > until) throw new Error(`after ${timeoutMs} ms ${waiting} messages wait, and ${inFlight} are read`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
