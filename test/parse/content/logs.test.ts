/** What browsers and proxies log of what was said. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { contentOfFormat } from '../../../functions/net/content-formats.ts'
import { entry, har } from '../har/har-builder.ts'
import { bytes, connection, type Dict, dump, flow, request, seconds } from '../mitmproxy/dump-builder.ts'
import { type Piece, saidIn, shown } from './said.ts'

const inHar = (...entries: unknown[]) => saidIn(new Uint8Array(Buffer.from(har(...entries))))
const inDump = (...flows: Dict[]) => saidIn(new Uint8Array(dump(...flows)))

/** The same, cut at every byte. */
async function anyhow(capture: Uint8Array) {
  const whole = await saidIn(capture)
  const cut = await saidIn(capture, { cuts: [...capture.keys()] })
  expect(cut.pieces).toEqual(whole.pieces)
  expect(cut.flows).toEqual(whole.flows)
  return whole
}

describe('HAR', () => {
  const posted = (postData: unknown, more = {}) =>
    entry({ request: { method: 'POST', url: 'https://a.example/p?q=1#f', postData, bodySize: 5, ...more } })

  test('URL, fields, cookies and body', async () => {
    const headers = [
      { name: 'Host', value: 'a.example' },
      { name: 'Cookie', value: 'k=v; s=\u00e4' },
      { name: 'Content-Encoding', value: 'gzip' },
    ]
    const postData = { mimeType: 'text/plain', text: 'pl\u00e4nted' }
    const { pieces, flows } = await anyhow(
      new Uint8Array(Buffer.from(har(posted(postData, { headers, cookies: [{ name: 'k', value: 'v' }] })))),
    )
    expect(pieces.map(shown)).toEqual([
      'A url: /p?q=1',
      'A header host: a.example',
      'A cookie k: v',
      'A cookie s: \u00c3\u00a4',
      'A header content-encoding: gzip',
      'A body: pl\u00c3\u00a4nted',
    ])
    // Text was decoded by who logged it.
    const about = { method: 'POST', host: 'a.example', path: '/p', mediaType: 'text/plain', codings: [] }
    expect(pieces.at(-1)).toMatchObject(about)
    expect(flows).toEqual([{ content: 1, unread: [0, 950] }])
  })

  test('a body in base64, one in fields, and one that the browser left away', async () => {
    const inBase64 = { text: Buffer.from([0, 255, 7]).toString('base64'), encoding: 'base64', mimeType: 'x/y' }
    const params = [
      { name: 'a b', value: '1&2' },
      { name: 'file', fileName: 'imei.txt', contentType: 'text/plain' },
    ]
    const { pieces, flows } = await inHar(posted(inBase64), posted({ mimeType: 'm/f', params }), posted(undefined))
    expect(pieces.filter(({ part }) => part === 'body').map(({ text, mediaType }) => [text, mediaType])).toEqual([
      ['\x00\xff\x07', 'x/y'],
      ['a%20b=1%262&file=imei.txt', 'application/x-www-form-urlencoded'],
    ])
    expect(flows.map(({ unread }) => unread[0])).toEqual([0, 0, 5])
  })

  test('a body keeps its coding where it was logged as it was sent', async () => {
    const zipped = gzipSync('planted')
    const headers = [{ name: 'Content-Encoding', value: 'gzip' }]
    const { pieces } = await inHar(
      posted({ text: zipped.toString('base64'), encoding: 'base64' }, { headers }),
      posted({ text: zipped.toString('latin1') }, { headers }),
      posted({ text: Buffer.from('planted').toString('base64'), encoding: 'base64' }, { headers }),
    )
    expect(pieces.filter(({ part }) => part === 'body').map(({ codings }) => codings)).toEqual([['gzip'], ['gzip'], []])
    expect(requestsOf(pieces).filter((line) => line.includes('planted')).length).toBe(3)
  })

  test('cookies and a query that stand nowhere else', async () => {
    const alone = {
      url: 'https://a.example/p',
      cookies: [{ name: 'K', value: 'v' }],
      queryString: [{ name: 'q', value: '1' }],
    }
    const { pieces } = await inHar(entry({ request: alone }))
    expect(pieces.map(shown)).toEqual(['A url: /p', 'A header host: a.example', 'A cookie k: v', 'A url: ?q=1'])
  })

  test('messages that were sent over a WebSocket', async () => {
    const _webSocketMessages = [
      { type: 'send', time: 1714816801, opcode: 1, data: 'hello' },
      { type: 'receive', time: 1714816802, opcode: 1, data: 'you' },
      { type: 'send', time: 1714816803, opcode: 2, data: Buffer.from('bin').toString('base64') },
    ]
    const { pieces } = await inHar(entry({ _webSocketMessages }))
    expect(pieces.filter(({ part }) => part === 'body').map(shown)).toEqual(['A body: hello', 'A body: bin'])
  })

  test('nothing was said in a request that never left the browser', async () => {
    const response = {
      status: 0,
      _error: 'net::ERR_CONNECTION_REFUSED',
      _transferSize: 0,
      headersSize: -1,
      bodySize: -1,
    }
    const { pieces, flows } = await inHar(entry({ request: { headersSize: -1 }, response, timings: { send: -1 } }))
    expect(pieces).toEqual([])
    expect(flows).toEqual([{ content: 0, unread: [0, 0] }])
  })

  test('entries of one connection are one flow', async () => {
    const { pieces, flows } = await inHar(
      entry({ connection: '7' }),
      entry({ connection: '8' }),
      entry({ connection: '7' }),
    )
    expect(pieces.filter(({ part }) => part === 'url').map(({ flow }) => flow)).toEqual([1, 2, 1])
    expect(flows.map(({ content }) => content)).toEqual([1, 2])
  })
})

