/** What a client says in HTTP/1: requests one behind the other, head and body (RFC 9112). */

import { latin1 } from '../payload/flow-names.ts'
import type { Budget } from '../payload/held-segments.ts'
import { ChunkedBody } from '../payload/http-body.ts'
import { bodyOf, type HttpHead, LONGEST_HEAD, readHead, type WholeHead } from '../payload/http-head.ts'
import { endOfHead } from '../payload/http-request.ts'
import { type ContentReading, LONGEST_BODY } from './content-reading.ts'
import { KeptBytes } from './kept-bytes.ts'
import { type BodyFacts, sayHead } from './request-head.ts'
import type { Request, Speaker } from './speaker.ts'

/** Reads one request. What follows it begins anew. */
export class Http1Request implements ContentReading {
  readonly #speaker: Speaker
  readonly #budget: Budget
  readonly #opensWebSocket: (request: Request) => void
  #head: KeptBytes
  #leading = true
  #body: RequestBody | null = null

  /** @param opensWebSocket is told of a request that asks for one */
  constructor(speaker: Speaker, budget: Budget, opensWebSocket: (request: Request) => void) {
    this.#speaker = speaker
    this.#budget = budget
    this.#opensWebSocket = opensWebSocket
    this.#head = new KeptBytes(budget, LONGEST_HEAD)
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    if (this.#body !== null) return this.#body.push(bytes, offset, end)
    let at = offset
    // Empty lines before the start line are not its end.
    while (this.#leading && at < end && (bytes[at] === 13 || bytes[at] === 10)) at++
    if (at < end) this.#leading = false
    const before = this.#head.length
    const taken = this.#head.add(bytes, at, end)
    const behind = endOfHead(this.#head.bytes, Math.max(0, before - 2), this.#head.length)
    if (behind < 0 && taken === end - at) return -1
    if (behind < 0) {
      this.#speaker.unread += end - at - taken
      this.#cutHead()
      return end
    }
    const from = at + behind - before
    this.#endHead(behind)
    if (this.#body === null) return from
    return from === end ? -1 : this.push(bytes, from, end)
  }

  lost(count: number): boolean {
    if (this.#body !== null) return this.#body.lost(count)
    this.#cutHead()
    return false
  }

  stop(): void {
    if (this.#body === null) this.#cutHead()
    else this.#body.stop()
  }

  #endHead(length: number): void {
    const head = readHead(latin1(this.#head.bytes, 0, length))
    this.#head.release()
    const facts = this.#say(head)
    const isRead = facts.request.method !== 'CONNECT'
    const size = isRead ? (bodyOf(head) ?? (endsWithConnection(head) ? Number.POSITIVE_INFINITY : 0)) : 0
    if (size !== 0) this.#body = new RequestBody(this.#speaker, this.#budget, facts, size)
    if (head.values('upgrade').some((protocol) => /^websocket$/i.test(protocol))) this.#opensWebSocket(facts.request)
  }

  /** Half a field is handed on as what it is: bytes. */
  #cutHead(): void {
    const text = latin1(this.#head.bytes, 0, this.#head.length)
    const whole = text.lastIndexOf('\n') + 1
    if (whole > 0) this.#say(readHead(text.slice(0, whole)))
    this.#speaker.say('stream', this.#head.bytes.subarray(whole))
    this.#head.release()
  }

  #say(head: WholeHead): BodyFacts {
    const { startLine, fields } = head
    const method = /^[^ ]*/.exec(startLine)?.[0] ?? ''
    const target = startLine
      .slice(method.length)
      .replace(/ HTTP\/\d\.\d$/, '')
      .trim()
    const all = [...fields].flatMap(([name, values]) => values.map((value) => [name, value] as const))
    return sayHead(this.#speaker, { method, target, authority: null, fields: all }, 'latin1')
  }
}

/** Whether the body of a request without a length goes on to the end of the connection, as some devices send it. */
function endsWithConnection(head: HttpHead): boolean {
  const { startLine } = head
  if (!/^(POST|PUT|PATCH) /.test(startLine)) return false
  return / HTTP\/1\.0$/.test(startLine) || head.values('connection').some((value) => /^close$/i.test(value))
}

/** Keeps a body until it is whole, or as much of it as comes. */
class RequestBody {
  readonly #speaker: Speaker
  readonly #facts: BodyFacts
  readonly #kept: KeptBytes
  /** null where the length is known. */
  readonly #chunks: ChunkedBody | null
  /** What is still to come, where the length is known. */
  #left: number
  #isOver = false

  constructor(speaker: Speaker, budget: Budget, facts: BodyFacts, size: number | 'chunked') {
    this.#speaker = speaker
    this.#facts = facts
    this.#kept = new KeptBytes(budget, LONGEST_BODY)
    const add = (bytes: Uint8Array, offset: number, end: number) => this.#keep(bytes, offset, end)
    const over = () => {
      this.#isOver = true
    }
    this.#chunks = size === 'chunked' ? new ChunkedBody({ add }, over) : null
    this.#left = size === 'chunked' ? 0 : size
  }

  push(bytes: Uint8Array, offset: number, end: number): number {
    if (this.#chunks !== null) {
      const behind = this.#chunks.push(bytes, offset, end)
      if (this.#isOver) this.#say()
      return behind
    }
    const taken = Math.min(this.#left, end - offset)
    this.#keep(bytes, offset, offset + taken)
    this.#left -= taken
    if (this.#left > 0) return -1
    this.#say()
    return offset + taken
  }

  /** Where a chunk ends is not known behind a gap. */
  lost(count: number): boolean {
    const ofBody = this.#chunks === null ? Math.min(count, this.#left) : count
    this.#kept.missing += ofBody
    this.#left -= ofBody
    if (this.#left > 0) return true
    this.#say()
    return false
  }

  stop(): void {
    if (Number.isFinite(this.#left)) this.#kept.missing += this.#left
    this.#say()
  }

  #keep(bytes: Uint8Array, offset: number, end: number): boolean {
    const taken = this.#kept.add(bytes, offset, end)
    this.#speaker.unread += end - offset - taken
    return taken === end - offset
  }

  #say(): void {
    const { request, mediaType, codings } = this.#facts
    const { bytes, missing } = this.#kept
    this.#speaker.say('body', bytes, { request, mediaType, codings, missing })
    this.#kept.release()
  }
}
