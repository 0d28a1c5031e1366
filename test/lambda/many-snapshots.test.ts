import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPlan } from '../../functions/lambda/plan-file.ts'
import type { Report } from '../../functions/model.ts'
import { FolderStore } from '../../functions/store/folder-store.ts'
import { referenceKey } from '../../functions/store/reference-key.ts'
import { awsJson } from '../support/locating.ts'
import { auditedByCommandLine, Buckets, example, OUTPUTS } from './campaign-in-buckets.ts'

/** The example's reference data, as it is after years of fetching a snapshot a day. */
const reference = mkdtempSync(join(tmpdir(), 'reference-'))
const buckets = new Buckets(reference)
beforeAll(async () => {
  cpSync(join(example, 'reference'), reference, { recursive: true })
  const store = new FolderStore(reference)
  for (let day = Date.UTC(2016, 0, 1); day < Date.UTC(2017, 0, 1); day += 86_400_000) {
    const date = new Date(day).toISOString().slice(0, 10)
    const bytes = awsJson(`${date}-01-02-03`, ['54.176.0.0/12 us-west-1 EC2'])
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await store.write(referenceKey({ source: 'ranges/aws', date, sha256, extension: 'json' }), bytes)
  }
  await buckets.uploadExample('redmi-1s')
  await buckets.ingest()
})
afterAll(() => {
  rmSync(buckets.folder, { recursive: true })
  rmSync(reference, { recursive: true })
})

describe('an audit with many snapshots', () => {
  it('opens those around its packets, two days on each side, lists these, and gives the bytes of the command line', async () => {
    const planned = await buckets.plan('redmi-1s', 'years later', 40)
    const { reference: opened } = await readPlan(buckets.evidence, planned.plan)
    const ranges = opened.filter((key) => key.startsWith('ranges/'))
    expect(ranges.map((key) => key.slice(0, 21))).toEqual([
      'ranges/aws/2014-08-20',
      'ranges/aws/2015-11-03',
      'ranges/aws/2016-01-01',
    ])

    const campaign = buckets.campaignFolder('redmi-1s')
    const written = await buckets.outputs(await buckets.audit('redmi-1s', 'years later', { perBatch: 40 }))
    const withMany = await auditedByCommandLine(campaign, reference)
    for (const name of OUTPUTS) expect(written[name], name).toBe(withMany[name])
    const { snapshots } = JSON.parse(withMany['report.json'] ?? '') as Report
    expect(snapshots.filter(({ source }) => source === 'ranges/aws')).toHaveLength(3)
  })
})
