/** Laws that hold for every capture, however damaged. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  accounted,
  enhancedPacket,
  ethernet,
  hex,
  interfaceDescription,
  ipv4,
  ipv6,
  join,
  option,
  pcap,
  sectionHeader,
  see,
  tcp,
  udp,
} from './capture-builder.ts'
import { clientHello } from './payload/hello.ts'

const syn = ethernet(0x0800, ipv4(tcp(1000, 443, 2, 100)))
const synAck = ethernet(0x0800, ipv4(tcp(443, 1000, 18, 900, 101), { from: '192.0.2.1', to: '10.0.0.1' }))
const request = ethernet(
  0x0800,
  ipv4(tcp(1000, 443, 24, 101, 901, Buffer.from('GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n'))),
)
const answer = ethernet(
  0x86dd,
  ipv6(
    udp(53, 1000, hex('0001 8180 0001 0001 0000 0000 01610162 00 0001 0001 c00c 0001 0001 0000003c 0004 c0000201')),
    17,
  ),
)
const frames = [syn, synAck, request, answer, ethernet(0x0806, new Uint8Array(28)), ethernet(0x8100, hex('0001 86dd'))]
const ng = join(
  sectionHeader(),
  interfaceDescription(1, option(9, Uint8Array.of(9))),
  interfaceDescription(127),
  ...frames.map((frame, i) => enhancedPacket(frame, BigInt(i) * 1_000_000n, i === 4 ? 1 : 0)),
)
const valid = [
  pcap(frames.map((bytes, i) => ({ bytes, time: i * 1000 }))),
  pcap(
    frames.map((bytes, i) => ({ bytes, time: i * 1000 })),
    { little: false, magic: 0xa1b23c4d },
  ),
  ng,
  gzipSync(ng),
]

/** Tunnels in one another, each with a conversation, and all of it in fragments. */
const tunnels = ((): readonly Uint8Array[] => {
  const hello = clientHello({ name: 'inner.example' })
  const inner = ipv4(tcp(1000, 443, 24, 1, 1, hello), { from: '172.16.0.1' })
  const frame = ethernet(0x0800, inner)
  const payloads: (readonly [number, Uint8Array])[] = [
    [4, inner],
    [47, join(hex('b000 0800 00000000 00000001 00000002'), inner)],
    [47, join(hex('3081 880b 0090 0001 00000001 00000002 ff03 0021'), inner)],
    [47, join(hex('1000 88be 00000001 1001000000000000'), frame)],
    [17, udp(4000, 4789, join(hex('0800000000000700'), frame))],
    [17, udp(4000, 6081, join(hex('0200655800000700 0102000100000000'), frame))],
    [17, udp(4000, 2152, join(hex('34ff009000000001 00000085 01100500'), inner))],
    [17, udp(4000, 3544, join(hex('0000 1234 c0000201'), ipv6(hello, 6)))],
  ]
  return payloads.flatMap(([protocol, payload]) => {
    const nested = ipv4(ipv4(payload, { protocol }), { protocol: 4 })
    const half = 8 * Math.floor(payload.length / 16)
    const fragments = [
      ipv4(payload.subarray(0, half), { protocol, fragment: 0x2000 }),
      ipv4(payload.subarray(half), { protocol, fragment: half / 8 }),
    ]
    return [
      pcap(
        [nested, ...fragments].map((bytes, i) => ({ bytes, time: i })),
        { linkType: 101 },
      ),
    ]
  })
})()

const anyCapture = fc.constantFrom(...valid)
const anyCuts = fc.array(fc.nat({ max: 800 }), { maxLength: 12 })
const anyDamage = fc.array(fc.tuple(fc.nat({ max: 800 }), fc.integer({ min: 0, max: 255 })), { maxLength: 8 })

function damage(capture: Uint8Array, changes: readonly (readonly [number, number])[], length: number): Uint8Array {
  const damaged = capture.slice(0, length)
  for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte
  return damaged
}

