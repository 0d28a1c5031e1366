/** What was in the records of an opened connection, as a conversation of its own: its names become names of the flow. */
import type { Hidden, Name } from '../../model.ts'
import { recogniseHttp2 } from '../payload/http2.ts'
import { YES } from '../payload/message-reader.ts'
import type { PayloadFlow } from '../payload/payload-flow.ts'

const DNS_PORT = 53
/** DNS over TLS (RFC 7858, section 3.1). */
const DNS_OVER_TLS_PORT = 853

/** Reads both directions of what is inside, as that of a TCP connection is read. */
export interface InnerConversation {
  /** A request named a host. */
  readonly named: boolean
  take(fromA: boolean, sequence: number, bytes: Uint8Array, offset: number, end: number): void
  wants(fromA: boolean): boolean
  close(): void
}

export class OpenedContent {
  readonly #flow: PayloadFlow
  readonly #clientIsA: boolean
  readonly #begin: (flow: PayloadFlow) => InnerConversation
  #inner: InnerConversation
  readonly #sent = { client: 0, server: 0 }
  #early = false

  /** @param begin makes the conversation that is inside a flow */
  constructor(flow: PayloadFlow, clientIsA: boolean, begin: (flow: PayloadFlow) => InnerConversation) {
    this.#flow = flow
    this.#clientIsA = clientIsA
    this.#begin = begin
    this.#inner = begin(new InnerFlow(flow, clientIsA))
  }

  take(fromClient: boolean, bytes: Uint8Array, early: boolean): void {
    // A server that refuses early data has it sent again: HTTP/2 then begins anew.
    if (fromClient && this.#early && !early && recogniseHttp2(bytes, 0, bytes.length) === YES) this.#beginAnew()
    if (fromClient) this.#early = early
    const from = fromClient ? 'client' : 'server'
    this.#inner.take(fromClient === this.#clientIsA, this.#sent[from], bytes, 0, bytes.length)
    this.#sent[from] = (this.#sent[from] + bytes.length) >>> 0
  }

  wants(fromClient: boolean): boolean {
    return this.#inner.wants(fromClient === this.#clientIsA)
  }

  /** Nothing more can be learnt from either direction. */
  get isOver(): boolean {
    return !this.wants(true) && !this.wants(false)
  }

  close(): void {
    this.#inner.close()
    // The host of a request is the one that the hello did not show.
    if (this.#inner.named) this.#flow.hidden = undefined
  }

  #beginAnew(): void {
    this.close()
    this.#inner = this.#begin(new InnerFlow(this.#flow, this.#clientIsA))
  }
}

/** The same ends and the same names as the flow around it. */
class InnerFlow implements PayloadFlow {
  watch = true
  hidden: Hidden | undefined = undefined
  state: unknown = undefined
  readonly protocol = 6
  readonly #outer: PayloadFlow
  readonly opener: number

  constructor(outer: PayloadFlow, clientIsA: boolean) {
    this.#outer = outer
    this.opener = clientIsA ? 1 : 2
  }

  get family(): number {
    return this.#outer.family
  }

  get addressA(): readonly number[] {
    return this.#outer.addressA
  }

  get addressB(): readonly number[] {
    return this.#outer.addressB
  }

  get portA(): number {
    return innerPort(this.#outer.portA)
  }

  get portB(): number {
    return innerPort(this.#outer.portB)
  }

  get names(): Name[] | undefined {
    return this.#outer.names
  }

  set names(names: Name[] | undefined) {
    this.#outer.names = names
  }

  get lacksNames(): boolean {
    return this.#outer.lacksNames ?? false
  }

  set lacksNames(lacks: boolean) {
    this.#outer.lacksNames = lacks
  }
}

const innerPort = (port: number) => (port === DNS_OVER_TLS_PORT ? DNS_PORT : port)
