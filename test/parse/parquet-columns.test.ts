/** Parquet files of others, column by column, against hyparquet; see ../shared/material. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import { ColumnReader, UnpackBudget } from '../../functions/parse/parquet/column-reader.ts'
import { BOOLEAN, INT96, readFooter } from '../../functions/parse/parquet/footer.ts'
import { Value } from '../../functions/parse/parquet/values.ts'

const folder = resolve(import.meta.dirname, '../../../shared/material/vpcflow')
const present = existsSync(folder)
const files = present
  ? readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.parquet'))
  : []

/** What is not read of a file, and why. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'parquet-generic/apache__data_byte_stream_split.zstd.parquet': /encoding 9/,
  'parquet-generic/apache__data_lz4_raw_compressed.parquet': /LZ4_RAW/,
  'parquet-generic/apache__data_hadoop_lz4_compressed.parquet': /LZ4/,
  'parquet-generic/apache__data_non_hadoop_lz4_compressed.parquet': /LZ4/,
}

/** Every column that stands alone, as hyparquet would write its values; null for nulls. */
function columnsOf(file: Uint8Array): Record<string, (string | number | null)[]> {
  const { columns, groups } = readFooter(file)
  const value = new Value()
  const read = (reader: ColumnReader) => {
    if (!reader.read(value)) return null
    return value.isText ? Buffer.from(value.bytes.subarray(value.from, value.end)).toString('hex') : value.number
  }
  return Object.fromEntries(
    columns
      .filter(({ type }) => type !== INT96 && type !== BOOLEAN)
      .map((column) => {
        const values = groups.flatMap((group) => {
          const chunk = group.chunks.find((candidate) => candidate.column === column.name)
          if (!chunk) throw new Error(`no chunk of ${column.name}`)
          const reader = new ColumnReader(file, column, chunk, new UnpackBudget(file.length))
          return Array.from({ length: group.rows }, () => read(reader))
        })
        return [column.name, values]
      }),
  )
}

/** Numbers past 2^53, which no log has, are rounded. */
const rounded = (value: string | number | null) =>
  typeof value === 'number' && Math.abs(value) > 2 ** 40 ? Number(value.toPrecision(10)) : value

function plain(value: unknown): string | number | null {
  if (value === null || value === undefined) return null
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (typeof value === 'string') return Buffer.from(value).toString('hex')
  return Number(value)
}

describe.skipIf(!present)('columns of Parquet files that others wrote', () => {
  const whole = files.filter((name) => !name.includes('bad_data') && !(name in REFUSED) && !name.includes('196608'))
  it.each(whole)('are as hyparquet reads them: %s', async (name) => {
    const file = new Uint8Array(readFileSync(join(folder, name)))
    const mine = columnsOf(file)
    const identity = (number: bigint) => number
    const parsers = {
      timestampFromMicroseconds: identity,
      timestampFromMilliseconds: identity,
      timestampFromNanoseconds: identity,
      dateFromDays: (days: number) => days,
      stringFromBytes: (bytes: Uint8Array) => bytes,
    }
    const { gunzipSync, brotliDecompressSync } = await import('node:zlib')
    const { decompress } = await import('fzstd')
    const compressors = {
      GZIP: gunzipSync,
      BROTLI: brotliDecompressSync,
      ZSTD: (bytes: Uint8Array) => decompress(bytes),
    }
    const theirs = await parquetReadObjects({
      file: file.buffer,
      parsers,
      compressors: compressors as never,
      columns: Object.keys(mine),
    })
    for (const [column, values] of Object.entries(mine))
      expect(values.map(rounded), column).toEqual(theirs.map((row) => rounded(plain(row[column]))))
  })

  it.each(Object.entries(REFUSED))('that are not read are refused by name: %s', (name, message) => {
    const file = new Uint8Array(readFileSync(join(folder, name)))
    expect(() => columnsOf(file)).toThrow(message)
  })

  it.each(files.filter((name) => name.includes('bad_data')))(
    'that are damaged end in an InputError, or are read: %s',
    (name) => {
      try {
        columnsOf(new Uint8Array(readFileSync(join(folder, name))))
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
      }
    },
  )
})
