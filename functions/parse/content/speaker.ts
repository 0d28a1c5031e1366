/** Hands on what the ends of a flow said, and keeps account of what they said that could not be handed on. */
import type { Content, ContentPart, Micros } from '../../model.ts'

/** The request that a piece of content belongs to. */
export type Request = Pick<Content, 'method' | 'host' | 'path'>
export const NO_REQUEST: Request = { method: null, host: null, path: null }

/** What the flows of a capture have in common. */
export interface ContentTaker {
  /** When the packet was captured that is read. */
  time: Micros
  /** How many flows have said something. */
  flows: number
  take(content: Content): void
}

/** A flow of which content is handed on. */
export class SaidFlow {
  readonly taker: ContentTaker
  /** {@link Content.flow}; 0 as long as nothing was handed on. */
  number: number

  constructor(taker: ContentTaker, number = 0) {
    this.taker = taker
    this.number = number
  }
}

/** What may be known of a piece of content beside its part. */
export interface About {
  readonly request?: Request
  readonly field?: string
  readonly mediaType?: string | null
  readonly codings?: readonly string[]
  readonly missing?: number
}

const NOTHING: About = {}
const NO_CODINGS: readonly string[] = []

/** One end of a flow. */
export class Speaker {
  /** {@link FlowBatch.unreadA} or B, as far as it is known by now. */
  unread = 0
  readonly #flow: SaidFlow
  readonly #isA: boolean

  constructor(flow: SaidFlow, isA: boolean) {
    this.#flow = flow
    this.#isA = isA
  }

  /** Hands on bytes, which may be overwritten after the call returns. Empty ones say nothing. */
  say(part: ContentPart, bytes: Uint8Array, about: About = NOTHING): void {
    const { request = NO_REQUEST, field = null, mediaType = null, codings = NO_CODINGS, missing = 0 } = about
    if (bytes.length === 0 && missing === 0) return
    const { taker } = this.#flow
    if (this.#flow.number === 0) this.#flow.number = ++taker.flows
    const { method, host, path } = request
    const [flow, fromA, time] = [this.#flow.number, this.#isA, taker.time]
    taker.take({ flow, fromA, time, part, method, host, path, field, mediaType, codings, bytes, missing })
  }
}