describe('mitmproxy', () => {
  test('name, URL, fields, cookies and body of a request', async () => {
    const headers = [
      [bytes('Cookie'), bytes('k=v')],
      [bytes('Content-Encoding'), bytes('br')],
      [bytes('Content-Type'), bytes('x/y')],
    ]
    const { pieces, flows } = await anyhow(
      new Uint8Array(dump(flow({ request: request({ headers, path: bytes('/p?q=1'), method: bytes('POST') }) }))),
    )
    expect(pieces.map(shown)).toEqual([
      'A name: a.example',
      'A url: /p?q=1',
      'A cookie k: v',
      'A header content-encoding: br',
      'A header content-type: x/y',
      'A body: 12345',
    ])
    expect(pieces.at(-1)).toMatchObject({ host: 'a.example', path: '/p', mediaType: 'x/y', codings: ['br'] })
    expect(flows[0]?.unread[0]).toBe(0)
    expect(flows[0]?.unread[1]).toBeGreaterThan(100)
  })

  test('a body longer than names may be is whole, one that was streamed is unread', async () => {
    const long = 'y'.repeat(1 << 20)
    const streamed = request({ content: null, headers: [[bytes('Content-Length'), bytes('77')]] })
    const { pieces, flows } = await inDump(
      flow({ request: request({ content: bytes(long) }) }),
      flow({ request: streamed, client_conn: connection({ peername: ['10.0.0.5', 50001] }) }),
    )
    expect(pieces.find(({ part }) => part === 'body')?.text).toBe(long)
    expect(flows.map(({ unread }) => unread[0])).toEqual([0, 77])
  })

  test('messages of a WebSocket that the client sent, and those of connections of both ends', async () => {
    const message = (fromClient: boolean, content: string) => [fromClient, bytes(content), seconds(1714816801)]
    const websocket = {
      messages: [
        [1, ...message(true, 'hello'), false, false],
        [1, ...message(false, 'you'), false, false],
      ],
    }
    const tcp = flow({
      type: 'tcp',
      request: null,
      response: null,
      messages: [message(true, 'one'), message(false, 'two')],
    })
    const { pieces } = await inDump(flow({ websocket, request: request({ content: null }) } as unknown as Dict), tcp)
    const said = pieces.filter(({ part }) => part === 'body' || part === 'stream')
    expect(said.map(shown)).toEqual(['A body: hello', 'A stream: one', 'B stream: two'])
  })
})

