/**
 * Reads an entry of a HAR: http://www.softwareishard.com/blog/har-12-spec/#entries, and the custom fields (`_…`) of Chrome,
 * Safari, Playwright, WebPageTest and mitmproxy that say where an exchange went or whether there was one.
 */
import type { Micros, Name } from '../../model.ts'
import { type Address, parseAddress } from '../../net/address.ts'
import { type Exchange, TCP, UDP } from '../exchanges.ts'
import { requestHeadSize, responseHeadSize } from '../http-size.ts'
import { ABSENT, ARRAY, FALSE, JsonFields, NULL, NUMBER, TEXT } from '../json-fields.ts'
import { type LogTimes, NO_TIME } from '../log-time.ts'
import { shownName } from '../payload/flow-names.ts'
import { readHeaders } from './header-list.ts'
import { type RequestUrl, readUrl } from './request-url.ts'
import { readMessages } from './web-socket-messages.ts'

const PATHS = [
  'startedDateTime',
  'time',
  'connection',
  'serverIPAddress',
  'request/method',
  'request/url',
  'request/httpVersion',
  'request/headers',
  'request/headersSize',
  'request/bodySize',
  'response/status',
  'response/statusText',
  'response/httpVersion',
  'response/headers',
  'response/headersSize',
  'response/bodySize',
  'response/content/size',
  'response/_transferSize',
  'response/_error',
  'response/_failureText',
  'timings/send',
  '_fromCache',
  '_fetchType',
  '_ip_addr',
  '_socket',
  '_client_port',
  '_serverPort',
  '_protocol',
  '_securityDetails/protocol',
  '_webSocketMessages',
] as const

const field = (path: (typeof PATHS)[number]) => PATHS.indexOf(path)

const STARTED = field('startedDateTime')
const REQUEST_HEADERS = field('request/headers')
const RESPONSE_HEADERS = field('response/headers')
const FROM_CACHE = field('_fromCache')
const MESSAGES = field('_webSocketMessages')
/** What browsers call a connection that was not made, or did not last; a request can have been sent over it at most in part. */
const NO_CONNECTION = /CERT|SSL|CONNECTION|TUNNEL|SOCKS|ADDRESS/
/** Beyond the year 2255 times are not exact. */
const TOO_LATE: Micros = 9e15
/** More bytes than anything has; larger numbers are none. */
const MOST_BYTES = 1e15
/** Where the version of HTTP may stand. */
const VERSIONS = [
  field('response/httpVersion'),
  field('request/httpVersion'),
  field('_protocol'),
  field('_securityDetails/protocol'),
]

/** What an entry gives. `leaveOut` may stand beside an exchange whose time is not known. */
export interface HarEntry {
  readonly leaveOut: string | null
  readonly exchange: Exchange | null
  /** Whether the request of the exchange never left the browser. */
  readonly isUnsent: boolean
}

export class HarEntries {
  readonly #json = new JsonFields(PATHS)
  readonly #times: LogTimes
  readonly #statesHeads: boolean

  /** @param statesHeads whether what it says of the size of heads is their size */
  constructor(times: LogTimes, statesHeads: boolean) {
    this.#times = times
    this.#statesHeads = statesHeads
  }

