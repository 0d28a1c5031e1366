import { expect, test } from 'vitest'
import { hashOf } from '../../functions/parse/flow-hash.ts'
import { MAX_FLOWS, OTHER_IDLE, TCP_IDLE } from '../../functions/parse/flow-table.ts'
import { Packet } from '../../functions/parse/packet.ts'
import { type CapturedPacket, ipv4, pcap, see, tcp, udp } from './capture-builder.ts'

const START = 1_414_800_000e6
const [FIN, SYN, RST, ACK] = [1, 2, 4, 16]

interface Segment {
  readonly at: number
  readonly from: 'client' | 'server'
  readonly flags: number
  readonly sequence?: number
  readonly acknowledged?: number
}

/** One conversation of 10.0.0.1:1000 with 192.0.2.1:443; times in milliseconds. */
const tcpPackets = (segments: readonly Segment[]): CapturedPacket[] =>
  segments.map(({ at, from, flags, sequence = 1, acknowledged = 1 }) => ({
    time: START + at * 1000,
    bytes:
      from === 'client'
        ? ipv4(tcp(1000, 443, flags, sequence, acknowledged))
        : ipv4(tcp(443, 1000, flags, sequence, acknowledged), { from: '192.0.2.1', to: '10.0.0.1' }),
  }))

const flowsOf = async (packets: readonly CapturedPacket[]) => (await see(pcap(packets, { linkType: 101 }))).flows
const tcpFlows = (...segments: Segment[]) => flowsOf(tcpPackets(segments))
const datagram = (time: number, from = 1000, to = 53): CapturedPacket => ({
  time,
  bytes: ipv4(udp(from, to), { protocol: 17 }),
})

test('both directions are one flow, and A is who sent first', async () => {
  const flows = await tcpFlows({ at: 0, from: 'server', flags: ACK }, { at: 5, from: 'client', flags: ACK })
  expect(flows).toMatchObject([
    {
      ends: '192.0.2.1|443 10.0.0.1|1000',
      packets: [1, 1],
      bytes: [40, 40],
      start: START,
      end: START + 5000,
      opener: 0,
    },
  ])
})

test('who sends a SYN opened', async () => {
  expect(await tcpFlows({ at: 0, from: 'client', flags: SYN })).toMatchObject([{ opener: 1 }])
  expect(await tcpFlows({ at: 0, from: 'server', flags: ACK }, { at: 1, from: 'client', flags: SYN })).toMatchObject([
    { opener: 2 },
  ])
})

test('who receives a SYN-ACK opened, where its SYN was not captured', async () => {
  expect(await tcpFlows({ at: 0, from: 'server', flags: SYN | ACK })).toMatchObject([{ opener: 2 }])
})

test('the handshake takes from the first SYN to the SYN-ACK that acknowledges it', async () => {
  const flows = await tcpFlows(
    { at: 0, from: 'client', flags: SYN, sequence: 100 },
    { at: 30, from: 'client', flags: SYN, sequence: 100 },
    { at: 40, from: 'server', flags: SYN | ACK, sequence: 900, acknowledged: 555 },
    { at: 50.25, from: 'server', flags: SYN | ACK, sequence: 900, acknowledged: 101 },
    { at: 90, from: 'server', flags: SYN | ACK, sequence: 900, acknowledged: 101 },
  )
  expect(flows).toMatchObject([{ rtt: 50.25, packets: [2, 3] }])
})

test('without a handshake there is no handshake time', async () => {
  expect(await tcpFlows({ at: 0, from: 'server', flags: SYN | ACK })).toMatchObject([{ rtt: Number.NaN }])
})

test('a SYN-ACK before its SYN gives no handshake time', async () => {
  const flows = await tcpFlows(
    { at: 10, from: 'client', flags: SYN, sequence: 100 },
    { at: 5, from: 'server', flags: SYN | ACK, acknowledged: 101 },
  )
  expect(flows).toMatchObject([{ rtt: Number.NaN, start: START + 5000 }])
})

