import { describe, expect, it, test } from 'vitest'
import { HarParser } from '../../../functions/parse/har/har.ts'
import { looksLikeHar } from '../../../functions/parse/har/looks-like-har.ts'
import { collectLog, sumOf } from '../log-collect.ts'
import { entry, type Given, har } from './har-builder.ts'

const flowOf = (given: Given) => collectLog(har(entry(given))).flows[0]
const leftOutOf = (given: Given) => collectLog(har(entry(given))).account.leftOut
const bytes = (text: string) => new TextEncoder().encode(text)

test('an entry is a flow from the host itself to the server that it states', () => {
  const { flows, answers, account, error } = collectLog(har(entry()))
  expect(flows).toEqual([
    {
      a: '0.0.0.0',
      portA: -1,
      b: '192.0.2.7',
      portB: 443,
      protocol: 6,
      packets: [0, 0],
      bytes: [100, 950],
      start: '2024-05-04T10:00:00.250000Z',
      end: '2024-05-04T10:00:00.290000Z',
      opener: 1,
      names: [{ name: 'a.example', via: 'http-host' }],
      hidden: null,
      macs: [0, 0],
    },
  ])
  expect(account).toEqual({ format: 'har', records: 1, used: 1, leftOut: {}, gaps: [] })
  expect([answers, error]).toEqual([[], null])
})

test('nothing of a URL but its host and port stands in a flow', () => {
  const url = 'https://user:pa@ss@A.Example:8443/mail/me?token=secret#here'
  const flow = flowOf({ request: { url, headers: [] } })
  expect(flow).toMatchObject({ portB: 8443, names: [{ name: 'a.example', via: 'http-host' }] })
  expect(JSON.stringify(flow)).not.toMatch(/user|ss@|mail|secret|here/)
})

describe('the server’s end', () => {
  it.each<[string, Given, string, number]>([
    ['is that of the scheme', { request: { url: 'http://a.example/' } }, '192.0.2.7', 80],
    ['is that of a WebSocket', { request: { url: 'wss://a.example/' } }, '192.0.2.7', 443],
    ['is IPv6 in brackets, as Chrome writes it', { serverIPAddress: '[2001:DB8::7]' }, '2001:db8::7', 443],
    ['is IPv6 without them', { serverIPAddress: '2001:db8::7' }, '2001:db8::7', 443],
    ['has a zone', { serverIPAddress: 'fe80::1%en0' }, 'fe80::1', 443],
    ['has a port', { serverIPAddress: '192.0.2.9:8080' }, '192.0.2.9', 8080],
    ['has a port behind brackets', { serverIPAddress: '[2001:db8::7]:8080' }, '2001:db8::7', 8080],
    ['has its port elsewhere, as Playwright and Safari write it', { _serverPort: 8443 }, '192.0.2.7', 8443],
    ['is mapped IPv4', { serverIPAddress: '::ffff:192.0.2.8' }, '192.0.2.8', 443],
    ['is what WebPageTest calls it', { serverIPAddress: '', _ip_addr: '192.0.2.6' }, '192.0.2.6', 443],
  ])('%s', (_, given, ip, port) => {
    expect(flowOf(given)).toMatchObject({ b: ip, portB: port, a: ip.includes(':') ? '::' : '0.0.0.0' })
  })

  it.each(['h3', 'HTTP/3', 'http/3.0', 'h3-29', 'http/2+quic/46'])('is reached over UDP by %s', (httpVersion) => {
    expect(flowOf({ response: { httpVersion } })?.protocol).toBe(17)
  })
  it('is reached over UDP where only the security details say so', () => {
    expect(flowOf({ response: { httpVersion: '' }, _securityDetails: { protocol: 'QUIC' } })?.protocol).toBe(17)
  })
})

