/** Requests of HTTP/2 (RFC 9113): with prior knowledge, after an upgrade of HTTP/1, or within TLS. */
import { HpackDecoder } from './hpack.ts'
import {
  CONTINUATION,
  END_HEADERS,
  type Frame,
  type FrameSink,
  HEADERS,
  Http2Frames,
  LONGEST_FRAME,
  PRIORITY,
  withoutPadding,
} from './http2-frames.ts'
import { Collected, type MessageReader, NO, PERHAPS, type Recognition, YES } from './message-reader.ts'

export const PREFACE = new TextEncoder().encode('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** Whether the connection preface of a client begins here (RFC 9113, section 3.4). */
export function recogniseHttp2(bytes: Uint8Array, offset: number, end: number): Recognition {
  for (const [i, byte] of PREFACE.entries()) {
    if (offset + i >= end) return PERHAPS
    if (bytes[offset + i] !== byte) return NO
  }
  return YES
}

export interface Http2Request {
  /** Empty where it has none. */
  readonly authority: string
  readonly stream: number
  /** It asks a resolver (DNS over HTTPS, RFC 8484), or sends or takes its media type at least. */
  readonly isDns: boolean
}

const DNS_MEDIA_TYPE = /^application\/dns-message\b/i

/** Reads the frames of a client, from the preface to the end of the connection. */
export class Http2Reader implements MessageReader, FrameSink {
  readonly #request: (request: Http2Request) => void
  readonly #broken: () => void
  readonly #hpack = new HpackDecoder()
  readonly #frames = new Http2Frames(this, PREFACE.length)
  #block = new Collected(LONGEST_FRAME)

  /** @param broken is called where nothing more can be read */
  constructor(request: (request: Http2Request) => void, broken: () => void) {
    this.#request = request
    this.#broken = broken
  }

  get kept(): number {
    return this.#frames.kept + this.#block.bytes.length + this.#hpack.size
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    return this.#frames.push(bytes, offset, end)
  }

  stop(): void {}

  wants({ type }: Frame): boolean {
    return type === HEADERS || type === CONTINUATION
  }

  take(frame: Frame, payload: Collected): boolean {
    let span: { from: number; to: number } | null = { from: 0, to: payload.length }
    if (frame.type === HEADERS) {
      this.#block = new Collected(LONGEST_FRAME)
      span = withoutPadding(frame, payload)
      if (span && (frame.flags & PRIORITY) !== 0) span.from += 5
    }
    if (!span || span.from > span.to || !this.#block.add(payload.bytes, span.from, span.to)) return false
    return (frame.flags & END_HEADERS) === 0 || this.#endBlock(frame.stream)
  }

  broken(): void {
    this.#broken()
  }

  #endBlock(stream: number): boolean {
    const fields = this.#hpack.decode(this.#block.bytes.subarray(0, this.#block.length))
    this.#block = new Collected(LONGEST_FRAME)
    if (!fields) return false
    // Trailers have no pseudo-header fields (RFC 9113, section 8.1).
    if (!fields.some(([name]) => name === ':method')) return true
    const value = (wanted: string) => fields.find(([name]) => name === wanted)?.[1]
    const isDns = fields.some(
      ([name, text]) => (name === 'accept' || name === 'content-type') && DNS_MEDIA_TYPE.test(text),
    )
    this.#request({ authority: value(':authority') ?? value('host') ?? '', stream, isDns })
    return true
  }
}