describe('logs that have a name or URL alone', () => {
  const HEADER = 'ts,src,dst,host'
  const columns = { start: 'ts', initiatorIp: 'src', responderIp: 'dst', name: 'host' }
  const inCsv = (...rows: string[]) =>
    saidIn(new Uint8Array(Buffer.from([HEADER, ...rows, ''].join('\n'))), { columns })

  test('hand it on, and nobody knows what else was said', async () => {
    const { pieces, flows } = await inCsv(
      '1414812605,192.168.7.2,203.0.113.5,https://u:p@Api.example/p?imei=001',
      '1414812605,192.168.7.2,203.0.113.6,-',
      '1414812605,192.168.7.2,203.0.113.7,001.example',
    )
    expect(pieces.map(shown)).toEqual(['A name: u:p@Api.example', 'A url: /p?imei=001', 'A name: 001.example'])
    expect(pieces[1]).toMatchObject({ method: null, host: 'api.example', path: '/p' })
    expect(flows.map(({ content }) => content)).toEqual([1, 0, 2])
    expect(flows.map(({ unread }) => unread[0])).toEqual([Number.NaN, 0, Number.NaN])
  })

  const ends = { src_ip: '192.168.7.2', src_port: 40001, dest_ip: '203.0.113.5', dest_port: 80, proto: 'TCP' }
  const turned = { src_ip: '203.0.113.5', src_port: 80, dest_ip: '192.168.7.2', dest_port: 40001, proto: 'TCP' }
  const timestamp = '2014-11-01T03:30:05.000000+0000'
  const event = (event_type: string, more: object) => ({ timestamp, flow_id: 7, event_type, ...ends, ...more })
  const flowEvent = (more: object = {}) => event('flow', { flow: { start: timestamp, end: timestamp }, ...more })
  const post = event('http', { http: { hostname: 'Api.example', http_method: 'POST', url: '/p?name=\u00e4' } })
  const inEve = (...events: object[]) =>
    anyhow(new Uint8Array(Buffer.from(events.map((one) => `${JSON.stringify(one)}\n`).join(''))))
  const known = [Number.NaN, Number.NaN]

  test.each([
    ['before its flow', [post, flowEvent()], 'A'],
    ['behind its flow', [flowEvent(), post], 'A'],
    ['of no flow event', [post], 'A'],
    ['of a flow that is told from its other end', [event('netflow', { ...turned, netflow: {} }), post], 'B'],
  ])('EVE has the URL of a request, %s', async (_, events, end) => {
    const { pieces, flows } = await inEve(...events)
    expect(pieces.map(shown)).toEqual([`${end} url: /p?name=\u00c3\u00a4`, `${end} header host: Api.example`])
    expect(pieces[0]).toMatchObject({ method: 'POST', host: 'api.example', path: '/p' })
    expect(flows).toEqual([{ content: 1, unread: known }])
  })

  test('EVE has names that were asked for and named, and alerts say nothing twice', async () => {
    const { pieces, flows } = await inEve(
      event('tls', { tls: { sni: '001.example', version: 'TLS 1.2' } }),
      event('alert', { ...post, event_type: 'alert', direction: 'to_server' }),
      event('quic', { flow_id: 8, src_port: 40002, quic: { sni: '002.example' } }),
      event('dns', { flow_id: 9, src_port: 40003, dns: { type: 'query', rrname: '003.example' } }),
      event('dns', { flow_id: 10, src_port: 40004, dns: { type: 'request', queries: [{ rrname: '004.example' }] } }),
      event('dns', { flow_id: 11, src_port: 40005, dns: { type: 'query', rrname: 'of-no-flow.example' } }),
      flowEvent(),
      flowEvent({ flow_id: 9, src_port: 40003 }),
      flowEvent({ flow_id: 10, src_port: 40004 }),
      flowEvent({ flow_id: 12, src_port: 40006 }),
      // Ids are used again.
      flowEvent({ src_port: 40007 }),
    )
    expect(pieces.map(({ flow, part, text }) => `${flow} ${part} ${text}`)).toEqual([
      '1 name 001.example',
      '2 name 003.example',
      '3 name 004.example',
      '4 name 002.example',
    ])
    expect(flows).toEqual([
      { content: 1, unread: known },
      { content: 2, unread: known },
      { content: 3, unread: known },
      { content: 0, unread: [0, 0] },
      { content: 0, unread: [0, 0] },
      { content: 4, unread: known },
    ])
  })

  test('a proxy was asked for hosts, and by whom is told', async () => {
    const asked = (http: object) => event('http', { http })
    const { pieces } = await inEve(
      asked({ http_method: 'GET', url: 'http://u:p@a.example/x?y' }),
      asked({ http_method: 'CONNECT', hostname: 'b.example', url: 'b.example:443' }),
      flowEvent(),
    )
    expect(pieces.map(shown)).toEqual([
      'A url: /x?y',
      'A header :authority: u:p',
      'A name: b.example',
      'A header host: b.example',
    ])
  })

  test.each([
    ['eve and pcap', 'names'],
    ['pcapng', 'all'],
    ['har and pcap', 'all'],
    ['pcap and pcapdroid', 'names'],
    ['csv and netflow', 'none'],
    ['unknown', 'none'],
  ])('%s has %s of what was said', (format, content) => expect(contentOfFormat(format)).toBe(content))
})

const material = '../shared/material/mitmproxy'

/** Requests and bodies alone: what else is logged depends on who does. Of bodies the HAR has text, decoded and in Unicode. */
const requestsOf = (pieces: readonly Piece[]) =>
  pieces
    .filter(({ part }) => part === 'url' || part === 'body')
    .map((piece) => `${piece.part} ${piece.method} ${piece.host} ${plain(piece).replace(/[^ -~]/g, '')}`)
    .sort()

const plain = ({ text, codings }: Piece) =>
  codings.includes('gzip') ? gunzipSync(Buffer.from(text, 'latin1')).toString('latin1') : text

describe.skipIf(!existsSync(material))('a dump and the HAR that mitmproxy made of it', () => {
  const pairs = (existsSync(material) ? readdirSync(material) : [])
    .filter((name) => name.endsWith('.mitm'))
    .filter((name) => existsSync(`${material}/${name.replace(/mitm$/, 'har')}`))
  test.each(pairs)('say the same: %s', async (name) => {
    const read = (path: string) => saidIn(new Uint8Array(readFileSync(`${material}/${path}`)))
    const [ofDump, ofHar] = [await read(name), await read(name.replace(/mitm$/, 'har'))]
    expect(requestsOf(ofHar.pieces)).toEqual(requestsOf(ofDump.pieces))
  })
})
