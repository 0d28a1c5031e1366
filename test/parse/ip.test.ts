import { expect, test } from 'vitest'
import { hex, ipv4, ipv6, join, pcap, see, tcp, udp } from './capture-builder.ts'

const seeRaw = (bytes: Uint8Array, original = bytes.length) => see(pcap([{ bytes, original }], { linkType: 101 }))

const V4 = '10.0.0.1|1000 192.0.2.1|53'
const V6 = '2001:db8::1|1000 2001:db8::2|53'
const noPortsV4 = '10.0.0.1 192.0.2.1'
const noPortsV6 = '2001:db8::1 2001:db8::2'
const datagram = udp(1000, 53)

const cases: [string, Uint8Array, string, number, number][] = [
  ['IPv4 options', ipv4(datagram, { protocol: 17, options: new Uint8Array(40) }), V4, 17, 72],
  [
    'IPv4 with an authentication header',
    ipv4(join(hex('11040000 00000000 00000000 00000000 00000000 00000000'), datagram), { protocol: 51 }),
    V4,
    17,
    56,
  ],
  ['a first fragment', ipv4(datagram, { protocol: 17, fragment: 0x2000 }), V4, 17, 32],
  [
    'a later fragment, whose first bytes are no ports',
    ipv4(datagram, { protocol: 17, fragment: 0x2001 }),
    noPortsV4,
    17,
    32,
  ],
  ['ICMP', ipv4(hex('0800000000010001'), { protocol: 1 }), noPortsV4, 1, 28],
  ['SCTP', ipv4(hex('03e8 0035 00000000 00000000'), { protocol: 132 }), V4, 132, 32],
  ['DCCP', ipv4(hex('03e8 0035 00000000 00000000'), { protocol: 33 }), V4, 33, 32],
  ['a protocol without ports', ipv4(new Uint8Array(8), { protocol: 253 }), noPortsV4, 253, 28],
  ['Ethernet padding, which is not counted', join(ipv4(datagram, { protocol: 17 }), new Uint8Array(14)), V4, 17, 32],
  ['IPv6 hop-by-hop options', ipv6(join(hex('1100 010400000000'), datagram), 0), V6, 17, 60],
  [
    'IPv6 routing and destination options',
    ipv6(join(hex('3c00 000000000000 1100 010400000000'), datagram), 43),
    V6,
    17,
    68,
  ],
  ['an IPv6 first fragment', ipv6(join(hex('1100 0001 00000007'), datagram), 44), V6, 17, 60],
  ['an IPv6 later fragment', ipv6(join(hex('1100 0009 00000007'), datagram), 44), noPortsV6, 17, 60],
  ['an IPv6 atomic fragment', ipv6(join(hex('1100 0000 00000007'), datagram), 44), V6, 17, 60],
  ['ICMPv6', ipv6(hex('8000000000010001'), 58), noPortsV6, 58, 48],
  ['an extension header that is cut', ipv6(hex('1100'), 0), noPortsV6, 0, 42],
  ['IPv6 in IPv4: the outermost header counts', ipv4(ipv6(datagram, 17), { protocol: 41 }), noPortsV4, 41, 72],
]

test.each(cases)('reads %s', async (_, bytes, ends, protocol, ipBytes) => {
  const { flows, read } = await seeRaw(bytes)
  expect(flows).toMatchObject([{ ends, protocol, packets: [1, 0], bytes: [ipBytes, 0] }])
  expect(read).toMatchObject({ records: 1, used: 1 })
})

test('a snap length takes payload, not bytes from the account', async () => {
  const whole = ipv4(tcp(1000, 443, 0x10, 1, 1, new Uint8Array(1400)))
  const { flows } = await seeRaw(whole.subarray(0, 60), whole.length)
  expect(flows).toMatchObject([{ ends: '10.0.0.1|1000 192.0.2.1|443', bytes: [1440, 0] }])
})

test('ports that were not captured are unknown', async () => {
  const whole = ipv4(tcp(1000, 443))
  expect((await seeRaw(whole.subarray(0, 23), whole.length)).flows).toMatchObject([{ ends: noPortsV4, bytes: [40, 0] }])
  expect((await seeRaw(whole.subarray(0, 24), whole.length)).flows).toMatchObject([
    { ends: '10.0.0.1|1000 192.0.2.1|443' },
  ])
})

test('length 0 is segmentation offload: what the link carried counts', async () => {
  const whole = ipv4(tcp(1000, 443, 0x10, 1, 1, new Uint8Array(60)), { length: 0 })
  expect((await seeRaw(whole.subarray(0, 64), 3000)).flows).toMatchObject([{ bytes: [3000, 0] }])
})

const sctp = (...chunks: Uint8Array[]) => join(hex('03e8 0035 00000000 00000000'), ...chunks)

test.each<[string, Uint8Array, number]>([
  ['an empty TCP segment', ipv4(tcp(1000, 443)), 0],
  ['a TCP segment', ipv4(tcp(1000, 443, 16, 1, 1, new Uint8Array(7))), 7],
  ['TCP behind IPv6 options', ipv6(join(hex('0600 010400000000'), tcp(1000, 443, 16, 1, 1, new Uint8Array(7))), 0), 7],
  ['Ethernet padding', join(ipv4(tcp(1000, 443)), new Uint8Array(6)), 0],
  ['a datagram', ipv4(datagram, { protocol: 17 }), 4],
  ['UDP-Lite', ipv4(udp(1000, 53), { protocol: 136 }), 4],
  ['ICMP', ipv4(hex('0800000000010001'), { protocol: 1 }), 8],
  ['a later fragment', ipv4(datagram, { protocol: 6, fragment: 0x2001 }), 12],
  ['a later fragment of IPv6', ipv6(join(hex('0600 0009 00000001'), new Uint8Array(11)), 44), 11],
  ['what opens an SCTP association', ipv4(sctp(hex('01000014'), new Uint8Array(16)), { protocol: 132 }), 0],
  [
    'SCTP data',
    ipv4(sctp(hex('00030013'), new Uint8Array(16), hex('40030018'), new Uint8Array(20)), { protocol: 132 }),
    7,
  ],
])('counts what transport carries, and no header: %s', async (_, bytes, payload) => {
  expect((await seeRaw(bytes)).flows).toMatchObject([{ payload: [payload, 0] }])
})

test('counts payload that was on the wire and is not in the capture, and says where that cannot be told', async () => {
  const segment = ipv4(tcp(1000, 443, 16, 1, 1, new Uint8Array(100)))
  expect((await seeRaw(segment.slice(0, 45), segment.length)).flows).toMatchObject([{ payload: [100, 0] }])
  expect((await seeRaw(segment.slice(0, 30), segment.length)).flows).toMatchObject([{ payload: [Number.NaN, 0] }])
})
