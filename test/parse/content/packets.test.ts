/** What is said in packets: made here, cut at every byte, with pieces that come late, twice or never. */
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { createServer, type Socket } from 'node:net'
import { constants, deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { dnsMessage } from '../../support/wire/dns.ts'
import { clientFrame, Opcode } from '../../support/wire/web-socket.ts'
import { ethernet, ipv4, join, pcap, tcp, udp } from '../capture-builder.ts'
import { clientHello } from '../payload/hello.ts'
import { CapturedSegments } from '../tls/captured-segments.ts'
import { saidIn, shown } from './said.ts'

const text = (value: string) => new Uint8Array(Buffer.from(value, 'latin1'))

/** Packets of a connection in which one says something after the other. */
function connection(
  says: readonly (readonly ['a' | 'b', Uint8Array | string])[],
  most = 1400,
  port = 80,
): Uint8Array[] {
  const segments = new CapturedSegments()
  const number = segments.begin()
  for (const [from, bytes] of says) segments.add(number, from, typeof bytes === 'string' ? text(bytes) : bytes)
  return segments.frames(port, most)
}

const captureOf = (packets: readonly Uint8Array[]) => pcap(packets.map((bytes) => ({ bytes })))

/** What is said, whatever the size of segments and chunks; both ends together, each in its order. */
async function saidAnyhow(says: Parameters<typeof connection>[0], port = 80) {
  const whole = await saidIn(captureOf(connection(says, 1400, port)))
  for (const most of [1, 2, 3, 7, 64, 500]) {
    const again = await saidIn(captureOf(connection(says, most, port)))
    expect(again.pieces.map(shown), `segments of ${most}`).toEqual(whole.pieces.map(shown))
    expect(again.flows, `segments of ${most}`).toEqual(whole.flows)
  }
  const capture = captureOf(connection(says, 200, port))
  const everywhere = await saidIn(capture, { cuts: [...capture.keys()] })
  expect(everywhere.pieces.map(shown)).toEqual(whole.pieces.map(shown))
  return whole
}

const post = (body: string, more = '') =>
  `POST /register?v=1 HTTP/1.1\r\nHost: api.example\r\nContent-Type: text/plain\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`

const POSTED = [
  'A url: /register?v=1',
  'A header host: api.example',
  'A header content-type: text/plain',
  'A header content-length: 4',
  'A body: body',
]

describe('HTTP/1', () => {
  test('a request is handed on as its URL, every field, every cookie, and its body', async () => {
    const request = post('imei=001', 'Cookie: a=1; Session = "x y" ;flag\r\nX-Id: \xe4\r\nX-Id: 2\r\n')
    const { pieces, flows } = await saidAnyhow([
      ['a', request],
      ['b', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ])
    expect(pieces.map(shown)).toEqual([
      'A url: /register?v=1',
      'A header host: api.example',
      'A header content-type: text/plain',
      'A cookie a: 1',
      'A cookie session: "x y"',
      'A cookie : flag',
      'A header x-id: \xe4',
      'A header x-id: 2',
      'A header content-length: 8',
      'A body: imei=001',
    ])
    expect(pieces.at(-1)).toMatchObject({
      method: 'POST',
      host: 'api.example',
      path: '/register',
      mediaType: 'text/plain',
    })
    expect(flows).toEqual([{ content: 1, unread: [0, 38] }])
  })

  test('requests that wait for no answer, one behind the other, are all read', async () => {
    const { pieces, flows } = await saidAnyhow([
      ['a', post('body') + post('body')],
      ['b', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
      ['a', post('body', '')],
    ])
    expect(pieces.map(shown)).toEqual([...POSTED, ...POSTED, ...POSTED])
    expect(flows[0]?.unread[0]).toBe(0)
  })

  test('a body is read that waited for 100 Continue, one in chunks with its codings, and one that ends with the connection', async () => {
    const zipped = gzipSync('secret')
    const chunks = [zipped.subarray(0, 9), zipped.subarray(9)].flatMap((chunk) => [
      text(`${chunk.length.toString(16)};x=y\r\n`),
      chunk,
      text('\r\n'),
    ])
    const { pieces } = await saidAnyhow([
      ['a', 'PUT /a HTTP/1.1\r\nHost: h.example\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n'],
      ['b', 'HTTP/1.1 100 Continue\r\n\r\n'],
      ['a', 'abc'],
      ['a', 'PUT /b HTTP/1.1\r\nHost: h.example\r\nContent-Encoding: GZIP\r\nTransfer-Encoding: chunked\r\n\r\n'],
      ['a', join(...chunks, text('0\r\nx-trailer: 1\r\n\r\n'))],
      ['a', 'POST /c HTTP/1.0\r\nHost: h.example\r\n\r\nuntil the end'],
    ])
    const bodies = pieces.filter(({ part }) => part === 'body')
    expect(bodies.map(({ path, text, codings }) => [path, text, codings])).toEqual([
      ['/a', 'abc', []],
      ['/b', zipped.toString('latin1'), ['gzip']],
      ['/c', 'until the end', []],
    ])
  })

  test('the target of a proxy is a URL, and behind CONNECT what is inside is read', async () => {
    const { pieces } = await saidAnyhow([
      ['a', 'GET http://user:word@h.example/x?y HTTP/1.1\r\n\r\n'],
      ['a', 'CONNECT in.example:80 HTTP/1.1\r\nHost: in.example:80\r\n\r\n'],
      ['b', 'HTTP/1.1 200 OK\r\n\r\n'],
      ['a', 'GET /inner HTTP/1.1\r\nHost: in.example\r\n\r\n'],
    ])
    expect(pieces.map(shown)).toEqual([
      'A url: /x?y',
      'A header :authority: user:word',
      'A name: in.example',
      'A header host: in.example:80',
      'A url: /inner',
      'A header host: in.example',
    ])
    expect(pieces[0]).toMatchObject({ host: 'h.example', path: '/x' })
  })

  test('segments that come late or twice change nothing', async () => {
    const says = [['a', post('x'.repeat(900)) + post('body')]] as const
    const { pieces } = await saidIn(captureOf(connection(says, 100)))
    const [syn, synAck, ack, ...segments] = connection(says, 100)
    const order = segments.map((_, i) => i).sort((a, b) => ((a * 7) % 11) - ((b * 7) % 11))
    const shuffled = [syn, synAck, ack, ...order.flatMap((i) => [segments[i], segments[i]])] as Uint8Array[]
    const again = await saidIn(captureOf(shuffled))
    expect(again.pieces.map(shown)).toEqual(pieces.map(shown))
    expect(again.flows[0]?.unread).toEqual([0, 0])
  })

  test('of a body with a gap the part before it is handed on, and what is missing counts as unread', async () => {
    const packets = connection([['a', `${post('0123456789'.repeat(50))}${post('body')}`]], 100)
    const { pieces, flows } = await saidIn(captureOf(packets.filter((_, i) => i !== 5)))
    const head = post('0123456789'.repeat(50)).indexOf('\r\n\r\n') + 4
    const body = pieces.find(({ part }) => part === 'body')
    expect(body?.text).toBe('0123456789'.repeat(50).slice(0, 200 - head))
    expect(body?.missing).toBe(500 - (200 - head))
    expect(pieces.slice(-5).map(shown)).toEqual(POSTED)
    // What follows the gap was captured and is not handed on, either.
    expect(flows[0]?.unread[0]).toBe(500 - (200 - head))
  })

  test('what the capture cut off at the end, or lost at the beginning, counts as unread', async () => {
    const packets = connection([['a', post('body')]], 50)
    const { flows } = await saidIn(captureOf(packets.filter((_, i) => i !== 3)))
    expect(flows[0]?.unread[0]).toBe(50)
    const last = packets.at(-1) as Uint8Array
    const cut = pcap([
      ...packets.slice(0, -1).map((bytes) => ({ bytes })),
      { bytes: last.slice(0, -3), original: last.length },
    ])
    expect((await saidIn(cut)).flows[0]?.unread[0]).toBe(3)
  })

  test('a body beyond what is kept is handed on as far as that', async () => {
    const size = (4 << 20) + 1000
    const { pieces, flows } = await saidIn(captureOf(connection([['a', post('y'.repeat(size))]])))
    expect(pieces.at(-1)).toMatchObject({ part: 'body', missing: 1000 })
    expect(pieces.at(-1)?.text.length).toBe(4 << 20)
    expect(flows[0]?.unread[0]).toBe(1000)
  })
})

/** What the HTTP/2 client of this Node sends for requests that are under way at the same time. */
async function http2Client(requests: readonly (readonly [headers: Record<string, string>, body: string])[]) {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const session = connectHttp2(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)
  session.on('error', () => {})
  const [socket]: Socket[] = await once(server, 'connection')
  const received: Buffer[] = []
  socket?.on('data', (data) => received.push(data))
  socket?.write(Buffer.from('000000040000000000', 'hex')) // SETTINGS
  const streams = requests.map(([headers]) => session.request(headers))
  for (const [i, stream] of streams.entries()) {
    stream.on('error', () => {})
    stream.write(requests[i]?.[1].slice(0, 5))
  }
  for (const [i, stream] of streams.entries()) stream.end(requests[i]?.[1].slice(5))
  const hasAll = () => requests.every(([, body]) => Buffer.concat(received).includes(body.slice(5)))
  for (let tries = 0; tries < 500 && !hasAll(); tries++) await new Promise((resolve) => setTimeout(resolve, 10))
  session.destroy()
  socket?.destroy()
  server.close()
  return new Uint8Array(Buffer.concat(received))
}

test('HTTP/2: requests that are under way at the same time keep their bodies apart', async () => {
  const bytes = await http2Client([
    [{ ':method': 'POST', ':authority': 'a.example', ':path': '/1?q', cookie: 'k=v; l=w', 'x-id': '7' }, 'first body'],
    [
      { ':method': 'PUT', ':authority': 'b.example', ':path': '/2', 'content-encoding': 'br', 'content-type': 'x/y' },
      'second one',
    ],
  ])
  const { pieces, flows } = await saidAnyhow([['a', bytes]])
  expect(pieces.map(shown)).toEqual([
    'A url: /1?q',
    'A cookie k: v',
    'A cookie l: w',
    'A header x-id: 7',
    'A url: /2',
    'A header content-encoding: br',
    'A header content-type: x/y',
    'A body: first body',
    'A body: second one',
  ])
  expect(pieces.at(-1)).toMatchObject({
    method: 'PUT',
    host: 'b.example',
    path: '/2',
    mediaType: 'x/y',
    codings: ['br'],
  })
  expect(flows[0]?.unread[0]).toBe(0)
})

test('WebSocket: messages are handed on unmasked, joined and inflated', async () => {
  const deflated = (message: string, before = '') =>
    deflateRawSync(message, {
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(before === '' ? {} : { dictionary: Buffer.from(before) }),
    }).subarray(0, -4)
  const { pieces, flows } = await saidAnyhow([
    ['a', 'GET /chat HTTP/1.1\r\nHost: w.example\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n'],
    ['b', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['a', clientFrame({ opcode: Opcode.text, payload: text('hel'), isLast: false })],
    ['a', clientFrame({ opcode: Opcode.ping, payload: text('p') })],
    ['a', clientFrame({ opcode: Opcode.continuation, payload: text('lo') })],
    ['a', clientFrame({ opcode: Opcode.binary, payload: text('b'.repeat(300)) })],
    ['a', clientFrame({ opcode: Opcode.text, payload: deflated('a planted value'), isDeflated: true })],
    [
      'a',
      clientFrame({ opcode: Opcode.text, payload: deflated('a planted value', 'a planted value'), isDeflated: true }),
    ],
  ])
  expect(pieces.filter(({ part }) => part === 'body').map(({ text }) => text)).toEqual([
    'p',
    'hello',
    'b'.repeat(300),
    'a planted value',
    'a planted value',
  ])
  expect(pieces.at(-1)).toMatchObject({ method: 'GET', host: 'w.example', path: '/chat' })
  expect(flows[0]?.unread[0]).toBe(0)
})

describe('TLS that is not opened', () => {
  const hello = clientHello({ name: 'Sealed.Example' })

  test('only the name is handed on, and all behind the hello is unread', async () => {
    const sealed = join(text('\x17\x03\x03\x00\x05'), text('12345'))
    const { pieces, flows } = await saidAnyhow(
      [
        ['a', hello],
        ['b', sealed],
        ['a', sealed],
      ],
      443,
    )
    expect(pieces.map(shown)).toEqual(['A name: Sealed.Example'])
    expect(flows).toEqual([{ content: 1, unread: [10, 10] }])
  })

  test('what was said before STARTTLS is a stream of both ends', async () => {
    const { pieces, flows } = await saidIn(
      captureOf(
        connection([
          ['b', '220 mail.example\r\n'],
          ['a', 'EHLO phone\r\n'],
          ['b', '250 STARTTLS\r\n'],
          ['a', 'STARTTLS\r\n'],
          ['b', '220 go ahead\r\n'],
          ['a', hello],
          ['b', join(text('\x16\x03\x03\x00\x05\x02'), text('12345'))],
        ]),
      ),
    )
    expect(pieces.map(shown)).toEqual([
      'B stream: 220 mail.example\r\n',
      'A stream: EHLO phone\r\n',
      'B stream: 250 STARTTLS\r\n',
      'A stream: STARTTLS\r\n',
      'B stream: 220 go ahead\r\n',
      'A name: Sealed.Example',
    ])
    expect(flows[0]?.unread).toEqual([0, 11])
  })

  test('records of a connection that began before the capture are no stream', async () => {
    const { pieces, flows } = await saidAnyhow([['a', join(text('\x17\x03\x03\x00\x05'), text('12345'))]], 443)
    expect(pieces).toEqual([])
    expect(flows).toEqual([{ content: 0, unread: [10, 0] }])
  })
})

describe('datagrams', () => {
  const packet = (from: number, to: number, payload: Uint8Array) =>
    ethernet(0x800, ipv4(udp(from, to, payload), { protocol: 17 }))

  test('a question of DNS gives its name as it was sent', async () => {
    const query = dnsMessage({ id: 7, question: { name: 'Imei-001.Example', type: 1 }, answers: null })
    const { pieces, flows } = await saidIn(captureOf([packet(5000, 53, new Uint8Array(query))]))
    expect(pieces.map(shown)).toEqual(['A name: Imei-001.Example'])
    expect(flows[0]?.unread).toEqual([0, 0])
  })

  test('a connection asks for the same', async () => {
    const query = dnsMessage({ id: 7, question: { name: 'imei-001.example', type: 1 }, answers: null })
    const sized = join(new Uint8Array([query.length >> 8, query.length]), new Uint8Array(query))
    const { pieces } = await saidAnyhow([['a', join(sized, sized)]], 53)
    expect(pieces.map(shown)).toEqual(['A name: imei-001.example', 'A name: imei-001.example'])
  })

  test('payloads of no known protocol are handed on as they were sent', async () => {
    const { pieces, flows } = await saidIn(
      captureOf([packet(5000, 9999, text('one')), packet(5000, 9999, text('two'))]),
    )
    expect(pieces.map(shown)).toEqual(['A stream: one', 'A stream: two'])
    expect(flows).toEqual([{ content: 1, unread: [0, 0] }])
  })

  test('what is inside a tunnel is said by the end that sent the packet around it', async () => {
    const inner = connection([
      ['a', post('body')],
      ['b', 'HTTP/1.1 200 OK\r\n\r\n'],
    ]).map((frame) => frame.subarray(14))
    const gre = inner.map((bytes) => {
      const ends = bytes[15] === 1 ? { from: '10.9.0.1', to: '10.9.0.2' } : { from: '10.9.0.2', to: '10.9.0.1' }
      return ethernet(0x800, ipv4(join(text('\0\0\x08\0'), bytes), { protocol: 47, ...ends }))
    })
    const { pieces } = await saidIn(captureOf(gre))
    expect(pieces.map((piece) => shown(piece).slice(2))).toEqual(POSTED.map((line) => line.slice(2)))
    expect(new Set(pieces.map(({ flow }) => flow))).toEqual(new Set([1]))
  })
})

test('bytes of no known protocol are a stream of whoever said them', async () => {
  const { pieces } = await saidIn(
    captureOf(
      connection(
        [
          ['a', '\x01\x02planted'],
          ['b', '\x03\x04'],
        ],
        1400,
        7777,
      ),
    ),
  )
  expect(pieces.map(shown)).toEqual(['A stream: \x01\x02planted', 'B stream: \x03\x04'])
})

test('a request that begins behind something else in a stream is one all the same', async () => {
  const packet = (sequence: number, payload: string) =>
    ethernet(0x800, ipv4(tcp(4000, 80, 0x18, sequence, 0, text(payload))))
  const { pieces } = await saidIn(captureOf([packet(10, '\x01\x02\x03'), packet(13, post('body'))]))
  expect(pieces.map(shown)).toEqual(['A stream: \x01\x02\x03', ...POSTED])
})
