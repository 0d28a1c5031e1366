/** What is said of a Parquet file that cannot be read. */
import { InputError } from '../../errors.ts'

export const damaged = (what: string) => new InputError(`the Parquet file is damaged: ${what}`)

export const unsupported = (what: string) =>
  new InputError(`the Parquet file has ${what}, which is not supported; write it again with snappy, gzip or zstd`)
