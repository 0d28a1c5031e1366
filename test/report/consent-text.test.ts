import { describe, expect, it } from 'vitest'
import { explainFinding } from '../../functions/report/explain.ts'
import { renderInventoryCsv } from '../../functions/report/inventory-csv.ts'
import { renderJson } from '../../functions/report/json.ts'
import { outputsOf } from '../../functions/report/outputs.ts'
import { renderSummary } from '../../functions/report/summary.ts'
import { consentReport, HOSTILE, hostileReport, reportOf } from './sample.ts'

const report = consentReport()
const contact = report.findings.find(({ rule }) => rule === 'consent-identifiers')

describe('consent on the terminal', () => {
  const text = renderSummary(report)
  it('has a line a service and session', () => {
    expect(text).toContain('  ✗ mi-cloud in s1: violation. The IMEI and the phone number went to')
    expect(text).toContain('  – mi-cloud in s2: not claimed. The device was updated')
    expect(text).toContain('  ? mi-cloud in s3: indeterminate. ')
  })
  it('has a line a host and step of what was sent', () => {
    expect(text).toContain(
      '  api.micloud.xiaomi.net → China, s1, boot, before agreeing: IMEI (clear), phone number (base64), opaque (base64)',
    )
  })
  it('says under a violation what happened before what', () => {
    expect(text).toMatch(/\n {6}The IMEI and the phone number went to .* before anybody had opted in by enable-cloud/)
  })
  it('says of every step what was sent in it', () => {
    const reasons = ['The IMEI went there at step boot.', 'The contact’s phone number went there at step sms.']
    const findings = report.findings.map((one) => (one.id === contact?.id ? { ...one, reasons } : one))
    expect(renderSummary({ ...report, findings })).toContain(`\n      ${reasons.join(' ')}\n`)
  })
  it('is not there where nothing is claimed and nothing was found', () => {
    expect(renderSummary(reportOf())).not.toMatch(/Consent|What was sent/)
  })
  it.each(Object.entries(HOSTILE))('hostile text (%s) moves no cursor', (_, hostile) => {
    expect(renderSummary(hostileReport(hostile)).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
  })
})

describe('the explanation of a finding of consent', () => {
  const finding = report.findings.find(({ rule }) => rule === 'consent-identifiers')
  const text = explainFinding(report, finding?.id ?? '')
  it('has the claim, when the user agreed, and what was sent', () => {
    expect(text).toContain('before enable-cloud: forbid-contact; after disable-cloud and 300 s: forbid-contact')
    expect(text).toContain('“by the end of the month”')
    expect(text).toContain('session s1: opted in at 2014-11-03 11:00 UTC, opted out at 2014-11-03 12:00 UTC')
    expect(text).toContain(
      'IMEI [imei-1] at boot (before agreeing): clear; POST /pass/register device.imei; "imei":"‹imei›"',
    )
    expect(text).toContain('identifiers that went to a service before anybody had opted in')
  })
  it('near to an edge is in milliseconds, with the edge and how good the clock is', () => {
    const open = report.findings.find(({ rule, verdict }) => rule === 'consent-contact' && verdict === 'indeterminate')
    const near = explainFinding(report, open?.id ?? '')
    expect(near).toContain('from 2014-11-03 10:59:59.500 to ')
    expect(near).toContain('opted in at 2014-11-03 11:00:00.000 UTC')
    expect(near).toContain(
      'near to an edge: enable-cloud began at 2014-11-03 11:00:00.000 UTC, by a clock that is good to',
    )
    expect(text).not.toContain('near to an edge')
  })
  it('that nothing was found in says so', () => {
    const open = report.findings.find(({ rule, verdict }) => rule === 'consent-contact' && verdict === 'indeterminate')
    const without = { ...report, inventory: [] }
    expect(explainFinding(without, open?.id ?? '')).toContain('no planted identifier was found')
  })
})

describe('inventory.csv', () => {
  const lines = renderInventoryCsv(report).trimEnd().split('\r\n')
  it('has a line an entry under a head', () => {
    expect(lines).toHaveLength(1 + report.inventory.length)
    expect(lines[0]).toBe(
      '"host","service","identifier","category","seeds","session","step","consent","country","cloud","grade","encodings","places","excerpt","flows","first","last"',
    )
    expect(lines[1]).toContain('"imei","user.device.device_id","imei-1","s1","boot","before","CN"')
  })
  it('calls opaque what could not be read', () => {
    expect(lines.some((line) => line.includes('"opaque",,"","s1","boot"'))).toBe(true)
  })
  it('is an output that the manifest names', () => {
    const outputs = outputsOf(report, [])
    expect([...outputs.keys()]).toContain('inventory.csv')
    expect(JSON.stringify(outputs.get('manifest.json'))).toContain('inventory.csv')
  })
  it('names twelve places, and how many more there are', () => {
    const places = Array.from({ length: 40 }, (_, i) => `POST /p${i} imei`)
    const inventory = report.inventory.map((entry) => ({ ...entry, places, morePlaces: 60 }))
    const csv = renderInventoryCsv({ ...report, inventory })
    expect(csv).toContain('POST /p11 imei; and 88 more"')
    expect(csv).not.toContain('/p12')
    const explained = explainFinding({ ...report, inventory }, contact?.id ?? '')
    expect(explained).toContain('POST /p11 imei; and 88 more')
  })
  it('without anything is its head', () => {
    expect(renderInventoryCsv(reportOf()).split('\r\n')).toHaveLength(2)
  })
  it.each(Object.entries(HOSTILE))('hostile text (%s) breaks no row', (_, hostile) => {
    const csv = renderInventoryCsv(hostileReport(hostile))
    expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    expect(csv.split('\r\n')).toHaveLength(report.inventory.length + 2)
  })
})

describe('limitations', () => {
  const said = (text: string) => report.limitations.some((one) => one.includes(text))
  it('say what could not be read, what nobody looked for, what is opaque and what hangs on an edge', () => {
    for (const text of [
      'by the steps of the test protocol',
      'nobody looked for planted identifiers',
      'Of 1 flow not all that the device sent could be read',
      'never taken for clean',
      '2 flows went on after it',
      '1 flow began so near to the edge of a step',
    ])
      expect(said(text)).toBe(true)
  })
  it('say nothing of it where nobody claims and nobody looked', () => {
    expect(reportOf().limitations.join()).not.toMatch(/planted|edge of a step|agreed/)
  })
})

describe('report.json', () => {
  it('has consent and inventory, and the claims', () => {
    const read = JSON.parse(renderJson(report))
    expect(read.consent).toEqual(report.consent)
    expect(read.inventory).toEqual(report.inventory)
    expect(read.declaration.consent).toHaveLength(1)
  })
})
