import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { HpackDecoder } from '../../../functions/parse/payload/hpack.ts'
import { Conversation, hex, join, text } from './conversation.ts'

/** What the HTTP/2 client of this Node sends for requests with these headers. */
async function genuineRequests(requests: readonly Record<string, string>[]): Promise<Uint8Array> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const session = connectHttp2(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)
  session.on('error', () => {})
  const [socket]: Socket[] = await once(server, 'connection')
  const received: Buffer[] = []
  socket?.on('data', (data) => received.push(data))
  socket?.write(hex('000000 04 00 00000000')) // SETTINGS
  for (const headers of requests) {
    const stream = session.request(headers)
    stream.on('error', () => {})
    stream.end()
  }
  await new Promise((resolve) => setTimeout(resolve, 100))
  session.destroy()
  socket?.destroy()
  server.close()
  return new Uint8Array(Buffer.concat(received))
}

it('finds the authority of every request of a real HTTP/2 client, however its bytes are cut', async () => {
  const bytes = await genuineRequests([
    { ':authority': 'Dns.Example:8080', 'x-filler': 'y'.repeat(3000) },
    { ':authority': 'dns.example:8080' },
    { ':authority': 'other.example' },
  ])
  for (const size of [1, 7, 1400]) {
    const talk = new Conversation({ portB: 80 })
    for (let at = 0; at < bytes.length; at += size) talk.send('a', bytes.subarray(at, at + size))
    expect(talk.close(), `segments of ${size}`).toEqual(['http-host:dns.example', 'http-host:other.example'])
  }
})

it('decodes every character that a real client codes', async () => {
  const printable = String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 0x21 + i))
  const bytes = Buffer.from(await genuineRequests([{ ':authority': 'a.example', 'x-all': printable }]))
  // Behind the preface and the client's SETTINGS frames stands the one HEADERS frame.
  let at = 24
  while (bytes[at + 3] !== 1) at += 9 + bytes.readUIntBE(at, 3)
  const padded = ((bytes[at + 4] ?? 0) & 8) !== 0 ? 1 : 0
  const priority = ((bytes[at + 4] ?? 0) & 32) !== 0 ? 5 : 0
  const block = bytes.subarray(at + 9 + padded + priority, at + 9 + bytes.readUIntBE(at, 3))
  expect(new HpackDecoder().decode(block)).toContainEqual(['x-all', printable])
})

it('decodes the examples of RFC 7541, with and without Huffman coding', () => {
  // Appendices C.3 and C.4: three requests on one connection.
  for (const blocks of [
    [
      '828684410f7777772e6578616d706c652e636f6d',
      '828684be58086e6f2d6361636865',
      '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
    ],
    [
      '828684418cf1e3c2e5f23a6ba0ab90f4ff',
      '828684be5886a8eb10649cbf',
      '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
    ],
  ]) {
    const decoder = new HpackDecoder()
    const decoded = blocks.map((block) => decoder.decode(hex(block)))
    expect(decoded[0]).toContainEqual([':authority', 'www.example.com'])
    expect(decoded[1]).toContainEqual(['cache-control', 'no-cache'])
    expect(decoded[2]).toContainEqual(['custom-key', 'custom-value'])
    expect(decoded[2]).toContainEqual([':authority', 'www.example.com'])
  }
})

it('gives a connection up whose headers are broken', () => {
  const talk = new Conversation({ portB: 80 })
  talk.send('a', join(text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), hex('000002 01 05 00000001 ffff')))
  talk.send('b', join(hex('000000 04 00 00000000')))
  expect(talk.flow.watch).toBe(false)
  expect(talk.close()).toEqual([])
})
