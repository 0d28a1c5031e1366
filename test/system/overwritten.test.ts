/** A capture that was uploaded over in a bucket with versions: the command line and the cloud say the same of it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatherEvidence } from '../../functions/lambda/campaign-evidence.ts'
import { surveyIntake } from '../../functions/lambda/campaign-intake.ts'
import { TimeLeft } from '../../functions/lambda/capture-limits.ts'
import { ingestUpload } from '../../functions/lambda/ingest-upload.ts'
import type { Report } from '../../functions/model.ts'
import { FolderStore } from '../../functions/store/folder-store.ts'
import { createS3Client } from '../../functions/store/s3-client.ts'
import { S3Store } from '../../functions/store/s3-store.ts'
import { root } from '../support/bundle.ts'
import { makeBucket, s3Endpoint, withoutS3 } from '../support/s3-server.ts'

const example = join(root, 'examples/redmi-1s')
const [session = ''] = readdirSync(example).filter((name) => name.startsWith('2014-1'))
const [file = ''] = readdirSync(join(example, session, 'captures'))
const capture = readFileSync(join(example, session, 'captures', file))
const key = `intake/mi/${session}/captures/${file}`

describe.skipIf(s3Endpoint === '')(`a capture that was overwritten in a bucket${withoutS3}`, () => {
  let folder = ''
  let bucket = ''
  let intake: S3Store
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'overwritten-'))
    bucket = await makeBucket({ versioned: true })
    intake = new S3Store(createS3Client(), bucket)
    for (const name of ['declaration.yaml', `${session}/session.yaml`])
      await intake.write(`intake/mi/${name}`, readFileSync(join(example, name)))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** What an audit on the command line says. */
  function audited(): Report {
    const args = ['audit', `s3://${bucket}/intake/mi`, '-r', join(example, 'reference'), '-o', folder]
    const { stderr } = spawnSync(process.execPath, [join(root, 'dist/domicile.js'), ...args], { encoding: 'utf8' })
    expect(stderr).toBe('')
    return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report
  }

  it('is named where its bytes are lost, and not where the same were uploaded again', { timeout: 60_000 }, async () => {
    const evidence = new FolderStore(join(folder, 'evidence'))
    const tools = {
      intake,
      evidence,
      seedKeys: null,
      limits: { bytes: 1e9, records: 1e9 },
      time: new TimeLeft(() => 900_000),
    }
    const upload = async (bytes: Uint8Array) => {
      await intake.write(key, bytes)
      const facts = await intake.facts(key)
      if (facts) for await (const _ of ingestUpload(facts, tools));
    }
    const inCloud = async () => {
      const { captures } = await surveyIntake(intake, 'mi')
      const { ledgers } = await gatherEvidence({ intake, evidence }, 'mi', captures)
      return ledgers.map(({ source, error, size }) => ({ source, error, size }))
    }
    const onCommandLine = () => audited().ledger.map(({ source, error, size }) => ({ source, error, size }))

    await upload(capture)
    await upload(capture)
    expect(onCommandLine()).toMatchObject([{ error: null }])
    expect(await inCloud()).toEqual(onCommandLine())

    // The same size, and one packet's payload is another.
    const changed = Buffer.from(capture)
    changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1
    await upload(changed)
    expect(await inCloud()).toEqual(onCommandLine())
    const completeness = audited().criteria.find(({ id }) => id === 'completeness')
    expect(completeness).toMatchObject({ status: 'not-met', reason: expect.stringContaining(`${file} (overwritten)`) })
  })
})
