/**
 * Google's QUIC before the IETF's (versions Q024 to Q050): its client hello, CHLO, is a table of tags, in clear text up to
 * version Q046, whose field `SNI` is the server's name ("QUIC Crypto", Langley and Chang, 2016; "QUIC Wire Layout
 * Specification for Use by Google", 2016).
 */
import { latin1 } from './flow-names.ts'
import { u32 } from './quic.ts'

const CHLO = 0x43484c4f
const SNI = 0x534e4900
/** Authentication hash of packets without encryption. */
const HASH = 12

/** The version of a packet with a public header that states one, such as 43; -1 where it is none. */
export function gquicVersion(bytes: Uint8Array, offset: number, end: number): number {
  const flags = bytes[offset] ?? 0
  // Version flag, and none of the bits that were reserved.
  if ((flags & 0x81) !== 0x01) return -1
  const at = offset + 1 + ((flags & 0x08) !== 0 ? 8 : 0)
  return at + 4 > end ? -1 : versionAt(bytes, at)
}

/** The number of a version that is written as `Q0` and two digits; -1 for others. */
export function versionAt(bytes: Uint8Array, at: number): number {
  const digits = /^Q0(\d\d)$/.exec(latin1(bytes, at, at + 4))?.[1]
  return digits === undefined ? -1 : Number(digits)
}

/** Where the frames of a client's first packet begin; -1 where it is none. */
function framesAt(bytes: Uint8Array, offset: number, end: number): number {
  const flags = bytes[offset] ?? 0
  if ((flags & 0x80) !== 0) {
    // Q044 and Q046: a long header, with the lengths of both connection ids in one byte.
    if (end - offset < 6 || versionAt(bytes, offset + 1) < 44) return -1
    const lengths = bytes[offset + 5] ?? 0
    const ids = [lengths >> 4, lengths & 15].reduce((sum, n) => sum + (n === 0 ? 0 : n + 3), 0)
    return offset + 6 + ids + (flags & 3) + 1 + HASH
  }
  const version = gquicVersion(bytes, offset, end)
  if (version < 0) return -1
  const numberLength = [1, 2, 4, 6][(flags >> 4) & 3] ?? 1
  // Until Q033 a byte of private flags follows the hash.
  return offset + 1 + ((flags & 8) !== 0 ? 8 : 0) + 4 + numberLength + HASH + (version <= 33 ? 1 : 0)
}

/** The server's name in a CHLO; null where it has none or is none. */
export function nameInChlo(bytes: Uint8Array, offset: number, end: number): string | null {
  if (end - offset < 8 || u32(bytes, offset) !== CHLO) return null
  const littleEndian = (at: number, size: 2 | 4) => {
    let value = 0
    for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0)
    return value
  }
  const entries = littleEndian(offset + 4, 2)
  const values = offset + 8 + entries * 8
  let from = 0
  for (let i = 0; i < entries && offset + 16 + i * 8 <= end; i++) {
    const to = littleEndian(offset + 12 + i * 8, 4)
    if (u32(bytes, offset + 8 + i * 8) === SNI)
      return values + to <= end ? latin1(bytes, values + from, values + to) : null
    from = to
  }
  return null
}

/** The server's name in a client's first packet: in a STREAM frame that begins its stream; null where there is none. */
export function readGquicName(bytes: Uint8Array, offset: number, end: number): string | null {
  let at = framesAt(bytes, offset, end)
  if (at < 0) return null
  while (at < end && bytes[at] === 0) at++ // PADDING
  const type = bytes[at] ?? 0
  if (at >= end || (type & 0x80) === 0) return null
  const offsetLength = (type >> 2) & 7
  return nameInChlo(
    bytes,
    at + 1 + (type & 3) + 1 + (offsetLength === 0 ? 0 : offsetLength + 1) + ((type >> 4) & 2),
    end,
  )
}
