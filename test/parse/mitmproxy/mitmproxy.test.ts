import { describe, expect, it, test } from 'vitest'
import { looksLikeMitmproxy } from '../../../functions/parse/mitmproxy/mitmproxy.ts'
import { collectLog, sumOf } from '../log-collect.ts'
import { bytes, connection, type Dict, dump, flow, request, response, seconds, server } from './dump-builder.ts'

const flowOf = (more: Dict) => collectLog(dump(flow(more))).flows[0]
const leftOutOf = (more: Dict) => collectLog(dump(flow(more))).account.leftOut

test('a flow is one from the client to the server, not to the proxy', () => {
  const { flows, account, error } = collectLog(dump(flow()))
  expect(flows).toEqual([
    {
      a: '10.0.0.5',
      portA: 50000,
      b: '192.0.2.7',
      portB: 443,
      protocol: 6,
      packets: [0, 0],
      // GET /secret HTTP/1.1, Host: a.example, the empty line, the body; HTTP/1.1 200 OK, Content-Type, …
      bytes: [22 + 17 + 2 + 5, 17 + 26 + 2 + 100],
      start: '2024-05-04T10:00:00.250000Z',
      end: '2024-05-04T10:00:01.000000Z',
      opener: 1,
      names: [
        { name: 'a.example', via: 'http-host' },
        { name: 'a.example', via: 'tls-sni' },
      ],
      hidden: null,
      macs: [0, 0],
    },
  ])
  expect(JSON.stringify(flows)).not.toContain('secret')
  expect(account).toEqual({ format: 'mitmproxy', records: 1, used: 1, leftOut: {}, gaps: [] })
  expect(error).toBeNull()
})

const wrapped = (host: string, port: number): Dict => ({ address: [host, port], use_ipv6: false })

describe('the server is found in every version of the format', () => {
  const old = (more: Dict) => ({ ...server(more), peername: null })
  it.each<[string, Dict, string]>([
    ['19 to 21', {}, '192.0.2.7'],
    [
      '2 to 18',
      { client_conn: { address: ['10.0.0.5', 50000] }, server_conn: { ip_address: ['192.0.2.8', 443] } },
      '192.0.2.8',
    ],
    [
      '0.18 to 1',
      {
        version: [0, 18, 2],
        client_conn: { address: wrapped('10.0.0.5', 50000) },
        server_conn: { ip_address: wrapped('192.0.2.8', 443) },
      },
      '192.0.2.8',
    ],
    ['0.17', { version: [0, 17, 1], server_conn: { peer_address: wrapped('192.0.2.8', 443) } }, '192.0.2.8'],
    [
      '0.11 to 0.16, which tell it only where it was asked for by address',
      {
        version: [0, 13, 1],
        server_conn: { address: wrapped('192.0.2.8', 443), timestamp_start: seconds(1714816800) },
      },
      '192.0.2.8',
    ],
    [
      '0.10',
      {
        version: [0, 10, 1],
        client_conn: null,
        server_conn: null,
        request: {
          ...request(),
          ip: '192.0.2.8',
          client_conn: { address: ['10.0.0.5', 50000], requestcount: 1, error: null },
        },
      },
      '192.0.2.8',
    ],
    ['with more to an IPv6 address', { server_conn: server({ peername: ['fe80::7%en0', 443, 0, 4] }) }, 'fe80::7'],
    [
      'with a copy of the connection as via',
      {
        server_conn: old({
          ip_address: wrapped('192.0.2.8', 443),
          address: wrapped('a.example', 443),
          via: { address: wrapped('a.example', 443) },
        }),
      },
      '192.0.2.8',
    ],
  ])('%s', (_, more, ip) => {
    expect(flowOf(more)).toMatchObject({ b: ip })
  })

  it('and the client is where the versions differ', () => {
    const clients = [
      { address: ['10.0.0.5', 50000] },
      { address: wrapped('10.0.0.5', 50000) },
      { peername: ['::ffff:10.0.0.5', 50000, 0, 0] },
    ]
    for (const client_conn of clients) expect(flowOf({ client_conn })).toMatchObject({ a: '10.0.0.5', portA: 50000 })
    const { type: _, ...untyped } = flow({ version: [0, 10, 1], client_conn: null })
    const asked = request({ ip: '192.0.2.8', client_conn: { address: ['10.0.0.5', 50000] } })
    expect(collectLog(dump({ ...untyped, request: asked })).flows).toMatchObject([{ a: '10.0.0.5', portA: 50000 }])
  })
})

