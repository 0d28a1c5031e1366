/** Answers of a resolver within HTTP/2 (DNS over HTTPS, RFC 8484): the bodies of the streams that asked for them. */
import { DATA, END_STREAM, type Frame, type FrameSink, Http2Frames, withoutPadding } from './http2-frames.ts'
import { Collected, type MessageReader } from './message-reader.ts'

/** Questions that wait for their answer; what a client asks beyond is not followed. */
const MOST_OPEN = 64
/** A DNS message is no longer (RFC 8484, section 6). */
const LONGEST_MESSAGE = 65_535

export class Http2DnsAnswers implements FrameSink {
  /** The body of each stream that asked, as far as it has come. */
  readonly #open = new Map<number, Collected>()
  readonly #found: (message: Uint8Array, length: number) => void
  readonly #broken: () => void

  /** @param broken is called where nothing more can be read */
  constructor(found: (message: Uint8Array, length: number) => void, broken: () => void) {
    this.#found = found
    this.#broken = broken
  }

  ask(stream: number): void {
    if (this.#open.size < MOST_OPEN) this.#open.set(stream, new Collected(LONGEST_MESSAGE))
  }

  /** A reader of the server's frames, from the beginning of one. */
  reader(): MessageReader {
    const frames = new Http2Frames(this, 0)
    const open = this.#open
    return {
      push: (bytes, offset, end) => frames.push(bytes, offset, end),
      stop: () => {},
      get kept(): number {
        return [...open.values()].reduce((sum, body) => sum + body.bytes.length, frames.kept)
      },
    }
  }

  wants({ type, stream }: Frame): boolean {
    return type === DATA && this.#open.has(stream)
  }

  take(frame: Frame, payload: Collected): boolean {
    const body = this.#open.get(frame.stream)
    const span = withoutPadding(frame, payload)
    if (!body || !span) return false
    const whole = body.add(payload.bytes, span.from, span.to)
    if (whole && (frame.flags & END_STREAM) === 0) return true
    this.#open.delete(frame.stream)
    if (whole) this.#found(body.bytes, body.length)
    return true
  }

  broken(): void {
    this.#broken()
  }
}
