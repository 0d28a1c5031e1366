/** Packed bytes: by the content coding that HTTP states (RFC 9110 §8.4), and by how they begin. */
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

const GZIP = '\x1f\x8b\x08'
const NOWHERE: readonly number[] = []

/** What one packed value may become, and all of one piece of content: a bomb is cut off, and what it hides counts as unread. */
export const MOST_UNPACKED = 32 * 2 ** 20

/** `bomb`: it is more than {@link MOST_UNPACKED}. */
export type Unpacked = { readonly bytes: Uint8Array } | 'bomb' | null

/** What was captured of packed bytes may end before they do; so much is unpacked as is there. */
const LENIENT = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_UNPACKED }
const LENIENT_BROTLI = { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: MOST_UNPACKED }

const CODINGS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: (bytes) => gunzipSync(bytes, LENIENT),
  'x-gzip': (bytes) => gunzipSync(bytes, LENIENT),
  // RFC 9110 §8.4.1.2: some send deflate without zlib's frame.
  deflate: (bytes) => (isZlib(bytes) ? inflateSync(bytes, LENIENT) : inflateRawSync(bytes, LENIENT)),
  br: (bytes) => brotliDecompressSync(bytes, LENIENT_BROTLI),
  identity: (bytes) => bytes,
}

/** @param coding as HTTP names it, in any case. @returns null where the bytes are not so coded, or the coding is not known */
export function unpacked(coding: string, bytes: Uint8Array): Unpacked {
  const unpack = CODINGS[coding.trim().toLowerCase()]
  if (unpack === undefined) return null
  try {
    return { bytes: unpack(bytes) }
  } catch (error) {
    return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'bomb' : null
  }
}

/** Places at which gzip may begin that are tried, of one value: what nobody but an attacker exceeds. */
export const MOST_GZIP = 256

/** Where gzip may begin, in order; the first {@link MOST_GZIP}. */
export function gzipPlaces(bytes: Uint8Array): readonly number[] {
  if (!bytes.includes(GZIP.charCodeAt(0))) return NOWHERE
  const places: number[] = []
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (
    let at = buffer.indexOf(GZIP, 0, 'latin1');
    at >= 0 && places.length < MOST_GZIP;
    at = buffer.indexOf(GZIP, at + 1, 'latin1')
  )
    if (isGzip(bytes, at)) places.push(at)
  return places
}

/** Whether some of the bytes could be unpacked. */
export function holdsPacked(bytes: Uint8Array): boolean {
  if (isZlib(bytes) && unpacked('deflate', bytes) !== null) return true
  return gzipPlaces(bytes).some((at) => unpacked('gzip', bytes.subarray(at)) !== null)
}

/** RFC 1952 §2.3: magic, deflate, and no reserved flag. */
function isGzip(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8 && ((bytes[at + 3] ?? 255) & 0xe0) === 0
}

/** RFC 1950 §2.2: deflate, a window of at most 32 KiB, no dictionary, and the check bits. */
export function isZlib(bytes: Uint8Array): boolean {
  const [method = 0, flags = 0] = bytes
  return (method & 15) === 8 && method >>> 4 <= 7 && (flags & 32) === 0 && ((method << 8) | flags) % 31 === 0
}
