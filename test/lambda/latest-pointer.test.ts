import { describe, expect, it } from 'vitest'
import { type LatestReport, pointTo } from '../../functions/lambda/latest-pointer.ts'
import { Buckets } from './campaign-in-buckets.ts'

const at = (time: string): LatestReport => ({
  schema: 'urn:domicile:schema:latest-v1',
  declaration: 'mi',
  campaign: 'delhi 1',
  time,
  conclusion: 'pass',
  report: `reports/mi/${time}/`,
  sha256: '00',
})
const first = at('2014-11-12T06:00:00.000Z')
const second = at('2014-11-13T06:00:00.000Z')

describe('the pointer to the newest report', () => {
  it('moves only forward in time', async () => {
    const { reports } = new Buckets()
    const read = async () =>
      JSON.parse(Buffer.from(await reports.read('latest/mi/delhi%201.json')).toString()) as LatestReport
    expect(await pointTo(reports, first)).toBe(true)
    expect(await pointTo(reports, first)).toBe(false)
    expect(await pointTo(reports, second)).toBe(true)
    expect(await pointTo(reports, first)).toBe(false)
    expect(await read()).toEqual(second)
  })

  it('is one of each campaign', async () => {
    const { reports } = new Buckets()
    expect(await pointTo(reports, second)).toBe(true)
    expect(await pointTo(reports, { ...first, campaign: 'mumbai' })).toBe(true)
    expect(await reports.list('latest/')).toEqual(['latest/mi/delhi%201.json', 'latest/mi/mumbai.json'])
  })

  it('ends at the newest of several that are concluded at the same moment', async () => {
    const { reports } = new Buckets()
    let seen: LatestReport | undefined
    // Between looking and writing, another audit points to its own report.
    const facts = reports.facts.bind(reports)
    reports.facts = async (key) => {
      const found = await facts(key)
      if (seen === undefined) {
        seen = second
        await pointTo(reports, second)
      }
      return found
    }
    expect(await pointTo(reports, first)).toBe(false)
    expect(JSON.parse(Buffer.from(await reports.read('latest/mi/delhi%201.json')).toString())).toEqual(second)
  })

  it('gives up where it is moved all the time, and says so', async () => {
    const { reports } = new Buckets()
    reports.write = async () => false
    await expect(pointTo(reports, first)).rejects.toThrow('moving latest/mi/delhi%201.json to reports/mi/')
  })
})
