/** QUIC long-header packets (RFC 9000, section 17.2; RFC 9369 for version 2; the drafts before). */

/** Versions whose first packets are known: 1, 2, the IETF drafts, and Facebook's and Google's own. */
function isKnownVersion(version: number): boolean {
  if (version === 1 || version === 0x6b3343cf) return true
  const top = version >>> 8
  // draft-ietf-quic-transport-N; mvfst; Q0xx and T0xx, written as text.
  return (
    top === 0xff0000 || top === 0xfaceb0 || (version & 0xffff0000) >>> 0 === 0x51300000 || version >>> 16 === 0x5430
  )
}

/** Whether a datagram begins with a QUIC packet with a long header of a known version. */
export function recogniseQuic(bytes: Uint8Array, offset: number, end: number): boolean {
  if (end - offset < 7 || ((bytes[offset] ?? 0) & 0xc0) !== 0xc0) return false
  const u = (i: number) => bytes[offset + i] ?? 0
  return isKnownVersion(((u(1) << 24) | (u(2) << 16) | (u(3) << 8) | u(4)) >>> 0)
}
