/** A session into a bucket of a real S3 server, as the command is bundled. */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { sealSession } from '../../functions/rig/seal-session.ts'
import { createS3Client } from '../../functions/store/s3-client.ts'
import { S3Store } from '../../functions/store/s3-store.ts'
import { sessionFolder } from '../rig/session.ts'
import { root } from '../support/bundle.ts'
import { makeBucket, s3Endpoint, withoutS3 } from '../support/s3-server.ts'

const program = join(root, 'dist/domicile.js')
const upload = (session: string, bucket: string) =>
  spawnSync(process.execPath, [program, 'upload', session, `s3://${bucket}/intake`, '--campaign', 'redmi-1s'], {
    encoding: 'utf8',
    timeout: 120_000,
  })

describe.skipIf(s3Endpoint === '')(`uploading into a bucket${withoutS3}`, () => {
  it('is whole after it was killed in the middle of a large file, and overwrites nothing', async () => {
    const session = sessionFolder()
    const large = randomBytes(150_000_000)
    writeFileSync(join(session, 'captures/large.pcapng'), large)
    const text = readFileSync(join(session, 'session.yaml'), 'utf8')
    writeFileSync(join(session, 'session.yaml'), `${text}  - { file: captures/large.pcapng }\n`)
    await sealSession(session, Date.UTC(2026, 10, 23) * 1000)
    const bucket = await makeBucket()
    const client = createS3Client()
    const store = new S3Store(client, bucket)

    const child = spawn(process.execPath, [
      program,
      'upload',
      session,
      `s3://${bucket}/intake`,
      '--campaign',
      'redmi-1s',
    ])
    const ended = new Promise((resolve) => child.on('exit', resolve))
    for (let begun = false; !begun && child.exitCode === null; )
      begun = ((await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).length > 0
    await new Promise((resolve) => setTimeout(resolve, 300))
    child.kill('SIGKILL')
    await ended
    expect(await store.list('')).not.toContain('intake/redmi-1s/delhi-1/session.yaml')

    expect(upload(session, bucket)).toMatchObject({ status: 0, stdout: expect.stringContaining('delhi-1: 6 files') })
    const key = 'intake/redmi-1s/delhi-1/captures/large.pcapng'
    expect(Buffer.from(await store.read(key)).equals(large)).toBe(true)
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).toEqual([])
    expect(upload(session, bucket)).toMatchObject({ status: 0, stdout: expect.stringContaining('6 files, 0 written') })

    await store.write('intake/redmi-1s/delhi-1/journal.jsonl', Buffer.from('other'))
    expect(upload(session, bucket)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('nothing is overwritten'),
    })
    expect(Buffer.from(await store.read('intake/redmi-1s/delhi-1/journal.jsonl')).toString()).toBe('other')
    client.destroy()
  })
})