test('another SYN after the end is another conversation', async () => {
  for (const end of [FIN | ACK, RST]) {
    const flows = await tcpFlows(
      { at: 0, from: 'client', flags: SYN, sequence: 100 },
      { at: 9, from: 'server', flags: end },
      { at: 20, from: 'client', flags: SYN, sequence: 7000 },
      { at: 21, from: 'client', flags: ACK, sequence: 7001 },
    )
    expect(flows).toMatchObject([{ packets: [1, 1] }, { packets: [2, 0], start: START + 20_000 }])
  }
})

test('another initial sequence number from the opener is another conversation', async () => {
  const flows = await tcpFlows(
    { at: 0, from: 'client', flags: SYN, sequence: 100 },
    { at: 20, from: 'client', flags: SYN, sequence: 7000 },
  )
  expect(flows).toHaveLength(2)
})

test('a SYN that is sent again, or that both ends send at once, begins nothing new', async () => {
  const flows = await tcpFlows(
    { at: 0, from: 'client', flags: SYN, sequence: 100 },
    { at: 1, from: 'server', flags: SYN, sequence: 900 },
    { at: 3000, from: 'client', flags: SYN, sequence: 100 },
  )
  expect(flows).toMatchObject([{ packets: [2, 1], opener: 1 }])
})

test('what comes on the same ports after a long silence is another conversation', async () => {
  expect(await flowsOf([datagram(START), datagram(START + OTHER_IDLE)])).toHaveLength(1)
  expect(await flowsOf([datagram(START), datagram(START + OTHER_IDLE + 1)])).toHaveLength(2)
  const later = (at: number) => tcpFlows({ at: 0, from: 'client', flags: ACK }, { at, from: 'client', flags: ACK })
  expect(await later(TCP_IDLE / 1000)).toHaveLength(1)
  expect(await later(TCP_IDLE / 1000 + 1)).toHaveLength(2)
})

test('times that go back a little stay in the flow, and widen it', async () => {
  const flows = await flowsOf([datagram(START), datagram(START - 2e6), datagram(START + 1e6)])
  expect(flows).toMatchObject([{ start: START - 2e6, end: START + 1e6, packets: [3, 0] }])
})

test('an end that talks to itself on one port is all A', async () => {
  const bytes = ipv4(udp(5000, 5000), { protocol: 17, from: '10.0.0.1', to: '10.0.0.1' })
  expect(await flowsOf([{ bytes }, { bytes }])).toMatchObject([{ packets: [2, 0] }])
})

test('flows are told apart by protocol, by ports and by family', async () => {
  const asTcp = ipv4(tcp(1000, 53))
  expect(
    await flowsOf([datagram(START), { bytes: asTcp }, datagram(START, 1001), datagram(START, 1000, 54)]),
  ).toHaveLength(4)
})

test('flows come in the order in which they began', async () => {
  const ports = Array.from({ length: 3000 }, (_, i) => 1000 + ((i * 7919) % 60_000))
  const flows = await flowsOf(ports.map((port, i) => datagram(START + i, port)))
  expect(flows.map(({ ends }) => ends)).toEqual(ports.map((port) => `10.0.0.1|${port} 192.0.2.1|53`))
})

test('more flows at once than there is room for: the most silent leave, and nothing is lost', async () => {
  const packets: CapturedPacket[] = []
  const steady = datagram(START, 7, 7)
  for (let i = 0; i < MAX_FLOWS * 1.5; i++) {
    packets.push(datagram(START + i, 1 + (i % 60_000), 100 + Math.floor(i / 60_000)))
    if (i % 1000 === 0) packets.push({ ...steady, time: START + i })
  }
  const { flows, read } = await see(pcap(packets, { linkType: 101 }))
  expect(read.used).toBe(packets.length)
  expect(flows.reduce((sum, { packets: [a, b] }) => sum + a + b, 0)).toBe(packets.length)
  // One that keeps talking is never the one that leaves.
  expect(flows.filter(({ ends }) => ends === '10.0.0.1|7 192.0.2.1|7')).toHaveLength(1)
})

