/** What is said in logs, whose flows are rows of a batch. */
import type { Content, FlowBatch, Micros, ParseSink } from '../../model.ts'
import { shownName } from '../payload/flow-names.ts'
import { type ContentTaker, SaidFlow, Speaker } from './speaker.ts'

/** Says what a record of a log has of a flow. */
export type Says = (a: Speaker, b: Speaker) => void

/** Hands on what is said in a log whose flows are rows of a batch. */
export class LogContent {
  readonly #taker: ContentTaker

  private constructor(take: (content: Content) => void) {
    this.#taker = { time: Number.NaN, flows: 0, take }
  }

  /** @returns null where nobody asks for content */
  static of(sink: ParseSink): LogContent | null {
    return sink.content ? new LogContent((content) => sink.content?.(content)) : null
  }

  /** Hands on what is said in a flow, which may have said something before. */
  add(batch: FlowBatch, row: number, time: Micros, says: Says): void {
    const flow = new SaidFlow(this.#taker, batch.content[row])
    const [a, b] = [new Speaker(flow, true), new Speaker(flow, false)]
    this.#taker.time = time
    says(a, b)
    batch.content[row] = flow.number
    batch.unreadA[row] = (batch.unreadA[row] as number) + a.unread
    batch.unreadB[row] = (batch.unreadB[row] as number) + b.unread
  }
}

/**
 * What a log has of a flow of which it has a name or URL alone: end A named it, and what else was said is not known.
 *
 * @param text one character a byte
 */
export function saysName(text: string): Says {
  return (a, b) => {
    const [whole = '', authority = ''] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text) ?? []
    a.say('name', Buffer.from(whole === '' ? text : authority, 'latin1'))
    const url = whole === '' ? '' : text.slice(whole.length)
    const request = { method: null, host: shownName(authority), path: /^[^?#]*/.exec(url)?.[0] ?? '' }
    a.say('url', Buffer.from(url, 'latin1'), { request })
    a.unread = b.unread = Number.NaN
  }
}

/** Makes a row of a batch one of which nothing was said. */
export function clearContent(batch: FlowBatch, row: number): void {
  batch.content[row] = batch.unreadA[row] = batch.unreadB[row] = 0
}
