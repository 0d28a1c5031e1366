import { expect, test } from 'vitest'
import { ethernet, hex, ipv4, ipv6, join, pcap, see, udp } from './capture-builder.ts'

const v4 = ipv4(udp(1000, 53), { protocol: 17 })
const v6 = ipv6(udp(1000, 53), 17)
const V4 = '10.0.0.1|1000 192.0.2.1|53'
const V6 = '2001:db8::1|1000 2001:db8::2|53'
const raw = (bytes: Uint8Array) => bytes
const behind = (header: string) => (bytes: Uint8Array) => join(hex(header), bytes)
const macs = '020000000002 020000000001'

/** Link type, what stands before the IP header, the packet, its flow. */
const reached: [string, number, (ip: Uint8Array) => Uint8Array, Uint8Array, string][] = [
  ['Ethernet', 1, (ip) => ethernet(0x0800, ip), v4, V4],
  ['Ethernet with IPv6', 1, (ip) => ethernet(0x86dd, ip), v6, V6],
  ['a VLAN', 1, behind(`${macs} 8100 0064 0800`), v4, V4],
  ['QinQ (802.1ad)', 1, behind(`${macs} 88a8 0064 8100 00c8 86dd`), v6, V6],
  ['three stacked tags', 1, behind(`${macs} 9100 0001 88a8 0064 8100 00c8 0800`), v4, V4],
  ['MPLS with one label', 1, behind(`${macs} 8847 00010140`), v4, V4],
  ['MPLS with two labels', 1, behind(`${macs} 8847 00010040 00020140`), v6, V6],
  ['Ethernet in MPLS with a control word', 1, behind(`${macs} 8847 00010140 00000000 ${macs} 0800`), v4, V4],
  ['a PPPoE session', 1, behind(`${macs} 8864 1100 0001 0022 0021`), v4, V4],
  ['a PPPoE session with IPv6', 1, behind(`${macs} 8864 1100 0001 0036 0057`), v6, V6],
  ['a compressed PPP protocol', 1, behind(`${macs} 8864 1100 0001 0021 21`), v4, V4],
  ['LLC with SNAP', 1, behind(`${macs} 0028 aaaa03 000000 0800`), v4, V4],
  ['LLC with the service access point of IP', 1, behind(`${macs} 0023 060603`), v4, V4],
  ['NSH', 1, behind(`${macs} 894f 00020201 00000000`), v4, V4],
  ['null, little endian', 0, behind('02000000'), v4, V4],
  ['null, big endian', 0, behind('00000002'), v4, V4],
  ['null with the IPv6 family of macOS', 0, behind('1e000000'), v6, V6],
  ['loop', 108, behind('00000018'), v6, V6],
  ['raw IP (12)', 12, raw, v4, V4],
  ['raw IP (14)', 14, raw, v6, V6],
  ['raw IP (101)', 101, raw, v6, V6],
  ['raw IPv4', 228, raw, v4, V4],
  ['raw IPv6', 229, raw, v6, V6],
  ['Linux cooked', 113, behind('0004 0001 0006 020000000001 0000 0800'), v4, V4],
  ['Linux cooked with a VLAN', 113, behind('0004 0001 0006 020000000001 0000 8100 0064 0800'), v4, V4],
  ['Linux cooked 2', 276, behind('86dd 0000 00000002 0001 00 06 020000000001 0000'), v6, V6],
  ['PPP', 9, behind('ff03 0021'), v4, V4],
  ['Cisco HDLC', 104, behind('0f00 0800'), v4, V4],
  ['PPP with a direction', 204, behind('01 ff03 0057'), v6, V6],
  ['PPP as pppd has it', 166, behind('0103 0021'), v4, V4],
  ['PPPoE without Ethernet', 51, behind('1100 0001 0022 0021'), v4, V4],
  ['frame relay', 107, behind('1841 03 cc'), v4, V4],
  ['frame relay with a longer address, padding and SNAP', 107, behind('18203041 0300 80 000000 86dd'), v6, V6],
  ["Cisco's frame relay", 107, behind('1841 0800'), v4, V4],
  ['frame relay with a direction', 206, behind('00 1841 03 cc'), v4, V4],
  ['token ring', 6, behind('1040 020000000002 020000000001 aaaa03 000000 0800'), v4, V4],
  [
    'token ring with a source route',
    6,
    behind('1040 020000000002 820000000001 0630 0011 0020 aaaa03 000000 0800'),
    v4,
    V4,
  ],
  ['FDDI', 10, behind('50 020000000002 020000000001 aaaa03 000000 0800'), v4, V4],
  ['ARCNET', 7, behind('0102 d4 00 0001'), v4, V4],
  ['ARCNET as Linux has it', 129, behind('0102 0000 c4 00 0001'), v6, V6],
  ['ARCNET of RFC 1051', 129, behind('0102 0000 f0'), v4, V4],
  ["BSD's packet filter log", 117, behind(`3d02${'00'.repeat(62)}`), v4, V4],
  ["OpenBSD's encapsulating interface", 109, behind('18000000 00000000 00000000'), v6, V6],
  ['nflog, little endian', 239, behind('0200 0000 0800 0100 0800 0100 2000 0900'), v4, V4],
  ['nflog, big endian', 239, behind('0a00 0000 0005 000a 77000000 0034 0009'), v6, V6],
  ['IP over IEEE 1394', 138, behind(`${'00'.repeat(16)} 0800`), v4, V4],
  ['pktap around Ethernet', 258, behind(`6c000000 01000000 01000000 ${'00'.repeat(96)} ${macs} 0800`), v4, V4],
  ['802.11 to the access point', 105, behind(`0801 0000 ${macs} 020000000003 1000 aaaa03 000000 0800`), v4, V4],
  [
    '802.11 with quality of service',
    105,
    behind(`8802 0000 ${macs} 020000000003 1000 0000 aaaa03 000000 86dd`),
    v6,
    V6,
  ],
  [
    '802.11 between stations of a mesh',
    105,
    behind(`8803 0000 ${macs} 020000000003 1000 020000000004 0000 aaaa03 000000 0800`),
    v4,
    V4,
  ],
  [
    '802.11 with an aggregate of one',
    105,
    behind(`8802 0000 ${macs} 020000000003 1000 8000 ${macs} 0024 aaaa03 000000 0800`),
    v4,
    V4,
  ],
  ['radiotap', 127, behind(`0000 0900 02000000 00 0802 0000 ${macs} 020000000003 1000 aaaa03 000000 0800`), v4, V4],
  [
    'radiotap with a time, two words and padding',
    127,
    behind(
      `0000 1900 03000080 00000000 00000000 0000000000000000 20 8802 0000 ${macs} 020000000003 1000 0000 0000 aaaa03 000000 0800`,
    ),
    v4,
    V4,
  ],
  [
    'Prism',
    119,
    behind(`44000000 10000000 0000000000000000 0802 0000 ${macs} 020000000003 1000 aaaa03 000000 0800`),
    v4,
    V4,
  ],
  [
    'AVS',
    163,
    behind(`80211001 00000010 0000000000000000 0802 0000 ${macs} 020000000003 1000 aaaa03 000000 0800`),
    v4,
    V4,
  ],
  [
    'per-packet information around 802.11',
    192,
    behind(`0000 0800 69000000 0802 0000 ${macs} 020000000003 1000 aaaa03 000000 0800`),
    v4,
    V4,
  ],
]

