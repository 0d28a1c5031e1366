/** Every service that the stack uses, on 127.0.0.1, with the buckets, queues, policies and notifications of the template. */
import { randomBytes } from 'node:crypto'
import type { S3Client } from '@aws-sdk/client-s3'
import { type Names, namesOf } from '../template/names.ts'
import { resourcesOf, type Template } from '../template/template.ts'
import { makeBuckets } from './buckets.ts'
import type { Call } from './calls.ts'
import { type S3Server, s3Client } from './ceph.ts'
import { gateBefore } from './conditional-writes.ts'
import { bridgeNotifications } from './notifications.ts'
import { applyPolicies, keptFromOverwriting, type Rigs } from './policies.ts'
import { serveRanges } from './provider.ts'
import { makeQueues, type QueueServer, serveQueues } from './queues.ts'
import { type SigningKey, serveSigningKey } from './signing-key.ts'
import { SymmetricKey } from './symmetric-key.ts'
import { serveTopics, type Topics } from './topics.ts'

export interface Services {
  readonly names: Names
  readonly server: S3Server
  /** Reads and writes as the account that owns everything. */
  readonly s3: S3Client
  readonly queues: QueueServer
  readonly signingKey: SigningKey
  /** Of KMS: encrypts the keys of what is planted on devices. */
  readonly seedKey: SymmetricKey
  readonly topics: Topics
  /** Credentials of the rigs that the template names; none on a foreign S3 server. */
  readonly rigs: Rigs
  /** What the functions, the state machine and the schedules asked so far. */
  readonly calls: Call[]
  /** Where functions find all of it, and as whom; their code is AWS's SDK, unchanged. */
  readonly environment: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Starts everything but the S3 server itself. What was started is stopped again where something fails. */
export async function startServices(template: Template, s3Server: S3Server): Promise<Services> {
  const started: { close(): Promise<void> }[] = []
  const close = async () => void (await Promise.all(started.map((one) => one.close())))
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    started.push(one)
    return one
  }
  try {
    const calls: Call[] = []
    const queues = keep(await serveQueues())
    const topics = keep(await serveTopics(calls))
    const provider = keep(await serveRanges())
    const stack = `domicile-${randomBytes(4).toString('hex')}`
    const names = namesOf(template, stack, queues.endpoint)
    const server = keep(await gateBefore(s3Server, keptFromOverwriting(template, names), calls))
    const seedKey = new SymmetricKey(seedKeyArn(template, names))
    const signingKey = keep(await serveSigningKey(signingKeyArn(template, names), seedKey, calls))
    const s3 = s3Client(server)
    await makeQueues(template, names, queues)
    await makeBuckets(template, names, s3)
    const rigs = server.folder ? await applyPolicies(template, names, stack, server, s3) : new Map()
    keep(await bridgeNotifications(template, names, server, s3, queues))
    const environment = {
      AWS_ACCESS_KEY_ID: server.owner.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.owner.secretAccessKey,
      AWS_ENDPOINT_URL_S3: server.endpoint,
      AWS_ENDPOINT_URL_SQS: queues.endpoint,
      AWS_ENDPOINT_URL_KMS: signingKey.url,
      AWS_ENDPOINT_URL_SNS: topics.url,
      REFRESH_FROM: `ranges/aws=${provider.url}`,
      // Ceph 16 knows none of the checksums that S3 has had since 2022.
      AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
      AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
    }
    return { names, server, s3, queues, signingKey, seedKey, topics, rigs, calls, environment, close }
  } catch (error) {
    await close()
    throw error
  }
}

function signingKeyArn(template: Template, names: Names): string {
  const keys = resourcesOf(template, 'AWS::KMS::Key')
  const [id, key] = keys.find(([, { Properties }]) => Properties?.KeyUsage === 'SIGN_VERIFY') ?? []
  return id && key ? names.nameOf(id, key, 'Arn') : 'none'
}

function seedKeyArn(template: Template, names: Names): string {
  const [id, key] = resourcesOf(template, 'AWS::KMS::Key').find(([name]) => name.startsWith('SeedKeys')) ?? []
  return id && key ? names.nameOf(id, key, 'Arn') : 'none'
}
