/** What a client says in HTTP/2: requests that are under way at the same time, head and body (RFC 9113). */

import type { Budget } from '../payload/held-segments.ts'
import { HpackDecoder } from '../payload/hpack.ts'
import { PREFACE } from '../payload/http2.ts'
import {
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  type Frame,
  type FrameSink,
  HEADERS,
  Http2Frames,
  PRIORITY,
  withoutPadding,
} from '../payload/http2-frames.ts'
import { Collected } from '../payload/message-reader.ts'
import { type ContentReading, LONGEST_BODY } from './content-reading.ts'
import { KeptBytes } from './kept-bytes.ts'
import { type BodyFacts, sayHead } from './request-head.ts'
import type { Speaker } from './speaker.ts'

/** Servers may ask for longer frames than 16 kB (section 6.5.2); none asks for more than this. */
const LONGEST_FRAME = 1 << 20
const LONGEST_BLOCK = 1 << 16
/** Requests of a connection that are under way at the same time; servers allow some hundred. */
const MOST_OPEN = 1024

interface OpenRequest {
  readonly facts: BodyFacts
  readonly body: KeptBytes
}

/** Reads the frames of a client, from the preface to the end of the connection. */
export class Http2Content implements ContentReading, FrameSink {
  readonly #speaker: Speaker
  readonly #budget: Budget
  readonly #frames = new Http2Frames(this, PREFACE.length, LONGEST_FRAME)
  readonly #hpack = new HpackDecoder()
  readonly #open = new Map<number, OpenRequest>()
  #block = new Collected(LONGEST_BLOCK)
  #endsStream = false
  #isBroken = false

  constructor(speaker: Speaker, budget: Budget) {
    this.#speaker = speaker
    this.#budget = budget
  }

  /** Of what is not charged to the budget otherwise. */
  get kept(): number {
    return this.#isBroken ? 0 : this.#frames.kept + this.#block.bytes.length + this.#hpack.size
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    if (!this.#isBroken) this.#frames.push(bytes, offset, end)
    // From which byte on is not known: better too many than too few.
    if (this.#isBroken) this.#speaker.unread += end - offset
    return -1
  }

  /** Where the next frame begins is not known, nor what headers refer to. */
  lost(): boolean {
    this.broken()
    return true
  }

  stop(): void {
    for (const request of this.#open.values()) this.#end(request)
    this.#open.clear()
  }

  wants({ type }: Frame): boolean {
    return type === HEADERS || type === CONTINUATION || type === DATA
  }

  take(frame: Frame, payload: Collected): boolean {
    const span = frame.type === CONTINUATION ? { from: 0, to: payload.length } : withoutPadding(frame, payload)
    if (span === null) return false
    if (frame.type === DATA) {
      this.#data(frame, payload.bytes, span)
      return true
    }
    if (frame.type === HEADERS) {
      this.#block = new Collected(LONGEST_BLOCK)
      this.#endsStream = (frame.flags & END_STREAM) !== 0
      if ((frame.flags & PRIORITY) !== 0) span.from += 5
    }
    if (span.from > span.to || !this.#block.add(payload.bytes, span.from, span.to)) return false
    return (frame.flags & END_HEADERS) === 0 || this.#endBlock(frame.stream)
  }

  broken(): void {
    this.#isBroken = true
    this.stop()
  }

  #data({ stream, flags }: Frame, bytes: Uint8Array, { from, to }: { from: number; to: number }): void {
    const request = this.#open.get(stream)
    // Of a request that began before the capture, or of too many.
    if (request === undefined) this.#speaker.say('stream', bytes.subarray(from, to))
    else {
      this.#speaker.unread += to - from - request.body.add(bytes, from, to)
      if ((flags & END_STREAM) !== 0) this.#close(stream)
    }
  }

  #endBlock(stream: number): boolean {
    const fields = this.#hpack.decode(this.#block.bytes.subarray(0, this.#block.length))
    this.#block = new Collected(LONGEST_BLOCK)
    if (!fields) return false
    const value = (wanted: string) => fields.find(([name]) => name === wanted)?.[1]
    const method = value(':method')
    if (method === undefined) this.#trailers(stream, fields)
    else {
      const head = { method, target: value(':path') ?? '', authority: value(':authority') ?? null, fields }
      const facts = sayHead(this.#speaker, head, 'latin1')
      const isNew = !this.#open.has(stream) && this.#open.size < MOST_OPEN
      if (isNew && !this.#endsStream) this.#open.set(stream, { facts, body: new KeptBytes(this.#budget, LONGEST_BODY) })
    }
    if (this.#endsStream) this.#close(stream)
    return true
  }

  /** Fields behind a body (section 8.1). */
  #trailers(stream: number, fields: readonly (readonly [string, string])[]): void {
    const request = this.#open.get(stream)?.facts.request
    for (const [field, value] of fields)
      this.#speaker.say('header', Buffer.from(value, 'latin1'), request === undefined ? { field } : { request, field })
  }

  #close(stream: number): void {
    const request = this.#open.get(stream)
    if (request !== undefined) this.#end(request)
    this.#open.delete(stream)
  }

  #end({ facts: { request, mediaType, codings }, body }: OpenRequest): void {
    const { bytes, missing } = body
    this.#speaker.say('body', bytes, { request, mediaType, codings, missing })
    body.release()
  }
}
