/** What a client says over a WebSocket (RFC 6455, section 5): its messages, unmasked, and inflated (RFC 7692). */
import { constants, inflateRawSync } from 'node:zlib'
import type { Budget } from '../payload/held-segments.ts'
import { NO, PERHAPS, type Recognition, YES } from '../payload/message-reader.ts'
import { type ContentReading, LONGEST_BODY } from './content-reading.ts'
import { KeptBytes } from './kept-bytes.ts'
import type { Request, Speaker } from './speaker.ts'

/** Two bytes, the longest length and a mask. */
const LONGEST_HEADER = 14
/** Opcodes from here on are of frames that may stand within a message. */
const CONTROL = 8
/** What is compressed may refer to so many bytes before it (RFC 1951). */
const WINDOW = 32_768
/** RFC 7692, section 7.2.2: what was cut off at the end. */
const TAIL = new Uint8Array([0, 0, 0xff, 0xff])

/** Whether a frame of a client may begin here: known opcode, and masked as a client's must be. */
export function recogniseWebSocket(bytes: Uint8Array, offset: number, end: number): Recognition {
  const [first = 0, second = 0] = bytes.subarray(offset, Math.min(end, offset + 2))
  const opcode = first & 15
  if ((first & 0x30) !== 0 || (opcode > 2 && (opcode < 8 || opcode > 10))) return NO
  if (end - offset < 2) return PERHAPS
  return (second & 0x80) !== 0 ? YES : NO
}

/** Reads the frames of a client to the end of the connection. */
export class WebSocketContent implements ContentReading {
  readonly #speaker: Speaker
  readonly #budget: Budget
  readonly #request: Request
  readonly #header = new Uint8Array(LONGEST_HEADER)
  #headerLength = 0
  /** Of the frame's payload that is still to come, and where in it that is. */
  #left = 0
  #at = 0
  #opcode = 0
  #message: KeptBytes
  #control: KeptBytes
  #isDeflated = false
  #window: Uint8Array = new Uint8Array(0)
  #isBroken = false

  /** @param request that opened it */
  constructor(speaker: Speaker, budget: Budget, request: Request) {
    this.#speaker = speaker
    this.#budget = budget
    this.#request = request
    this.#message = new KeptBytes(budget, LONGEST_BODY)
    this.#control = new KeptBytes(budget, 125)
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    let at = offset
    while (at < end && !this.#isBroken) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, end - at)
        this.#payload(bytes, at, at + taken)
        at += taken
        this.#left -= taken
        if (this.#left === 0) this.#endFrame()
        continue
      }
      this.#header[this.#headerLength++] = bytes[at++] as number
      if (this.#headerLength === this.#wanted()) this.#beginFrame()
    }
    this.#speaker.unread += end - at
    return -1
  }

  /** Within a payload what is missing is that of a message; elsewhere there is no telling where the next frame begins. */
  lost(count: number): boolean {
    if (count < this.#left) {
      this.#current.missing += count
      this.#left -= count
      this.#at += count
    } else {
      this.#current.missing += this.#left
      this.stop()
      this.#isBroken = true
    }
    return true
  }

  stop(): void {
    this.#sayMessage()
    this.#control.release()
  }

  get #current(): KeptBytes {
    return this.#opcode >= CONTROL ? this.#control : this.#message
  }

  /** Bytes of the header, as far as it is known by now. */
  #wanted(): number {
    if (this.#headerLength < 2) return 2
    const second = this.#header[1] as number
    const length = second & 0x7f
    return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second >= 0x80 ? 4 : 0)
  }

  #beginFrame(): void {
    const header = new DataView(this.#header.buffer)
    const first = header.getUint8(0)
    const short = header.getUint8(1) & 0x7f
    this.#left = short < 126 ? short : short === 126 ? header.getUint16(2) : Number(header.getBigUint64(2))
    this.#at = 0
    this.#opcode = first & 15
    if (this.#opcode === 1 || this.#opcode === 2) this.#isDeflated = (first & 0x40) !== 0
    if (this.#left === 0) this.#endFrame()
  }

  #payload(bytes: Uint8Array, from: number, end: number): void {
    const mask = this.#headerLength - 4
    const isMasked = (this.#header[1] as number) >= 0x80
    // Not `slice`, which copies nothing where the bytes are a Buffer.
    const plain = new Uint8Array(bytes.subarray(from, end))
    if (isMasked)
      for (let i = 0; i < plain.length; i++)
        plain[i] = (plain[i] as number) ^ (this.#header[mask + ((this.#at + i) & 3)] as number)
    this.#at += plain.length
    this.#speaker.unread += plain.length - this.#current.add(plain, 0, plain.length)
  }

  #endFrame(): void {
    this.#headerLength = 0
    const isLast = ((this.#header[0] as number) & 0x80) !== 0
    if (this.#opcode >= CONTROL) {
      this.#speaker.say('body', this.#control.bytes, { request: this.#request })
      this.#control.release()
      this.#control = new KeptBytes(this.#budget, 125)
    } else if (isLast) this.#sayMessage()
  }

  #sayMessage(): void {
    const { bytes, missing } = this.#message
    const request = this.#request
    const plain = this.#isDeflated && bytes.length > 0 ? this.#inflated(bytes) : bytes
    if (plain !== null) this.#speaker.say('body', plain, { request, missing })
    else this.#speaker.say('body', bytes, { request, missing, codings: ['permessage-deflate'] })
    this.#message.release()
    this.#message = new KeptBytes(this.#budget, LONGEST_BODY)
    this.#isDeflated = false
  }

  /** A message may refer to those before it. */
  #inflated(bytes: Uint8Array): Uint8Array | null {
    try {
      const plain = inflateRawSync(Buffer.concat([bytes, TAIL]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: LONGEST_BODY,
        ...(this.#window.length > 0 ? { dictionary: this.#window } : {}),
      })
      this.#window = Uint8Array.prototype.slice.call(Buffer.concat([this.#window, plain]), -WINDOW)
      return plain
    } catch {
      return null
    }
  }
}
