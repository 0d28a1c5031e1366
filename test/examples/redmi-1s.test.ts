/** The audit of the Redmi 1S example: exactly the findings that its sessions were made to give. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planted } from '../../examples/redmi-1s/make/seeds.ts'
import { run } from '../../functions/cli/audit-command.ts'
import type { ExitStatus, Terminal } from '../../functions/cli/terminal.ts'
import type { Finding, Report } from '../../functions/model.ts'

const example = join(import.meta.dirname, '../../examples/redmi-1s')
const seedKey = `${example}.seed-key`

const boxed = '2014-08-07-out-of-the-box'
const reset = '2014-08-14-updated-and-reset'
const kept = '2014-08-15-updated-without-reset'
const before = '2014-10-28-before-the-deadline'
const night = '2014-10-31-deadline-night'
const beijing = '2014-11-03-still-in-beijing'
const moved = '2014-11-04-california-and-singapore'
const amazon = '2014-11-05-amazon-in-beijing'
const cdn = '2014-11-06-behind-a-cdn'
const undeclared = '2014-11-07-undeclared-host'
const vpc = '2014-11-10-vpc-flow-log'

type Row = readonly [
  rule: string,
  service: string | null,
  phase: string | null,
  host: string | null,
  remote: string,
  place: string,
  flows: number,
  sessions: readonly string[],
]

const account = 'api.account.xiaomi.com'
const messaging = 'app.chat.xiaomi.net'
const contacts = 'contactapi.micloud.xiaomi.net'

const china = 'corroborated CN'
const california = 'proven aws:us-west-1'
const singapore = 'proven aws:ap-southeast-1'

/** Written from what `make/` does, not from what an audit said. */
const violations: readonly Row[] = [
  ['consent-identifiers', 'mi-account', null, account, '42.62.94.239', china, 3, [boxed]],
  ['residency', 'mi-account', 'migrated', account, '42.62.94.239', china, 3, [beijing]],
  ['residency', 'mi-account', 'migrated', account, '54.223.50.5', 'corroborated aws:cn-north-1', 2, [amazon]],
]

const indeterminate: readonly Row[] = [
  ['residency', 'cloud-messaging', null, messaging, '42.62.94.2', china, 1, [night]],
  ['residency', 'e-commerce', 'migrated', 'static.mi.com', '54.230.150.10', 'edge', 2, [cdn]],
  ['undeclared-host', null, null, 'tracking.miui.com', '120.134.33.29', china, 2, [undeclared]],
  ['unknown-host', null, null, null, '42.62.94.2', china, 1, [undeclared]],
  ['unknown-host', null, null, null, '42.62.94.239', china, 1, [vpc]],
]

const compliant: readonly Row[] = [
  // In August other databases speak than in October; out of the box the account is told over port 80, later over 443.
  ['residency', 'mi-account', 'before', account, '42.62.94.239', china, 4, [boxed]],
  ['residency', 'mi-account', 'before', account, '42.62.94.239', china, 1, [reset]],
  ['residency', 'mi-account', 'before', account, '42.62.94.239', china, 3, [before, night]],
  ['residency', 'cloud-messaging', 'before', messaging, '42.62.94.2', china, 3, [reset, kept]],
  ['residency', 'cloud-messaging', 'before', messaging, '42.62.94.2', china, 2, [before]],
  ['residency', 'mi-cloud', 'before', contacts, '42.62.94.239', china, 1, [boxed]],
  ['residency', 'mi-cloud', 'before', contacts, '42.62.94.239', china, 1, [before]],
  ['residency', 'e-commerce', 'before', 'www.mi.com', '54.254.100.7', singapore, 1, [before]],
  ['residency', 'mi-account', 'migrated', account, '54.251.30.40', singapore, 4, [night, moved, undeclared]],
  ['residency', 'mi-account', 'migrated', account, '54.176.40.5', california, 1, [moved]],
  ['residency', 'cloud-messaging', 'migrated', messaging, '54.251.30.40', singapore, 1, [beijing]],
  ['residency', 'cloud-messaging', 'migrated', messaging, '54.254.100.7', singapore, 1, [moved]],
  ['residency', 'mi-cloud', 'migrated', contacts, '54.176.40.5', california, 2, [beijing, moved]],
  ['residency', 'mi-cloud', 'migrated', contacts, '54.251.30.40', singapore, 1, [amazon]],
  ['residency', 'e-commerce', 'migrated', 'www.mi.com', '54.254.100.7', singapore, 2, [beijing, cdn]],
]

function rowOf({ rule, service, phase, host, remote, location, flows, sessions }: Finding): Row {
  const place = [location.grade, ...(location.grade === 'edge' ? [] : [location.cloud ?? location.country])].join(' ')
  return [rule, service, phase, host, remote.ip, place, flows, sessions]
}