test('the samples themselves are read whole', async () => {
  for (const capture of valid) expect((await see(capture)).read).toMatchObject({ records: 6, error: null })
})

test('any damage gives a result that accounts for every record', async () => {
  await fc.assert(
    fc.asyncProperty(anyCapture, anyDamage, fc.nat({ max: 800 }), async (capture, changes, length) => {
      const { read, flows } = await see(damage(capture, changes, length))
      expect(read.records).toBe(accounted(read))
      const timed = flows.filter(({ start }) => !Number.isNaN(start))
      expect(timed.reduce((sum, { packets: [a, b] }) => sum + a + b, 0)).toBe(read.used)
    }),
    { numRuns: 1500 },
  )
})

test('any damage to tunnels and fragments, too', async () => {
  const anyHeaderDamage = fc.array(fc.tuple(fc.integer({ min: 24, max: 700 }), fc.nat({ max: 255 })), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...tunnels), anyHeaderDamage, async (capture, changes) => {
      const { read } = await see(damage(capture, changes, capture.length))
      expect(read.records).toBe(accounted(read))
    }),
    { numRuns: 2000 },
  )
})

test('any bytes in any tunnel give a flow', async () => {
  const protocol = fc.constantFrom(4, 41, 47, 97, 137, 143)
  const port = fc.constantFrom(2152, 3544, 4789, 4790, 6081, 8472)
  const load = fc.oneof(
    fc.tuple(protocol, fc.uint8Array({ maxLength: 120 })),
    fc.tuple(port, fc.uint8Array({ maxLength: 120 })).map(([to, bytes]) => [17, udp(4000, to, bytes)] as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(load, { maxLength: 10 }), async (loads) => {
      const packets = loads.map(([number, bytes]) => ({ bytes: ipv4(bytes, { protocol: number }) }))
      const { read } = await see(pcap(packets, { linkType: 101 }))
      expect(read).toMatchObject({ records: packets.length, used: packets.length, error: null })
    }),
    { numRuns: 1000 },
  )
})

test('any bytes behind any magic number give a result', async () => {
  const magic = fc.constantFrom('a1b2c3d4', 'd4c3b2a1', '4d3cb2a1', '34cdb2a1', '0a0d0d0a', '1f8b08', '28b52ffd', '')
  await fc.assert(
    fc.asyncProperty(magic, fc.uint8Array({ maxLength: 500 }), async (head, rest) => {
      const { read } = await see(join(hex(head), rest))
      expect(read.records).toBe(accounted(read))
      expect(read.size).toBe(head.length / 2 + rest.length)
    }),
    { numRuns: 1500 },
  )
})

test('any packet of any link type is in a flow or left out', async () => {
  const linkType = fc.constantFrom(0, 1, 9, 12, 50, 101, 104, 108, 113, 228, 229, 276)
  const packet = fc.record({ bytes: fc.uint8Array({ maxLength: 120 }), original: fc.nat({ max: 2000 }) })
  await fc.assert(
    fc.asyncProperty(linkType, fc.array(packet, { maxLength: 10 }), async (type, packets) => {
      const { read } = await see(pcap(packets, { linkType: type }))
      expect(read).toMatchObject({ records: packets.length, error: null })
      expect(read.records).toBe(accounted(read))
    }),
    { numRuns: 800 },
  )
})

test('the result does not depend on where the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(anyCapture, anyDamage, anyCuts, async (capture, changes, cuts) => {
      // Damage inside a gzip stream costs what zlib held of the piece that it was given.
      const bytes = capture[0] === 0x1f ? capture : damage(capture, changes, capture.length)
      expect(await see(bytes, cuts)).toEqual(await see(bytes))
    }),
    { numRuns: 600 },
  )
})

test('one byte at a time gives the same', async () => {
  for (const capture of valid) expect(await see(capture, [...capture.keys()])).toEqual(await see(capture))
})