describe('where the server is not told, that is counted', () => {
  const none = { peername: null, timestamp_start: null }
  it.each<[string, string, Dict]>([
    ['never connected', 'no-server-address', { server_conn: server(none), response: null, error: { msg: 'secret' } }],
    [
      'never connected, though asked for by address',
      'no-server-address',
      { server_conn: server({ ...none, address: ['192.0.2.7', 443] }) },
    ],
    ['a name in place of an address', 'no-server-address', { server_conn: { ip_address: ['a.example', 443] } }],
    [
      'through another proxy',
      'behind-upstream-proxy',
      { server_conn: server({ via: ['http', ['192.0.2.1', 3128]], peername: null }) },
    ],
    [
      'through another proxy, versions 10 to 18',
      'behind-upstream-proxy',
      {
        server_conn: {
          address: ['a.example', 443],
          ip_address: ['192.0.2.1', 3128],
          via2: ['http', ['192.0.2.1', 3128]],
        },
      },
    ],
    [
      'through another proxy, before',
      'behind-upstream-proxy',
      {
        server_conn: {
          address: ['a.example', 443],
          ip_address: ['192.0.2.1', 3128],
          via: { address: ['192.0.2.1', 3128] },
        },
      },
    ],
    [
      'through another proxy, without CONNECT',
      'behind-upstream-proxy',
      { mode: 'upstream', server_conn: { address: ['192.0.2.1', 3128], ip_address: ['192.0.2.1', 3128] } },
    ],
    ['sent by the proxy itself', 'replayed-by-proxy', { is_replay: 'request' }],
    ['answered by the proxy itself', 'replayed-by-proxy', { is_replay: 'response' }],
    ['sent by the proxy itself, before version 9', 'replayed-by-proxy', { request: request({ is_replay: true }) }],
    ['of a type of its own', 'unknown-type-of-flow', { type: 'carrier-pigeon' }],
  ])('%s', (_, reason, more) => {
    const { flows, account } = collectLog(dump(flow(more)))
    expect(flows).toEqual([])
    expect(account).toMatchObject({ records: 1, used: 0, leftOut: { [reason]: 1 } })
  })
  it('but for an address that was asked for through another proxy', () => {
    const via = { via: ['https', ['proxy.example', 3128]], peername: null, address: ['192.0.2.9', 8443] }
    expect(flowOf({ server_conn: server(via) })).toMatchObject({ b: '192.0.2.9', portB: 8443 })
  })
})

describe('ends of two families', () => {
  const ends = (client: string, to: string) =>
    flowOf({ client_conn: connection({ peername: [client, 50000] }), server_conn: server({ peername: [to, 443] }) })
  it.each([
    ['::1', '192.0.2.7', '127.0.0.1', '192.0.2.7'],
    ['127.0.0.1', '2001:db8::7', '::1', '2001:db8::7'],
    ['10.0.0.5', '2001:db8::7', '::ffff:10.0.0.5', '2001:db8::7'],
    ['fd00::5', '192.0.2.7', 'fd00::5', '::ffff:192.0.2.7'],
    ['', '192.0.2.7', '0.0.0.0', '192.0.2.7'],
  ])('%s and %s are %s and %s', (client, to, a, b) => {
    expect(ends(client, to)).toMatchObject({ a, b, portA: client === '' ? -1 : 50000 })
  })
})

