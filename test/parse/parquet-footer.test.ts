/** Footers of Parquet files, written by hand in Thrift's compact protocol. */
import { describe, expect, it } from 'vitest'
import { MAGIC, readFooter } from '../../functions/parse/parquet/footer.ts'

/** Fields' heads are the step from the field before, and the type: 9 is a list, 6 an i64, 5 an i32, 8 a text, 12 a struct. */
const VERSION = [0x15, 2]
/** A root without columns, named `m`. */
const SCHEMA = [0x19, 0x1c, 0x48, 1, 0x6d, 0x15, 0, 0]
const ROWS = (rows: number) => [0x16, rows * 2]
/** Each without columns. */
const GROUPS = (...rows: number[]) => [
  0x19,
  (rows.length << 4) | 12,
  ...rows.flatMap((count) => [0x19, 0x0c, 0x16, 0, 0x16, count * 2, 0]),
]
/** A field by its number, where the one before it is missing. */
const skipping = ([head = 0, ...rest]: number[]) => [head + 0x10, ...rest]

function file(...fields: number[][]): Uint8Array {
  const footer = [...fields.flat(), 0]
  return Uint8Array.of(...MAGIC, ...footer, footer.length, 0, 0, 0, ...MAGIC)
}

describe('a footer', () => {
  it('says how many rows there are, or that there are none', () => {
    expect(readFooter(file(VERSION, SCHEMA, ROWS(5), GROUPS(3, 2))).groups).toMatchObject([{ rows: 3 }, { rows: 2 }])
    expect(readFooter(file(VERSION, SCHEMA, ROWS(0), GROUPS())).groups).toEqual([])
  })

  it.each([
    ['schema', file(VERSION, skipping(ROWS(0)), GROUPS()), /which columns/],
    ['elements in its schema', file(VERSION, [0x19, 0x0c], ROWS(0), GROUPS()), /which columns/],
    ['number of rows', file(VERSION, SCHEMA, skipping(GROUPS(3))), /how many rows/],
    ['groups', file(VERSION, SCHEMA, ROWS(3)), /or where/],
    ['fields at all', file(), /which columns/],
  ])('without %s is damaged', (_, bytes, message) => {
    expect(() => readFooter(bytes)).toThrow(/^the Parquet file is damaged/)
    expect(() => readFooter(bytes)).toThrow(message)
  })

  it('whose groups have other rows than the file is damaged', () => {
    for (const groups of [GROUPS(), GROUPS(3), GROUPS(3, 3)])
      expect(() => readFooter(file(VERSION, SCHEMA, ROWS(5), groups))).toThrow(/damaged: it has 5 rows, and [036] in/)
  })
})
