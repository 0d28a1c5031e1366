/** Requests of HTTP/2 in clear text (RFC 9113): with prior knowledge, or after an upgrade of HTTP/1. */
import { HpackDecoder } from './hpack.ts'
import { Collected, type MessageReader, NO, PERHAPS, type Recognition, YES } from './message-reader.ts'

const PREFACE = new TextEncoder().encode('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
const FRAME_HEADER = 9
const [HEADERS, CONTINUATION] = [1, 9]
const [END_HEADERS, PADDED, PRIORITY] = [4, 8, 32]
const LONGEST_BLOCK = 65536

/** Whether the connection preface of a client begins here (RFC 9113, section 3.4). */
export function recogniseHttp2(bytes: Uint8Array, offset: number, end: number): Recognition {
  for (const [i, byte] of PREFACE.entries()) {
    if (offset + i >= end) return PERHAPS
    if (bytes[offset + i] !== byte) return NO
  }
  return YES
}

/** Reads the frames of a client, from the preface to the end of the connection. */
export class Http2Reader implements MessageReader {
  /** Takes the authority of every request, empty where it has none. */
  readonly #request: (authority: string) => void
  readonly #broken: () => void
  readonly #hpack = new HpackDecoder()
  readonly #header = new Uint8Array(FRAME_HEADER)
  #headerLength = 0
  #preface = PREFACE.length
  #frame: Collected | null = null
  #frameLeft = 0
  #block = new Collected(LONGEST_BLOCK)

  /** @param broken is called where nothing more can be read */
  constructor(request: (authority: string) => void, broken: () => void) {
    this.#request = request
    this.#broken = broken
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    let at = offset
    while (at < end) {
      if (this.#preface > 0) {
        const passed = Math.min(this.#preface, end - at)
        this.#preface -= passed
        at += passed
      } else if (this.#frameLeft > 0) {
        const taken = Math.min(this.#frameLeft, end - at)
        if (this.#frame && !this.#frame.add(bytes, at, at + taken)) return this.#give(end)
        this.#frameLeft -= taken
        at += taken
        if (this.#frameLeft === 0 && !this.#endFrame()) return this.#give(end)
      } else {
        this.#header[this.#headerLength++] = bytes[at++] ?? 0
        if (this.#headerLength === FRAME_HEADER) this.#beginFrame()
      }
    }
    return -1
  }

  stop(): void {}

  #beginFrame(): void {
    const [b0 = 0, b1 = 0, b2 = 0, type] = this.#header
    this.#headerLength = 0
    this.#frameLeft = (b0 << 16) | (b1 << 8) | b2
    this.#frame = type === HEADERS || type === CONTINUATION ? new Collected(LONGEST_BLOCK) : null
  }

  /** @returns false where the frame is broken */
  #endFrame(): boolean {
    const frame = this.#frame
    this.#frame = null
    if (!frame) return true
    const flags = this.#header[4] ?? 0
    let from = 0
    let to = frame.length
    if (this.#header[3] === HEADERS) {
      this.#block = new Collected(LONGEST_BLOCK)
      if ((flags & PADDED) !== 0) {
        to -= frame.bytes[0] ?? 0
        from = 1
      }
      if ((flags & PRIORITY) !== 0) from += 5
    }
    if (from > to || !this.#block.add(frame.bytes, from, to)) return false
    return (flags & END_HEADERS) === 0 || this.#endBlock()
  }

  #endBlock(): boolean {
    const fields = this.#hpack.decode(this.#block.bytes.subarray(0, this.#block.length))
    if (!fields) return false
    // Trailers have no pseudo-header fields (RFC 9113, section 8.1).
    if (!fields.some(([name]) => name === ':method')) return true
    const value = (wanted: string) => fields.find(([name]) => name === wanted)?.[1]
    this.#request(value(':authority') ?? value('host') ?? '')
    return true
  }

  #give(at: number): number {
    this.#broken()
    return at
  }
}