describe('names', () => {
  const namesOf = (more: Dict) => flowOf(more)?.names.map(({ name, via }) => `${via}:${name}`)
  const noSni = { client_conn: connection({ sni: null }), server_conn: server({ sni: null }) }
  const headers = (...fields: [string, string][]) => fields.map((field) => field.map(bytes))
  it.each<[string, Dict, string[]]>([
    [
      'of HTTP/2',
      { ...noSni, request: request({ headers: [], authority: bytes('B.Example:8443') }) },
      ['http-host:b.example'],
    ],
    [
      'of HTTP/2 in older versions',
      { ...noSni, request: request({ headers: headers([':authority', 'b.example']) }) },
      ['http-host:b.example'],
    ],
    [
      'of a CONNECT',
      { ...noSni, request: request({ method: bytes('CONNECT'), headers: [], authority: bytes('b.example:443') }) },
      ['http-connect:b.example'],
    ],
    [
      'of a taken over connection are not its address',
      { request: request({ headers: [], host: '192.0.2.7' }) },
      ['tls-sni:a.example'],
    ],
    [
      'of QUIC',
      { request: request({ headers: [] }), server_conn: server({ transport_protocol: 'udp' }) },
      ['http-host:a.example', 'quic-sni:a.example'],
    ],
    [
      'of DTLS',
      {
        type: 'udp',
        request: null,
        server_conn: server({ transport_protocol: 'udp', tls_version: 'DTLSv1.2' }),
      },
      ['tls-sni:a.example'],
    ],
    [
      'of the server itself behind a reverse proxy',
      { client_conn: connection({ sni: 'proxy.test' }) },
      ['http-host:a.example', 'tls-sni:a.example'],
    ],
    [
      'of the client’s hello, where the proxy’s own is not told',
      { server_conn: server({ sni: true }) },
      ['http-host:a.example', 'tls-sni:a.example'],
    ],
    [
      'of a connection without any are what the proxy was asked for',
      { ...noSni, type: 'tcp', request: null },
      ['log:a.example'],
    ],
    [
      'are not made of addresses',
      { ...noSni, type: 'tcp', request: null, server_conn: server({ sni: null, address: ['192.0.2.7', 443] }) },
      [],
    ],
  ])('%s', (_, more, names) => {
    expect(namesOf(more)).toEqual(names)
  })
})

describe('bytes', () => {
  it('of a body that was streamed are those that the message tells', () => {
    const streamed = { headers: [[bytes('Content-Length'), bytes('5000')]], content: null }
    const head = 17 + 22 + 2
    expect(flowOf({ response: response(streamed) })?.bytes[1]).toBe(head + 5000)
    const asked = request({ method: bytes('HEAD') })
    expect(flowOf({ request: asked, response: response(streamed) })?.bytes[1]).toBe(head)
  })
  it('are none where no TLS was agreed upon with the server', () => {
    const tls = { tls: true, timestamp_tls_setup: null }
    expect(flowOf({ response: null, server_conn: server(tls) })).toMatchObject({ b: '192.0.2.7', bytes: [0, 0] })
    expect(flowOf({ response: null, server_conn: server({ ...tls, tls: false }) })?.bytes).toEqual([46, 0])
  })
  it('count what a WebSocket carried, without what the proxy dropped or made up', () => {
    const of = (fromClient: boolean, text: string, dropped = false, injected = false) =>
      [1, fromClient, bytes(text), seconds(1714816810.5), dropped, injected] as const
    const messages = [of(true, '1234'), of(false, '12'), of(true, '12', true), of(false, '12', false, true)]
    expect(flowOf({ websocket: { messages, timestamp_end: null } })).toMatchObject({
      bytes: [50, 147],
      end: '2024-05-04T10:00:10.500000Z',
    })
  })
  it('of a connection are those of its messages, from when it was opened until it was closed', () => {
    const messages = [
      [true, bytes('12345'), seconds(1714816803)],
      [false, bytes('1'), seconds(1714816804)],
      [false, bytes('1'), seconds(1714816805)],
    ]
    expect(flowOf({ type: 'tcp', request: null, response: null, messages })).toMatchObject({
      bytes: [5, 2],
      start: '2024-05-04T09:59:59.500000Z',
      end: '2024-05-04T10:00:05.000000Z',
    })
    const udp = { type: 'udp', server_conn: server({ transport_protocol: 'udp' }), messages }
    expect(flowOf(udp)).toMatchObject({ protocol: 17, bytes: [5, 2] })
  })
})