describe('an entry without a server that was spoken to is counted', () => {
  it.each<[string, Given]>([
    ['no-server-address', { serverIPAddress: undefined }],
    ['no-server-address', { serverIPAddress: '' }],
    ['no-server-address', { serverIPAddress: '', response: { status: 0, _error: 'net::ERR_INTERNET_DISCONNECTED' } }],
    ['unreadable-server-address', { serverIPAddress: 'a.example' }],
    ['served-from-cache', { _fromCache: 'disk' }],
    ['served-from-cache', { _fromCache: true }],
    ['served-from-cache', { serverIPAddress: undefined, _fetchType: 'Memory Cache' }],
    ['blocked-request', { serverIPAddress: '', response: { status: 0, _error: 'net::ERR_BLOCKED_BY_CLIENT' } }],
    ['not-a-network-request', { request: { url: 'data:text/plain,hello' } }],
    ['not-a-network-request', { request: { url: 'chrome-extension://abc/x.js' } }],
    ['malformed-entry', { request: { url: 7 } }],
  ])('%s: %j', (reason, given) => {
    const { flows, account } = collectLog(har(entry(given)))
    expect(flows).toEqual([])
    expect(account).toMatchObject({ records: 1, used: 0, leftOut: { [reason]: 1 } })
  })

  it('whatever stands in its place', () => {
    const { account } = collectLog(har(entry(), null, 7, 'text', [entry()], {}, entry()))
    expect(account).toMatchObject({ records: 7, used: 2, leftOut: { 'malformed-entry': 5 } })
  })
  it('and is a flow where the server was reached and did not answer', () => {
    expect(flowOf({ response: { status: 0, headersSize: -1, bodySize: -1 } })).toMatchObject({ bytes: [100, 0] })
  })
})

describe('times', () => {
  it.each([
    ['2024-05-04T12:00:00+02:00', '2024-05-04T10:00:00.000000Z'],
    ['2024-05-04T10:00:00.1234567Z', '2024-05-04T10:00:00.123456Z'],
  ])('%s is %s', (startedDateTime, start) => {
    expect(flowOf({ startedDateTime })?.start).toBe(start)
  })
  it('without a zone are read by the time zone that is given, and by none otherwise', () => {
    const text = har(entry({ startedDateTime: '2024-05-04T10:00:00' }))
    expect(collectLog(text).account).toMatchObject({ used: 0, leftOut: { 'time-without-zone': 1 } })
    expect(collectLog(text).error).toMatchObject({
      offset: text.indexOf('{"startedDateTime"'),
      message: expect.stringContaining('--time-zone'),
    })
    expect(collectLog(text, { timeZone: 'Asia/Kolkata' }).error).toBe(null)
    expect(collectLog(text).flows[0]).toMatchObject({ b: '192.0.2.7', start: null, end: null })
    expect(collectLog(text, { timeZone: 'Asia/Kolkata' }).flows[0]?.start).toBe('2024-05-04T04:30:00.000000Z')
  })
  it.each([[null], ['yesterday'], [undefined], [7]])('%j is none', (startedDateTime) => {
    expect(leftOutOf({ startedDateTime })).toEqual({ 'no-time': 1 })
  })
  it('beyond what can be told exactly are none', () => {
    expect(leftOutOf({ startedDateTime: '9999-01-01T00:00:00Z' })).toEqual({ 'time-out-of-range': 1 })
    expect(flowOf({ time: 9e14 })).toMatchObject({ end: '2024-05-04T10:00:00.250000Z' })
  })
  it.each([[null], [-1], [undefined]])('of how long it took may lack: %j', (time) => {
    const flow = flowOf({ time })
    expect(flow?.end).toBe(flow?.start)
  })
})

