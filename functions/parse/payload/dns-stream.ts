/** DNS over TCP: messages with a length of two bytes before each (RFC 1035, section 4.2.2). */
import { Collected, type MessageReader, NO, PERHAPS, type Recognition, YES } from './message-reader.ts'

/** Whether a length and the header of a message with one question begin here (RFC 1035, section 4.1.1). */
export function recogniseDns(bytes: Uint8Array, offset: number, end: number): Recognition {
  if (end - offset < 14) return PERHAPS
  const u16 = (at: number) => ((bytes[offset + at] ?? 0) << 8) | (bytes[offset + at + 1] ?? 0)
  return u16(0) >= 12 && u16(6) === 1 ? YES : NO
}

/** Reads the messages of one direction, for as long as it goes on without a gap. */
export class DnsStreamReader implements MessageReader {
  readonly #found: (message: Uint8Array, length: number) => void
  #message = new Collected(65537)

  /** @param found takes every message; its bytes are only valid during the call */
  constructor(found: (message: Uint8Array, length: number) => void) {
    this.#found = found
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    let at = offset
    while (at < end) {
      const { bytes: b, length } = this.#message
      const wanted = length < 2 ? 2 : 2 + ((b[0] ?? 0) << 8) + (b[1] ?? 0)
      const taken = Math.min(wanted - length, end - at)
      this.#message.add(bytes, at, at + taken)
      at += taken
      if (this.#message.length < wanted || wanted === 2) continue
      this.#found(this.#message.bytes.subarray(2), wanted - 2)
      this.#message = new Collected(65537)
      // Each message is one for the stream, so that the next begins anew behind a gap.
      return at
    }
    return -1
  }

  stop(): void {
    this.#message = new Collected(65537)
  }
}
