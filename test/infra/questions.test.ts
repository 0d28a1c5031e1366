import { describe, expect, it } from 'vitest'
import { countedKey, reportFolder } from '../../functions/lambda/audit-keys.ts'
import { questions } from '../../infra/questions.ts'
import { counted, findings, observations } from '../../infra/tables.ts'

const tables = [counted, findings, observations].map((tableOf) => tableOf('bucket'))

describe('the questions of auditors', () => {
  it.each(questions('redmi-1s').map(({ name, sql }) => [name, sql]))('%s counts what a report counts', (_name, sql) => {
    expect(sql.match(/FROM observations\b/g)).toHaveLength(1)
    expect(sql).toContain("WHERE campaign = 'redmi-1s'")
    const [, pattern = '', report] =
      /regexp_extract\("\$path", '(.*)', 1\) IN \(SELECT evidence FROM counted WHERE (.*)\)/.exec(sql) ?? []
    expect(report).toBe("declaration = 'xiaomi-intl-2014' AND time = '20141231T030000Z'")
    const id = '5f'.repeat(32)
    const path = `s3://bucket/observations/campaign=${'a'.repeat(64)}/date=2014-11-03/${id}.parquet`
    expect(new RegExp(pattern).exec(path)?.[1]).toBe(id)
  })

  it('find what a report counts by the values that name its folder', () => {
    const { parameters } = counted('bucket')
    const folder = reportFolder('mi', new Date('2014-12-31T03:00:00Z'))
    const location = String((parameters as Record<string, string>)['storage.location.template'])
    const place = location.replace(/\$.declaration./, 'mi').replace(/\$.time./, '20141231T030000Z')
    expect(`s3://bucket/${countedKey(folder)}`).toBe(`${place}/evidence.csv`)
  })

  it('ask no table that is not there', () => {
    const names = new Set(tables.map(({ name }) => name))
    for (const { sql } of questions('c')) {
      const made = new Set([...sql.matchAll(/(\w+) AS \(/g)].map(([, name]) => name))
      for (const [, name = ''] of sql.matchAll(/\b(?:FROM|JOIN) (\w+)/g))
        expect(names.has(name) || made.has(name), name).toBe(true)
    }
  })
})
