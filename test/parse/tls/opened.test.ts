/** TLS between a client and a server on this machine, of which the client logs its secrets. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { pcap } from '../capture-builder.ts'
import { HOST, http2Requests, http2Server, recorded, requests, SERVER_NAME, sent, tlsServer } from './bench.ts'
import { namesIn } from './reading.ts'

const front = `tls-sni:${SERVER_NAME}`

describe('the hosts of requests in HTTP/1 are names of the flow', () => {
  const tls13 = [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_CCM_SHA256',
    'TLS_AES_128_CCM_8_SHA256',
  ]
  const tls12 = [
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-CCM',
    'ECDHE-ECDSA-AES256-CCM',
    'ECDHE-ECDSA-AES128-CCM8',
    'ECDHE-ECDSA-AES256-CCM8',
  ]
  const suites = [
    ...tls13.map((suite) => ['TLSv1.3' as const, suite] as const),
    ...tls12.map((suite) => ['TLSv1.2' as const, suite] as const),
  ]
  test.each(suites)('%s with %s', async (version, suite) => {
    const ciphers = `${suite}:${version === 'TLSv1.3' ? 'DEFAULT' : ''}@SECLEVEL=0`
    const options = { minVersion: version, maxVersion: version, ciphers }
    const { segments, keyLog } = await recorded(tlsServer(options), (port) =>
      requests(port, ['one.example', 'two.example', 'one.example'], options),
    )
    const { names, read } = await namesIn(segments.pcap(), keyLog)
    expect(names).toEqual([front, 'http-host:one.example', 'http-host:two.example'])
    expect(read).toMatchObject({ error: null, leftOut: {}, gaps: [] })
  })
})

test('a cipher without authentication of its own is not opened', async () => {
  const options = { maxVersion: 'TLSv1.2' as const, ciphers: 'ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0' }
  const { segments, keyLog } = await recorded(tlsServer(options), (port) => requests(port, ['one.example'], options))
  expect((await namesIn(segments.pcap(), keyLog)).names).toEqual([front])
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)('HTTP/2 within %s: every authority is a name', async (version) => {
  const options = { minVersion: version, maxVersion: version }
  const body = 'a page that is longer than a record '.repeat(4000)
  const { segments, keyLog } = await recorded(http2Server(body, options), (port) =>
    http2Requests(port, ['one.example', 'two.example:8443', '192.0.2.80'], {}, options),
  )
  expect((await namesIn(segments.pcap(), keyLog)).names).toEqual([
    front,
    'http-host:one.example',
    'http-host:two.example',
    'http-host:192.0.2.80',
  ])
})

test('a host within a connection without a server name is the name of the flow', async () => {
  const options = { servername: '' }
  const { segments, keyLog } = await recorded(tlsServer(), (port) => requests(port, ['one.example'], options))
  expect(await namesIn(segments.pcap())).toMatchObject({ names: [], hidden: ['tls-without-sni'] })
  expect(await namesIn(segments.pcap(), keyLog)).toMatchObject({
    names: ['http-host:one.example'],
    hidden: [undefined],
  })
})

test('the server may ask for another ClientHello', async () => {
  const curve = { ecdhCurve: 'P-384' }
  const { segments, keyLog } = await recorded(tlsServer(curve), (port) =>
    requests(port, ['one.example'], { ecdhCurve: 'X25519:P-384' }),
  )
  const hellos = segments.list.filter(({ from, bytes }) => from === 'a' && bytes.includes(1) && bytes[0] === 22)
  const asked = segments.list.filter(({ bytes }) => Buffer.from(bytes).includes('cf21ad74e59a6111', 0, 'hex'))
  expect([hellos.length > 0, asked.length]).toEqual([true, 1])
  expect((await namesIn(segments.pcap(), keyLog)).names).toEqual([front, 'http-host:one.example'])
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)('a session of %s that is resumed', async (version) => {
  const options = { minVersion: version, maxVersion: version }
  let resumed = false
  const { segments, keyLog } = await recorded(tlsServer(options), async (port) => {
    let session: Buffer | undefined
    const first = await requests(port, ['one.example', 'two.example'], options, async (socket) => {
      session = socket.getSession()
    })
    const second = await requests(port, ['three.example', 'four.example'], { ...options, session }, async (socket) => {
      resumed = socket.isSessionReused()
    })
    return first + second
  })
  expect(resumed).toBe(true)
  expect((await namesIn(segments.pcap(), keyLog)).names.filter((name) => name !== front)).toEqual([
    'http-host:one.example',
    'http-host:two.example',
    'http-host:three.example',
    'http-host:four.example',
  ])
})

test('TLS 1.2 that is negotiated again within itself', async () => {
  const options = { maxVersion: 'TLSv1.2' as const }
  const { segments, keyLog } = await recorded(tlsServer(options), (port) =>
    requests(port, ['one.example', 'two.example'], options, async (socket) => {
      await new Promise<void>((resolve, reject) =>
        socket.renegotiate({ rejectUnauthorized: false }, (error) => (error ? reject(error) : resolve())),
      )
    }),
  )
  expect(
    new Set(
      keyLog
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[1]),
    ).size,
  ).toBe(2)
  expect((await namesIn(segments.pcap(), keyLog)).names).toEqual([
    front,
    'http-host:one.example',
    'http-host:two.example',
  ])
})

describe('answers of resolvers within TLS', () => {
  /** one.example is at 192.0.2.7, for a minute. */
  const answer = Buffer.from(
    '0000818000010001 00000000 036f6e65076578616d706c6500 00010001 c00c00010001 0000003c 0004c0000207'.replace(
      / /g,
      '',
    ),
    'hex',
  )

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('DNS over HTTPS in %s', async (version) => {
    const options = { minVersion: version, maxVersion: version }
    const { segments, keyLog } = await recorded(http2Server(answer, options), (port) =>
      http2Requests(port, ['dns.example', 'dns.example'], { accept: 'application/dns-message' }, options),
    )
    const { names, answers } = await namesIn(segments.pcap(), keyLog)
    expect(names).toEqual([front, 'http-host:dns.example'])
    expect(answers).toEqual(['dns:one.example 192.0.2.7', 'dns:one.example 192.0.2.7'])
  })

  test('DNS over TLS', async () => {
    const message = Buffer.concat([Uint8Array.of(0, answer.length), answer])
    const question = Buffer.concat([
      Uint8Array.of(0, 29),
      Buffer.from('00000100000100000000000003', 'hex'),
      message.subarray(15, 31),
    ])
    const { segments, keyLog } = await recorded(tlsServer({}, message), (port) => sent(port, question))
    const { answers } = await namesIn(segments.pcap(853), keyLog)
    expect(answers).toEqual(['dns:one.example 192.0.2.7'])
  })
})

