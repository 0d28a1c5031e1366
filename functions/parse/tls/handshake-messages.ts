/** Takes handshake messages out of the records that carry them (RFC 8446, section 4): one record may have several, or a part. */
import { Collected } from '../payload/message-reader.ts'

const HEADER = 4
/** Of longer messages, which are certificates, the rest is passed over. */
const LONGEST = 16_384

export class HandshakeMessages {
  readonly #found: (type: number, body: Uint8Array) => void
  readonly #wanted: readonly number[]
  #message = new Collected(LONGEST)
  /** Bytes of a message that nobody wants, which are still to come. */
  #pass = 0

  /** @param found takes messages of the wanted types, without their headers; the bytes are only valid during the call */
  constructor(wanted: readonly number[], found: (type: number, body: Uint8Array) => void) {
    this.#wanted = wanted
    this.#found = found
  }

  /** Bytes that are kept of a message in progress. */
  get kept(): number {
    return this.#message.bytes.length
  }

  push(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      const message = this.#message
      if (this.#pass > 0) {
        const passed = Math.min(this.#pass, bytes.length - at)
        this.#pass -= passed
        at += passed
        continue
      }
      const wanted = message.length < HEADER ? HEADER : HEADER + lengthOf(message.bytes)
      const taken = Math.min(wanted - message.length, bytes.length - at)
      message.add(bytes, at, at + taken)
      at += taken
      if (message.length < HEADER) return
      const length = lengthOf(message.bytes)
      const [type = 0] = message.bytes
      if (!this.#wanted.includes(type) || HEADER + length > LONGEST) {
        this.#pass = HEADER + length - message.length
        this.#message = new Collected(LONGEST)
      } else if (message.length === HEADER + length) {
        this.#message = new Collected(LONGEST)
        this.#found(type, message.bytes.subarray(HEADER, message.length))
      }
    }
  }
}

const lengthOf = (header: Uint8Array) => ((header[1] ?? 0) << 16) | ((header[2] ?? 0) << 8) | (header[3] ?? 0)
