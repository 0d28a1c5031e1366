/** The ClientHello of DTLS (RFC 6347, sections 4.1 and 4.2; RFC 9147 keeps its form), whole or in fragments. */
import { type ClientHello, readClientHello } from './client-hello.ts'
import { NO, type Recognition, YES } from './message-reader.ts'

const HANDSHAKE = 22
const CLIENT_HELLO = 1
const RECORD_HEADER = 13
const HANDSHAKE_HEADER = 12
const LONGEST_HELLO = 16384

/** Whether a datagram begins with a DTLS record that holds a ClientHello or a part of one. */
export function recogniseDtls(bytes: Uint8Array, offset: number, end: number): Recognition {
  if (bytes[offset] !== HANDSHAKE || end - offset < RECORD_HEADER + HANDSHAKE_HEADER) return NO
  const version = ((bytes[offset + 1] ?? 0) << 8) | (bytes[offset + 2] ?? 0)
  // DTLS 1.2, DTLS 1.0, and what OpenSSL sent before it was specified.
  if (version !== 0xfefd && version !== 0xfeff && version !== 0x0100) return NO
  return bytes[offset + RECORD_HEADER] === CLIENT_HELLO ? YES : NO
}

/** Puts the fragments of a ClientHello together (RFC 6347, section 4.2.3). */
export class DtlsHello {
  #sequence = -1
  #hello = new Uint8Array(0)
  #had: Uint8Array = new Uint8Array(0)
  #missing = 0

  /** Takes a datagram; gives the hello once it is whole. */
  take(bytes: Uint8Array, offset: number, end: number): ClientHello | null {
    const u16 = (at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
    const u24 = (at: number) => ((bytes[at] ?? 0) << 16) | u16(at + 1)
    let at = offset
    while (recogniseDtls(bytes, at, end) === YES) {
      const record = Math.min(end, at + RECORD_HEADER + u16(at + 11))
      const message = at + RECORD_HEADER
      const [length, from, part] = [u24(message + 1), u24(message + 6), u24(message + 9)]
      const body = message + HANDSHAKE_HEADER
      if (length > LONGEST_HELLO || from + part > length || body + part > record) return null
      if (u16(message + 4) !== this.#sequence || length !== this.#hello.length) {
        this.#sequence = u16(message + 4)
        this.#hello = new Uint8Array(length)
        this.#had = new Uint8Array(length)
        this.#missing = length
      }
      for (let i = 0; i < part; i++) {
        this.#hello[from + i] = bytes[body + i] ?? 0
        if (this.#had[from + i] === 0) this.#missing--
        this.#had[from + i] = 1
      }
      if (this.#missing === 0) return readClientHello(this.#hello, 0, length, true)
      at = record
    }
    return null
  }
}
