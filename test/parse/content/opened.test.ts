/** What is said inside TLS of which the client logged the secrets. */
import { describe, expect, test } from 'vitest'
import { http2Requests, http2Server, recorded, requests, sent, tlsServer } from '../tls/bench.ts'
import { saidIn, shown } from './said.ts'

const key = (keyLog: string) => ({ keyLog: new TextEncoder().encode(keyLog) })
const post = 'POST /register?v=1 HTTP/1.1\r\nHost: in.example\r\nContent-Length: 8\r\n\r\nimei=001'
const POSTED = ['A url: /register?v=1', 'A header host: in.example', 'A header content-length: 8', 'A body: imei=001']

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (version) => {
  const options = { minVersion: version, maxVersion: version }

  test('a request in HTTP/1 with its body, and nothing else, is said; all of it was read', async () => {
    const { segments, keyLog } = await recorded(tlsServer(options), (port) => sent(port, Buffer.from(post)))
    const { pieces, flows, read } = await saidIn(segments.pcap(), key(keyLog))
    expect(pieces.map(shown)).toEqual(['A name: front.example', ...POSTED])
    expect(flows).toEqual([{ content: 1, unread: [0, expect.any(Number)] }])
    expect(flows[0]?.unread[1]).toBeGreaterThan(0)
    expect(read.opened).toBe(1)
  })

  test('without the secrets all behind the hello is unread', async () => {
    const { segments } = await recorded(tlsServer(options), (port) => requests(port, ['one.example'], options))
    const { pieces, flows } = await saidIn(segments.pcap())
    expect(pieces.map(shown)).toEqual(['A name: front.example'])
    expect(flows[0]?.unread[0]).toBeGreaterThan(60)
  })

  test('requests in HTTP/2', async () => {
    const { segments, keyLog } = await recorded(http2Server('', options), (port) =>
      http2Requests(port, ['one.example', 'two.example'], { 'x-id': '001', cookie: 'a=b' }, options),
    )
    const { pieces, flows } = await saidIn(segments.pcap(), key(keyLog))
    const ids = pieces.filter(({ field }) => field === 'x-id')
    expect(ids.map(({ host, text }) => [host, text])).toEqual([
      ['one.example', '001'],
      ['two.example', '001'],
    ])
    expect(flows[0]?.unread[0]).toBe(0)
  })

  test('secrets that the capture holds itself open it, wherever they stand', async () => {
    const { segments, keyLog } = await recorded(tlsServer(options), (port) => sent(port, Buffer.from(post)))
    for (const at of [0, segments.frames().length]) {
      const { pieces, flows } = await saidIn(segments.pcapng({ [at]: keyLog }))
      expect(pieces.map(shown)).toEqual(['A name: front.example', ...POSTED])
      expect(flows[0]?.unread[0]).toBe(0)
    }
  })
})
