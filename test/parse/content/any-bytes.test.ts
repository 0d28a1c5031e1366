/** Whatever is said, what is kept of it is bounded and given back. */
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ContentReader } from '../../../functions/parse/content/content-reader.ts'
import { clientFrame } from '../../support/wire/web-socket.ts'
import { hex, join, text } from '../payload/conversation.ts'
import { clientHello } from '../payload/hello.ts'

const beginning = fc.constantFrom(
  clientHello({ name: 'a.example' }),
  text('POST /d?host=a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 500\r\n\r\n'),
  text('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: a\r\n\r\n20\r\n'),
  text('GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'),
  new Uint8Array(clientFrame({ opcode: 1, payload: text('hello'), isDeflated: true })),
  text('HTTP/1.1 200 OK\r\n\r\n'),
  text('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  hex('000004 01 04 00000001 82864184'),
  hex('000100 00 00 00000001'),
  hex('0040 abcd 0100 0001 0000 0000 0000'),
  hex('abcd 0100 0001 0000 0000 0000 03 696d65 00 0001 0001'),
  hex('c000000001 08 8394c8f03e515708 00 00 40ff'),
  hex('16fefd 0000 000000000000 00ff 01 0000ff 0000 000000 0000ff'),
  hex('170303 0005'),
  text('PROXY '),
  join(),
)
const piece = fc.record({
  fromA: fc.boolean(),
  at: fc.oneof(fc.nat(100), fc.nat(400_000)),
  cut: fc.nat(3),
  bytes: fc.tuple(beginning, fc.uint8Array({ maxLength: 200 })).map(([head, tail]) => join(head, tail)),
})

const KEPT = 33_554_432
const ends = (portB: number) => ({ portA: 40_000, portB, firstSequence: () => Number.NaN })

test('any bytes leave nothing behind, and what is said of them are bytes', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom(53, 80, 443, 853, 4789), (pieces, portB) => {
      const reader = new ContentReader(({ bytes, missing }) => {
        expect(bytes.length + missing).toBeGreaterThan(0)
      }, null)
      const [tcp, udp] = [reader.begin(ends(portB)), reader.begin(ends(portB))]
      for (const { fromA, at, bytes, cut } of pieces) {
        tcp.content.segment(fromA, (0xffffff80 + at) >>> 0, bytes, 0, bytes.length, cut)
        if (bytes.length > 0) udp.content.datagram(fromA, bytes, 0, bytes.length)
      }
      tcp.content.close()
      udp.content.close()
      expect(reader.budget.left).toBe(KEPT)
      for (const { unread } of [...tcp.content.speakers, ...udp.content.speakers])
        expect(unread).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 1500 },
  )
})

test('what is kept of many flows together is bounded', () => {
  const reader = new ContentReader(() => {}, null)
  const flows = Array.from({ length: 40 }, () => reader.begin(ends(80)))
  const head = text('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n')
  const body = new Uint8Array(Buffer.alloc(1 << 20, 'y'))
  for (const { content } of flows) {
    content.segment(true, 0, head, 0, head.length, 0)
    for (let i = 0; i < 3; i++) content.segment(true, head.length + i * body.length, body, 0, body.length, 0)
    expect(reader.budget.left).toBeGreaterThanOrEqual(0)
  }
  expect(reader.budget.left).toBeLessThan(1 << 20)
  for (const { content } of flows) content.close()
  expect(reader.budget.left).toBe(KEPT)
  const unread = flows.map(({ content }) => content.speakers[0].unread)
  expect(unread.filter((bytes) => bytes > 0).length).toBeGreaterThan(20)
})
