/** What the lists of a flow in a mitmproxy dump add up to: they may be of any length, so their elements are not kept. */
import type { Micros } from '../../model.ts'
import { dictOf, isTrue, timeOf } from './small-values.ts'
import type { Value } from './tnetstring.ts'
import { textOf } from './tnetstring.ts'

/** Hosts of one request that are kept; there is one, unless somebody tries something. */
const MOST_HOSTS = 8
/** DNS messages have some hundred records at most. */
const MOST_RECORDS = 4096

/** The header fields of one message. */
export interface Fields {
  count: number
  /** Lengths of names and values together. */
  length: number
  readonly hosts: string[]
  /** What `Content-Length` says; NaN where it is not there. */
  contentLength: number
}

export class FlowLists {
  readonly request: Fields = { count: 0, length: 0, hosts: [], contentLength: Number.NaN }
  readonly response: Fields = { count: 0, length: 0, hosts: [], contentLength: Number.NaN }
  /** Payloads of the messages of a connection or WebSocket. */
  sent = 0
  received = 0
  messages = 0
  first: Micros = Number.POSITIVE_INFINITY
  last: Micros = Number.NEGATIVE_INFINITY
  /** Questions and answers of DNS messages, by the list that they stand in. */
  readonly records = new Map<string, ReadonlyMap<string, Value>[]>()

  add(name: string, element: Value): void {
    if (name === 'request-headers') this.#addField(this.request, element.list)
    else if (name === 'response-headers') this.#addField(this.response, element.list)
    // [from_client, content, timestamp]
    else if (name === 'messages' && isBooleanFirst(element)) this.#addMessage(element.list, 0)
    // [type, from_client, content, timestamp, dropped, injected]; versions before 12 keep them in a flow of their own.
    else if (name === 'websocket-messages' || name === 'messages') {
      if (!isTrue(element.list?.[4]) && !isTrue(element.list?.[5])) this.#addMessage(element.list, 1)
    } else {
      const records = this.records.get(name) ?? []
      if (records.length < MOST_RECORDS) records.push(dictOf(element))
      this.records.set(name, records)
    }
  }

  #addField(fields: Fields, parts: readonly Value[] | null): void {
    const [name, value] = parts ?? []
    if (!name || !value) return
    fields.count++
    fields.length += name.length + value.length
    const key = (textOf(name) ?? '').toLowerCase()
    if (key === 'content-length') fields.contentLength = Number(/^\d{1,15}$/.exec(textOf(value) ?? '')?.[0] ?? 'none')
    const isHost = key === 'host' || key === ':authority'
    if (isHost && value.bytes !== null && fields.hosts.length < MOST_HOSTS)
      fields.hosts.push(String.fromCharCode(...value.bytes.subarray(0, 300)))
  }

  #addMessage(parts: readonly Value[] | null, at: number): void {
    const [fromClient, content, timestamp] = parts?.slice(at) ?? []
    if (!fromClient || !content) return
    this.messages++
    if (isTrue(fromClient)) this.sent += content.length
    else this.received += content.length
    const time = timeOf(timestamp)
    if (time < this.first) this.first = time
    if (time > this.last) this.last = time
  }
}

const BOOLEAN = 33
const isBooleanFirst = ({ list }: Value) => list?.[0]?.letter === BOOLEAN
