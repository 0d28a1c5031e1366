import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderJson } from '../../functions/report/json.ts'
import { AFTER, session } from '../judge/world.ts'
import { consentReport, HOSTILE, hostileReport, ledgers, observations, reportOf, sessions } from './sample.ts'

const schema = JSON.parse(readFileSync(new URL('../../schemas/report-v1.json', import.meta.url), 'utf8'))
const valid = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(schema)

describe('report.json', () => {
  it('is what its schema says', () => {
    const report = JSON.parse(renderJson(reportOf()))
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true)
  })

  it('of consent and of what was sent is what its schema says', () => {
    const report = JSON.parse(renderJson(consentReport()))
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true)
  })

  it('tells what the records of sessions say, bounded and without long numbers, as its schema says', () => {
    const told = {
      unattended: { timeScale: 10 },
      deviations: [
        `the tray said 001012345678902`,
        'x'.repeat(500),
        ...Array.from({ length: 52 }, (_, i) => `deviation ${i}`),
      ],
      skipped: [{ step: 'send-mms', why: 'the SIM has no MMS' }],
      uncaptured: [{ from: AFTER, until: AFTER + 500_000, after: 'died' as const }],
    }
    const report = JSON.parse(renderJson(reportOf({ sessions: [session('s1', told), session('s2')] })))
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true)
    const [one, other] = report.sessions
    expect(one).toMatchObject({
      unattended: { timeScale: 10 },
      moreDeviations: 4,
      skipped: told.skipped,
      uncaptured: [{ from: '2014-11-03T10:00:00Z', until: '2014-11-03T10:00:00.500000Z', after: 'died' }],
    })
    expect(one).not.toHaveProperty('moreSkipped')
    expect(one.deviations).toHaveLength(50)
    expect(one.deviations[0]).toBe('the tray said ‹number›')
    expect(one.deviations[1]).toHaveLength(400)
    expect(Object.keys(other).sort()).toEqual(['clockErrorMs', 'device', 'id', 'place', 'rig', 'steps'])
    expect(report.limitations).toEqual(
      expect.arrayContaining([
        'In 1 of 2 sessions a script answered for the operator, and nobody saw to it that the steps were done; in 1 it shortened the waits.',
        'The records of the sessions note 54 deviations from the protocol and 1 step that was skipped.',
        'By the records of the sessions nothing was captured in 1 span.',
      ]),
    )
  })

  it('of nothing is what its schema says', () => {
    const report = JSON.parse(renderJson(reportOf({ observations: [], ledgers: [], sessions: [] })))
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true)
    expect(report).toMatchObject({ conclusion: 'inconclusive', period: { from: null, until: null } })
  })

  it('with a key that the schema does not know is refused, so that the schema stays whole', () => {
    expect(valid({ ...JSON.parse(renderJson(reportOf())), more: 1 })).toBe(false)
  })

  it('is one line of canonical JSON', () => {
    const text = renderJson(reportOf())
    expect(text).toMatch(/^\{"asOf":[^\n]*\}\n$/)
    expect(`${canonicalize(JSON.parse(text))}\n`).toBe(text)
  })

  it('has the same bytes in whatever order observations, captures and sessions came', () => {
    const all = <Item>(items: readonly Item[]) => fc.shuffledSubarray([...items], { minLength: items.length })
    const bytes = renderJson(reportOf())
    fc.assert(
      fc.property(all(observations), all(ledgers), all(sessions), (some, captures, runs) => {
        expect(renderJson(reportOf({ observations: some, ledgers: captures, sessions: runs }))).toBe(bytes)
      }),
    )
  })

  it('writes text that is no Unicode as U+FFFD, because JSON cannot carry it', () => {
    const report = JSON.parse(renderJson(hostileReport(HOSTILE.surrogate)))
    expect(report.limitations).toEqual(['half \ufffd pair'])
  })

  it('does not hold the addresses of the device', () => {
    expect(renderJson(reportOf())).not.toContain('02:00:00:00:00:01')
  })

  it('accounts for every flow and every record', () => {
    const { summary, ledger } = reportOf()
    const sum = (counts: object) => Object.values(counts).reduce((total: number, count: number) => total + count, 0)
    expect(sum(summary.judged) + sum(summary.outOfScope)).toBe(summary.flows)
    for (const { records, used, leftOut } of ledger) expect(used + sum(leftOut)).toBe(records)
  })

  it('writes times in UTC, with microseconds where there are any', () => {
    const [, log] = reportOf().ledger
    expect(log?.gaps[0]).toMatchObject({ from: '2014-11-03T10:00:00Z', until: '2014-11-03T10:10:00.000500Z' })
  })
})
