/** DNS over TCP: messages with a length of two bytes before each (RFC 1035, section 4.2.2). */
import { Collected, type MessageReader } from './message-reader.ts'

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
