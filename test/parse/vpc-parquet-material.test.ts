/** Holds Parquet flow logs that others wrote against their rows as text, and against DuckDB; see ../shared/material. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { accounted, see } from './capture-builder.ts'
import { collect } from './vpc-collect.ts'
import { collectParquet } from './vpc-parquet-collect.ts'

const folder = resolve(import.meta.dirname, '../../../shared/material/vpcflow')
const derived = join(folder, 'parquet-derived')
const generic = join(folder, 'parquet-generic')
const present = existsSync(derived)
if (!present) console.warn(`skipped: third-party VPC flow logs are not here (${folder})`)
const files = (path: string) => (present ? readdirSync(path).filter((name) => name.endsWith('.parquet')) : [])

const jsonOf = (name: string) => name.replace('.parquet', '.expected.json')

/** The rows as DuckDB has them, as the text of a flow log with a header line. */
async function asText(path: string): Promise<string> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const reader = await connection.runAndReadAll(`SELECT * FROM read_parquet('${path}')`)
  const cell = (value: unknown) => (value === null || value === '' ? '-' : String(value))
  const lines = reader.getRows().map((row) => row.map(cell).join(' '))
  return `${reader.columnNames().join(' ')}\n${lines.join('\n')}\n`
}

describe.skipIf(!present)('third-party VPC flow logs as Parquet', () => {
  it.each(files(derived))('give what their rows give as text: %s', async (name) => {
    const path = join(derived, name)
    const text = collect(await asText(path))
    const parquet = collectParquet(readFileSync(path))
    expect(parquet.flows).toEqual(text.flows)
    expect(parquet.flows.length).toBeGreaterThan(0)
    expect(parquet.account).toEqual({ ...text.account, format: 'vpc-flow-log-parquet' })
  })

  it.each(files(derived).filter((name) => existsSync(join(derived, jsonOf(name)))))(
    'give what their rows give as JSON: %s',
    async (name) => {
      const json = await see(readFileSync(join(derived, jsonOf(name))))
      const parquet = await see(readFileSync(join(derived, name)))
      expect(json.flows).toEqual(parquet.flows)
      expect(json.read).toMatchObject({ error: null, records: parquet.read.records, leftOut: parquet.read.leftOut })
    },
  )

  it.each(files(generic))('that are none end in a clear error: %s', async (name) => {
    const { read } = await see(readFileSync(join(generic, name)))
    expect(read.error).toMatch(/the Parquet file/)
    expect(read.records).toBe(accounted(read))
  })
})
