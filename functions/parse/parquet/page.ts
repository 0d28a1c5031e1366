/** Headers of pages: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, `PageHeader` */
import { damaged } from './damaged.ts'
import { ThriftReader } from './thrift.ts'

export const DATA_PAGE = 0
export const DICTIONARY_PAGE = 2
export const DATA_PAGE_V2 = 3

/** A page that is larger, or has more values, is none that a writer of logs makes. */
const LARGEST_PAGE = 64 * 1024 ** 2
const MOST_VALUES = 1 << 24

export interface PageHeader {
  readonly type: number
  /** Bytes, once they are unpacked and as they stand in the file. */
  readonly length: number
  readonly packedLength: number
  /** Values and nulls. */
  readonly values: number
  readonly encoding: number
  /** How {@link DATA_PAGE} writes which values are there. */
  readonly levelEncoding: number
  /** Of {@link DATA_PAGE_V2}: what stands in front of the values, and whether they are packed. */
  readonly levelsLength: number
  readonly repetitionsLength: number
  readonly isPacked: boolean
  /** Offset behind the header. */
  readonly behind: number
}

/** @throws InputError where it is damaged, or of a page that is too large */
export function readPageHeader(file: Uint8Array, from: number, end: number): PageHeader {
  const reader = new ThriftReader(file, from, end)
  const header = {
    ...{ type: -1, length: -1, packedLength: -1, values: -1, encoding: -1 },
    ...{ levelEncoding: -1, levelsLength: 0, repetitionsLength: 0, isPacked: true },
  }
  reader.root((field, type) => {
    if (field === 1) header.type = reader.integer(type)
    else if (field === 2) header.length = reader.integer(type)
    else if (field === 3) header.packedLength = reader.integer(type)
    else if (field === 5 || field === 7)
      reader.struct(type, (inner, kind) => {
        if (inner === 1) header.values = reader.integer(kind)
        else if (inner === 2) header.encoding = reader.integer(kind)
        else if (inner === 3 && field === 5) header.levelEncoding = reader.integer(kind)
        else return false
        return true
      })
    else if (field === 8)
      reader.struct(type, (inner, kind) => {
        if (inner === 1) header.values = reader.integer(kind)
        else if (inner === 4) header.encoding = reader.integer(kind)
        else if (inner === 5) header.levelsLength = reader.integer(kind)
        else if (inner === 6) header.repetitionsLength = reader.integer(kind)
        else if (inner === 7) header.isPacked = reader.boolean(kind)
        else return false
        return true
      })
    else return false
    return true
  })
  const isPossible = (value: number, most: number) => value >= 0 && value <= most
  if (!isPossible(header.packedLength, end - reader.at)) throw damaged('a page is longer than its column')
  if (!isPossible(header.length, LARGEST_PAGE)) throw damaged(`a page of ${header.length} bytes`)
  const isRead = header.type === DATA_PAGE || header.type === DATA_PAGE_V2 || header.type === DICTIONARY_PAGE
  if (isRead && !isPossible(header.values, MOST_VALUES)) throw damaged(`a page of ${header.values} values`)
  if (!(header.levelsLength >= 0 && header.repetitionsLength >= 0)) throw damaged('levels of less than no length')
  return { ...header, behind: reader.at }
}
