/** What the lists of a flow in a mitmproxy dump add up to: they may be of any length, so their elements are not kept. */
import type { Micros } from '../../model.ts'
import { dictOf, isTrue, timeOf } from './small-values.ts'
import type { Value } from './tnetstring.ts'
import { textOf } from './tnetstring.ts'

/** Hosts of one request that are kept; there is one, unless somebody tries something. */
const MOST_HOSTS = 8
/** DNS messages have some hundred records at most. */
const MOST_RECORDS = 4096

/** Of header fields and messages of one flow, in bytes, where they are kept. */
const MOST_KEPT = 4 << 20

/** A message of a connection or WebSocket, or a header field of a request. */
export interface KeptMessage {
  readonly fromClient: boolean
  /** null where it is not held. */
  readonly bytes: Uint8Array | null
  readonly length: number
}

export interface KeptField {
  readonly name: string
  readonly value: Uint8Array
}

/** What is kept of lists, where content is asked for. */
export class KeptLists {
  readonly fields: KeptField[] = []
  readonly messages: KeptMessage[] = []
  /** Bytes of fields that are not kept. */
  missing = 0
  #bytes = 0

  addField(name: Value, value: Value): void {
    const key = textOf(name)
    if (key === null || value.bytes === null || !this.#hasRoom(name.length + value.length)) {
      this.missing += name.length + value.length
    } else this.fields.push({ name: key, value: value.bytes })
  }

  addMessage(fromClient: boolean, { bytes, length }: Value): void {
    const isKept = bytes !== null && this.#hasRoom(length)
    if (isKept) this.messages.push({ fromClient, bytes, length })
    else {
      // One entry stands for all that lie together, so that any number of them takes no memory.
      const last = this.messages.at(-1)
      const before = last?.bytes === null && last.fromClient === fromClient ? (this.messages.pop()?.length ?? 0) : 0
      this.messages.push({ fromClient, bytes: null, length: before + length })
    }
  }

  /** What each costs beside its bytes is counted as well. */
  #hasRoom(length: number): boolean {
    if (this.#bytes + length + 64 > MOST_KEPT) return false
    this.#bytes += length + 64
    return true
  }
}

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
  /** null where nobody asks. */
  readonly kept: KeptLists | null

  constructor(keeps: boolean) {
    this.kept = keeps ? new KeptLists() : null
  }

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
    if (fields === this.request) this.kept?.addField(name, value)
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
    this.kept?.addMessage(isTrue(fromClient), content)
    if (isTrue(fromClient)) this.sent += content.length
    else this.received += content.length
    const time = timeOf(timestamp)
    if (time < this.first) this.first = time
    if (time > this.last) this.last = time
  }
}

const BOOLEAN = 33
const isBooleanFirst = ({ list }: Value) => list?.[0]?.letter === BOOLEAN