  /** Reads the entry that stands in `bytes` up to `end`. */
  read(bytes: Uint8Array, end: number): HarEntry {
    const json = this.#json
    if (!json.read(bytes, 0, end)) return leftOut('malformed-entry')
    if (this.#isCached()) return leftOut('served-from-cache')
    const url = json.text(field('request/url'))
    const to = url === null ? null : readUrl(url)
    if (to === null) return leftOut(url === null ? 'malformed-entry' : 'not-a-network-request')
    if (/blocked/i.test(this.#text('response/_error'))) return leftOut('blocked-request')
    const stated = this.#text('serverIPAddress') || this.#text('_ip_addr')
    if (stated === '') return leftOut('no-server-address')
    const server = readServer(stated)
    if (server === null) return leftOut('unreadable-server-address')
    const start = json.kinds[STARTED] === TEXT ? this.#time(bytes) : Number.NaN
    const known = Math.abs(start) < TOO_LATE
    const fault = known ? null : Number.isNaN(start) ? (this.#times.fault ?? NO_TIME) : 'time-out-of-range'
    const exchange = this.#exchange(to, server.address, server.port, known ? start : Number.NaN)
    return { leaveOut: fault, exchange, isUnsent: exchange.sent === 0 && (this.#isUnsent() || this.#isFromCache()) }
  }

  #exchange(to: RequestUrl, server: Address, statedPort: number, start: Micros): Exchange {
    const json = this.#json
    const headers = readHeaders(json.kinds[REQUEST_HEADERS] === ARRAY ? json.value(REQUEST_HEADERS) : null)
    const messages = readMessages(json.kinds[MESSAGES] === ARRAY ? json.value(MESSAGES) : null)
    const took = this.#stated('time', 1000)
    const ends = [start + took, messages.last].filter((time) => time < TOO_LATE)
    const isUdp = VERSIONS.some((version) => /^(h3|http\/3|quic|.*\+quic)/i.test(json.text(version) ?? ''))
    const serverPort = statedPort > 0 ? statedPort : this.#port('_serverPort')
    return {
      client: null,
      clientPort: this.#port('_client_port'),
      server,
      serverPort: serverPort > 0 ? serverPort : to.port,
      protocol: isUdp ? UDP : TCP,
      start,
      end: Math.max(start, ...ends),
      sent: this.#isUnsent() ? 0 : this.#requestSize(to, headers.length, headers.count) + messages.sent,
      received: this.#responseSize() + messages.received,
      names: this.#names(to.host, headers.hosts),
      connection: this.#connection(to.port),
    }
  }

  /** Chrome says which cache it was, Safari how it fetched. */
  #isCached(): boolean {
    const kind = this.#json.kinds[FROM_CACHE]
    if (kind !== ABSENT && kind !== NULL && kind !== FALSE) return true
    return /cache/i.test(this.#text('_fetchType'))
  }

  #time(bytes: Uint8Array): Micros {
    const { from, end } = this.#json
    return this.#times.read(bytes, from[STARTED] as number, end[STARTED] as number)
  }

  /** What the request's fields say, and the URL, which browsers make of them. */
  #names(host: string | null, fields: readonly string[]): Name[] {
    const names = fields.map(shownName).filter((name) => name !== null)
    // A proxy that saw addresses only has one in the URL.
    if (host !== null && (names.length === 0 || parseAddress(host) === null)) names.push(host)
    return [...new Set(names)].map((name) => ({ name, via: 'http-host' }))
  }

  /**
   * -1 stands for a size that is not known: the head is then as long as its fields take. Chrome says that nothing was
   * transferred where it had what it needed.
   */
  #requestSize(to: RequestUrl, length: number, count: number): number {
    const head = this.#statesHeads ? this.#size('request/headersSize') : -1
    const body = this.#stated('request/bodySize')
    if (head >= 0) return Math.round(head) + body
    if (this.#isFromCache()) return 0
    const method = this.#text('request/method').length
    return requestHeadSize(method, to.targetLength, length, count) + body
  }

  #responseSize(): number {
    const head = this.#statesHeads ? this.#size('response/headersSize') : -1
    const body = this.#size('response/bodySize')
    if (head >= 0 && body >= 0) return Math.round(head) + Math.round(body)
    const transferred = this.#size('response/_transferSize')
    if (transferred >= 0) return Math.round(transferred)
    if (!this.#hasResponse()) return 0
    const { length, count } = readHeaders(this.#json.value(RESPONSE_HEADERS))
    const reason = this.#text('response/statusText').length
    return (
      (head >= 0 ? Math.round(head) : responseHeadSize(reason, length, count)) +
      (body >= 0 ? Math.round(body) : this.#stated('response/content/size'))
    )
  }

  /** A browser writes the request that it wanted to make also where no connection stood. */
  #isUnsent(): boolean {
    if (this.#hasResponse()) return false
    const fault = this.#text('response/_error') || this.#text('response/_failureText')
    return this.#size('timings/send') < 0 || NO_CONNECTION.test(fault)
  }

  /** It had what it needed: nothing was transferred. */
  #isFromCache(): boolean {
    return this.#size('response/_transferSize') === 0 && this.#hasResponse()
  }

  #hasResponse(): boolean {
    return this.#size('response/status') > 0
  }

  /** Firefox writes the server's port, which tells no connections apart. */
  #connection(port: number): string | null {
    for (const path of ['connection', '_socket'] as const) {
      const number = this.#size(path)
      const id = Number.isNaN(number) ? this.#text(path) : String(number)
      if (id !== '' && id !== '0' && id !== String(port) && id.length <= 100) return id
    }
    return null
  }

  #text(path: (typeof PATHS)[number]): string {
    return this.#json.text(field(path)) ?? ''
  }

  /** A number, also where it stands in a text; NaN where there is none. */
  #size(path: (typeof PATHS)[number]): number {
    const at = field(path)
    if (this.#json.kinds[at] === NUMBER) {
      const number = this.#json.number(at)
      return Math.abs(number) < MOST_BYTES ? number : Number.NaN
    }
    const text = this.#text(path)
    return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  }

  /** A whole number, 0 where none is stated. */
  #stated(path: (typeof PATHS)[number], unit = 1): number {
    const size = this.#size(path)
    return size > 0 ? Math.round(size * unit) : 0
  }

  /** -1 where none is stated. */
  #port(path: (typeof PATHS)[number]): number {
    const port = this.#size(path)
    return Number.isInteger(port) && port >= 1 && port <= 65535 ? port : -1
  }
}

const leftOut = (reason: string): HarEntry => ({ leaveOut: reason, exchange: null, isUnsent: true })

/** `192.0.2.1`, `[2001:db8::1]`, `2001:db8::1`, each also with a zone or a port; null where it is no address. */
function readServer(text: string): { address: Address; port: number } | null {
  const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text.trim())
  const quad = /^(\d+\.\d+\.\d+\.\d+):(\d{1,5})$/.exec(text.trim())
  const [, literal = text.trim(), port = '-1'] = bracketed ?? quad ?? []
  const address = parseAddress(literal.replace(/%.*$/, ''))
  return address && { address, port: Number(port) }
}
