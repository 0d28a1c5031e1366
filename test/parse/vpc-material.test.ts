/** Holds the parser against logs that nobody on this project wrote; see ../shared/material. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { canonicalAddress } from '../../functions/net/address.ts'
import { readCapture } from '../../functions/parse/read-capture.ts'
import { collect, sumOfLeftOut } from './vpc-collect.ts'

const folder = resolve(import.meta.dirname, '../../../shared/material/vpcflow')
const present = existsSync(folder)
if (!present) console.warn(`skipped: third-party VPC flow logs are not here (${folder})`)

const files = present
  ? readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => /\.\w+$/.test(name))
  : []
const isText = (name: string) => /\.log(\.gz)?$/.test(name)
const textOf = (name: string) => {
  const bytes = readFileSync(join(folder, name))
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8')
}

/** Totals by conversation, read the plain way: lines, words, a Map. */
function plainTotals(text: string): { totals: Map<string, number[]>; noData: number; skipData: number } | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const names = lines
    .find((line) => /\bsrcaddr\b/.test(line))
    ?.trim()
    .split(/\s+/)
  if (!names) return null
  const totals = new Map<string, number[]>()
  let noData = 0
  let skipData = 0
  for (const line of lines) {
    const fields = line.trim().split(/\s+/)
    const field = (name: string) => fields[names.indexOf(name)]
    if (fields.includes('srcaddr') || fields.length !== names.length) continue
    if (field('log-status') === 'NODATA') noData++
    else if (field('log-status') === 'SKIPDATA') skipData++
    else {
      const end = (side: string) => {
        const own = field(`pkt-${side}addr`)
        return `${canonicalAddress((own === '-' ? undefined : own) ?? field(`${side}addr`) ?? '')}|${Number(field(`${side}port`)) || 0}`
      }
      const key = `${field('protocol')} ${[end('src'), end('dst')].sort().join(' ')}`
      const sums = totals.get(key) ?? [0, 0]
      totals.set(key, [(sums[0] ?? 0) + Number(field('packets')), (sums[1] ?? 0) + Number(field('bytes'))])
    }
  }
  return { totals, noData, skipData }
}

describe.skipIf(!present)('third-party VPC flow logs', () => {
  it.each(files.filter(isText))('agree with a plain reading, and account for every row: %s', (name) => {
    const expected = plainTotals(textOf(name))
    if (!expected) {
      // Without a header: the default order, or an error that says what to do.
      try {
        const { account } = collect(textOf(name))
        expect(account.used + sumOfLeftOut(account)).toBe(account.records)
      } catch (error) {
        expect(String(error)).toMatch(/--format/)
      }
      return
    }
    const { flows, account } = collect(textOf(name))
    const totals = new Map<string, number[]>()
    for (const flow of flows) {
      const ends = [`${flow.a}|${Math.max(0, flow.portA)}`, `${flow.b}|${Math.max(0, flow.portB)}`].sort()
      const key = `${flow.protocol} ${ends.join(' ')}`
      const sums = totals.get(key) ?? [0, 0]
      totals.set(key, [
        (sums[0] ?? 0) + flow.packets[0] + flow.packets[1],
        (sums[1] ?? 0) + flow.bytes[0] + flow.bytes[1],
      ])
    }
    expect(totals).toEqual(expected.totals)
    expect([account.leftOut.NODATA ?? 0, account.leftOut.SKIPDATA ?? 0]).toEqual([expected.noData, expected.skipData])
    expect(account.used + sumOfLeftOut(account)).toBe(account.records)
  })

  it.each(files.filter((name) => !isText(name) && !/\.(parquet|json)$/.test(name)))(
    'in other packagings end in a clear error: %s',
    async (name) => {
      const chunks = async function* () {
        yield readFileSync(join(folder, name))
      }
      const read = await readCapture(chunks(), {}, { answer: () => {}, flows: () => {} })
      expect(read.error).toMatch(/not a capture that is known/)
      expect(read.records).toBe(0)
    },
  )
})
