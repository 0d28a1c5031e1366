/** Client hellos, byte by byte (RFC 8446, section 4.1.2). */
import { join, sized16, text, u16 } from './conversation.ts'

export interface HelloParts {
  readonly name?: string
  readonly ech?: boolean
  /** Bytes of padding, as an extension before the name (RFC 7685). */
  readonly padding?: number
  /** DTLS: with a cookie. */
  readonly cookie?: Uint8Array
}

const extension = (type: number, body: Uint8Array) => join(u16(type), sized16(body))

/** The body of a ClientHello, from its version on. */
export function helloBody({ name, ech, padding, cookie }: HelloParts): Uint8Array {
  const extensions = join(
    extension(0x0a0a, join()),
    padding === undefined ? [] : extension(21, new Uint8Array(padding)),
    name === undefined ? [] : extension(0, sized16(0, sized16(text(name)))),
    ech ? extension(0xfe0d, join(0, 0, 1, 0, 1, 7, 0, 0, 0, 0)) : [],
    extension(43, join(2, 3, 4)),
  )
  const version = cookie ? [0xfe, 0xfd] : [3, 3]
  return join(
    version,
    new Uint8Array(32).fill(0x47),
    [4, 1, 2, 3, 4],
    cookie ? join(cookie.length, cookie) : [],
    sized16(0x13, 0x01, 0xc0, 0x2f),
    [1, 0],
    sized16(extensions),
  )
}

/** The handshake message, with its type and length. */
export function helloMessage(parts: HelloParts): Uint8Array {
  const body = helloBody(parts)
  return join(1, body.length >> 16, u16(body.length & 0xffff), body)
}

/** TLS records that carry a message, each with at most `size` bytes of it. */
export function tlsRecords(message: Uint8Array, size = 16384): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = 0; at < message.length; at += size) parts.push(join(22, 3, 1, sized16(message.subarray(at, at + size))))
  return join(...parts)
}

export const clientHello = (parts: HelloParts, recordSize?: number): Uint8Array =>
  tlsRecords(helloMessage(parts), recordSize)
