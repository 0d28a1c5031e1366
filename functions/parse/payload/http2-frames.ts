/** Cuts one direction of an HTTP/2 connection into frames (RFC 9113, section 4.1). */
import { Collected, type MessageReader, NO, PERHAPS, type Recognition, YES } from './message-reader.ts'

export const [DATA, HEADERS, CONTINUATION] = [0, 1, 9]
export const END_STREAM = 1
export const [END_HEADERS, PADDED, PRIORITY] = [4, 8, 32]
/** Of frames that are collected, in bytes. */
export const LONGEST_FRAME = 65_536

const FRAME_HEADER = 9
/** What an end may send that was not asked for longer ones (section 4.2). */
const LONGEST_UNASKED = 16_384
/** Types up to ALTSVC and ORIGIN (RFC 7838, RFC 8336). */
const HIGHEST_TYPE = 12

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
}

/** Takes the frames that it wants. */
export interface FrameSink {
  wants(frame: Frame): boolean
  /** @returns false where nothing more can be read behind it */
  take(frame: Frame, payload: Collected): boolean
  /** Nothing more can be read. */
  broken(): void
}

/** Whether a frame may begin here, as far as its header tells. */
export function recogniseFrame(bytes: Uint8Array, offset: number, end: number): Recognition {
  if (end - offset < FRAME_HEADER) return PERHAPS
  const { length, type } = headerOf(bytes, offset)
  return length <= LONGEST_UNASKED && type <= HIGHEST_TYPE && (bytes[offset + 5] ?? 0) < 0x80 ? YES : NO
}

export class Http2Frames implements MessageReader {
  readonly #sink: FrameSink
  readonly #longest: number
  readonly #header = new Uint8Array(FRAME_HEADER)
  #headerLength = 0
  #preface: number
  #frame: Collected | null = null
  #left = 0

  /**
   * @param preface bytes before the first frame
   * @param longest of frames that are collected, in bytes
   */
  constructor(sink: FrameSink, preface: number, longest = LONGEST_FRAME) {
    this.#sink = sink
    this.#longest = longest
    this.#preface = preface
  }

  get kept(): number {
    return FRAME_HEADER + (this.#frame?.bytes.length ?? 0)
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    let at = offset
    while (at < end) {
      if (this.#preface > 0) {
        const passed = Math.min(this.#preface, end - at)
        this.#preface -= passed
        at += passed
      } else if (this.#left > 0) {
        const taken = Math.min(this.#left, end - at)
        if (this.#frame && !this.#frame.add(bytes, at, at + taken)) return this.#give(end)
        this.#left -= taken
        at += taken
        if (this.#left === 0 && !this.#endFrame()) return this.#give(end)
      } else {
        this.#header[this.#headerLength++] = bytes[at++] ?? 0
        if (this.#headerLength === FRAME_HEADER && !this.#beginFrame()) return this.#give(end)
      }
    }
    return -1
  }

  stop(): void {}

  #beginFrame(): boolean {
    const header = headerOf(this.#header, 0)
    this.#headerLength = 0
    this.#left = header.length
    this.#frame = this.#sink.wants(header) ? new Collected(this.#longest) : null
    return this.#left > 0 || this.#endFrame()
  }

  #endFrame(): boolean {
    const frame = this.#frame
    this.#frame = null
    return frame === null || this.#sink.take(headerOf(this.#header, 0), frame)
  }

  #give(at: number): number {
    this.#sink.broken()
    return at
  }
}

function headerOf(b: Uint8Array, at: number): Frame & { readonly length: number } {
  const u24 = (from: number) => ((b[from] ?? 0) << 16) | ((b[from + 1] ?? 0) << 8) | (b[from + 2] ?? 0)
  const stream = (((b[at + 5] ?? 0) & 0x7f) << 24) | u24(at + 6)
  return { length: u24(at), type: b[at + 3] ?? 0, flags: b[at + 4] ?? 0, stream }
}

/** Where a frame's payload begins and ends within its padding (section 6.1); null where the padding is longer than the frame. */
export function withoutPadding({ flags }: Frame, payload: Collected): { from: number; to: number } | null {
  if ((flags & PADDED) === 0) return { from: 0, to: payload.length }
  const to = payload.length - (payload.bytes[0] ?? 0)
  return to < 1 ? null : { from: 1, to }
}