test.each(reached)('finds IP behind %s', async (_, linkType, header, ip, ends) => {
  const { flows, read } = await see(pcap([{ bytes: header(ip) }], { linkType }))
  expect(flows).toMatchObject([{ ends, packets: [1, 0], bytes: [ip.length, 0] }])
  expect(read).toMatchObject({ records: 1, used: 1, error: null })
})

const leftOut: [string, number, Uint8Array, string][] = [
  ['ARP', 1, ethernet(0x0806, new Uint8Array(28)), 'not IP: ARP'],
  ['an unknown EtherType', 1, ethernet(0x1234, new Uint8Array(28)), 'not IP: another EtherType'],
  ['spanning tree', 1, join(hex(`${macs} 0007 424203`), new Uint8Array(4)), 'not IP: LLC'],
  ['a frame cut inside its Ethernet header', 1, hex('020000000002'), 'truncated: link layer'],
  ['a frame cut inside a tag', 1, hex(`${macs} 8100 00`), 'truncated: link layer'],
  ['a frame cut inside its IP header', 1, ethernet(0x0800, v4.subarray(0, 19)), 'truncated: IP header'],
  ['an IP header that is too short', 1, ethernet(0x0800, join(hex('44'), v4.subarray(1))), 'malformed: IPv4 header'],
  ['an IP length below its header', 1, ethernet(0x0800, ipv4(udp(1, 2), { length: 19 })), 'malformed: IPv4 header'],
  ['IP version 5', 1, ethernet(0x0800, join(hex('55'), v4.subarray(1))), 'malformed: IP version'],
  ['IPv4 where the link type says IPv6', 229, v4, 'malformed: IP version'],
  ['a null frame of another family', 0, join(hex('07000000'), v4), 'not IP: another address family'],
  ['PPP control', 9, hex('ff03 c021 0101'), 'not IP: PPP control'],
  ['PPP with compressed headers', 9, hex('ff03 002d 0101'), 'not IP: another PPP protocol'],
  ['an 802.11 beacon', 105, join(hex('8000'), new Uint8Array(40)), 'not IP: 802.11 without data'],
  ['802.11 that says nothing', 105, join(hex('4801'), new Uint8Array(40)), 'not IP: 802.11 without data'],
  ['802.11 with encryption', 105, join(hex('0841'), new Uint8Array(40)), 'not readable: 802.11 encrypted'],
  ['an 802.11 fragment', 105, join(hex('0801'), new Uint8Array(20), hex('0100'), v4), 'not readable: 802.11 fragment'],
  [
    '802.11 with several packets',
    105,
    join(hex('8801'), new Uint8Array(22), hex('8000'), new Uint8Array(99)),
    'not readable: 802.11 frame of several packets',
  ],
  [
    '802.11 that was received damaged',
    127,
    join(hex('0000 0900 02000000 40 0802'), new Uint8Array(60)),
    'malformed: 802.11 check sequence',
  ],
  ['radiotap that is longer than its packet', 127, hex('0000 ffff 00000000'), 'truncated: link layer'],
  [
    'pktap within pktap',
    258,
    join(hex('0c000000 01000000 02010000'), new Uint8Array(40)),
    'malformed: link layers nested too deep',
  ],
  [
    'a record of nflog without a packet',
    239,
    hex('0200 0000 0800 0100 08000100'),
    'not IP: no packet in the log record',
  ],
  ['a record of nflog without an end', 239, hex('0200 0000 0000 0100'), 'malformed: nflog record'],
  ['Bluetooth', 201, new Uint8Array(40), 'link type 201 (Bluetooth HCI) not supported'],
  ['a link type that nobody knows', 4242, new Uint8Array(40), 'link type 4242 not supported'],
]

