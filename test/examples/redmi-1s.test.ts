/** The audit of the Redmi 1S example: exactly the findings that its sessions were made to give. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../functions/cli/audit-command.ts'
import type { ExitStatus, Terminal } from '../../functions/cli/terminal.ts'
import type { Finding, Report } from '../../functions/model.ts'

const example = join(import.meta.dirname, '../../examples/redmi-1s')

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
  ['residency', 'mi-account', 'before', account, '42.62.94.239', china, 3, [before, night]],
  ['residency', 'cloud-messaging', 'before', messaging, '42.62.94.2', china, 2, [before]],
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
    status = await run([example], { out }, terminal)
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

  it('finds two violations: Beijing after the deadline, and Amazon in Beijing', () => {
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
    const rows = [...violations, ...indeterminate, ...compliant]
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

  it('cites the sources of the declaration and the snapshots that it rests on', () => {
    expect(report.declaration.sources.map(({ id }) => id)).toEqual(['S1', 'S2', 'S3', 'S4'])
    const ranges = report.snapshots.filter(({ source }) => source === 'ranges/aws').map(({ date }) => date)
    expect(ranges).toEqual(['2014-08-20', '2015-11-03'])
  })
})
