/**
 * The footer of a Parquet file: which columns it has, and where each one's part of every group of rows stands.
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
import { InputError } from '../../errors.ts'
import { damaged } from './damaged.ts'
import { ThriftReader } from './thrift.ts'

/** `PAR1`, at the beginning and at the end. */
export const MAGIC = Uint8Array.of(0x50, 0x41, 0x52, 0x31)
/** Where the footer is encrypted. */
const ENCRYPTED = Uint8Array.of(0x50, 0x41, 0x52, 0x45)

/** Physical types that are read, by Parquet's numbers. */
export const BOOLEAN = 0
export const INT32 = 1
export const INT64 = 2
export const INT96 = 3
export const FLOAT = 4
export const DOUBLE = 5
export const BYTE_ARRAY = 6
export const FIXED_LENGTH = 7

/** A column without others inside of it. */
export interface Column {
  readonly name: string
  readonly type: number
  /** Bytes of a value of {@link FIXED_LENGTH}. */
  readonly length: number
  /** Whether a row may lack a value. */
  readonly optional: boolean
  readonly unsigned: boolean
  /** Units a second where it is a point in time, 0 where it is none. */
  readonly perSecond: number
}

/** One column's part of a group of rows. */
export interface ColumnChunk {
  readonly column: string
  readonly codec: number
  /** Where its first page stands, and how many bytes its pages are. */
  readonly from: number
  readonly length: number
}

export interface RowGroup {
  readonly rows: number
  readonly chunks: readonly ColumnChunk[]
}

export interface Footer {
  readonly columns: readonly Column[]
  readonly groups: readonly RowGroup[]
}

const endsWith = (file: Uint8Array, magic: Uint8Array) => magic.every((byte, i) => file[file.length - 4 + i] === byte)

/**
 * @throws InputError where it is damaged, also where it lacks what every footer has, so that no file seems to be without rows;
 * or cut short: then it has no footer
 */
export function readFooter(file: Uint8Array): Footer {
  if (file.length >= 12 && endsWith(file, ENCRYPTED))
    throw new InputError('the Parquet file is encrypted; write it again without encryption')
  if (file.length < 12 || !endsWith(file, MAGIC))
    throw new InputError(
      'the Parquet file is cut short: what says where its columns stand is at its end, and not there',
      {
        offset: file.length,
      },
    )
  const end = file.length - 8
  const length = new DataView(file.buffer, file.byteOffset + end, 4).getUint32(0, true)
  if (length > end - 4) throw damaged('its footer is longer than the file')
  const reader = new ThriftReader(file, end - length, end)
  let elements: SchemaElement[] = []
  let rows = -1
  let hasGroups = false
  const groups: RowGroup[] = []
  reader.root((field, type) => {
    if (field === 2) elements = readSchema(reader, type)
    else if (field === 3) rows = reader.integer(type)
    else if (field === 4) {
      hasGroups = true
      reader.list(type, (element) => groups.push(readGroup(reader, element)))
    } else return false
    return true
  })
  if (elements.length === 0) throw damaged('its footer does not say which columns it has')
  if (rows < 0 || !hasGroups) throw damaged('its footer does not say how many rows it has, or where')
  const found = groups.reduce((sum, group) => sum + group.rows, 0)
  if (found !== rows) throw damaged(`it has ${rows} rows, and ${found} in its groups`)
  return { columns: flatColumns(elements), groups }
}

interface SchemaElement extends Column {
  readonly children: number
  readonly repeated: boolean
}

function readSchema(reader: ThriftReader, type: number): SchemaElement[] {
  const elements: SchemaElement[] = []
  reader.list(type, (element) => elements.push(readElement(reader, element)))
  return elements
}

/** Converted types of numbers without a sign: UINT_8 to UINT_64. */
const UNSIGNED: readonly number[] = [11, 12, 13, 14]
const TIMESTAMP_MILLIS = 9
const TIMESTAMP_MICROS = 10

function readElement(reader: ThriftReader, type: number): SchemaElement {
  const found = { name: '', type: -1, length: 0, repetition: 0, children: 0, converted: -1, perSecond: 0 }
  reader.struct(type, (field, kind) => {
    if (field === 1) found.type = reader.integer(kind)
    else if (field === 2) found.length = reader.integer(kind)
    else if (field === 3) found.repetition = reader.integer(kind)
    else if (field === 4) found.name = reader.text(kind)
    else if (field === 5) found.children = reader.integer(kind)
    else if (field === 6) found.converted = reader.integer(kind)
    else if (field === 10) found.perSecond = readTimeUnit(reader, kind)
    else return false
    return true
  })
  const { name, length, children, converted, repetition } = found
  const perSecond = converted === TIMESTAMP_MILLIS ? 1e3 : converted === TIMESTAMP_MICROS ? 1e6 : found.perSecond
  const unsigned = UNSIGNED.includes(converted)
  return {
    name,
    type: found.type,
    length,
    children,
    perSecond,
    unsigned,
    optional: repetition === 1,
    repeated: repetition === 2,
  }
}

/** Units a second, of a logical type that is a point in time. */
function readTimeUnit(reader: ThriftReader, type: number): number {
  let perSecond = 0
  reader.struct(type, (logical, kind) => {
    if (logical !== 8) return false
    reader.struct(kind, (field, unit) => {
      if (field !== 2) return false
      reader.struct(unit, (which) => {
        perSecond = which === 1 ? 1e3 : which === 2 ? 1e6 : 1e9
        return false
      })
      return true
    })
    return true
  })
  return perSecond
}

function readGroup(reader: ThriftReader, type: number): RowGroup {
  const chunks: ColumnChunk[] = []
  let rows = -1
  reader.struct(type, (field, kind) => {
    if (field === 1) reader.list(kind, (element) => chunks.push(readChunk(reader, element)))
    else if (field === 3) rows = reader.integer(kind)
    else return false
    return true
  })
  if (!Number.isSafeInteger(rows) || rows < 0) throw damaged('a group has no number of rows')
  return { rows, chunks }
}

function readChunk(reader: ThriftReader, type: number): ColumnChunk {
  const path: string[] = []
  let codec = -1
  let length = -1
  let dataAt = -1
  let dictionaryAt = 0
  reader.struct(type, (outer, metadata) => {
    if (outer !== 3) return false
    reader.struct(metadata, (field, kind) => {
      if (field === 3) reader.list(kind, (element) => path.push(reader.text(element)))
      else if (field === 4) codec = reader.integer(kind)
      else if (field === 7) length = reader.integer(kind)
      else if (field === 9) dataAt = reader.integer(kind)
      else if (field === 11) dictionaryAt = reader.integer(kind)
      else return false
      return true
    })
    return true
  })
  // Some writers name the place of a dictionary that is not there, as 0 or behind the data.
  const from = dictionaryAt > 0 && dictionaryAt < dataAt ? dictionaryAt : dataAt
  return { column: path.join('.'), codec, from, length }
}

/** Columns that stand in the root themselves; lists, and what stands in other structs, are passed over. */
function flatColumns(elements: readonly SchemaElement[]): Column[] {
  const columns: Column[] = []
  /** How many elements are still inside of those that were begun. */
  let inside = 0
  for (const { children, repeated, ...column } of elements.slice(1)) {
    if (inside === 0 && children === 0 && !repeated) columns.push(column)
    if (inside > 0) inside--
    if (children > 0) inside += children
  }
  return columns
}
