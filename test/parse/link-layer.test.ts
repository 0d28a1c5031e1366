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
  ['802.11', 105, new Uint8Array(40), 'link type 105 (802.11) not supported'],
  ['radiotap', 127, new Uint8Array(40), 'link type 127 (802.11 radiotap) not supported'],
  ['a link type that nobody knows', 4242, new Uint8Array(40), 'link type 4242 not supported'],
]

test.each(leftOut)('counts %s under its reason', async (_, linkType, bytes, reason) => {
  const { flows, read } = await see(pcap([{ bytes }], { linkType }))
  expect(flows).toEqual([])
  expect(read).toMatchObject({ records: 1, used: 0, leftOut: { [reason]: 1 }, error: null })
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
