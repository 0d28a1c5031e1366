import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import { readPlan } from '../../functions/lambda/plan-file.ts'
import type { Report } from '../../functions/model.ts'
import { MissingObjectError } from '../../functions/store/missing-object.ts'
import { auditedByCommandLine, Buckets, exampleSessions, OUTPUTS } from './campaign-in-buckets.ts'

const buckets = new Buckets()
let expected: Record<string, string> = {}
beforeAll(async () => {
  await buckets.uploadExample('redmi-1s')
  expected = await auditedByCommandLine(buckets.campaignFolder('redmi-1s'))
  await buckets.ingest()
})
afterAll(() => rmSync(buckets.folder, { recursive: true, force: true }))

const minutes = (n: number) => new Date(Date.UTC(2014, 10, 12, 6, n))

describe('an audit in the cloud', () => {
  it.each([
    [1_000_000, 'one batch'],
    [40, 'several'],
    [7, 'many, which divide files'],
    [1, 'as many as there are observations'],
  ])('gives the bytes of the command line, with %i observations a batch (%s)', async (perBatch) => {
    const execution = `run-${perBatch}`
    const planned = await buckets.plan('redmi-1s', execution, perBatch, minutes(perBatch % 60))
    const plan = await readPlan(buckets.evidence, planned.plan)
    if (perBatch < 10) expect(planned.batches).toBeGreaterThanOrEqual(Math.ceil(plan.observations / perBatch))
    const concluded = await buckets.audit('redmi-1s', execution, {
      perBatch,
      time: minutes(perBatch % 60),
      order: (batches) => batches.reverse(),
    })
    expect(concluded.conclusion).toBe('fail')
    const written = await buckets.outputs(concluded)
    for (const name of OUTPUTS) expect(written[name], name).toBe(expected[name])
  })

  it('says as the command line does that nobody looked for identifiers, where no key is kept', async () => {
    const other = new Buckets()
    await other.uploadExample('redmi-1s')
    await other.ingest((keys) => keys, null)
    const written = await other.outputs(await other.audit('redmi-1s', 'without a key', { perBatch: 30 }))
    expect(written).toEqual(await auditedByCommandLine(other.campaignFolder('redmi-1s'), undefined, null))
    const { inventory, consent } = JSON.parse(written['report.json'] ?? '') as Report
    expect(inventory).toEqual([])
    expect(JSON.stringify(consent)).toContain('nobody looked')
    rmSync(other.folder, { recursive: true })
  })

  it('gives the same whatever the order in which captures and sessions came', async () => {
    const other = new Buckets()
    await other.uploadExample('redmi-1s')
    await other.ingest((keys) => keys.reverse())
    expect(await other.outputs(await other.audit('redmi-1s', 'reversed', { perBatch: 30 }))).toEqual(expected)
    rmSync(other.folder, { recursive: true })
  })

  it('is of what stood in the intake when it was planned, however often a step is done', async () => {
    const other = new Buckets()
    const [first = '', second = ''] = exampleSessions
    await other.uploadExample('redmi-1s', [first])
    await other.ingest()
    const planned = await other.plan('redmi-1s', 'twice', 5)
    await other.uploadExample('redmi-1s', [first, second])
    await other.ingest()
    expect(await other.plan('redmi-1s', 'twice', 5, minutes(30))).toEqual(planned)

    const batches = await other.batchesOf(planned)
    for (const batch of [...batches, ...batches]) await other.weigh(planned, batch)
    const concluded = await other.conclude(planned)
    const keys = await other.reports.listFacts('')
    expect(await other.conclude(planned)).toEqual(concluded)
    expect(await other.reports.listFacts('')).toEqual(keys)
    const { 'report.json': report = '' } = await other.outputs(concluded)
    expect((JSON.parse(report) as Report).sessions).toHaveLength(1)
    rmSync(other.folder, { recursive: true })
  })

  it('completes a report that an attempt before left unfinished, and none of other evidence', async () => {
    const time = minutes(50)
    const planned = await buckets.plan('redmi-1s', 'unfinished', 50, time)
    for (const batch of await buckets.batchesOf(planned)) await buckets.weigh(planned, batch)
    const folder = 'reports/xiaomi-2014-10/20141112T065000Z/'
    const declared = (await readPlan(buckets.evidence, planned.plan)).declaration.id
    const place = folder.replace('xiaomi-2014-10', declared)
    await buckets.reports.write(`${place}report.json`, Buffer.from(expected['report.json'] ?? ''))
    expect((await buckets.conclude(planned)).report).toBe(place)

    const later = await buckets.plan('redmi-1s', 'collides', 50, minutes(51))
    for (const batch of await buckets.batchesOf(later)) await buckets.weigh(later, batch)
    await buckets.reports.write(`${place.replace('T0650', 'T0651')}report.json`, Buffer.from('{}'))
    await expect(buckets.conclude(later)).rejects.toThrow(/report\.json: another audit .* with another time/)
  })

  it('leaves a report to the campaign whose it is, where two have one declaration and time', async () => {
    const time = minutes(57)
    const first = await buckets.audit('redmi-1s', 'first of two', { time })
    const other = new Buckets()
    await other.uploadExample('taiwan', exampleSessions.slice(0, 1))
    await other.ingest()
    for (const key of await other.evidence.list('')) await buckets.evidence.write(key, await other.evidence.read(key))
    for (const key of await other.intake.list('')) await buckets.intake.write(key, await other.intake.read(key))
    const before = await buckets.reports.listFacts('')
    await expect(buckets.audit('taiwan', 'second', { time })).rejects.toThrow(
      `concluding the audit of taiwan: ${first.report} is that of redmi-1s`,
    )
    expect(await buckets.reports.listFacts('')).toEqual(before)
    // Not below audits/, where everything goes after a month.
    expect(await buckets.evidence.list('claims/')).toContain(first.report.replace(/^reports(.*)\/$/, 'claims$1.json'))
    // The same campaign, started twice for the same time: what was concluded first counts.
    expect(await buckets.audit('redmi-1s', 'delivered twice', { time })).toEqual(first)
    rmSync(other.folder, { recursive: true })
  })

  it('does not conclude without every batch', async () => {
    const planned = await buckets.plan('redmi-1s', 'incomplete', 30, minutes(55))
    const [, ...others] = await buckets.batchesOf(planned)
    for (const batch of others) await buckets.weigh(planned, batch)
    await expect(buckets.conclude(planned)).rejects.toThrow(MissingObjectError)
    await expect(buckets.conclude({ ...planned, plan: planned.items })).rejects.toThrow(InputError)
  })
})
