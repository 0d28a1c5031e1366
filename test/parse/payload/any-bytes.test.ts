import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Conversation, hex, join, text } from './conversation.ts'
import { clientHello } from './hello.ts'

/** Beginnings of what is recognised, so that the readers behind them are reached. */
const beginning = fc.constantFrom(
  clientHello({ name: 'a.example' }).subarray(0, 60),
  text('GET /d?host=a.example HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n'),
  text('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: a\r\n\r\n'),
  text('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'),
  text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  text('PROXY '),
  hex('c2fe0005 00000036 0002 0016 00000018 0800 1a0a'),
  hex('c000000001 08 8394c8f03e515708 00 00 40ff'),
  hex('c3 51303436 50 0102030405060708 00000001'),
  hex('16fefd 0000 000000000000 00ff 01 0000ff 0000 000000 0000ff'),
  hex('abcd 8180 0001 0001 0000 0000'),
  join(),
)
const piece = fc.record({
  from: fc.constantFrom('a' as const, 'b' as const),
  at: fc.oneof(fc.nat(100), fc.nat(200_000)),
  bytes: fc.tuple(beginning, fc.uint8Array({ maxLength: 200 })).map(([head, tail]) => join(head, tail)),
})

it('any bytes end in names that harm no output, and leave nothing behind', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom(53, 80, 443, 1900), (pieces, portB) => {
      const tcp = new Conversation({ portB })
      const udp = new Conversation({ protocol: 17, portB })
      for (const { from, at, bytes } of pieces) {
        tcp.segment(from, at, bytes)
        udp.datagram(from, bytes)
      }
      tcp.close()
      udp.close()
      for (const { name } of [...(tcp.flow.names ?? []), ...(udp.flow.names ?? [])]) {
        expect(name).toMatch(/^[!-~\u00a1-\u00ff]{1,255}$/)
      }
      expect(tcp.reader.kept).toBe(0)
      expect(udp.reader.kept).toBe(0)
    }),
    { numRuns: 1000 },
  )
})

it('what is kept of many flows together is bounded', () => {
  const talk = new Conversation()
  const flows = Array.from({ length: 3000 }, () => new Conversation().flow)
  const bytes = join(22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xff, new Uint8Array(12_000))
  for (const flow of flows) talk.reader.tcp(flow, true, 5, bytes, 0, bytes.length, 0)
  expect(talk.reader.kept).toBeLessThanOrEqual(32 * 2 ** 20)
  for (const flow of flows) talk.reader.close(flow)
  expect(talk.reader.kept).toBe(0)
})

it.each<[string, (i: number) => number, Uint8Array]>([
  ['single bytes in order', (i) => i, text('a')],
  ['single bytes in reverse', (i) => 100_000 - i, text('a')],
  ['beginnings of requests with gaps', (i) => (i * 7919) % 60_000, text('GET aaaaaaaaaaaa')],
  ['beginnings of hellos with gaps', (i) => i * 8, hex('160301000101')],
])('segments made to take long do not: %s', (_, at, bytes) => {
  const talk = new Conversation({ portB: 80 })
  const before = process.cpuUsage().user
  for (let i = 0; i < 5000; i++) talk.segment('a', at(i), bytes)
  talk.close()
  // Microseconds of processor time a segment. It is a few; milliseconds where what waits is looked through every time.
  expect((process.cpuUsage().user - before) / 5000).toBeLessThan(300)
})
