/** Files that come packed with gzip (RFC 1952), as databases do. */
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { SnapshotError } from '../errors.ts'

const unzip = promisify(gunzip)

/** More than any database has: one that unpacks to more is meant to fill the memory. */
export const MOST_BYTES = 512 * 1024 ** 2

/**
 * Unpacks what is packed, and gives anything else as it is.
 *
 * @param name what messages call the file
 * @param most bytes that it may unpack to
 * @throws SnapshotError where it is cut short or broken, or longer than that
 */
export async function unpacked(bytes: Uint8Array, name: string, most = MOST_BYTES): Promise<Buffer> {
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) return packed
  try {
    return await unzip(packed, { maxOutputLength: most })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : ''
    const why =
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `it unpacks to more than ${Math.round(most / 1e6)} MB, which no snapshot has`
        : code === 'Z_BUF_ERROR'
          ? 'it is cut short; download it again'
          : 'it is broken; download it again'
    throw new SnapshotError(name, `unpacking it with gzip: ${why}`, { cause })
  }
}
