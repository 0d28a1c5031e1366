/** Dumps of mitmproxy (`mitmdump -w`), in every version of their format. A record is a flow of theirs. */
import type { Micros, ParseAccount, Parser, ParseSink } from '../../model.ts'
import { formatAddress } from '../../net/address.ts'
import type { Says } from '../content/log-content.ts'
import { type Exchange, Exchanges, TCP, UDP } from '../exchanges.ts'
import { requestHeadSize, responseHeadSize } from '../http-size.ts'
import { NO_TIME } from '../log-time.ts'
import { RecordAccount } from '../record-account.ts'
import { dnsSize, resolvedNames } from './dns-flow.ts'
import { sayFlow } from './flow-content.ts'
import { type Fields, FlowLists } from './flow-lists.ts'
import { namesOf } from './flow-names.ts'
import { FLOW, FLOW_WITH_CONTENT } from './flow-shape.ts'
import { serverOf, WITHOUT_SERVER } from './server.ts'
import { dictOf, type HostPort, hostPortOf, isTrue, numberOf, timeOf } from './small-values.ts'
import { TnetstringReader, textOf, type Value } from './tnetstring.ts'

type Dict = ReadonlyMap<string, Value>

/** Kinds of flows; before 0.11 they have none, and are of HTTP. Before 12 a WebSocket's messages are a flow of their own. */
const TYPES: ReadonlySet<string> = new Set(['http', 'tcp', 'udp', 'dns', 'websocket'])
/** Beyond the year 2255 times are not exact. */
const TOO_LATE: Micros = 9e15

/** A dump begins with the length of its first flow, and that with a key. */
export function looksLikeMitmproxy(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(0, 64))
  const [, length = '', key = ''] = /^\d{1,12}:(\d{1,2}):([a-z_0-9]{1,40})[,;]\d{1,12}:/.exec(text) ?? []
  return key !== '' && key.length === Number(length)
}

/**
 * Reads a dump. Flows for one host over one connection of the client become one. A flow without a usable time is handed on
 * without times (NaN), and counted among those left out.
 *
 * @throws InputError where the bytes are no dump, or it is cut short
 */
export class MitmproxyParser implements Parser {
  readonly #sink: ParseSink
  readonly #account = new RecordAccount()
  readonly #exchanges: Exchanges
  #lists: FlowLists
  readonly #reader: TnetstringReader

  constructor(sink: ParseSink) {
    this.#sink = sink
    this.#exchanges = new Exchanges(sink)
    const { asksContent } = this.#exchanges
    this.#lists = new FlowLists(asksContent)
    this.#reader = new TnetstringReader(asksContent ? FLOW_WITH_CONTENT : FLOW, {
      element: (name, element) => this.#lists.add(name, element),
      value: (value) => {
        this.#flow(value === null ? null : dictOf(value))
        this.#lists = new FlowLists(asksContent)
      },
    })
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk)
  }

  end(): void {
    this.#exchanges.flush()
    this.#reader.end()
  }

  account(): ParseAccount {
    return this.#account.account('mitmproxy', [])
  }

  #flow(flow: Dict | null): void {
    const type = flow?.has('type') ? (textOf(flow.get('type')) ?? '') : 'http'
    if (!flow?.has('version')) this.#account.leaveOut('malformed-flow')
    else if (!TYPES.has(type)) this.#account.leaveOut('unknown-type-of-flow')
    else if (isReplay(flow)) this.#account.leaveOut('replayed-by-proxy')
    else {
      const told = type === 'dns' && this.#answers(flow) > 0
      const reason = this.#exchange(flow, type)
      if (reason === null || (told && WITHOUT_SERVER.has(reason))) this.#account.used++
      else this.#account.leaveOut(reason)
    }
  }

  /** @returns why there is none, null where there is one */
  #exchange(flow: Dict, type: string): string | null {
    const server = serverOf(flow)
    if (typeof server === 'string') return server
    const lists = this.#lists
    const client = clientOf(flow)
    const connection = dictOf(flow.get('server_conn'))
    const isUdp = textOf(connection.get('transport_protocol')) === 'udp' || type === 'udp'
    const { start, end } = timesOf(flow, type, lists)
    const known = Math.abs(start) < TOO_LATE
    const port = client?.address ? client.port : -1
    const refused = isRefused(flow)
    const [sent, received] = refused ? [0, 0] : bytesOf(flow, type, lists)
    const exchange: Exchange = {
      client: client?.address ?? null,
      clientPort: port,
      server: server.address,
      serverPort: server.port,
      protocol: isUdp ? UDP : TCP,
      start: known ? start : Number.NaN,
      end: known ? Math.max(start, end) : Number.NaN,
      sent,
      received,
      names: type === 'dns' ? [] : namesOf(flow, lists, isUdp),
      connection: client && port > 0 ? `${client.host} ${port}` : null,
    }
    const says: Says = (from, to) => {
      sayFlow(from, to, flow, type, lists)
      // What only answers is not read.
      if (type === 'http' || type === 'dns') to.unread += received - lists.received
    }
    this.#exchanges.add(exchange, refused ? null : says)
    return known ? null : Number.isNaN(start) ? NO_TIME : 'time-out-of-range'
  }

  /** @returns how many names the client was told the addresses of */
  #answers(flow: Dict): number {
    const address = clientOf(flow)?.address
    const time = timeOf(dictOf(flow.get('response')).get('timestamp'))
    if (!address || !(Math.abs(time) < TOO_LATE)) return 0
    const client = formatAddress(address.family, ...address.words)
    const names = resolvedNames(flow, this.#lists)
    for (const { name, address, ttl, asked } of names)
      this.#sink.answer({ client, address, name, via: asked ? 'dns' : 'dns-cname', time, expires: time + ttl * 1e6 })
    return names.length
  }
}

