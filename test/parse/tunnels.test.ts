/** What is seen inside tunnels that do not encrypt, and that a flow stays the one between the tunnel's ends. */
import { describe, expect, test } from 'vitest'
import type { Hidden, Name, NameAnswer } from '../../functions/model.ts'
import { readCapture } from '../../functions/parse/read-capture.ts'
import { dnsMessage } from '../support/wire/dns.ts'
import { type CapturedPacket, ethernet, hex, ipv4, ipv6, join, pcap, see, tcp, udp } from './capture-builder.ts'
import { clientHello } from './payload/hello.ts'

interface Seen {
  readonly names: readonly Name[]
  readonly hidden: Hidden | undefined
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function seenIn(packets: readonly (Uint8Array | CapturedPacket)[], linkType = 101) {
  const flows: Seen[] = []
  const answers: NameAnswer[] = []
  const captured = packets.map((packet) => (packet instanceof Uint8Array ? { bytes: packet } : packet))
  const read = await readCapture(
    chunks(pcap(captured, { linkType })),
    {},
    {
      answer: (answer) => answers.push(answer),
      flows: ({ length, names, hidden }) => {
        for (let row = 0; row < length; row++) flows.push({ names: names[row] ?? [], hidden: hidden[row] })
      },
    },
  )
  return { flows, answers, read }
}

const name = 'inner.example'
const inside: Name = { name, via: 'tls-sni', inside: true }
const hello = clientHello({ name })
/** A hello of a connection between two hosts behind a tunnel. */
const inner4 = (payload = hello, from = 50_000, sequence = 1) =>
  ipv4(tcp(from, 443, 0x18, sequence, 1, payload), { from: '172.16.0.2', to: '198.51.100.9' })
const inner6 = ipv6(tcp(50_000, 443, 0x18, 1, 1, hello))
const frame4 = ethernet(0x0800, inner4())
const frame6 = ethernet(0x86dd, inner6)

const gre = (header: string, payload = inner4()) => ipv4(join(hex(header), payload), { protocol: 47 })
const over = (port: number, header: string, payload: Uint8Array) =>
  ipv4(udp(40_000, port, join(hex(header), payload)), { protocol: 17 })
/** A GTP-U header of user data. */
const gtp = (flags: string, more: string, payload: Uint8Array) => {
  const length = (payload.length + more.replace(/ /g, '').length / 2).toString(16).padStart(4, '0')
  return over(2152, `${flags} ff ${length} 00000001 ${more}`, payload)
}
const teredoAddresses = hex('20010000c0000201 0000000000000001 20010db8000000000000000000000002')
const teredoPacket = (() => {
  const packet = inner6.slice()
  packet.set(teredoAddresses, 8)
  return packet
})()
const pptp = (header: string, payload: Uint8Array) =>
  gre(`${header.slice(0, 4)} 880b ${payload.length.toString(16).padStart(4, '0')} 0001 ${header.slice(4)}`, payload)

const tunnels: Readonly<Record<string, Uint8Array>> = {
  'IPv4 in IPv4': ipv4(inner4(), { protocol: 4 }),
  'IPv6 in IPv4': ipv4(inner6, { protocol: 41 }),
  'IPv4 in IPv6': ipv6(inner4(), 4),
  'IPv6 in IPv6': ipv6(inner6, 41),
  'IPv6 in IPv6 behind a tunnel encapsulation limit (RFC 2473)': ipv6(join(hex('2900 0401 0401 0000'), inner6), 60),
  'Ethernet in IP': ipv4(join(hex('3000'), frame4), { protocol: 97 }),
  'Ethernet behind a segment routing header': ipv6(join(hex('8f02 0400 0000 0000'), new Uint8Array(16), frame4), 43),
  'MPLS in IP': ipv4(join(hex('00001140'), inner4()), { protocol: 137 }),
  GRE: gre('0000 0800'),
  'GRE with IPv6': gre('0000 86dd', inner6),
  'GRE with checksum': gre('8000 0800 12340000'),
  'GRE with key': gre('2000 0800 00000007'),
  'GRE with sequence number': gre('1000 0800 00000007'),
  'GRE with all three': gre('b000 0800 12340000 00000007 00000001'),
  'GRE with a source route (RFC 1701)': gre('4000 0800 00000000 0800 0004 c0000201 0000 0000'),
  'GRE with Ethernet': gre('0000 6558', frame4),
  'GRE with MPLS': gre('0000 8847 00001140'),
  'ERSPAN type I': gre('0000 88be', frame4),
  'ERSPAN type II': gre('1000 88be 00000001 1001000000000000', frame4),
  'ERSPAN type III': gre('1000 22eb 00000001 200100000000000000000000', frame4),
  'ERSPAN type III with a subheader': gre('1000 22eb 00000001 200100000000000000000001 0000000000000000', frame4),
  'WCCP in GRE, version 1': gre('0000 883e'),
  'WCCP in GRE, version 2': gre('0000 883e 00000000'),
  PPTP: pptp('3001 00000001', join(hex('ff03 0021'), inner4())),
  'PPTP with acknowledgement, header compressed': pptp('3081 00000001 00000002', join(hex('21'), inner4())),
  VXLAN: over(4789, '08000000 00000700', frame4),
  'VXLAN as Linux numbered it': over(8472, '08000000 00000700', frame6),
  'VXLAN with every reserved bit': over(4789, 'ffffffff 000007ff', frame4),
  'VXLAN-GPE with IPv4': over(4790, '0c000001 00000700', inner4()),
  'VXLAN-GPE with Ethernet': over(4790, '0c000003 00000700', frame4),
  'VXLAN-GPE with a network service header': over(4790, '0c000004 00000700 0fc60101 000000ff', new Uint8Array(0)),
  'Geneve with Ethernet': over(6081, '00006558 00000700', frame4),
  'Geneve with options': over(6081, '02006558 00000700 0102000100000000', frame4),
  'Geneve with IPv6': over(6081, '000086dd 00000700', inner6),
  'GTP-U': gtp('30', '', inner4()),
  'GTP-U with a sequence number': gtp('32', '0001 00 00', inner4()),
  'GTP-U with an extension header': gtp('34', '0000 00 85 01 1005 00', inner6),
  Teredo: over(3544, '', teredoPacket),
  'Teredo with origin': over(3544, '0000 1234 c0000201', teredoPacket),
  'Teredo with authentication and origin': over(3544, '0001 0000 0102030405060708 00 0000 1234 c0000201', teredoPacket),
}

describe('a name inside a tunnel is a name of the flow between its ends', () => {
  test.each(Object.entries(tunnels).filter(([what]) => !what.includes('network service')))('%s', async (_, packet) => {
    const { flows, answers, read } = await seenIn([packet])
    expect(flows).toEqual([{ names: [inside], hidden: 'tunnel' }])
    expect(answers).toEqual([])
    expect(read).toMatchObject({ records: 1, used: 1, gaps: [] })
  })

  test('ends and bytes are those of the outermost header', async () => {
    const packet = gre('0000 0800')
    const { flows } = await see(pcap([{ bytes: packet }], { linkType: 101 }))
    expect(flows).toMatchObject([
      { ends: '10.0.0.1 192.0.2.1', protocol: 47, packets: [1, 0], bytes: [packet.length, 0], names: [name] },
    ])
  })

  test('a hello in several inner packets, out of order, and hosts of several conversations', async () => {
    const part = (from: number, to: number) => gre('0000 0800', inner4(hello.subarray(from, to), 50_000, 1 + from))
    const other = gre('0000 0800', inner4(clientHello({ name: 'other.example' }), 50_001))
    const { flows } = await seenIn([part(0, 40), other, part(90, hello.length), part(40, 90)])
    expect(flows[0]?.names.map((n) => n.name).sort()).toEqual(['inner.example', 'other.example'])
  })

  test('a port that is opened again is another conversation', async () => {
    const open = (sequence: number, host: string) => [
      gre('0000 0800', ipv4(tcp(50_000, 443, 2, sequence), { to: '198.51.100.9' })),
      gre(
        '0000 0800',
        ipv4(tcp(50_000, 443, 0x18, sequence + 1, 1, clientHello({ name: host })), { to: '198.51.100.9' }),
      ),
    ]
    const { flows } = await seenIn([...open(100, 'one.example'), ...open(90_000, 'two.example')])
    expect(flows[0]?.names.map((n) => n.name)).toEqual(['one.example', 'two.example'])
  })

  test('tunnels in tunnels are followed four deep', async () => {
    const nested = (depth: number): Uint8Array => (depth === 0 ? inner4() : ipv4(nested(depth - 1), { protocol: 4 }))
    expect((await seenIn([nested(4)])).flows).toEqual([{ names: [inside], hidden: 'tunnel' }])
    expect((await seenIn([nested(5)])).flows).toEqual([{ names: [], hidden: 'tunnel' }])
    const mixed = over(4789, '08000000 00000700', ethernet(0x0800, gtp('30', '', gre('0000 86dd', inner6))))
    expect((await seenIn([mixed])).flows).toEqual([{ names: [inside], hidden: 'tunnel' }])
  })

  test('fragments inside are put together', async () => {
    const segment = tcp(50_000, 443, 0x18, 1, 1, hello)
    const part = (from: number, to: number, fragment: number) =>
      gre('0000 0800', ipv4(segment.subarray(from, to), { fragment }))
    const { flows } = await seenIn([part(0, 48, 0x2000), part(48, segment.length, 6)])
    expect(flows).toEqual([{ names: [inside], hidden: 'tunnel' }])
  })

  test('a tunnel whose own packets are fragments is put together', async () => {
    const payload = join(hex('0000 0800'), inner4())
    const { flows } = await seenIn([
      ipv4(payload.subarray(0, 80), { protocol: 47, fragment: 0x2000 }),
      ipv4(payload.subarray(80), { protocol: 47, fragment: 10 }),
    ])
    expect(flows).toEqual([{ names: [inside], hidden: 'tunnel' }])
  })
})

test('what a resolver answers inside a tunnel names no flow outside: the same addresses may be other hosts there', async () => {
  const dns = (from: number, to: number, payload: Uint8Array, ends: { from: string; to: string }) =>
    gre('0000 0800', ipv4(udp(from, to, payload), { ...ends, protocol: 17 }))
  const asked = { id: 7, question: { name, type: 1 } }
  const question = dnsMessage({ ...asked, answers: null })
  const answer = dnsMessage({ ...asked, answers: [{ name, ttl: 60, data: { address: '10.0.0.1' } }] })
  const { answers, flows } = await seenIn([
    dns(5000, 53, question, { from: '10.0.0.1', to: '10.0.0.53' }),
    dns(53, 5000, answer, { from: '10.0.0.53', to: '10.0.0.1' }),
  ])
  expect(answers).toEqual([])
  expect(flows).toHaveLength(1)
})

test('what is encrypted is a flow like any other', async () => {
  const { flows } = await seenIn([
    ipv4(join(hex('00000001 00000001'), inner4()), { protocol: 50 }),
    ipv4(udp(51_820, 51_820, join(hex('04000000'), inner4())), { protocol: 17 }),
  ])
  expect(flows).toEqual([
    { names: [], hidden: undefined },
    { names: [], hidden: undefined },
  ])
})

test('another protocol on the port of a tunnel is read as ever', async () => {
  const request = new Uint8Array(Buffer.from('M-SEARCH * HTTP/1.1\r\nHost: plain.example\r\n\r\n'))
  for (const port of [2152, 3544, 4789, 6081]) {
    const { flows } = await seenIn([ipv4(udp(40_000, port, request), { protocol: 17 })])
    expect(flows, `${port}`).toEqual([{ names: [{ name: 'plain.example', via: 'http-host' }], hidden: undefined }])
  }
})

describe('what breaks off inside', () => {
  test.each(Object.entries(tunnels))('%s, cut at every byte', async (_, packet) => {
    for (let length = 41; length < packet.length; length += 3) {
      const { read } = await seenIn([{ bytes: packet.subarray(0, length), original: packet.length }])
      expect(read).toMatchObject({ records: 1, used: 1 })
    }
  })

  test('a packet cut where a hello may be is a gap, one of a conversation that was named is none', async () => {
    const whole = gre('0000 0800')
    const cut = { bytes: whole.subarray(0, 80), original: whole.length }
    expect((await seenIn([cut])).read.gaps).toHaveLength(1)
    const later = gre('0000 0800', inner4(new Uint8Array(500), 50_000, 1 + hello.length))
    expect((await seenIn([whole, { bytes: later.subarray(0, 80), original: later.length }])).read.gaps).toEqual([])
  })
})

test('any number of conversations inside takes bounded memory, and the latest are still named', async () => {
  const many = Array.from({ length: 20_000 }, (_, i) =>
    gre('0000 0800', ipv4(tcp(1 + (i % 60_000), 443, 2, 7), { from: `172.16.${i >> 8}.${i & 255}` })),
  )
  const { flows } = await seenIn([...many, gre('0000 0800')])
  expect(flows).toEqual([{ names: [inside], hidden: 'tunnel' }])
})