describe('where the secrets stand', () => {
  const bench = recorded(tlsServer(), (port) => requests(port, ['one.example', 'two.example']))
  const opened = [front, 'http-host:one.example', 'http-host:two.example']

  test('nothing of them: the name of the hello stays', async () => {
    const { segments } = await bench
    expect((await namesIn(segments.pcap())).names).toEqual([front])
    expect((await namesIn(segments.pcapng())).names).toEqual([front])
  })

  test('in a block of a pcapng before the packets, whatever its byte order and the chunks', async () => {
    const { segments, keyLog } = await bench
    for (const little of [true, false]) {
      const capture = segments.pcapng({ 0: keyLog }, little)
      for (const size of [capture.length, 1000, 17]) {
        const { names, read } = await namesIn(capture, undefined, size)
        expect(names).toEqual(opened)
        expect(read).toMatchObject({ records: segments.frames().length, leftOut: {}, error: null })
      }
    }
  })

  test('among the packets, wherever', async () => {
    const { segments, keyLog } = await bench
    const frames = segments.frames().length
    for (let index = 0; index <= frames; index++)
      expect((await namesIn(segments.pcapng({ [index]: keyLog }))).names).toEqual(opened)
  })

  test('each secret by itself, among the packets', async () => {
    const { segments, keyLog } = await bench
    const lines = keyLog.trim().split('\n')
    const secrets = Object.fromEntries(lines.map((line, i) => [3 + i, `${line}\r\n`]))
    expect((await namesIn(segments.pcapng(secrets))).names).toEqual(opened)
  })

  test('those of the handshake are missing', async () => {
    const { segments, keyLog } = await bench
    const traffic = keyLog.replace(/^.*HANDSHAKE.*\n/gm, '')
    expect(traffic).not.toBe(keyLog)
    expect((await namesIn(segments.pcap(), traffic)).names).toEqual(opened)
  })

  test('wrong ones open nothing, and nothing is lost by them', async () => {
    const { segments, keyLog } = await bench
    const wrong = keyLog.replace(/[0-9a-f]{4}\n/g, '0000\n')
    const { names, read } = await namesIn(segments.pcap(), wrong)
    expect(names).toEqual([front])
    expect(read).toMatchObject({ error: null, leftOut: {}, gaps: [] })
  })

  test('of another connection: what is waited for does not come', async () => {
    const { segments, keyLog } = await bench
    const other = keyLog.replace(/ [0-9a-f]{64} /g, ` ${'ab'.repeat(32)} `)
    expect((await namesIn(segments.pcapng({ 0: other }))).names).toEqual([front])
  })
})

