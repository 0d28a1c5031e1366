import { describe, expect, it } from 'vitest'
import { renderFindingsCsv } from '../../functions/report/findings-csv.ts'
import { HOSTILE, hostileReport, reportOf } from './sample.ts'

/** Reads RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if (end !== '\r\n') continue
    rows.push(row)
    row = []
  }
  return rows
}

describe('findings.csv', () => {
  const report = reportOf()
  const [head = [], ...rows] = parse(renderFindingsCsv(report))

  it('has a row a finding under a head, all of one width', () => {
    expect(rows).toHaveLength(report.findings.length)
    for (const row of rows) expect(row).toHaveLength(head.length)
    expect(rows.map(([id]) => id)).toEqual(report.findings.map(({ id }) => id))
  })

  it('says of every finding what the report says', () => {
    const column = (name: string) => rows.map((row) => row[head.indexOf(name)])
    expect(column('verdict')).toEqual(report.findings.map(({ verdict }) => verdict))
    expect(column('host')).toEqual(report.findings.map(({ host }) => host ?? ''))
    expect(column('flows')).toEqual(report.findings.map(({ flows }) => String(flows)))
    expect(column('remote_port')).toEqual(report.findings.map(({ remote }) => String(remote.port ?? '')))
  })

  it('leaves the protocol empty where no log states it', () => {
    const findings = report.findings.map((one) => ({ ...one, remote: { ...one.remote, proto: '-1' } }))
    const [names = [], first = []] = parse(renderFindingsCsv({ ...report, findings }))
    expect(first[names.indexOf('protocol')]).toBe('')
  })

  it('of no findings is its head', () => {
    expect(parse(renderFindingsCsv({ ...report, findings: [] }))).toEqual([head])
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '＝1', HOSTILE.formula])(
    'a cell that begins like a formula (%j) is text',
    (text) => {
      for (const row of parse(renderFindingsCsv(hostileReport(text))).slice(1))
        for (const cell of row) expect(cell).not.toMatch(/^[\s=+\-@＝＋－＠]/)
    },
  )

  it.each(Object.entries(HOSTILE))('hostile text (%s) breaks no row and moves no cursor', (_, text) => {
    const csv = renderFindingsCsv(hostileReport(text))
    expect(parse(csv).every((row) => row.length === head.length)).toBe(true)
    expect(parse(csv)).toHaveLength(rows.length + 1)
    expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
  })
})
