/** What the two ends of a connection say to each other, each in order: which protocol it is, and who hands it on. */

import { recogniseDns } from '../payload/dns-stream.ts'
import { recogniseRequest, recogniseResponse } from '../payload/http-head.ts'
import { recogniseHttp2 } from '../payload/http2.ts'
import { NO, PERHAPS, YES } from '../payload/message-reader.ts'
import { ProxyLine, recogniseProxyLine } from '../payload/proxy-line.ts'
import { recogniseTls } from '../payload/tls.ts'
import type { ContentReading, ReadingFor } from './content-reading.ts'
import { DnsContent } from './dns-content.ts'
import { Http1Request } from './http1-content.ts'
import { Http2Content } from './http2-content.ts'
import { KeptBytes } from './kept-bytes.ts'
import type { Listener } from './ordered-bytes.ts'
import type { Request, Speaker } from './speaker.ts'
import { type Inside, TlsContent } from './tls-content.ts'
import { recogniseWebSocket, WebSocketContent } from './web-socket-content.ts'

/** As long as a line is that may be a request's. */
const LONGEST_UNDECIDED = 16_384

/** What is known of a connection beforehand. */
export interface Setting {
  readonly isDns: boolean
  readonly isDnsInTls: boolean
  /** Whether what is inside TLS is looked for, too. */
  readonly isOutermost: boolean
}

/** The two directions of a connection. */
export function conversation(
  speakers: readonly [a: Speaker, b: Speaker],
  reading: ReadingFor,
  setting: Setting,
): readonly [a: Direction, b: Direction] {
  const a = new Direction(speakers[0], reading, setting)
  const b = new Direction(speakers[1], reading, setting)
  a.other = b
  b.other = a
  return [a, b]
}

/** What one end says. Whatever begins no message of a protocol is a stream. */
export class Direction implements Listener {
  /** Set by who made both. */
  other: Direction | null = null
  readonly #speaker: Speaker
  readonly #for: ReadingFor
  readonly #setting: Setting
  #reader: ContentReading | null = null
  /** Too little to tell what it begins. */
  #undecided: KeptBytes | null = null
  #webSocket: Request | null = null
  /** It asks, and the other end answers. */
  #asks = false
  /** What it says cannot be read, or answers only. */
  #isSealed = false
  #charged = 0

  constructor(speaker: Speaker, reading: ReadingFor, setting: Setting) {
    this.#speaker = speaker
    this.#for = reading
    this.#setting = setting
  }

