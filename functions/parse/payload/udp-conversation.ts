/** The datagrams of a UDP flow: which protocol speaks there, and what it tells of names. */
import type { Layer } from '../ether-type.ts'
import type { Tunnel } from '../tunnel/tunnel.ts'
import type { ClientHello } from './client-hello.ts'
import { readDnsAnswers } from './dns-message.ts'
import { DnsQuestions } from './dns-questions.ts'
import { DtlsHello, recogniseDtls } from './dtls.ts'
import { addName, shownName } from './flow-names.ts'
import { gquicVersion, readGquicName } from './gquic.ts'
import { recogniseRequest } from './http-head.ts'
import { HttpHeadReader, nameRequest } from './http-request.ts'
import { YES } from './message-reader.ts'
import type { PayloadFlow, ResolvedTo } from './payload-flow.ts'
import { recogniseQuic } from './quic.ts'
import { QuicHello } from './quic-hello.ts'

const DNS_PORT = 53
/** Datagrams in which nothing was recognised, until the flow is given up. */
const MOST_STRANGE = 16

/** A tunnel that a flow may be by its ports, and what stands before the packets in it. */
interface MayBeTunnel {
  readonly layer: Layer
  readonly tunnel: Tunnel
}

export class UdpConversation {
  readonly #flow: PayloadFlow
  readonly #resolved: ResolvedTo
  #dns: DnsQuestions | null = null
  #dtls: DtlsHello | null = null
  #quic: QuicHello | null = null
  #isQuic = false
  readonly #tunnel: MayBeTunnel | null
  #strange = 0

  constructor(flow: PayloadFlow, resolved: ResolvedTo, tunnel: MayBeTunnel | null) {
    this.#flow = flow
    this.#resolved = resolved
    this.#tunnel = tunnel
  }

  /** Whether names are still looked for in what was said last. */
  get reads(): boolean {
    return this.#tunnel === null || this.#tunnel.tunnel.reads
  }

  take(fromA: boolean, bytes: Uint8Array, offset: number, end: number): void {
    const inside = this.#tunnel
    if (inside?.tunnel.take(inside.layer, bytes, offset, end)) return
    const { portA, portB } = this.#flow
    if (portA === DNS_PORT || portB === DNS_PORT) {
      this.#takeDns(fromA, bytes, offset, end)
      return
    }
    const first = bytes[offset] ?? 0
    if (this.#takeQuic(first, bytes, offset, end)) return
    if (first === 22 && recogniseDtls(bytes, offset, end) === YES) {
      this.#dtls ??= new DtlsHello()
      const hello = this.#dtls.take(bytes, offset, end)
      if (hello) this.#hello(hello, 'tls-sni')
    } else if (recogniseRequest(bytes, offset, end) === YES) {
      // HTTP in datagrams is what UPnP searches with (UPnP Device Architecture 2.0, section 1.1.2).
      const reader = new HttpHeadReader((head) => nameRequest(this.#flow, head))
      if (reader.push(bytes, offset, end) < 0) reader.stop()
    } else if (!inside?.tunnel.carries && ++this.#strange > MOST_STRANGE) this.#flow.watch = false
  }

  close(): void {
    this.#tunnel?.tunnel.close()
    if (this.#isQuic && !this.#flow.names) this.#flow.hidden ??= 'quic'
    this.#dtls = null
    this.#quic = null
  }

  /** @returns false where the datagram is none of QUIC's first */
  #takeQuic(first: number, bytes: Uint8Array, offset: number, end: number): boolean {
    if ((first & 0x80) === 0 ? gquicVersion(bytes, offset, end) < 0 : !recogniseQuic(bytes, offset, end)) return false
    this.#isQuic = true
    const name = readGquicName(bytes, offset, end)
    if (name !== null) this.#hello({ serverName: name, encrypted: false }, 'quic-sni')
    else if (first >= 0x80) {
      this.#quic ??= new QuicHello()
      const hello = this.#quic.take(bytes, offset, end)
      if (hello) this.#hello(hello, 'quic-sni')
      else if (this.#quic.over) this.#flow.watch = false
    }
    return true
  }

  #hello(hello: ClientHello, via: 'tls-sni' | 'quic-sni'): void {
    const name = hello.serverName === null ? null : shownName(hello.serverName)
    if (name !== null) addName(this.#flow, name, via)
    if (hello.encrypted) this.#flow.hidden = 'tls-ech'
    else if (name === null && !hello.cut) this.#flow.hidden = via === 'quic-sni' ? 'quic' : 'tls-without-sni'
    this.#flow.watch = false
    this.#dtls = null
    this.#quic = null
  }

  #takeDns(fromA: boolean, bytes: Uint8Array, offset: number, end: number): void {
    this.#dns ??= new DnsQuestions()
    // Resolvers ask each other from port 53, too: the first bit of the flags tells an answer (RFC 1035, section 4.1.1).
    const isAnswer = ((bytes[offset + 2] ?? 0) & 0x80) !== 0
    const { portA, portB } = this.#flow
    if (!isAnswer && (fromA ? portB : portA) === DNS_PORT) this.#dns.ask(bytes, offset, end)
    else if (isAnswer && (fromA ? portA : portB) === DNS_PORT) {
      const unasked = !this.#dns.asked
      if (this.#dns.closes(bytes, offset, end) || unasked) this.#answers(!fromA, bytes, offset, end, unasked)
    }
  }

  #answers(clientIsA: boolean, bytes: Uint8Array, offset: number, end: number, unasked: boolean): void {
    for (const { name, address, asked, ttl } of readDnsAnswers(bytes, offset, end)) {
      this.#resolved(this.#flow, clientIsA, name, address, asked ? 'dns' : 'dns-cname', ttl, unasked)
    }
  }
}
