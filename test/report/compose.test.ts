import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderJson } from '../../functions/report/json.ts'
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