test('a record that was changed ends the opening, and what was seen before it stays', async () => {
  const { segments, keyLog } = await recorded(tlsServer(), (port) =>
    requests(port, ['one.example', 'two.example', 'three.example']),
  )
  const last = segments.list.filter(({ from }) => from === 'a').slice(-2)[0]
  if (last) last.bytes[20] = (last.bytes[20] ?? 0) ^ 1
  const { names, read } = await namesIn(segments.pcap(), keyLog)
  expect(names).toEqual([front, 'http-host:one.example'])
  expect(read).toMatchObject({ error: null, leftOut: {}, gaps: [] })
})

test('behind CONNECT to a proxy in clear text', async () => {
  const target = tlsServer().listen(0, HOST)
  const proxy = createServer((client) => {
    client.once('data', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      const onward = connect((target.address() as AddressInfo).port, HOST)
      for (const socket of [client, onward]) socket.on('error', () => {})
      client.pipe(onward).pipe(client)
    })
  })
  const { segments, keyLog } = await recorded(proxy, async (port) => {
    const socket = connect(port, HOST)
    socket.write('CONNECT front.example:443 HTTP/1.1\r\nHost: front.example:443\r\n\r\n')
    await once(socket, 'data')
    return await requests(port, ['one.example'], { socket })
  })
  target.close()
  expect((await namesIn(segments.pcap(3128), keyLog)).names).toEqual([
    'http-connect:front.example',
    'http-host:front.example',
    front,
    'http-host:one.example',
  ])
})

test('a proxy within TLS: the host that is asked of it, and the name of the hello inside, are names', async () => {
  const { segments, keyLog } = await recorded(tlsServer(), async (port) => {
    const outer = connectTls({ host: HOST, port, servername: 'proxy.example', rejectUnauthorized: false })
    let log = ''
    outer.on('keylog', (line) => {
      log += line.toString('latin1')
    })
    await once(outer, 'secureConnect')
    outer.write('CONNECT far.example:443 HTTP/1.1\r\nHost: far.example:443\r\n\r\n')
    await once(outer, 'data')
    connectTls({ socket: outer, servername: 'far.example' }).on('error', () => {})
    await setTimeout(200)
    outer.destroy()
    return log
  })
  expect((await namesIn(segments.pcap(), keyLog)).names).toEqual([
    'tls-sni:proxy.example',
    'http-connect:far.example',
    'http-host:far.example',
    'tls-sni:far.example',
  ])
})

test('packets that were cut end the opening; that is no gap, as it is none without secrets', async () => {
  const { segments, keyLog } = await recorded(tlsServer(), (port) => requests(port, ['one.example', 'two.example']))
  const frames = segments.frames()
  const cut = frames.map((bytes, i) => {
    return i < frames.length / 2 ? { bytes } : { bytes: bytes.slice(0, 60), original: bytes.length }
  })
  for (const log of [undefined, keyLog]) {
    const { names, read } = await namesIn(pcap(cut), log)
    expect(names[0]).toBe(front)
    expect(read).toMatchObject({ error: null, leftOut: {}, gaps: [] })
  }
})

test('no secret and nothing that was opened but hosts stands in what is read', async () => {
  const { segments, keyLog } = await recorded(tlsServer(), (port) => requests(port, ['one.example']))
  const seen = JSON.stringify(await namesIn(segments.pcapng({ 0: keyLog })))
  for (const word of keyLog.match(/[0-9a-f]{32,}/g) ?? []) expect(seen).not.toContain(word)
})

test('a large upload over HTTP/1 does not hide the request behind it', async () => {
  const { segments, keyLog } = await recorded(tlsServer(), (port) =>
    requests(port, ['one.example', 'two.example'], {}, async (socket) => {
      const length = 300_000
      socket.write(`POST /up HTTP/1.1\r\nHost: up.example\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`)
      await once(socket, 'data')
      await setTimeout(100)
    }),
  )
  expect((await namesIn(segments.pcap(), keyLog)).names).toEqual([
    front,
    'http-host:one.example',
    'http-host:up.example',
    'http-host:two.example',
  ])
})