/** Sent again by the proxy itself, or answered from what it had kept: nothing that the device did. */
function isReplay(flow: Dict): boolean {
  const request = dictOf(flow.get('request'))
  if (textOf(flow.get('is_replay')) !== null || isTrue(request.get('is_replay'))) return true
  return isTrue(dictOf(flow.get('response')).get('is_replay'))
}

/** Before 0.11 the client stands in the request. */
function clientOf(flow: Dict): HostPort | null {
  const client = dictOf(flow.get('client_conn'))
  const peer = hostPortOf(client.get('peername')) ?? hostPortOf(client.get('address'))
  return peer ?? hostPortOf(dictOf(flow.get('request')).get('client_conn'))
}

/** Of requests when they were sent and answered; of connections when they stood. */
function timesOf(flow: Dict, type: string, lists: FlowLists): { start: Micros; end: Micros } {
  const at = (dict: string, key: string) => timeOf(dictOf(flow.get(dict)).get(key))
  const isRequest = type === 'http' || type === 'dns'
  const starts = isRequest
    ? [at('request', 'timestamp_start'), at('request', 'timestamp'), timeOf(flow.get('timestamp_created'))]
    : [at('client_conn', 'timestamp_start'), at('server_conn', 'timestamp_start'), lists.first]
  const start = starts.find((time) => Number.isFinite(time)) ?? Number.NaN
  const ends = isRequest
    ? [at('request', 'timestamp_end'), at('response', 'timestamp_start'), at('response', 'timestamp_end')]
    : [at('client_conn', 'timestamp_end'), at('server_conn', 'timestamp_end')]
  ends.push(at('response', 'timestamp'), lists.last, timeOf(dictOf(flow.get('websocket')).get('timestamp_end')))
  return { start, end: Math.max(start, ...ends.filter((time) => Math.abs(time) < TOO_LATE)) }
}

/** Whether the server was reached, but no TLS was agreed upon, so that nothing was sent to it. */
function isRefused(flow: Dict): boolean {
  const server = dictOf(flow.get('server_conn'))
  return isTrue(server.get('tls')) && Number.isNaN(numberOf(server.get('timestamp_tls_setup'))) && !hasResponse(flow)
}

/** Bytes of messages from the client, from the server. */
function bytesOf(flow: Dict, type: string, lists: FlowLists): readonly [sent: number, received: number] {
  if (type === 'dns') return [dnsSize(lists, 'request'), hasResponse(flow) ? dnsSize(lists, 'response') : 0]
  if (type !== 'http') return [lists.sent, lists.received]
  return [requestSize(flow, lists.request) + lists.sent, responseSize(flow, lists.response) + lists.received]
}

const hasResponse = (flow: Dict) => dictOf(flow.get('response')).size > 0

function requestSize(flow: Dict, fields: Fields): number {
  const request = dictOf(flow.get('request'))
  const [method, target] = ['method', 'path'].map((key) => request.get(key)?.length ?? 0)
  return (
    requestHeadSize(method ?? 0, target ?? 0, fields.length, fields.count) + bodySize(request, fields.contentLength)
  )
}

function responseSize(flow: Dict, fields: Fields): number {
  const response = dictOf(flow.get('response'))
  if (!hasResponse(flow)) return 0
  const reason = response.get('reason') ?? response.get('msg')
  const isEmpty =
    textOf(dictOf(flow.get('request')).get('method')) === 'HEAD' ||
    [204, 304].includes(numberOf(response.get('status_code') ?? response.get('code')))
  const head = responseHeadSize(reason?.length ?? 0, fields.length, fields.count)
  return head + bodySize(response, isEmpty ? 0 : fields.contentLength)
}

const NONE = 126

/** A body that was not kept, because it was streamed, is as long as the message says. */
function bodySize(message: Dict, contentLength: number): number {
  const body = message.get('content') ?? message.get('body')
  if (body && body.letter !== NONE) return body.length
  return Number.isNaN(contentLength) ? 0 : contentLength
}
