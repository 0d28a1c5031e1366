import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { measured, measuredCases, mostSnapshots, scaleOf, secondsFor } from '../../bench/audit-scale-model.ts'
import { concludeTable, conclusionTable, scaleTable, weighTable } from '../../bench/audit-scale-tables.ts'
import { OBSERVATIONS_PER_BATCH } from '../../functions/lambda/batches.ts'
import { root } from '../support/bundle.ts'

const page = readFileSync(join(root, 'docs/decisions/0006-scale.md'), 'utf8')

describe('docs/decisions/0006-scale.md', () => {
  it('has the tables that follow from the measurement', () => {
    const tables = [weighTable(), concludeTable(), scaleTable(), ...measuredCases().map(conclusionTable)]
    for (const table of tables) expect(page).toContain(`\n${table}\n`)
  })

  it('says when and where was measured, and the size of a batch', () => {
    expect(page).toContain(measured.machine)
    expect(page).toContain(OBSERVATIONS_PER_BATCH.toLocaleString('en'))
  })

  it('says how many snapshots a batch has room for', () => {
    expect(page).toContain(`room for some ${Math.round(mostSnapshots() / 50) * 50} of them`)
  })

  it('names a source for every limit', () => {
    const rows = (page.split('## Limits')[1]?.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| '))
    const withoutSource = rows.slice(1).filter((row) => !/https:\/\/\S+/.test(row))
    expect(rows.length).toBeGreaterThan(10)
    expect(withoutSource).toEqual([])
  })
})

describe('the model', () => {
  it('is within a factor of two of everything that was measured of conclusions', () => {
    for (const { cases, findings, parse, conclude, json } of measured.concluded) {
      const ratio = secondsFor(cases, findings) / (parse + conclude + json)
      expect(ratio).toBeGreaterThan(0.5)
      expect(ratio).toBeLessThan(2)
    }
  })

  it('asks more for more observations', () => {
    for (const power of [6, 7, 8, 9])
      for (const name of ['batches', 'planSeconds', 'weighSeconds', 'requests'] as const)
        expect(scaleOf(10 ** (power + 1))[name]).toBeGreaterThan(scaleOf(10 ** power)[name])
  })
})
