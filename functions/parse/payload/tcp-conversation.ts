/** The two directions of a TCP connection: which protocols speak there, and what each tells of names. */
import { OpenedContent } from '../tls/opened-content.ts'
import type { Secrets } from '../tls/secrets.ts'
import { TlsOpening } from '../tls/tls-opening.ts'
import type { ClientHello } from './client-hello.ts'
import { readDnsAnswers } from './dns-message.ts'
import { DnsQuestions } from './dns-questions.ts'
import { DnsStreamReader, recogniseDns } from './dns-stream.ts'
import { addName, shownName } from './flow-names.ts'
import type { Budget } from './held-segments.ts'
import { bodyText, ChunkedBody, CountedBody } from './http-body.ts'
import { readHttpDnsAnswer } from './http-dns.ts'
import { bodyOf, type HttpHead, recogniseRequest, recogniseResponse } from './http-head.ts'
import { HttpHeadReader, nameRequest } from './http-request.ts'
import { Http2Reader, recogniseHttp2 } from './http2.ts'
import { Http2DnsAnswers } from './http2-dns.ts'
import { recogniseFrame } from './http2-frames.ts'
import { Collected, type MessageReader, NO, PERHAPS, YES } from './message-reader.ts'
import { MiPushReader, recogniseMiPush } from './mipush.ts'
import type { PayloadFlow, ResolvedTo } from './payload-flow.ts'
import { ProxyLine, recogniseProxyLine } from './proxy-line.ts'
import { type Recogniser, TcpStream } from './tcp-stream.ts'
import { recogniseSsl2, recogniseTls, SERVER_HELLO, TlsHelloReader } from './tls.ts'

const DNS_PORT = 53
/** First letters of `PRI` and `PROXY`, which other requests share. */
const P = 80
const LONGEST_ANSWER = 65536
const MOST_QUESTIONS = 64
const NO_QUESTIONS: readonly (readonly string[])[] = []
/** Segments of a connection of which one direction stays silent, until it is given up. */
const MOST_SEGMENTS = 1024

export class TcpConversation implements Recogniser {
  readonly #flow: PayloadFlow
  readonly #resolved: ResolvedTo
  readonly #budget: Budget
  readonly #secrets: Secrets | null
  /** Each direction from when it matters: most connections are named before the server says anything. */
  #a: TcpStream | null = null
  #b: TcpStream | null = null
  #segments = 0
  #requests = 0
  #named = false
  /** Names asked over HTTP-DNS whose answers are still to come, a list a request. */
  #questions: readonly (readonly string[])[] = NO_QUESTIONS
  #asking: TcpStream | null = null
  #dns: DnsQuestions | null = null
  /** Answers to DNS over HTTP/2 that are still to come. */
  #dnsAnswers: Http2DnsAnswers | null = null
  /** TLS of which the secrets are known, or may still come, and what is inside. */
  #opening: TlsOpening | null = null
  #opened: OpenedContent | null = null

  /** @param secrets those of TLS connections; null where none can be opened */
  constructor(flow: PayloadFlow, budget: Budget, resolved: ResolvedTo, secrets: Secrets | null) {
    this.#flow = flow
    this.#resolved = resolved
    this.#budget = budget
    this.#secrets = secrets
  }

  /** A request named a host. */
  get named(): boolean {
    return this.#named
  }