describe('bytes', () => {
  const unknown = { headersSize: -1, bodySize: -1 }
  it('of a request of which no size is stated are those of its fields', () => {
    // GET /path?q=1 HTTP/1.1, Host: a.example, and the empty line.
    expect(flowOf({ request: unknown })?.bytes[0]).toBe(24 + 17 + 2)
  })
  it('of heads are those of their fields where mitmproxy wrote, which states another length', () => {
    const text = har(entry()).replace('"name":"test"', '"name":"mitmproxy"')
    expect(collectLog(text).flows[0]?.bytes).toEqual([24 + 17 + 2, 17 + 2 + 900])
  })
  it('of a response are what Chrome says was transferred', () => {
    expect(flowOf({ response: { ...unknown, _transferSize: 411 } })?.bytes[1]).toBe(411)
  })
  it('are none where Chrome says that nothing was transferred', () => {
    expect(flowOf({ request: unknown, response: { ...unknown, _transferSize: 0 } })?.bytes).toEqual([0, 0])
  })
  it.each<[string, Given]>([
    ['a certificate', { response: { status: 0, _error: 'net::ERR_CERT_AUTHORITY_INVALID' } }],
    ['a handshake, as Playwright writes it', { response: { status: -1, _failureText: 'net::ERR_SSL_PROTOCOL_ERROR' } }],
    ['a connection', { response: { status: 0, _error: 'net::ERR_CONNECTION_REFUSED' } }],
    ['what was never sent', { response: { status: 0 }, timings: { send: -1, wait: -1, receive: -1 } }],
  ])('of a request are none where it failed by %s', (_, given) => {
    expect(flowOf(given)?.bytes[0]).toBe(0)
  })
  it.each<[string, Given]>([
    ['was not answered', { response: { status: 0 }, timings: { send: 1, wait: 9, receive: -1 } }],
    ['has an answer', { response: { status: 200 }, timings: { send: -1 } }],
  ])('of a request are what it states where it %s', (_, given) => {
    expect(flowOf(given)?.bytes[0]).toBe(100)
  })
  it('of a response of which no size is stated are those of its fields and content', () => {
    expect(flowOf({ response: unknown })?.bytes[1]).toBe(17 + 2 + 900)
  })
  it('are whole, and no more than there can be', () => {
    expect(flowOf({ request: { headersSize: 10.4, bodySize: 1e300 } })?.bytes[0]).toBe(10)
  })
  it('count the messages of a WebSocket', () => {
    const _webSocketMessages = [
      { type: 'send', time: 1714816810.5, opcode: 1, data: 'hé' },
      { type: 'receive', time: 1714816811.5, opcode: 2, data: 'AAAA' },
    ]
    expect(flowOf({ _webSocketMessages })).toMatchObject({ bytes: [103, 953], end: '2024-05-04T10:00:11.500000Z' })
  })
})

describe('entries of one connection', () => {
  const of = (...given: Given[]) => collectLog(har(...given.map(entry))).flows
  const at = (time: string) => `2024-05-04T${time}Z`

  it('are one flow, in any order', () => {
    const flows = of(
      { connection: '31', startedDateTime: at('10:00:05') },
      { connection: '31', startedDateTime: at('10:00:01') },
      { connection: '32', startedDateTime: at('10:00:02') },
    )
    expect(flows).toHaveLength(2)
    expect(flows[0]).toMatchObject({
      bytes: [200, 1900],
      start: '2024-05-04T10:00:01.000000Z',
      end: '2024-05-04T10:00:05.040000Z',
    })
  })
  it('are apart by host, by server, and by an hour without any', () => {
    const other = { request: { url: 'https://b.example/', headers: [] } }
    expect(of({ connection: '31' }, { connection: '31', ...other })).toHaveLength(2)
    expect(of({ connection: '31' }, { connection: '31', serverIPAddress: '192.0.2.8' })).toHaveLength(2)
    expect(of({ connection: '31' }, { connection: '31', startedDateTime: at('11:00:02') })).toHaveLength(2)
    expect(of({ connection: '31' }, { connection: '31', startedDateTime: at('10:59:02') })).toHaveLength(1)
  })
  it('are not told apart by the server’s port, which Firefox writes', () => {
    expect(of({ connection: '443' }, { connection: '443' })).toHaveLength(2)
    expect(of({}, {})).toHaveLength(2)
  })
  it('are told apart as WebPageTest does', () => {
    const socket = { _socket: '46', _client_port: '61914' }
    expect(of(socket, socket)).toMatchObject([{ portA: 61914, bytes: [200, 1900] }])
  })
})