test('silent flows make room before active ones', async () => {
  const old = Array.from({ length: 60_000 }, (_, i) => datagram(START + i, i + 1, 1))
  const steady = [datagram(START, 9, 9), datagram(START + OTHER_IDLE, 9, 9), datagram(START + 2 * OTHER_IDLE, 9, 9)]
  const fresh = Array.from({ length: 60_000 }, (_, i) => datagram(START + 2 * OTHER_IDLE + i, i + 1, 2))
  const flows = await flowsOf([...old, ...steady, ...fresh])
  expect(flows).toHaveLength(120_001)
  expect(flows.filter(({ ends }) => ends.endsWith('|9'))).toMatchObject([{ packets: [3, 0] }])
})

test('addresses that were chosen to collide cost no more than others, and nothing is lost', async () => {
  const packet = new Packet()
  Object.assign(packet, { family: 4, protocol: 17, from0: 0x0a000001, to0: 0xc0000201 | 0 })
  const colliding: [number, number][] = []
  for (let from = 1; from < 65536 && colliding.length < 300; from++)
    for (let to = 1; to < 64; to++) {
      packet.portFrom = from
      packet.portTo = to
      if ((hashOf(packet) & 2047) === 0) colliding.push([from, to])
    }
  expect(colliding.length).toBeGreaterThanOrEqual(300)
  const flows = await flowsOf([...colliding, ...colliding].map(([from, to], i) => datagram(START + i, from, to)))
  expect(flows.reduce((sum, { packets: [a, b] }) => sum + a + b, 0)).toBe(colliding.length * 2)
  // Those that left for the others come again.
  expect(flows.length).toBeGreaterThan(colliding.length)
})

test('packets that a snap length cut are a gap, where names were looked for in what is missing', async () => {
  const get = new Uint8Array(Buffer.from('GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n'))
  const request = (payload: Uint8Array<ArrayBuffer>, kept: number, at: number): CapturedPacket => {
    const bytes = ipv4(tcp(1000, 443, ACK, 1, 1, payload))
    return { time: START + at, bytes: bytes.slice(0, 40 + kept), original: bytes.length }
  }
  const gapsOf = async (...packets: CapturedPacket[]) => (await see(pcap(packets, { linkType: 101 }))).read.gaps
  const reason = 'packets cut short where names were looked for'
  // All of the payload, then a part of it; the second also of a datagram.
  expect(await gapsOf(request(get, 0, 0), request(get, 20, 1))).toEqual([
    { from: START, until: START + 1, reason, records: 2 },
  ])
  const asked = datagram(START)
  const query = { ...asked, bytes: asked.bytes.slice(0, 29), original: asked.bytes.length }
  expect(await gapsOf(query)).toEqual([{ from: START, until: START, reason, records: 1 }])
  // Whole; without payload; what a server sends behind a request; behind a hello.
  expect(await gapsOf(request(get, get.length, 0))).toEqual([])
  const bare = ipv4(tcp(1000, 443))
  expect(await gapsOf({ time: START, bytes: bare, original: 60 })).toEqual([])
  const response = ipv4(tcp(443, 1000, ACK, 1, 1, new Uint8Array(500)), { from: '192.0.2.1', to: '10.0.0.1' })
  expect(
    await gapsOf(request(get, get.length, 0), { time: START + 1, bytes: response.slice(0, 60), original: 540 }),
  ).toEqual([])
})

test('a flow with more names than are kept is a gap', async () => {
  const requests = (count: number) => {
    let sequence = 1
    return Array.from({ length: count }, (_, i) => {
      const get = new Uint8Array(Buffer.from(`GET / HTTP/1.1\r\nHost: h${i}.example.org\r\n\r\n`))
      const bytes = ipv4(tcp(1000, 80, ACK, sequence, 1, get))
      sequence += get.length
      return { time: START + i, bytes }
    })
  }
  const seen = async (count: number) => await see(pcap(requests(count), { linkType: 101 }))
  expect((await seen(256)).read.gaps).toEqual([])
  const { flows, read } = await seen(258)
  expect(flows[0]?.names).toHaveLength(256)
  expect(read.gaps).toEqual([
    { from: START, until: START + 257, reason: 'a flow with more names than are kept', records: 1 },
  ])
})
