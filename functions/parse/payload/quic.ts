/** QUIC's long-header packets (RFC 9000, section 17.2; RFC 9369, section 3.2) and the frames of an Initial packet. */

/** A packet with a long header; offsets are into the datagram's bytes. */
export interface LongHeader {
  readonly version: number
  readonly initial: boolean
  /** Destination connection id. */
  readonly idAt: number
  readonly idEnd: number
  /** Where the packet number stands; -1 in packets of unknown form. */
  readonly numberAt: number
  /** The end of the packet; another may follow in the same datagram (RFC 9000, section 12.2). */
  readonly end: number
}

/** A piece of the handshake's byte stream (RFC 9000, section 19.6). */
export interface CryptoFrame {
  readonly offset: number
  readonly data: Uint8Array
}

const V2 = 0x6b3343cf

/** Versions whose first packets are known: 1, 2, the IETF drafts, and Facebook's and Google's own. */
function isKnownVersion(version: number): boolean {
  if (version === 1 || version === V2) return true
  const top = version >>> 8
  // draft-ietf-quic-transport-N; mvfst; Q0xx and T0xx, written as text.
  return top === 0xff0000 || top === 0xfaceb0 || version >>> 16 === 0x5130 || version >>> 16 === 0x5430
}

/** Whether a datagram begins with a packet with a long header of a known version. */
export function recogniseQuic(bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 7 || ((bytes[offset] ?? 0) & 0xc0) !== 0xc0) return false
  return isKnownVersion(u32(bytes, offset + 1))
}

export function u32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  )
}

/** A variable-length integer (RFC 9000, section 16) and the offset behind it; null where the bytes end before it does. */
function varint(bytes: Uint8Array, at: number, end: number): readonly [value: number, next: number] | null {
  const length = 1 << ((bytes[at] ?? 0) >> 6)
  if (at + length > end) return null
  let value = (bytes[at] ?? 0) & 0x3f
  for (let i = 1; i < length; i++) value = value * 256 + (bytes[at + i] ?? 0)
  return [value, at + length]
}

/** Reads the header of a packet of a known version; null where it is none. */
export function readLongHeader(bytes: Uint8Array, offset: number, end: number): LongHeader | null {
  if (!recogniseQuic(bytes, offset, end)) return null
  const version = u32(bytes, offset + 1)
  const type = ((bytes[offset] ?? 0) >> 4) & 3
  const initial = type === (version === V2 ? 1 : 0)
  const idAt = offset + 6
  const idEnd = idAt + (bytes[offset + 5] ?? 0)
  const sourceEnd = idEnd + 1 + (bytes[idEnd] ?? 0)
  if (sourceEnd > end || idEnd - idAt > 20) return null
  const unread = { version, initial, idAt, idEnd, numberAt: -1, end }
  const retry = type === (version === V2 ? 0 : 3)
  if (retry) return unread
  let at = sourceEnd
  if (initial) {
    const token = varint(bytes, at, end)
    if (!token) return unread
    at = token[1] + token[0]
  }
  const length = varint(bytes, at, end)
  if (!length || length[1] + length[0] > end) return unread
  return { version, initial, idAt, idEnd, numberAt: length[1], end: length[1] + length[0] }
}

/**
 * The CRYPTO frames of an Initial packet, up to the first frame that may not be in one (RFC 9000, section 17.2.2).
 *
 * @param version in Google's own versions the frame has another number
 */
export function readCryptoFrames(frames: Uint8Array, version: number): CryptoFrame[] {
  const crypto = version >>> 16 === 0x5130 || version >>> 16 === 0x5430 ? 8 : 6
  const found: CryptoFrame[] = []
  const end = frames.length
  let at = 0
  /** Reads `count` integers; the last of them. */
  const skip = (count: number): number => {
    let last = 0
    for (let i = 0; i < count; i++) {
      const read = varint(frames, at, end)
      if (!read) {
        at = end
        return 0
      }
      ;[last, at] = read
    }
    return last
  }
  while (at < end) {
    const type = frames[at++]
    if (type === 0 || type === 1) continue // PADDING, PING
    if (type === 2 || type === 3) {
      skip(2)
      const ranges = skip(1)
      skip(1 + 2 * Math.min(ranges, end))
      if (type === 3) skip(3)
    } else if (type === crypto) {
      const offset = skip(1)
      const length = skip(1)
      if (at + length > end) break
      found.push({ offset, data: frames.subarray(at, at + length) })
      at += length
    } else break
  }
  return found
}