  take(fromA: boolean, sequence: number, bytes: Uint8Array, offset: number, end: number): void {
    if (!this.#flow.watch) return
    const stream = this.#direction(fromA)
    if (stream.ignored) {
      if (this.#requests === 0 && !this.#opening && ++this.#segments > MOST_SEGMENTS) this.#finish()
      return
    }
    stream.take(sequence, bytes, offset, end)
    if (stream.ignored && this.#other(stream).ignored) this.#finish()
  }

  /** Whether what a direction says is of use, or will be once a body is over. */
  wants(fromA: boolean): boolean {
    const stream = fromA ? this.#a : this.#b
    return this.#flow.watch && !stream?.ignored && !this.#onlyAnswers(fromA)
  }

  /** Whether names are still looked for in what a direction says. Those inside TLS come on top of the hello's. */
  reads(fromA: boolean): boolean {
    if (this.#opening) return false
    const stream = fromA ? this.#a : this.#b
    return this.#flow.watch && (stream === null || stream.reading) && !this.#onlyAnswers(fromA)
  }

  /** The connection is over. */
  close(): void {
    this.#a?.stop()
    this.#b?.stop()
    this.#opened?.close()
    if (this.#requests > 0 && !this.#named) this.#flow.hidden ??= 'http-without-host'
  }

  #finish(): void {
    this.#flow.watch = false
    this.#a?.ignore()
    this.#b?.ignore()
    this.#opening?.end()
  }

  #direction(fromA: boolean): TcpStream {
    const known = fromA ? this.#a : this.#b
    if (known !== null) return known
    const stream = new TcpStream(this, this.#budget)
    if (fromA) this.#a = stream
    else this.#b = stream
    return stream
  }

  #other(stream: TcpStream): TcpStream {
    return this.#direction(stream !== this.#a)
  }

  /** Chooses the reader of the message that begins here in a direction, if one does. */
  recognise(
    stream: TcpStream,
    bytes: Uint8Array,
    offset: number,
    end: number,
  ): MessageReader | typeof NO | typeof PERHAPS {
    const { portA, portB } = this.#flow
    if (this.#opening) {
      const hello = recogniseTls(bytes, offset, end, SERVER_HELLO)
      return hello === YES ? this.#opening.server : hello
    }
    if (portA === DNS_PORT || portB === DNS_PORT) {
      const dns = recogniseDns(bytes, offset, end)
      if (dns !== YES) return dns
      const fromServer = (stream === this.#a ? portA : portB) === DNS_PORT
      return new DnsStreamReader((message, length) => {
        this.#dns ??= new DnsQuestions()
        if (!fromServer) this.#dns.ask(message, 0, length)
        else if (this.#dns.closes(message, 0, length) || !this.#dns.asked)
          this.#answers(stream === this.#b, message, length, !this.#dns.asked)
      })
    }
    if (this.#dnsAnswers && stream !== this.#asking) {
      const frame = recogniseFrame(bytes, offset, end)
      return frame === YES ? this.#dnsAnswers.reader() : frame
    }
    const answers = this.#questions.length > 0 && stream !== this.#asking
    if (!answers && this.#onlyAnswers(stream === this.#a)) return NO
    const first = bytes[offset] ?? 0
    if (first === 22) {
      const tls = recogniseTls(bytes, offset, end)
      return tls === YES ? new TlsHelloReader((...hello) => this.#tlsHello(stream, ...hello)) : tls
    }
    if (first >= 0x80) {
      if (recogniseSsl2(bytes, offset, end) === YES) {
        this.#hello({ serverName: null, encrypted: false })
        this.#finish()
        return NO
      }
      const push = recogniseMiPush(bytes, offset, end)
      return push === YES ? new MiPushReader(this.#flow, () => stream.ignore()) : push
    }
    if (answers) {
      const response = recogniseResponse(bytes, offset, end)
      return response === YES ? new HttpHeadReader((head) => this.#response(stream, head)) : response
    }
    if (first === P) {
      const http2 = recogniseHttp2(bytes, offset, end)
      if (http2 === YES) return this.#http2(stream)
      const proxied = recogniseProxyLine(bytes, offset, end)
      if (proxied === YES) return new ProxyLine()
      if (http2 === PERHAPS || proxied === PERHAPS) return PERHAPS
    }
    const request = recogniseRequest(bytes, offset, end)
    return request === YES ? new HttpHeadReader((head) => this.#request(stream, head)) : request
  }

  /** Whether an end only answers: hellos and requests are for whoever opened the connection to make. */
  #onlyAnswers(isA: boolean): boolean {
    const { opener, portA, portB } = this.#flow
    const asked = this.#questions.length > 0 || this.#dnsAnswers !== null
    return opener === (isA ? 2 : 1) && !asked && portA !== DNS_PORT && portB !== DNS_PORT
  }

  #http2(stream: TcpStream): MessageReader {
    this.#other(stream).ignore()
    return new Http2Reader(
      (request) => {
        this.#requests++
        if (request.isDns) this.#askOverHttp2(stream, request.stream)
        const name = shownName(request.authority)
        if (name === null) return
        this.#named = true
        addName(this.#flow, name, 'http-host')
      },
      () => stream.ignore(),
    )
  }

  #askOverHttp2(client: TcpStream, stream: number): void {
    const server = this.#other(client)
    if (this.#dnsAnswers === null) {
      this.#asking = client
      server.listen()
      this.#dnsAnswers = new Http2DnsAnswers(
        (message, length) => this.#answers(client === this.#a, message, length, false),
        () => server.ignore(),
      )
    }
    this.#dnsAnswers.ask(stream)
  }

  #answers(clientIsA: boolean, message: Uint8Array, length: number, unasked: boolean): void {
    for (const { name, address, asked, ttl } of readDnsAnswers(message, 0, length)) {
      this.#resolved(this.#flow, clientIsA, name, address, asked ? 'dns' : 'dns-cname', ttl, unasked)
    }
  }

  #hello(hello: ClientHello): void {
    const name = hello.serverName === null ? null : shownName(hello.serverName)
    if (name !== null) addName(this.#flow, name, 'tls-sni')
    if (hello.encrypted) this.#flow.hidden = 'tls-ech'
    else if (name === null && !hello.cut) this.#flow.hidden = 'tls-without-sni'
  }

  #tlsHello(stream: TcpStream, hello: ClientHello, bytes: Uint8Array, body: number): void {
    this.#hello(hello)
    // The random stands behind the version (RFC 8446, section 4.1.2).
    const random = bytes.subarray(body + 2, body + 34)
    if (this.#secrets !== null && !hello.cut && this.#secrets.mayOpen(random)) this.#open(stream, this.#secrets, random)
    else this.#finish()
  }

  /** Goes on behind a ClientHello with what is inside. Only one connection is opened: what is in a tunnel of TLS stays. */
  #open(client: TcpStream, secrets: Secrets, random: Uint8Array): void {
    const opened = new OpenedContent(
      this.#flow,
      client === this.#a,
      (flow) => new TcpConversation(flow, secrets.budget, this.#resolved, null),
    )
    this.#opened = opened
    this.#opening = new TlsOpening(secrets, random, {
      content: (fromClient, bytes, early) => {
        opened.take(fromClient, bytes, early)
        if (opened.isOver) this.#finish()
      },
      wants: (fromClient) => opened.wants(fromClient),
      lost: (ofClient) => {
        if (ofClient) this.#finish()
        else this.#other(client).ignore()
      },
    })
    client.read(this.#opening.client)
    this.#other(client).listen()
  }

  #request(stream: TcpStream, head: HttpHead): void {
    this.#requests++
    const { method, named, question } = nameRequest(this.#flow, head)
    this.#named ||= named
    const body = method === 'CONNECT' ? null : bodyOf(head)
    if (body === 'chunked') stream.read(new ChunkedBody(null, () => {}))
    else if (body !== null) stream.pass(body)
    const server = this.#other(stream)
    if (question.length > 0 && this.#questions.length < MOST_QUESTIONS) {
      this.#questions = [...this.#questions, question]
      this.#asking = stream
      if (server.ignored) server.listen()
    } else if (this.#questions.length === 0) server.ignore()
  }

  /** Takes the answer to the oldest question that is still open. */
  #response(stream: TcpStream, head: HttpHead): void {
    const status = Number(/^HTTP\/\d\.\d (\d{3})/.exec(head.startLine)?.[1])
    // An interim response comes before the answer (RFC 9110, section 15.2).
    if (status >= 100 && status < 200) return
    const kept = new Collected(LONGEST_ANSWER)
    const done = () => {
      const [question = [], ...rest] = this.#questions
      this.#questions = rest
      if (this.#questions.length === 0) stream.ignore()
      const zipped = head.values('content-encoding').some((v) => /gzip/i.test(v))
      for (const { name, address, ttl } of readHttpDnsAnswer(bodyText(kept, zipped), question)) {
        this.#resolved(this.#flow, stream === this.#b, name, address, 'http-dns', ttl, false)
      }
    }
    const body = bodyOf(head)
    if (body === 0) done()
    else if (body === 'chunked') stream.read(new ChunkedBody(kept, done))
    else stream.read(new CountedBody(body ?? Number.POSITIVE_INFINITY, kept, done))
  }
}