  take(bytes: Uint8Array, offset: number, end: number): void {
    let at = offset
    while (at < end) {
      if (this.#isSealed || this.#answers(bytes, at, end)) {
        this.#speaker.unread += end - at
        return
      }
      if (this.#reader === null) {
        if (this.#undecided !== null) {
          this.#decide(bytes, at, end)
          return
        }
        if (!this.#begin(bytes, at, end, false)) return
        continue
      }
      const behind = this.#reader.push(bytes, at, end)
      this.#charge()
      if (behind < 0) return
      this.#reader = null
      at = behind
    }
  }

  lost(count: number): void {
    this.#speaker.unread += count
    this.#flush()
    if (this.#reader?.lost(count) === false) this.#reader = null
    this.#charge()
  }

  end(): void {
    this.#flush()
    this.#reader?.stop()
    this.#reader = null
    this.#charge()
  }

  /** What the other end's TLS needs of this one to be opened. */
  get tls(): TlsContent | null {
    return this.#reader instanceof TlsContent ? this.#reader : null
  }

  /** Whether bytes only answer; what is needed of them to open the client's TLS is taken. */
  #answers(bytes: Uint8Array, at: number, end: number): boolean {
    const { other } = this
    if (this.#reader !== null || other === null || !other.#asks) return false
    other.tls?.server?.push(bytes, at, end)
    return true
  }

  /** Takes bytes behind some that were too few to tell. */
  #decide(bytes: Uint8Array, at: number, end: number): void {
    const kept = this.#undecided as KeptBytes
    this.#undecided = null
    const joined = new Uint8Array(Buffer.concat([kept.bytes, bytes.subarray(at, end)]))
    kept.release()
    if (this.#begin(joined, 0, joined.length, joined.length > LONGEST_UNDECIDED)) this.take(joined, 0, joined.length)
  }

  /**
   * Looks for what begins here.
   *
   * @param isEnough that it may be something is then too little
   * @returns whether a reader is to take the bytes, or all are taken
   */
  #begin(bytes: Uint8Array, at: number, end: number, isEnough: boolean): boolean {
    const found = this.#recognise(bytes, at, end)
    if (found === PERHAPS && !isEnough) {
      const kept = new KeptBytes(this.#for.budget, LONGEST_UNDECIDED)
      if (kept.add(bytes, at, end) === end - at) {
        this.#undecided = kept
        return false
      }
      kept.release()
    }
    if (typeof found === 'object') {
      this.#reader = found
      return true
    }
    if (!this.#isSealed) this.#speaker.say('stream', bytes.subarray(at, end))
    return this.#isSealed
  }

  #recognise(bytes: Uint8Array, at: number, end: number): ContentReading | typeof NO | typeof PERHAPS {
    const speaker = this.#speaker
    const { budget, secrets } = this.#for
    const first = bytes[at] as number
    if (this.#setting.isDns) {
      const dns = recogniseDns(bytes, at, end)
      return dns === YES ? new DnsContent(speaker) : dns
    }
    if (this.#webSocket !== null) {
      const frame = recogniseWebSocket(bytes, at, end)
      if (frame === YES) return new WebSocketContent(speaker, budget, this.#webSocket)
      if (frame === PERHAPS) return PERHAPS
    }
    const tls = recogniseTls(bytes, at, end)
    if (tls === YES)
      return this.#ask(new TlsContent(speaker, this.#setting.isOutermost ? secrets : null, () => this.#inside()))
    if (tls === PERHAPS) return PERHAPS
    const record = recogniseRecord(bytes, at, end)
    if (record === YES) this.#isSealed = true
    if (record !== NO || first >= 0x80) return record === PERHAPS ? PERHAPS : NO
    const http2 = recogniseHttp2(bytes, at, end)
    if (http2 === YES) return this.#ask(new Http2Content(speaker, budget))
    const line = recogniseProxyLine(bytes, at, end)
    if (line === YES) return passing(new ProxyLine())
    if (http2 === PERHAPS || line === PERHAPS) return PERHAPS
    const response = recogniseResponse(bytes, at, end)
    if (response === YES) this.#isSealed = true
    if (response !== NO) return response === PERHAPS ? PERHAPS : NO
    const request = recogniseRequest(bytes, at, end)
    if (request !== YES) return request
    const opensWebSocket = (opened: Request) => {
      this.#webSocket = opened
    }
    return this.#ask(new Http1Request(speaker, budget, opensWebSocket))
  }

  #ask<T>(reader: T): T {
    this.#asks = true
    return reader
  }

  /** What is inside of a client's TLS is said by the client. */
  #inside(): Inside {
    return new Direction(this.#speaker, this.#for, {
      isDns: this.#setting.isDnsInTls,
      isDnsInTls: false,
      isOutermost: false,
    })
  }

  /** What was too little to tell remains so. */
  #flush(): void {
    if (this.#undecided === null) return
    this.#speaker.say('stream', this.#undecided.bytes)
    this.#undecided.release()
    this.#undecided = null
  }

  /** Counts what a reader keeps beside bodies; where all of them together are too much, the connection is given up. */
  #charge(): void {
    const kept = this.#reader?.kept ?? 0
    const { budget } = this.#for
    budget.left += this.#charged - kept
    this.#charged = kept
    if (kept === 0 || budget.left >= 0) return
    budget.left += kept
    this.#charged = 0
    this.#reader?.stop()
    this.#reader = null
    this.#isSealed = true
  }
}

/** Whether a record of TLS stands here that is no hello, as where a capture began in the middle (RFC 8446, section 5.1). */
function recogniseRecord(bytes: Uint8Array, at: number, end: number): typeof NO | typeof PERHAPS | typeof YES {
  const [type = 0, major = 3, minor = 0, high = 0] = bytes.subarray(at, Math.min(end, at + 4))
  if (type < 20 || type > 23 || major !== 3 || minor > 4 || high > 0x48) return NO
  return end - at < 5 ? PERHAPS : YES
}

/** Hands nothing on. */
function passing(reader: ProxyLine): ContentReading {
  return {
    push: (bytes, offset, end) => reader.push(bytes, offset, end),
    lost: () => false,
    stop: () => {},
  }
}
