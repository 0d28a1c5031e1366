/** Takes the bodies of HTTP/1 messages in, or passes over them (RFC 9112, sections 6 and 7). */
import { gunzipSync } from 'node:zlib'
import { latin1 } from './flow-names.ts'
import type { Collected, MessageReader } from './message-reader.ts'

/** Longer lines of a chunked body are no chunk sizes. */
const LONGEST_SIZE_LINE = 1024
const LONGEST_UNZIPPED = 262144

/** Reads a chunked body (RFC 9112, section 7.1) to its end, and keeps what `kept` has room for. */
export class ChunkedBody implements MessageReader {
  readonly #kept: Pick<Collected, 'add'> | null
  readonly #done: (whole: boolean) => void
  #line = ''
  #left = 0
  #state: 'size' | 'data' | 'data-end' | 'trailer' = 'size'

  constructor(kept: Pick<Collected, 'add'> | null, done: (whole: boolean) => void) {
    this.#kept = kept
    this.#done = done
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    let at = offset
    while (at < end) {
      if (this.#state === 'data') {
        const taken = Math.min(this.#left, end - at)
        this.#kept?.add(bytes, at, at + taken)
        at += taken
        this.#left -= taken
        if (this.#left === 0) this.#state = 'data-end'
        continue
      }
      const byte = bytes[at++] ?? 0
      if (byte !== 10) {
        if (byte !== 13) this.#line += String.fromCharCode(byte)
        if (this.#line.length <= LONGEST_SIZE_LINE) continue
        return this.#finish(at, false)
      }
      const line = this.#line
      this.#line = ''
      if (this.#state === 'size') {
        const size = /^\s*([0-9a-f]{1,12})\s*(?:;.*)?$/i.exec(line)?.[1]
        if (size === undefined) return this.#finish(at, false)
        this.#left = Number.parseInt(size, 16)
        this.#state = this.#left === 0 ? 'trailer' : 'data'
      } else if (this.#state === 'data-end') {
        if (line !== '') return this.#finish(at, false)
        this.#state = 'size'
      } else if (line === '') return this.#finish(at, true)
    }
    return -1
  }

  stop(): void {
    this.#done(false)
  }

  #finish(at: number, whole: boolean): number {
    this.#done(whole)
    return at
  }
}

/** Reads a body of a known length, or to the end of the stream where it is infinite, and keeps what there is room for. */
export class CountedBody implements MessageReader {
  readonly #kept: Collected
  readonly #done: (whole: boolean) => void
  #left: number

  constructor(length: number, kept: Collected, done: (whole: boolean) => void) {
    this.#left = length
    this.#kept = kept
    this.#done = done
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    const taken = Math.min(this.#left, end - offset)
    this.#kept.add(bytes, offset, offset + taken)
    this.#left -= taken
    if (this.#left > 0) return -1
    this.#done(true)
    return offset + taken
  }

  stop(): void {
    this.#done(this.#left === Number.POSITIVE_INFINITY)
  }
}

/** A body as text; nothing where it cannot be unzipped. */
export function bodyText(body: Collected, zipped: boolean): string {
  const bytes = body.bytes.subarray(0, body.length)
  try {
    const text = zipped ? gunzipSync(bytes, { maxOutputLength: LONGEST_UNZIPPED }) : bytes
    return latin1(text, 0, text.length)
  } catch {
    return ''
  }
}
