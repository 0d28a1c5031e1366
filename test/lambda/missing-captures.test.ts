import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readAccounts, readPlan } from '../../functions/lambda/plan-file.ts'
import type { Ledger, Report } from '../../functions/model.ts'
import { auditedByCommandLine, Buckets, exampleSessions } from './campaign-in-buckets.ts'

const [first = '', second = ''] = exampleSessions
const bytes = (content: string) => Buffer.from(content)

let buckets: Buckets
beforeEach(() => {
  buckets = new Buckets()
})
afterEach(() => rmSync(buckets.folder, { recursive: true, force: true }))

async function captureOf(session: string): Promise<string> {
  const [key = ''] = await buckets.intake.list(`intake/c/${session}/captures/`)
  return key
}

/** Plans, and gives what the plan says of captures without observations. */
async function missing(): Promise<{ sources: readonly string[]; ledgers: readonly Ledger[] }> {
  const planned = await buckets.plan('c', 'run')
  const plan = await readPlan(buckets.evidence, planned.plan)
  const { ledgers } = await readAccounts(buckets.evidence, plan)
  return { sources: plan.missing, ledgers: ledgers.filter(({ source }) => plan.missing.includes(source)) }
}

async function reportOf(): Promise<Report> {
  const concluded = await buckets.audit('c', 'run')
  return JSON.parse((await buckets.outputs(concluded))['report.json'] ?? '') as Report
}

const completenessOf = (report: Report) => report.criteria.find(({ id }) => id === 'completeness')

describe('a capture without observations', () => {
  it('is reported as on the command line where it is in the quarantine', async () => {
    await buckets.uploadExample('c', [first, second])
    await buckets.intake.write(await captureOf(first), bytes('this is no capture'))
    await buckets.intake.write(await captureOf(second), bytes(''))
    await buckets.ingest()
    const expected = await auditedByCommandLine(buckets.campaignFolder('c'))
    const concluded = await buckets.audit('c', 'run')
    expect(concluded.conclusion).toBe('inconclusive')
    expect(await buckets.outputs(concluded)).toEqual(expected)
    expect((await missing()).sources).toHaveLength(2)
  })

  it('is named where ingest has not read it yet, and lets no audit pass', async () => {
    await buckets.uploadExample('c', [first])
    await buckets.ingest()
    await buckets.uploadExample('c', [first, second])
    const { sources, ledgers } = await missing()
    // The first session was uploaded again: another version, which has no receipt either.
    expect(sources).toHaveLength(2)
    expect(ledgers[0]?.error).toContain('ingest had not read it')
    expect(ledgers[0]?.size).toBeGreaterThan(0)
    expect(completenessOf(await reportOf())).toMatchObject({ status: 'not-met' })
  })

  it('is named where its session lists it and it has not come', async () => {
    await buckets.uploadExample('c', [first, second])
    rmSync(buckets.intake.pathOf(await captureOf(second)))
    await buckets.ingest()
    const { sources, ledgers } = await missing()
    expect(sources).toHaveLength(1)
    expect(ledgers[0]).toMatchObject({ size: 0, records: 0, session: second })
    expect(ledgers[0]?.error).toContain('had not come when the audit began')
    const report = await reportOf()
    expect(report.ledger).toHaveLength(2)
    expect(completenessOf(report)?.reason).toContain(`${sources[0]} could not be read`)
  })

  it.each([
    ['lost/captures/rig.pcap', 'any bytes at all', true],
    ['rig.pcap.gz', '\u001f\u008b packed', true],
    ['deep/er/captures/rig.pcap', 'any bytes at all', true],
    ['notes.txt', 'what the rig looked like', false],
    [`${first}/.DS_Store`, '\u001f\u008b packed', false],
    ['reference/ranges/aws/x.json.gz', '\u001f\u008b packed', false],
  ])('%s, which no session claims, is one: %s', async (path, content, isOne) => {
    await buckets.uploadExample('c', [first])
    await buckets.intake.write(`intake/c/${path}`, Buffer.from(content, 'latin1'))
    await buckets.ingest()
    const { sources, ledgers } = await missing()
    expect(sources).toEqual(isOne ? [path] : [])
    if (isOne) expect(ledgers[0]?.error).toContain('no session claims it')
  })

  it('is each of a session whose session.yaml is faulty; the others are audited', async () => {
    await buckets.uploadExample('c', [first, second])
    await buckets.intake.write(`intake/c/${second}/session.yaml`, bytes('kind: Session\n'))
    await buckets.ingest()
    const { sources, ledgers } = await missing()
    expect(sources).toEqual([expect.stringContaining(`${second}/captures/`)])
    expect(ledgers[0]?.error).toContain('session.yaml')
    expect((await reportOf()).sessions.map(({ id }) => id)).toEqual([first])
  })

  it('is each of two sessions of one id, which could not be told apart; the others are audited', async () => {
    const [, , third = ''] = exampleSessions
    await buckets.uploadExample('c', [first, second, third])
    const key = `intake/c/${second}/session.yaml`
    const yaml = Buffer.from(await buckets.intake.read(key)).toString()
    await buckets.intake.write(key, bytes(yaml.replace(`id: ${second}`, `id: ${first}`)))
    const [absent, present] = [await captureOf(first), await captureOf(second)]
    rmSync(buckets.intake.pathOf(absent))
    await buckets.ingest()
    const { sources, ledgers } = await missing()
    expect(sources).toEqual([absent, present].map((capture) => capture.slice('intake/c/'.length)))
    expect(ledgers.map(({ error }) => error)).toEqual([
      'session.yaml lists it, and it had not come when the audit began',
      `${first}/session.yaml and ${second}/session.yaml have one id, ${first}: give each an id of its own`,
    ])
    const report = await reportOf()
    expect(report.sessions.map(({ id }) => id)).toEqual([third])
    expect(report.ledger).toHaveLength(3)
    expect(completenessOf(report)).toMatchObject({ status: 'not-met' })
    expect(report.conclusion).not.toBe('pass')
  })

  it('is one that its session.yaml does not list, beside one that it does', async () => {
    await buckets.uploadExample('c', [first])
    const key = await captureOf(first)
    await buckets.intake.write(key.replace(/[^/]+$/, 'another.pcap'), await buckets.intake.read(key))
    await buckets.ingest()
    const { sources, ledgers } = await missing()
    expect(sources).toEqual([`${first}/captures/another.pcap`])
    expect(ledgers[0]?.error).toContain('another.pcap')
  })
})