test.each(leftOut)('counts %s under its reason', async (_, linkType, bytes, reason) => {
  const { flows, read } = await see(pcap([{ bytes }], { linkType }))
  expect(flows).toEqual([])
  expect(read).toMatchObject({ records: 1, used: 0, leftOut: { [reason]: 1 }, error: null })
})

test('what a radio heard and nobody can read is a gap from the first to the last', async () => {
  const encrypted = join(hex('0841'), new Uint8Array(40))
  const beacon = join(hex('8000'), new Uint8Array(40))
  const { read } = await see(pcap([{ bytes: beacon }, { bytes: encrypted }, { bytes: encrypted }], { linkType: 105 }))
  expect(read.gaps).toMatchObject([
    { reason: 'packets that cannot be read: encrypted on the air, or in pieces', records: 2 },
  ])
})

test('tags that are stacked without end are refused, not followed', async () => {
  const bytes = join(hex(macs), ...Array.from({ length: 60_000 }, () => hex('8100 0001')))
  const { read } = await see(pcap([{ bytes }]))
  expect(read.leftOut).toEqual({ 'malformed: link layers nested too deep': 1 })
})

test("both ends' hardware addresses are kept, and of cooked captures the sender's", async () => {
  const back = join(
    hex('020000000001 020000000002 0800'),
    ipv4(udp(53, 1000), { from: '192.0.2.1', to: '10.0.0.1', protocol: 17 }),
  )
  const whole = await see(pcap([{ bytes: ethernet(0x0800, v4) }, { bytes: back }]))
  expect(whole.flows).toMatchObject([{ macs: [0x020000000001, 0x020000000002], packets: [1, 1] }])
  const cooked = join(hex('0004 0001 0006 020000000001 0000 0800'), v4)
  expect((await see(pcap([{ bytes: cooked }], { linkType: 113 }))).flows).toMatchObject([{ macs: [0x020000000001, 0] }])
})