describe('the document', () => {
  it.each(['', '\ufeff', ' \r\n\t'])('may have %j before it', (before) => {
    expect(collectLog(`${before}${har(entry())}\n`)).toMatchObject({ account: { used: 1 }, error: null })
  })
  it('may be pretty, have other keys in any order, and keys of these names elsewhere', () => {
    const given = {
      comment: '{"log": {"entries": [',
      log: { _entries: [1, { entries: [{}] }], browser: { entries: [{}], name: 'x' }, pages: [{ entries: [[]] }] },
    }
    const text = JSON.stringify(
      { ...given, log: { ...given.log, entries: [entry(), entry()] }, entries: [{}] },
      null,
      2,
    )
    expect(collectLog(text)).toMatchObject({ account: { records: 2, used: 2 }, error: null })
  })
  it('may have no entries', () => {
    expect(collectLog(har())).toMatchObject({ account: { records: 0 }, error: null })
  })
  it.each([
    ['{"log":{"version":"1.2"}}', 25, /no list log\.entries/],
    ['{"log":{"version":"1.2","entries":{}}}', 38, /no list log\.entries/],
    ['{"log":{"version":"1.2","entries":[}]}}', 35, /a value or \] has to stand here/],
    ['{"log":{"version":"1.2" "entries":[]}}', 24, /a comma/],
    ['{"log":{"version":"1.2",entries:[]}}', 24, /a key has to stand here/],
    [`{"log":{"version":"1.2","entries":[]}}x`, 38, /an object has to stand here/],
    [`{"log":{"version":"1.2","entries":${'['.repeat(600)}`, 544, /more than 512/],
  ])('%.60s is an error that says where', (text, offset, message) => {
    expect(collectLog(text).error).toMatchObject({ offset, message: expect.stringMatching(message) })
  })
  it('that is cut short gives what was read, and says where it ends', () => {
    const text = bytes(har(entry(), entry(), entry())).subarray(0, -40)
    const flows: number[] = []
    const parser = new HarParser({ answer: () => {}, flows: (batch) => flows.push(batch.length) }, {}, text)
    parser.push(text)
    expect(() => parser.end()).toThrow(expect.objectContaining({ offset: text.length }))
    expect([flows, parser.account().records]).toEqual([[2], 2])
  })
})

test('the result does not depend on where the chunks are cut', () => {
  const escaped = entry({ request: { url: 'https://a.example/\u00e9"\\', headers: [] }, _note: '\\"]}\u2028' })
  const text = `\ufeff${har(escaped, entry({ connection: '1' }), null, entry({ connection: '1', time: 1e3 }), 12, true)}`
  const whole = collectLog(text)
  expect(whole.account).toMatchObject({ records: 6, used: 3 })
  for (const cuts of [[1], [2, 3], [7, 1, 30], [64]]) expect(collectLog(text, {}, cuts)).toEqual(whole)
})

test('a body of any length is passed over in bounded memory, whichever way it is cut', () => {
  const text = '\\u00e9\\\\x'.repeat(600_000)
  const big = har(entry({ response: { content: { text: 'HERE' } } }), entry()).replace('HERE', text)
  const whole = collectLog(big)
  expect(whole).toMatchObject({ account: { records: 2, used: 2 }, error: null })
  for (const cuts of [[1_000_003], [65_536, 7]]) expect(collectLog(big, {}, cuts)).toEqual(whole)
})

test('an entry that is too long in all is counted', () => {
  const text = har('HERE', entry()).replace('"HERE"', `[${`"${'x'.repeat(1 << 20)}",`.repeat(70)}0]`)
  expect(collectLog(text).account).toMatchObject({ records: 2, used: 1, leftOut: { 'entry-too-long': 1 } })
})

test('broken in any way it gives a result or an InputError, with every record accounted for', () => {
  const text = bytes(har(entry({ connection: '1' }), entry({ connection: '1' }), entry({ serverIPAddress: '::1' })))
  const random = generator(7)
  for (let run = 0; run < 1500; run++) {
    const broken = text.slice(0, run % 5 === 0 ? random(text.length) : text.length)
    for (let change = random(4); change >= 0; change--) broken[80 + random(text.length)] = random(256)
    const { account } = collectLog(broken, {}, run % 3 === 0 ? [random(50) + 1] : [])
    expect(sumOf(account)).toBe(account.records)
  }
})

/** Numbers below a bound, the same in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('is recognised', () => {
  it.each([
    ['by what stands in log', '{"log":{"version":"1.2"', true],
    ['behind a byte order mark', '\ufeff{ "log" : { "creator": {', true],
    ['behind other keys', '{"comment":"a \\" {","x":[{"log":1}],"log":{"comment":"","pages":[', true],
    ['not by a log of text', '{"log":"version entries","stream":"stdout"}', false],
    ['not by a log of other things', '{"log":{"file":{"path":"x"},"offset":1},"message":"\\"entries\\":"}', false],
    ['not by a log deeper inside', '{"test":{"log":{"version":"1.2","entries":[]}}}', false],
    ['not by lines of JSON', '{"ts":1}\n{"log":{"version":"1"}}', false],
    ['not in an array', '[{"log":{"version":"1.2"}}]', false],
  ])('%s', (_, text, is) => {
    expect(looksLikeHar(bytes(text))).toBe(is)
  })
})