test('flows over one connection are one, also the messages of a WebSocket before version 12', () => {
  const messages = [[1, true, '1234', 1714816810, false]]
  const socket = flow({ version: 7, type: 'websocket', request: null, response: null, messages })
  const { flows, account } = collectLog(dump(flow({ version: 7 }), socket, flow()))
  expect(flows).toMatchObject([{ bytes: [46 * 2 + 4, 145 * 2], start: '2024-05-04T09:59:59.500000Z' }])
  expect(flows[0]?.names).toHaveLength(2)
  expect(account).toMatchObject({ records: 3, used: 3 })
  const other = flow({ request: request({ headers: [[bytes('Host'), bytes('b.example')]] }) })
  expect(collectLog(dump(flow(), other)).flows).toHaveLength(2)
})

describe('DNS', () => {
  const question = { name: 'A.example', type: 1, class_: 1 }
  const record = (name: string, type: number, data: Uint8Array, ttl = 60): Dict => ({
    name,
    type,
    class_: 1,
    ttl,
    data,
  })
  const alias = Uint8Array.of(1, 98, 7, ...bytes('example'), 0)
  const answers = [record('a.example', 5, alias), record('b.example', 1, Uint8Array.of(192, 0, 2, 99), 30)]
  const at = { timestamp: seconds(1714816800.25) }
  const dns = (more: Dict, said: Dict = {}): Dict =>
    flow({
      type: 'dns',
      server_conn: server({ peername: ['192.0.2.53', 53], transport_protocol: 'udp' }),
      request: { ...at, questions: [question], answers: [] },
      response: { ...at, query: false, response_code: 0, questions: [question], answers, ...said },
      ...more,
    })

  it('answers name the addresses that the client was told', () => {
    const { flows, answers: given } = collectLog(dump(dns({})))
    const common = { client: '10.0.0.5', address: '192.0.2.99', time: 1714816800250000, expires: 1714816830250000 }
    expect(given).toEqual([
      expect.objectContaining({ ...common, name: 'b.example', via: 'dns-cname' }),
      expect.objectContaining({ ...common, name: 'a.example', via: 'dns' }),
    ])
    expect(flows).toMatchObject([{ b: '192.0.2.53', portB: 53, protocol: 17, names: [], bytes: [27, 84] }])
  })
  it('answers are for the address that its flows have', () => {
    const mapped = dns({ client_conn: connection({ peername: ['::ffff:10.0.0.5', 50000, 0, 0] }) })
    expect(collectLog(dump(mapped)).answers[0]).toMatchObject({ client: '10.0.0.5' })
  })
  it('answers count where the proxy asked a resolver that it does not tell', () => {
    const { flows, answers: given, account } = collectLog(dump(dns({ server_conn: server({ peername: null }) })))
    expect([flows.length, given.length]).toEqual([0, 2])
    expect(account).toMatchObject({ records: 1, used: 1 })
  })
  it.each<[string, Dict, Dict]>([
    ['failed', {}, { response_code: 3 }],
    ['came without a time', {}, { timestamp: null }],
    ['never came', { response: null }, {}],
    ['nobody asked for', { client_conn: connection({ peername: ['', 0] }) }, {}],
    ['has names that are none', {}, { questions: [{ name: 'x'.repeat(70), type: 1, class_: 1 }] }],
  ])('an answer that %s names nothing', (_, more, said) => {
    expect(collectLog(dump(dns(more, said))).answers).toEqual([])
  })
})

test('a time is rounded as its digits say', () => {
  const at = seconds(1731596382.2106874)
  expect(flowOf({ request: request({ timestamp_start: at }) })?.start).toBe('2024-11-14T14:59:42.210687Z')
})

test.each<[string, Dict, string]>([
  ['without a time', { request: request({ timestamp_start: null }), timestamp_created: null }, 'no-time'],
  ['with one that no clock shows', { request: request({ timestamp_start: seconds(1e12) }) }, 'time-out-of-range'],
])('a flow %s is handed on without times, and counted', (_, more, reason) => {
  expect(flowOf(more)).toMatchObject({ b: '192.0.2.7', start: null, end: null })
  expect(leftOutOf(more)).toEqual({ [reason]: 1 })
})

