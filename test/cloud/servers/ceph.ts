/** The S3 server of the bench: a throw-away Ceph gateway, or the one that `AWS_ENDPOINT_URL_S3` names. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { S3Client } from '@aws-sdk/client-s3'
import { freePort } from './free-port.ts'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'ceph.sh')

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Plain data, so that it can be handed to another process. */
export interface S3Server {
  readonly endpoint: string
  /** Of the account that owns the buckets. */
  readonly owner: Credentials
  /** Of our own Ceph; null for a server that is only used. */
  readonly folder: string | null
}

/** Starts Ceph, which ends with this process however that ends; takes about 4 s. */
export async function startS3(env: NodeJS.ProcessEnv = process.env): Promise<S3Server> {
  if (env.AWS_ENDPOINT_URL_S3) {
    const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = env
    return { endpoint: env.AWS_ENDPOINT_URL_S3, owner: { accessKeyId, secretAccessKey }, folder: null }
  }
  const folder = mkdtempSync(join(tmpdir(), 'domicile-ceph-'))
  const owner = newCredentials()
  const [port, monitorPort] = [await freePort(), await freePort()]
  await run(script, ['start', folder, String(port), String(monitorPort), String(process.pid)], {
    timeout: 90_000,
    env: { ...env, S3_ACCESS_KEY: owner.accessKeyId, S3_SECRET_KEY: owner.secretAccessKey },
  })
  return { endpoint: `http://127.0.0.1:${port}`, owner, folder }
}

/** Ends our Ceph and throws its data away; a foreign server is left alone. */
export async function stopS3({ folder }: S3Server): Promise<void> {
  if (folder) await run(script, ['stop', folder], { timeout: 30_000 })
}

/** Kills the gateway in the middle of whatever it does, leaves it away for a while, and starts it again. */
export async function restartS3({ folder }: S3Server, awayMs: number): Promise<void> {
  if (!folder) throw new Error('only our own Ceph can be restarted: unset AWS_ENDPOINT_URL_S3')
  process.kill(Number(readFileSync(join(folder, 'gateway.pid'), 'utf8')), 'SIGKILL')
  await new Promise((resolve) => setTimeout(resolve, awayMs))
  await run(script, ['gateway', folder], { timeout: 60_000 })
}

/** Makes a user of S3 who may do nothing until a policy says so. */
export async function addUser({ folder }: S3Server, id: string): Promise<Credentials> {
  if (!folder) throw new Error('users can be added to our own Ceph only: unset AWS_ENDPOINT_URL_S3')
  const user = newCredentials()
  const keys = [`--access-key=${user.accessKeyId}`, `--secret-key=${user.secretAccessKey}`]
  await admin(folder, 'user', 'create', `--uid=${id}`, `--display-name=${id}`, ...keys)
  // A user of Ceph may make buckets of its own unless told otherwise; a rig of AWS may not.
  await admin(folder, 'user', 'modify', `--uid=${id}`, '--max-buckets=-1')
  return user
}

/** `radosgw-admin` against our Ceph. */
export async function admin(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('radosgw-admin', ['-c', join(folder, 'ceph.conf'), ...args], { timeout: 30_000 })
  return stdout
}

/** A client as a rig or an operator would have one. */
export function s3Client({ endpoint, owner }: S3Server, credentials: Credentials = owner, maxAttempts = 3): S3Client {
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials,
    forcePathStyle: true,
    maxAttempts,
    // Ceph 16 knows none of the checksums that S3 has had since 2022.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
}

const newCredentials = (): Credentials => ({
  accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(20).toString('hex'),
})
