/** Unpacks pages of a Parquet file; none gives more than its header says. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { decompress } from 'fzstd'
import { damaged, unsupported } from './damaged.ts'
import { unsnappy } from './snappy.ts'

const CODECS: readonly string[] = ['none', 'snappy', 'gzip', 'LZO', 'brotli', 'LZ4', 'zstd', 'LZ4_RAW']

/**
 * @param codec Parquet's number of it
 * @param length unpacked bytes
 * @throws InputError where the bytes are damaged, or are not of that length
 */
export function unpackPage(packed: Uint8Array, codec: number, length: number): Uint8Array {
  const name = CODECS[codec] ?? `number ${codec}`
  const page = unpackWith(packed, codec, length, name)
  if (page.length !== length) throw damaged(`a page has ${page.length} bytes in place of ${length}`)
  return page
}

function unpackWith(packed: Uint8Array, codec: number, length: number, name: string): Uint8Array {
  // zlib takes no limit of 0.
  if (length === 0 && codec !== 0) return new Uint8Array(0)
  try {
    if (codec === 0) return packed
    if (codec === 1) return unsnappy(packed, length)
    if (codec === 2) return gunzipSync(packed, { maxOutputLength: length })
    if (codec === 4) return brotliDecompressSync(packed, { maxOutputLength: length })
    if (codec === 6) return decompress(packed, new Uint8Array(length))
  } catch (error) {
    throw damaged(`a page cannot be unpacked (${name}: ${error instanceof Error ? error.message : String(error)})`)
  }
  throw unsupported(`pages packed by ${name}`)
}
