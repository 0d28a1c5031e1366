/** Starts the S3 server of the system tests, a throw-away Ceph, unless AWS_ENDPOINT_URL_S3 names one or Ceph is not installed. */
import { spawnSync } from 'node:child_process'
import { startS3, stopS3 } from '../cloud/servers/ceph.ts'

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const hasCeph = spawnSync('radosgw', ['--version']).status === 0
  if (process.env.AWS_ENDPOINT_URL_S3 || !hasCeph) return undefined
  const server = await startS3()
  process.env.AWS_ENDPOINT_URL_S3 = server.endpoint
  process.env.AWS_ACCESS_KEY_ID = server.owner.accessKeyId
  process.env.AWS_SECRET_ACCESS_KEY = server.owner.secretAccessKey
  process.env.AWS_REGION ??= 'us-east-1'
  return () => stopS3(server)
}
