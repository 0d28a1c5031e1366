/**
 * The ClientHello of TLS (RFC 8446, section 4.1.2; the same since SSL 3.0), of DTLS with its cookie (RFC 6347, section
 * 4.2.1), and of QUIC, from the handshake message's body.
 */
import { latin1 } from './flow-names.ts'

export interface ClientHello {
  /** The server's name as it was sent, one character a byte; null where the hello has none. */
  readonly serverName: string | null
  /**
   * The hello carries encrypted_client_hello (RFC 9849, section 5): the server's name may be only that of the provider in
   * front. Browsers send a meaningless one too (GREASE, section 6.2), which is made so that nobody can tell them apart.
   */
  readonly encrypted: boolean
  /** The hello is not whole: what it does not show may have stood in the part that is missing. */
  readonly cut?: true
}

/** RFC 6066, section 3. */
const SERVER_NAME = 0
const ENCRYPTED_CLIENT_HELLO = 0xfe0d

/** The first host_name of a server_name extension (RFC 6066, section 3). */
function hostNameOf(bytes: Uint8Array, offset: number, end: number): string | null {
  let at = offset + 2
  while (at + 3 <= end) {
    const length = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    if (at + 3 + length > end) return null
    if (bytes[at] === 0) return latin1(bytes, at + 3, at + 3 + length)
    at += 3 + length
  }
  return null
}

/**
 * Reads a ClientHello's body, from its version on. A body that ends early (a capture may be cut) gives what its part shows.
 *
 * @param datagram the hello is of DTLS and has a cookie
 */
export function readClientHello(bytes: Uint8Array, offset: number, end: number, datagram = false): ClientHello {
  let serverName: string | null = null
  let encrypted = false
  const u16 = (at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  let at = offset + 34 // version and random
  if (at < end) at += 1 + (bytes[at] ?? 0) // session id
  if (datagram && at < end) at += 1 + (bytes[at] ?? 0) // cookie
  if (at + 2 <= end) at += 2 + u16(at) // cipher suites
  if (at < end) at += 1 + (bytes[at] ?? 0) // compression methods
  at += 2 // length of the extensions
  while (at + 4 <= end) {
    const type = u16(at)
    const next = at + 4 + u16(at + 2)
    if (type === SERVER_NAME && next <= end) serverName ??= hostNameOf(bytes, at + 4, next)
    else if (type === ENCRYPTED_CLIENT_HELLO) encrypted = true
    at = next
  }
  return { serverName, encrypted }
}
