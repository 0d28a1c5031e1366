/** Observations as Parquet, which DuckDB and Athena query as it lies: https://parquet.apache.org/docs/file-format/ */
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { InputError } from '../errors.ts'
import type { Observation } from '../model.ts'
import { columns, observationOf, type Row, schema } from './columns.ts'
import { EVIDENCE_VERSION } from './keys.ts'

/** Few enough rows that a reader holds a group of them easily. */
const rowGroupSize = 100_000

/**
 * Writes observations.
 *
 * @returns the file; the same observations in the same order give the same bytes
 */
export function writeObservations(observations: readonly Observation[]): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name, cell }) => ({ name, data: observations.map(cell) })),
    schema,
    rowGroupSize,
    createdBy: 'domicile',
    kvMetadata: [{ key: 'domicile.observations', value: String(EVIDENCE_VERSION) }],
  })
  return new Uint8Array(buffer)
}

/**
 * Counts observations that {@link writeObservations} wrote, without unpacking them.
 *
 * @throws InputError where the bytes are no such file
 */
export function countObservations(bytes: Uint8Array): number {
  try {
    return Number(parquetMetadata(new Uint8Array(bytes).buffer).num_rows)
  } catch (error) {
    throw notObservations(error)
  }
}

/**
 * Reads observations that {@link writeObservations} wrote, in their order.
 *
 * @param rows only these: `from` ≤ row < `until`; groups of rows without any of them are not unpacked
 * @throws InputError where the bytes are no such file
 */
export async function readObservations(
  bytes: Uint8Array,
  rows?: { readonly from: number; readonly until: number },
): Promise<Observation[]> {
  // hyparquet wants the file at the beginning of its buffer, and nothing behind it.
  const file = new Uint8Array(bytes).buffer
  try {
    const metadata = parquetMetadata(file)
    const present = new Set(metadata.schema.map((element) => element.name))
    const missing = columns.filter(({ name }) => !present.has(name)).map(({ name }) => name)
    if (missing.length > 0) throw new Error(`it has no column ${missing.join(', ')}`)
    const objects = await parquetReadObjects({
      file,
      metadata,
      ...(rows ? { rowStart: rows.from, rowEnd: rows.until } : {}),
      parsers: {
        timestampFromMilliseconds: (millis) => millis * 1000n,
        timestampFromMicroseconds: (micros) => micros,
        timestampFromNanoseconds: (nanos) => nanos / 1000n,
      },
    })
    return objects.map((row) => observationOf(row as Row))
  } catch (error) {
    throw notObservations(error)
  }
}

const notObservations = (error: unknown) =>
  new InputError(
    `reading observations from Parquet: ${error instanceof Error ? error.message : String(error)}; ` +
      'take a file that `domicile observe` wrote',
  )