describe('planning an audit', () => {
  it('counts a capture once that was uploaded in two places', async () => {
    await buckets.uploadExample('c', [first, second])
    const [one, other] = [await captureOf(first), await captureOf(second)]
    await buckets.intake.write(other, await buckets.intake.read(one))
    await buckets.ingest()
    const expected = await auditedByCommandLine(buckets.campaignFolder('c'))
    expect(await buckets.outputs(await buckets.audit('c', 'run', { perBatch: 3 }))).toEqual(expected)
    expect(expected['report.json']).toContain('"leftOut":{"the same capture as')
  })

  it('leaves out what withdrawn sessions and older versions gave', async () => {
    await buckets.uploadExample('c', [first, second])
    await buckets.ingest()
    for (const key of await buckets.intake.list(`intake/c/${second}/`)) rmSync(buckets.intake.pathOf(key))
    const yaml = Buffer.from(await buckets.intake.read(`intake/c/${first}/session.yaml`)).toString()
    await buckets.intake.write(`intake/c/${first}/session.yaml`, bytes(`${yaml}\n# corrected\n`))
    await buckets.ingest()
    const expected = await auditedByCommandLine(buckets.campaignFolder('c'))
    const concluded = await buckets.audit('c', 'run')
    expect(await buckets.outputs(concluded)).toEqual(expected)

    // The evidence of all three stands there; questions about observations find out which of it the report counts.
    const stored = (await buckets.evidence.list('observations/')).map((key) => key.slice(key.lastIndexOf('/') + 1, -8))
    expect(new Set(stored).size).toBe(3)
    const counted = concluded.report.replace('reports/', 'counted/')
    expect(await buckets.evidence.list('counted/')).toEqual([`${counted}evidence.csv`])
    const lines = Buffer.from(await buckets.evidence.read(`${counted}evidence.csv`))
      .toString()
      .split('\n')
    expect(lines).toEqual(['evidence', expect.stringMatching(/^[0-9a-f]{64}$/), ''])
    expect(stored).toContain(lines[1])
  })

  it('concludes a campaign of which nothing has come', async () => {
    await buckets.uploadExample('c', [])
    const planned = await buckets.plan('c', 'run')
    expect(planned).toMatchObject({ batches: 0, missing: 0 })
    expect((await buckets.conclude(planned)).conclusion).toBe('inconclusive')
  })

  it('refuses a campaign without a declaration, and with a faulty one', async () => {
    await expect(buckets.plan('c', 'run')).rejects.toThrow('upload intake/c/declaration.yaml')
    await buckets.intake.write('intake/c/declaration.yaml', bytes('kind: Declaration\n'))
    await expect(buckets.plan('c', 'run')).rejects.toThrow(/^intake\/c\/declaration\.yaml:1:1: /)
  })
})
