import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { accounted, see } from './capture-builder.ts'
import { collect } from './vpc-collect.ts'
import { collectParquet } from './vpc-parquet-collect.ts'

const names =
  'version account_id interface_id srcaddr dstaddr srcport dstport protocol packets bytes start end action log_status'
const rows = [
  '2 123456789012 eni-0a 10.0.0.5 203.0.113.9 40000 443 6 10 1000 1600000000 1600000059 ACCEPT OK',
  '2 123456789012 eni-0a 203.0.113.9 10.0.0.5 443 40000 6 20 9000 1600000001 1600000050 ACCEPT OK',
  '2 123456789012 eni-0a 2001:db8::5 2001:db8::9 40001 443 17 1 80 1600000002 1600000003 REJECT OK',
  '2 123456789012 eni-0a - - - - - - - 1600000000 1600000060 - NODATA',
  '2 123456789012 eni-0a - - - - - - - 1600000000 1600000060 - SKIPDATA',
].map((row) => row.split(' '))

const int32 = ['version', 'srcport', 'dstport', 'protocol']
const int64 = ['packets', 'bytes', 'start', 'end']

/** As AWS writes it: a field that a row has not is null where it is a number, and `-` where it is text. */
function asAws(columns = names.split(' '), table = rows): Uint8Array {
  const columnData = columns.map((name) => {
    const cells = table.map((row) => row[columns.indexOf(name)] as string)
    if (int32.includes(name))
      return { name, type: 'INT32' as const, data: cells.map((cell) => (cell === '-' ? null : Number(cell))) }
    if (int64.includes(name))
      return { name, type: 'INT64' as const, data: cells.map((cell) => (cell === '-' ? null : BigInt(cell))) }
    return { name, type: 'STRING' as const, data: cells }
  })
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 3 }))
}

const text = `${names}\n${rows.map((row) => row.join(' ')).join('\n')}\n`
const file = asAws()

describe('a VPC flow log as Parquet', () => {
  it('gives what it gives as text', () => {
    const expected = collect(text)
    expect(expected.account).toMatchObject({ records: 5, used: 3, leftOut: { NODATA: 1, SKIPDATA: 1 } })
    expect(collectParquet(file)).toEqual({
      ...expected,
      account: { ...expected.account, format: 'vpc-flow-log-parquet' },
    })
  })

  it.each([1, 7, 1000])('does not depend on where the chunks are cut: %i', (cut) => {
    expect(collectParquet(file, cut)).toEqual(collectParquet(file))
  })

  it('of text alone, with hyphens in its names and in place of what is missing, gives the same', () => {
    const columns = names.replaceAll('_', '-').split(' ')
    const columnData = columns.map((name, i) => ({ name, type: 'STRING' as const, data: rows.map((row) => row[i]) }))
    expect(collectParquet(new Uint8Array(parquetWriteBuffer({ columnData })))).toEqual(collectParquet(file))
  })

  it('of floating numbers, as programs without nulls write them, gives the same', () => {
    const columnData = names.split(' ').map((name, i) => {
      const isNumber = int32.includes(name) || int64.includes(name)
      if (!isNumber) return { name, type: 'STRING' as const, data: rows.map((row) => row[i]) }
      return { name, type: 'DOUBLE' as const, data: rows.map((row) => (row[i] === '-' ? Number.NaN : Number(row[i]))) }
    })
    expect(collectParquet(new Uint8Array(parquetWriteBuffer({ columnData })))).toEqual(collectParquet(file))
  })

  it('whose times are points in time gives the same', () => {
    const columnData = names.split(' ').map((name, i) => {
      const cells = rows.map((row) => row[i] as string)
      if (name !== 'start' && name !== 'end') return { name, type: 'STRING' as const, data: cells }
      return { name, type: 'TIMESTAMP' as const, data: cells.map((cell) => new Date(Number(cell) * 1000)) }
    })
    expect(collectParquet(new Uint8Array(parquetWriteBuffer({ columnData })))).toEqual(collectParquet(file))
  })

  it('with columns of others beside its own is read', () => {
    const extended = [...names.split(' '), 'Year of delivery', 'aws-region']
    expect(
      collectParquet(
        asAws(
          extended,
          rows.map((row) => [...row, '2020', 'us-west-1']),
        ),
      ),
    ).toEqual(collectParquet(file))
  })

  it.each([
    [['srcaddr', '10.0.0.256'], 'malformed-address'],
    [['srcaddr', '2001:db8::1'], 'mixed-address-families'],
    [['dstport', '70000'], 'number-out-of-range'],
    [['bytes', '-5'], 'number-out-of-range'],
    [['dstaddr', '-'], 'no-address'],
    [['start', '99999999999999'], null],
  ] as const)('counts a row with %j by its reason', ([name, value], reason) => {
    const row = [...(rows[0] as string[])]
    row[names.split(' ').indexOf(name)] = value
    const { account } = collectParquet(asAws(names.split(' '), [row]))
    expect(account.leftOut).toEqual(reason === null ? {} : { [reason]: 1 })
    expect(account.records).toBe(1)
  })

  it.each([
    ['that ends before its end', file.slice(0, -20), /cut short/],
    [
      'whose footer is longer than it',
      Uint8Array.from(file, (byte, i) => (i === file.length - 6 ? 255 : byte)),
      /footer/,
    ],
    ['that is encrypted', Uint8Array.from(file, (byte, i) => (i === file.length - 1 ? 0x45 : byte)), /encrypted/],
    [
      'of something else',
      new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'a', data: [1], type: 'INT32' }] })),
      /no VPC flow log/,
    ],
  ])('%s ends in an error that says so', async (_, bytes, message) => {
    const { read } = await see(bytes)
    expect(read.error).toMatch(message)
    expect(read.records).toBe(0)
  })

  it('of more rows than its bytes can stand for is not read to its end', async () => {
    const alike = Array(2_000_000).fill('10.0.0.5')
    const columnData = ['srcaddr', 'dstaddr'].map((name) => ({ name, type: 'STRING' as const, data: alike }))
    const bomb = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2_000_000 }))
    const { read } = await see(bomb)
    expect(bomb.length).toBeLessThan(10_000)
    expect(read).toMatchObject({ records: 0, error: expect.stringMatching(/claims 2000000 rows/) })
  })

  it('keeps the rows before damage', async () => {
    // The last group's pages stand before the footer; its first column comes first.
    const damaged = file.slice()
    const needle = new TextEncoder().encode('NODATA')
    const at = Buffer.from(file).indexOf(needle)
    damaged.fill(0xff, at - 12, at + 6)
    const { read } = await see(damaged)
    expect(read.error).toMatch(/Parquet file is damaged/)
    expect(read.records).toBe(3)
    expect(read.records).toBe(accounted(read))
  })

  it('any damage gives a result that accounts for every row', { timeout: 120_000 }, async () => {
    const change = fc.tuple(fc.nat({ max: file.length - 1 }), fc.integer({ min: 0, max: 255 }))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const damaged = file.slice()
        for (const [at, byte] of changes) damaged[at] = byte
        const { read } = await see(damaged)
        expect(read.records).toBe(accounted(read))
      }),
      { numRuns: 2000 },
    )
  })
})
