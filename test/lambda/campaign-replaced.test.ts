/** A rig that writes over a capture: what stood there is missing evidence. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { gatherEvidence } from '../../functions/lambda/campaign-evidence.ts'
import { surveyIntake } from '../../functions/lambda/campaign-intake.ts'
import { TimeLeft } from '../../functions/lambda/capture-limits.ts'
import { ingestUpload } from '../../functions/lambda/ingest-upload.ts'
import type { ObjectFacts } from '../../functions/store/object-store.ts'
import { example } from './campaign-in-buckets.ts'
import { VersionedStore } from './versioned-store.ts'

const log = (host: number) =>
  'srcaddr dstaddr srcport dstport protocol packets bytes start end log-status\n' +
  `10.0.0.5 203.0.113.${host} 40000 443 6 10 1000 1414799990 1414800000 OK\n`
const session = 'apiVersion: domicile/v1\nkind: Session\nid: day-1\nrig: { id: rig-1, clockErrorMs: 5 }\n'
const place = 'intake/mi/first-day'
const key = `${place}/captures/a.log`

let intake: VersionedStore
let evidence: VersionedStore
beforeEach(async () => {
  intake = new VersionedStore()
  evidence = new VersionedStore()
  await put('intake/mi/declaration.yaml', readFileSync(join(example, 'declaration.yaml')))
  await put(`${place}/session.yaml`, session)
})

/** Uploads, and has it ingested. */
async function put(at: string, content: string | Uint8Array): Promise<ObjectFacts> {
  const facts = intake.put(at, content)
  const tools = {
    intake,
    evidence,
    seedKeys: null,
    limits: { bytes: 1e6, records: 1e6 },
    time: new TimeLeft(() => 900_000),
  }
  for await (const _ of ingestUpload(facts, tools));
  return facts
}

/** What an audit finds missing, with why. */
async function missing(): Promise<Record<string, string | null>> {
  const { captures } = await surveyIntake(intake, 'mi')
  const found = await gatherEvidence({ intake, evidence }, 'mi', captures)
  const ledgers = found.ledgers.filter(({ source }) => found.missing.includes(source))
  expect(ledgers).toHaveLength(found.missing.length)
  return Object.fromEntries(ledgers.map(({ source, error }) => [source, error]))
}
const overwritten = 'first-day/captures/a.log (overwritten)'

test('a capture that was overwritten by other bytes is missing, of the same size or another', async () => {
  for (const other of [log(2), `${log(2)}\n`]) {
    const { version } = await put(key, log(1))
    await put(key, other)
    expect(await missing()).toEqual({ [overwritten]: expect.stringContaining(version) })
    for (const { version: old } of await intake.listReplaced(key)) intake.removeVersion(key, old)
    expect(await missing()).toEqual({})
  }
})

test('the same bytes uploaded again lose nothing, under whichever session.yaml they were read', async () => {
  await put(key, log(1))
  await put(`${place}/session.yaml`, `${session}# corrected\n`)
  await put(key, log(1))
  await put(`${place}/session.yaml`, `${session}# corrected twice\n`)
  expect(await missing()).toEqual({})
})

test('bytes that another capture holds are not lost, and those of litter that nobody lists are', async () => {
  await put(key, log(1))
  await put(key, log(2))
  await put(`${place}/captures/.a.log`, log(1))
  expect(Object.keys(await missing())).toEqual([overwritten])
  await put(`${place}/captures/b.log`, log(1))
  expect(await missing()).toEqual({})
})

test('an empty upload that was replaced loses nothing, nor does one that was withdrawn', async () => {
  await put(key, '')
  await put(key, log(1))
  await put(`${place}/captures/b.log`, log(2))
  await put(`${place}/captures/b.log`, log(3))
  intake.remove(`${place}/captures/b.log`)
  expect(await missing()).toEqual({})
})

test('bytes that were replaced before ingest came to read them are read now', async () => {
  intake.put(key, log(1))
  await put(key, log(1))
  expect(await missing()).toEqual({})
  const { version } = intake.put(key, log(2))
  await put(key, log(1))
  expect(await missing()).toEqual({ [overwritten]: expect.stringContaining(version) })
})