describe('what is malformed', () => {
  const whole = (payload: string, letter = '}') => `${payload.length}:${payload}${letter}`
  it.each([
    ['a dictionary with a key that is a number', whole('7:version;2:21#1:1#')],
    ['a dictionary with a key alone', whole('7:version;')],
    ['a part that is longer than the whole', whole('7:version;99:1#')],
    ['a length that is none', whole('7:version;x1:1#')],
    ['a length at its end', whole('7:version;2:21#7')],
    ['a part with an unknown letter', whole('7:version;1:1?')],
    ['a flow that is a number', whole('123', '#')],
    ['a flow that is a list', whole('1:1#', ']')],
    ['a flow without a version', whole('4:type;4:http;')],
    ['a request that is a number', whole('7:version;2:21#7:request;2:99#')],
    ['nothing', '0:~'],
  ])('is counted, and what follows is read: %s', (_, text) => {
    const dumped = Buffer.concat([dump(flow()), Buffer.from(text), dump(flow())])
    const { account, error } = collectLog(dumped)
    expect(error).toBeNull()
    expect(account).toMatchObject({ records: 3, used: 2, leftOut: { 'malformed-flow': 1 } })
    for (const cuts of [[1], [5, 3]]) expect(collectLog(dumped, {}, cuts).account).toEqual(account)
  })
  it.each([
    ['no length', 'x', 0, /a length and a colon/],
    ['a length without end', '1234567890123:', 12, /a length and a colon/],
    ['another length than the flow has', '15:7:version;2:21#?', 18, /does not end where its length says/],
    ['an end inside a flow', '90:7:version;2:21#', 0, /cut short/],
    ['an end inside a length', '90', 0, /cut short/],
  ])('where there is no telling how to go on, that is an error that says where: %s', (_, text, offset, message) => {
    const before = dump(flow())
    const { flows, error } = collectLog(Buffer.concat([before, Buffer.from(text)]))
    expect(error).toMatchObject({ offset: before.length + offset, message: expect.stringMatching(message) })
    expect(flows.length).toBeLessThan(2)
  })
})

test('the result does not depend on where the chunks are cut', () => {
  const text = dump(
    flow(),
    flow({ type: 'tcp', messages: [[true, bytes('12'), seconds(1714816803)]] }),
    flow({ version: [1, 0] }),
  )
  const whole = collectLog(text)
  expect(whole.account).toMatchObject({ records: 3, used: 3 })
  for (const cuts of [[1], [2, 3], [7, 1, 30], [64]]) expect(collectLog(text, {}, cuts)).toEqual(whole)
})

test('bodies and messages of any length and number are passed over in bounded memory', () => {
  const big = new Uint8Array(9_000_000).fill(58)
  const many = Array.from({ length: 50_000 }, (_, i) => [i % 2 === 0, bytes('123'), seconds(1714816803)] as const)
  const text = dump(
    flow({ response: response({ content: big }) }),
    flow({ type: 'tcp', client_conn: connection({ peername: ['10.0.0.6', 5] }), messages: many }),
  )
  const whole = collectLog(text)
  expect(whole.flows.map((one) => one.bytes)).toEqual([
    [46, 9_000_045],
    [75_000, 75_000],
  ])
  expect(collectLog(text, {}, [100_003])).toEqual(whole)
})

test('broken in any way it gives a result or an InputError, with every record accounted for', () => {
  const text = new Uint8Array(
    dump(flow({ client_conn: { peername: ['10.0.0.5', 50000] } }), flow({ websocket: { messages: [] } })),
  )
  let state = 7
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  for (let run = 0; run < 3000; run++) {
    const broken = text.slice(0, run % 5 === 0 ? 60 + random(text.length) : text.length)
    const digits = run % 2 === 0
    for (let change = random(4); change >= 0; change--)
      broken[60 + random(text.length)] = digits ? 48 + random(11) : random(256)
    const { account } = collectLog(broken, {}, run % 3 === 0 ? [random(50) + 1] : [])
    expect(sumOf(account)).toBe(account.records)
  }
})

test.each([
  ['7780:6:marked;5:false!11:client_conn;', true],
  ['2134:5:error,0:~8:response,', true],
  ['12345:7:version;2:21#', true],
  ['12345:6:version;2:21#', false],
  ['12:34:56 7:version;1', false],
  ['1:2', false],
  ['', false],
])('%j is recognised as a dump: %s', (text, is) => {
  expect(looksLikeMitmproxy(bytes(text))).toBe(is)
})
