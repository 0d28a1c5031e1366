import { describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import type { Finding } from '../../functions/model.ts'
import { explainFinding } from '../../functions/report/explain.ts'
import { renderSummary } from '../../functions/report/summary.ts'
import { brief, captured, prose, visible } from '../../functions/report/visible.ts'
import { HOSTILE, hostileReport, observations, reportOf } from './sample.ts'

const report = reportOf()
const summary = renderSummary(report)

describe('the summary', () => {
  it('begins with the conclusion', () => {
    expect(summary).toMatch(/^FAIL {2}International user data leaves Beijing \(xiaomi-intl-2014, version 1\)\n/)
  })
  it('says of every violation which host, where, when and how often', () => {
    expect(summary).toMatch(
      /api\.account\.xiaomi\.com → Beijing, CN-BJ, China \(corroborated\), mi-account: 1,234 flows, 2014-11-01 16:00 UTC {2}\[F-[0-9a-f]{8}\]/,
    )
    expect(summary).toContain(
      'tracker.xiaomi.com → aws:ap-southeast-1 · Singapore (proven), undeclared: 2 flows, 2014-11-03 10:00 UTC, waived by W1',
    )
  })
  it('says of findings of one host that are open only what holds of all their flows', () => {
    const [first] = report.findings
    if (!first) throw new Error('the sample has findings')
    const open = (ip: string, country: string) => ({
      ...first,
      verdict: 'indeterminate' as const,
      host: 'api.example.com',
      remote: { ...first.remote, ip },
      location: { ...first.location, grade: 'suspected' as const, cloud: null, city: null, subdivision: null, country },
      reasons: [`${ip} is only suspected to stand in ${country}.`],
      settle: 'More.',
      flows: 3,
    })
    const text = renderSummary({
      ...report,
      findings: [open('192.0.2.1', 'CN'), open('192.0.2.2', 'CN'), open('192.0.2.3', 'SG')],
    })
    expect(text).toContain('192.0.2.1 is only suspected to stand in CN. 6 flows to 2 addresses  [')
    expect(text).toContain('192.0.2.3 is only suspected to stand in SG. 3 flows  [')
  })
  it('says why it is no pass, and which waivers expired', () => {
    expect(summary).toContain('✗ No violation: 1236 flows broke the declaration.')
    expect(summary).toContain('W2 of x expired on 2014-10-20')
  })
  it('adds up', () => {
    expect(summary).toContain(
      "1,418 flows = 52 compliant + 1,236 violation + 23 indeterminate + 107 out of scope (77 host is not the vendor's, 30 remote is private-use)",
    )
    expect(summary).toContain('122 records = 82 in flows + 40 left out; 2 captures, 2 sessions')
  })
  it('is short, whatever there is to say', () => {
    const [finding] = report.findings
    if (!finding) throw new Error('the sample has findings')
    const many = Array.from({ length: 500 }, (_, i) => ({ ...finding, host: `h${i}.example.com` }))
    expect(renderSummary({ ...report, findings: many }).split('\n').length).toBeLessThan(40)
    expect(renderSummary({ ...report, findings: many })).toContain('and 488 more in the report')
  })
  it('of nothing says that silence is no evidence', () => {
    expect(renderSummary(reportOf({ observations: [], ledgers: [] }))).toMatch(
      /^INCONCLUSIVE .*\nThere is no flow to judge, and silence is no evidence\.\n/,
    )
  })
  it('has colour only where it is asked for', () => {
    expect(summary).not.toContain('\u001b')
    expect(renderSummary(report, { color: false })).toBe(summary)
    expect(renderSummary(report, { color: true })).toContain('\u001b[31mFAIL\u001b[0m')
  })
  it('names what a pass rests on', () => {
    const passing = reportOf({ observations: observations.slice(2, 3), ledgers: [] })
    expect(renderSummary({ ...passing, conclusion: 'pass' })).toContain('✓ No violation')
  })
})

describe('explaining a finding', () => {
  const [finding] = report.findings
  const text = explainFinding(report, finding?.id ?? '')
  it('leads from the capture to the verdict', () => {
    const steps = ['1. Captures', '2. Flows', '3. Host', '4. Declared', '5. Located', '6. Judged']
    expect(steps.map((step) => text.indexOf(step))).toEqual(
      [...steps.map((step) => text.indexOf(step))].sort((a, b) => a - b),
    )
    for (const part of [
      `sha256 ${'c'.repeat(64)}`,
      'sessions/s1/captures/a.pcap',
      '1,234 flows',
      'api.account.xiaomi.com, known by the TLS server name',
      'phase “migrated”, from 2014-10-31 16:00 UTC, for ever',
      '“by the end of the month”',
      'https://example.com/post',
      '[provider-range; ranges/aws of 2014-11-01]',
      `sha256 ${'a'.repeat(64)}`,
      'which phase “migrated” of “mi-account” denies: beijing (CN-BJ)',
      'verdict: violation',
    ])
      expect(text).toContain(part)
  })
  it('names of a publisher’s two files of a day the one with the family of the address', () => {
    const [snapshot] = report.snapshots.filter(({ source }) => source === 'ranges/aws')
    if (!snapshot) throw new Error('the sample has ranges')
    const files = [
      { ...snapshot, family: 4 as const },
      { ...snapshot, family: 6 as const, sha256: '6'.repeat(64) },
    ]
    const said = explainFinding({ ...report, snapshots: files }, finding?.id ?? '')
    expect(said).toContain(`sha256 ${snapshot.sha256}`)
    expect(said).not.toContain('6'.repeat(64))
  })
  it('is there for every finding', () => {
    for (const { id, verdict } of report.findings) expect(explainFinding(report, id)).toContain(`verdict: ${verdict}`)
  })
  it('says that the protocol is not stated where no log states it', () => {
    const unstated = (one: Finding) => ({ ...one, remote: { ...one.remote, port: 443, proto: '-1' } })
    const said = explainFinding({ ...report, findings: report.findings.map(unstated) }, finding?.id ?? '')
    expect(said).toContain(`, to ${finding?.remote.ip}:443 (protocol not stated)\n`)
  })
  it('says what would settle an indeterminate one', () => {
    const open = report.findings.find(({ verdict }) => verdict === 'indeterminate')
    expect(explainFinding(report, open?.id ?? '')).toContain('what would settle it:')
  })
  it('of an id that is none names some that are', () => {
    expect(() => explainFinding(report, 'F-00000000')).toThrow(InputError)
    expect(() => explainFinding(report, 'F-00000000')).toThrow(finding?.id)
    expect(() => explainFinding({ ...report, findings: [] }, 'x')).toThrow('the report has none')
  })
  it('of the beginning of an id names those that begin so', () => {
    const last = report.findings.at(-1)?.id ?? ''
    expect(() => explainFinding(report, last.slice(0, 6))).toThrow(last)
  })
})

describe.each(Object.entries(HOSTILE))('hostile text (%s) in a terminal', (_, hostile) => {
  const bad = hostileReport(hostile)
  const outputs = [renderSummary(bad), ...bad.findings.map(({ id }) => explainFinding(bad, id))]
  it('neither moves the cursor nor turns the line', () => {
    for (const output of outputs) expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
  })
  it('does not fill the screen', () => {
    for (const output of outputs) expect(output.length).toBeLessThan(25_000)
  })
})

describe('captured text', () => {
  it('shows what would act', () => {
    expect(visible('a\u202eb\u0000c\ud800')).toBe('a\\u{202e}b\\u{0}c\\u{d800}')
    expect(visible('日本 é ½')).toBe('日本 é ½')
  })
  it('is cut where it is long, and says how long it was', () => {
    expect(captured('x'.repeat(10_240))).toMatch(/^x{72}… \(10240 characters\)$/)
    expect(captured('short')).toBe('short')
  })
  it('of a declaration keeps its words and loses its line breaks', () => {
    expect(prose(' by the\n  end\u202e ')).toBe('by the end\\u{202e}')
  })
  it('is cut at a word where a line has to be short', () => {
    expect(brief('one two three', 100)).toBe('one two three')
    expect(brief('one two three', 10)).toBe('one two …')
  })
})

it('the second reason of a residency violation stands below it: how far its databases are', () => {
  const note = 'Both databases were built more than 11 years after these packets; addresses change hands.'
  const findings = report.findings.map((finding) =>
    finding.verdict === 'violation' && finding.rule === 'residency'
      ? { ...finding, reasons: [...finding.reasons.slice(0, 1), note] }
      : finding,
  )
  expect(summary).not.toContain(note)
  expect(renderSummary({ ...report, findings })).toContain(`\n      ${note}\n`)
})
