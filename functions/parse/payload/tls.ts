/** Finds the ClientHello at the head of a TLS stream: over several records and segments (RFC 8446, section 5.1). */
import { type ClientHello, readClientHello } from './client-hello.ts'
import { Collected, type MessageReader, NO, PERHAPS, type Recognition, YES } from './message-reader.ts'

const HANDSHAKE = 22
export const CLIENT_HELLO = 1
export const SERVER_HELLO = 2
/** A ClientHello of post-quantum key shares and many extensions has a few kilobytes. */
const LONGEST_HELLO = 65536

/** Whether a record with the beginning of a ClientHello begins here, or of another handshake message. */
export function recogniseTls(bytes: Uint8Array, offset: number, end: number, message = CLIENT_HELLO): Recognition {
  const length = end - offset
  if (bytes[offset] !== HANDSHAKE) return NO
  if (length > 1 && bytes[offset + 1] !== 3) return NO
  if (length > 2 && (bytes[offset + 2] ?? 0) > 4) return NO
  // At most 2^14 bytes (RFC 8446, section 5.1), and none that is empty.
  if (length > 3 && (bytes[offset + 3] ?? 0) > 0x40) return NO
  if (length > 4 && bytes[offset + 3] === 0 && bytes[offset + 4] === 0) return NO
  if (length > 5) return bytes[offset + 5] === message ? YES : NO
  return PERHAPS
}

/**
 * Whether an SSL 2.0 compatible hello begins here (RFC 5246, appendix E.2). It has no server name. Its lengths have to add
 * up, so that a stream of another protocol is not taken for one.
 */
export function recogniseSsl2(bytes: Uint8Array, offset: number, end: number): Recognition {
  if (((bytes[offset] ?? 0) & 0x80) === 0) return NO
  if (end - offset < 11) return NO
  const u16 = (at: number) => ((bytes[offset + at] ?? 0) << 8) | (bytes[offset + at + 1] ?? 0)
  const version = u16(3)
  if (bytes[offset + 2] !== CLIENT_HELLO || (version !== 2 && version >> 8 !== 3)) return NO
  const [ciphers, session, challenge] = [u16(5), u16(7), u16(9)]
  if (ciphers === 0 || ciphers % 3 !== 0 || (session !== 0 && session !== 16)) return NO
  if (challenge < 16 || challenge > 32) return NO
  return (u16(0) & 0x7fff) === 9 + ciphers + session + challenge ? YES : NO
}

/** Takes a hello and where its body begins in bytes, which are only valid during the call. */
export type HelloFound = (hello: ClientHello, bytes: Uint8Array, body: number) => void

/** Takes the records of a stream apart until the ClientHello is whole. */
export class TlsHelloReader implements MessageReader {
  readonly #found: HelloFound
  readonly #hello = new Collected(LONGEST_HELLO)
  /** The record header as one number in network order, as far as it has come. */
  #header = 0
  #headerLength = 0
  #recordLeft = 0

  /** @param found takes the hello, also one that was cut off */
  constructor(found: HelloFound) {
    this.#found = found
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    if (this.#hello.length === 0 && this.#headerLength === 0 && this.#recordLeft === 0) {
      const behind = this.#whole(bytes, offset, end)
      if (behind > 0) return behind
    }
    let at = offset
    while (at < end) {
      if (this.#recordLeft === 0) {
        this.#header = this.#header * 256 + (bytes[at++] ?? 0)
        if (++this.#headerLength < 5) continue
        this.#recordLeft = this.#header % 0x1_0000
        const typeAndMajor = Math.floor(this.#header / 0x100_0000)
        this.#header = 0
        this.#headerLength = 0
        if (typeAndMajor !== HANDSHAKE * 256 + 3) return this.#finish(end)
        continue
      }
      const taken = Math.min(this.#recordLeft, end - at)
      if (!this.#hello.add(bytes, at, at + taken)) return this.#finish(end)
      at += taken
      this.#recordLeft -= taken
      if (this.#hello.length >= 4 && this.#hello.length >= this.#wanted()) return this.#finish(at)
    }
    return -1
  }

  stop(): void {
    this.#finish(0)
  }

  /** Reads a hello that stands whole in the first record, where it is; -1 where it does not. */
  #whole(bytes: Uint8Array, offset: number, end: number): number {
    const at = offset + 5
    if (end - at < 4) return -1
    const length = 4 + (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
    const record = ((bytes[offset + 3] ?? 0) << 8) | (bytes[offset + 4] ?? 0)
    if (length > record || at + length > end || length <= 38) return -1
    this.#found(readClientHello(bytes, at + 4, at + length), bytes, at + 4)
    return at + length
  }

  /** Length of the handshake message with its header of four bytes (RFC 8446, section 4). */
  #wanted(): number {
    const b = this.#hello.bytes
    return 4 + (((b[1] ?? 0) << 16) | ((b[2] ?? 0) << 8) | (b[3] ?? 0))
  }

  #finish(at: number): number {
    const { bytes, length } = this.#hello
    const wanted = this.#wanted()
    const end = Math.min(length, wanted)
    // Without version, random and session id it may be anything.
    if (end <= 38 || bytes[0] !== CLIENT_HELLO) return at
    const hello = readClientHello(bytes, 4, end)
    this.#found(length < wanted ? { ...hello, cut: true } : hello, bytes, 4)
    return at
  }
}