const sorted = (rows: readonly Row[]) => [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

describe('the audit of the Redmi 1S example', () => {
  const out = mkdtempSync(join(tmpdir(), 'domicile-redmi-'))
  let status: ExitStatus
  let printed = ''
  let report: Report

  beforeAll(async () => {
    const terminal: Terminal = {
      out: async (text) => {
        printed += text
      },
      err: () => {},
      interactive: false,
      color: false,
      stdin: process.stdin,
      env: {},
    }
    status = await run([example], { out, seedKey }, terminal)
    report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))
  })
  afterAll(() => rmSync(out, { recursive: true, force: true }))

  const found = (verdict: Finding['verdict']) =>
    sorted(report.findings.filter((finding) => finding.verdict === verdict).map(rowOf))

  it('fails, with exit status 1, and says where the report is', () => {
    expect(status).toBe(1)
    expect(report.conclusion).toBe('fail')
    expect(printed).toContain(join(out, 'report.html'))
  })

  it('finds three violations: what was told unasked, Beijing after the deadline, and Amazon in Beijing', () => {
    expect(found('violation')).toEqual(sorted(violations))
  })

  it('leaves open what the evidence does not decide', () => {
    expect(found('indeterminate')).toEqual(sorted(indeterminate))
  })

  it('finds the rest compliant: Beijing before the deadline, California and Singapore after it', () => {
    expect(found('compliant')).toEqual(sorted(compliant))
  })

  it('says what would settle everything that it left open, and nothing else', () => {
    for (const { verdict, settle } of report.findings) expect(settle !== null).toBe(verdict === 'indeterminate')
  })

  it('accounts for every flow, also for those that are nobody of the vendor', () => {
    const { flows, judged, outOfScope } = report.summary
    const left = Object.values(outOfScope).reduce((sum, count) => sum + count, 0)
    // Consent is a second question about the same flows.
    const rows = [...violations, ...indeterminate, ...compliant].filter(([rule]) => !rule.startsWith('consent-'))
    expect(judged.violation + judged.compliant + judged.indeterminate).toBe(rows.reduce((sum, row) => sum + row[6], 0))
    expect(judged.violation + judged.compliant + judged.indeterminate + left).toBe(flows)
    // DHCP, DNS, NTP, pings and IPv6 noise of six sessions, the connectivity checks, and the log's flows without a name.
    expect(left).toBeGreaterThan(40)
  })

  it('accounts for every record, and shows the minutes that the VPC flow log lost as a gap', () => {
    for (const { source, records, used, leftOut, error } of report.ledger) {
      const left = Object.values(leftOut).reduce((sum, count) => sum + count, 0)
      expect([source, error, records]).toEqual([source, null, used + left])
    }
    const log = report.ledger.find(({ session }) => session === vpc)
    expect(log?.records).toBe(15)
    expect(log?.gaps.map(({ from, until, records }) => [from.slice(0, 16), until.slice(0, 16), records])).toEqual([
      ['2014-11-10T06:30', '2014-11-10T06:39', 1],
    ])
  })

  it('says of every session whether the vendor asked first, or why nothing was claimed of it', () => {
    const august = report.consent.filter(({ session }) => session.startsWith('2014-08'))
    expect(august.map(({ service, session, applies, verdict }) => [service, session, applies, verdict])).toEqual([
      ['mi-account', boxed, true, 'violation'],
      ['mi-account', reset, true, 'compliant'],
      ['mi-account', kept, false, null],
      ['cloud-messaging', boxed, false, null],
      ['cloud-messaging', reset, true, 'compliant'],
      ['cloud-messaging', kept, false, null],
    ])
    const reasonOf = (of: string) => august.filter(({ session }) => session === of).map(({ reason }) => reason)
    expect(reasonOf(reset)).toEqual(Array(2).fill(expect.stringContaining('Nothing went to its hosts before')))
    expect(reasonOf(kept)).toEqual(Array(2).fill(expect.stringContaining('without a factory reset')))
  })

  it('lists what F-Secure listed: who was sent what, at which step, where, and how', () => {
    const lines = report.inventory.map(({ host, kind, session, step, consent, country, encodings }) =>
      [session, step, consent, kind, host, country, ...encodings].join(' '),
    )
    const line = (session: string, step: string, kind: string, encoding = 'clear') =>
      `${session} ${step} ${step.startsWith('enable') ? 'agreed' : 'before'} ${kind} ${account} CN ${encoding}`
    expect(lines.sort()).toEqual(
      [
        // 7 August: the carrier's name, the IMEI and the phone number …
        line(boxed, 'join-wifi', 'carrier'),
        line(boxed, 'join-wifi', 'imei'),
        line(boxed, 'join-wifi', 'phone'),
        // … numbers of contacts that were added, and of whoever sent a message …
        line(boxed, 'add-contact', 'contact-phone'),
        line(boxed, 'sms', 'contact-phone'),
        // … with Mi Cloud on the IMSI, the IMEI and the phone number …
        line(boxed, 'enable-mi-cloud', 'imsi'),
        line(boxed, 'enable-mi-cloud', 'imei'),
        line(boxed, 'enable-mi-cloud', 'phone'),
        // … and after the update nothing, until logging in brings base64.
        line(reset, 'enable-mi-cloud', 'imsi', 'base64'),
        line(reset, 'enable-mi-cloud', 'imei', 'base64'),
        line(reset, 'enable-mi-cloud', 'phone', 'base64'),
      ].sort(),
    )
  })

  it('writes no planted value into any output, in clear or as anybody could read it', () => {
    const digits = Object.values(planted).flatMap((value) => [
      value,
      value.replace(/^\+44/, ''),
      encodeURIComponent(value),
    ])
    const sought = [...new Set(digits)].flatMap((value) => [value, Buffer.from(value).toString('base64').slice(0, -4)])
    const outputs = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(outputs.length).toBeGreaterThan(4)
    for (const { parentPath, name } of outputs) {
      const text = readFileSync(join(parentPath, name), 'latin1')
      expect(sought.filter((value) => text.includes(value))).toEqual([])
    }
    expect(sought.filter((value) => printed.includes(value))).toEqual([])
  })

  it('cites the sources of the declaration and the snapshots that it rests on', () => {
    expect(report.declaration.sources.map(({ id }) => id)).toEqual(['S1', 'S2', 'S3', 'S4', 'S5', 'S6'])
    const ranges = report.snapshots.filter(({ source }) => source === 'ranges/aws').map(({ date }) => date)
    expect(ranges).toEqual(['2014-08-20', '2015-11-03'])
  })
})
