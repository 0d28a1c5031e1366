/** Makes the benchmark's captures: conversations as a handset has them, named by DNS, TLS and QUIC, many at the same time. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { dnsMessage } from '../test/support/wire/dns.ts'
import { EtherType, ethernetFrame } from '../test/support/wire/ethernet.ts'
import { ipv4Packet, Protocol, udpDatagram } from '../test/support/wire/ip.ts'
import { type CapturedPacket, writePcap } from '../test/support/wire/pcap-writer.ts'
import { clientInitial, shortPacket } from '../test/support/wire/quic.ts'
import { tcpConversation } from '../test/support/wire/tcp-conversation.ts'
import { applicationData, clientHello, resumingServerFlight } from '../test/support/wire/tls.ts'

const handset = '192.168.43.20'
const resolver = '192.168.43.1'
const macs = { source: '02:00:00:00:00:20', destination: '02:00:00:00:00:01' }
/** Conversations that overlap in time. */
const concurrent = 250
/** Octets of application data a conversation, in records of `recordSize`. */
const records = 17
const recordSize = 1000
const headerLength = 24
/** One conversation of so many is over QUIC. */
const quicEvery = 5

/** One conversation after its look-up, in the order of time. */
function conversation(index: number, start: number): CapturedPacket[] {
  const host = `h${index % 4000}.service-${index % 97}.example.com`
  const server = `203.${1 + ((index >>> 8) % 110)}.${(index * 7) & 255}.${1 + (index % 250)}`
  const filler = Buffer.alloc(recordSize, index & 255)
  const random = Buffer.alloc(32, (index * 31) & 255)
  const frame = (payload: Uint8Array, outbound: boolean) =>
    ethernetFrame({
      source: outbound ? macs.source : macs.destination,
      destination: outbound ? macs.destination : macs.source,
      etherType: EtherType.ipv4,
      payload,
    })
  const lookUp = (answered: boolean, time: number): CapturedPacket => {
    const ends = answered ? { source: resolver, destination: handset } : { source: handset, destination: resolver }
    const port = 10_000 + (index % 50_000)
    const payload = dnsMessage({
      id: index & 0xffff,
      question: { name: host, type: 1 },
      answers: answered ? [{ name: host, ttl: 300, data: { address: server } }] : null,
    })
    const ports = answered ? { sourcePort: 53, destinationPort: port } : { sourcePort: port, destinationPort: 53 }
    const datagram = udpDatagram(ends, { ...ports, payload })
    return { time, bytes: frame(ipv4Packet({ ...ends, protocol: Protocol.udp, payload: datagram }), !answered) }
  }
  const questions = [lookUp(false, start), lookUp(true, start + 15_000)]
  if (index % quicEvery === 0) {
    const id = Buffer.alloc(8, (index * 131) & 255)
    id.writeUInt32BE(index)
    // A record's five octets stand before the hello.
    const hello = clientHello({ host, random }).subarray(5)
    const datagram = (payload: Uint8Array, outbound: boolean, time: number): CapturedPacket => {
      const ends = outbound ? { source: handset, destination: server } : { source: server, destination: handset }
      const port = 10_000 + (index % 50_000)
      const ports = outbound ? { sourcePort: port, destinationPort: 443 } : { sourcePort: 443, destinationPort: port }
      const bytes = ipv4Packet({ ...ends, protocol: Protocol.udp, payload: udpDatagram(ends, { ...ports, payload }) })
      return { time, bytes: frame(bytes, outbound) }
    }
    const sealed = Array.from({ length: records * 2 }, (_, i) =>
      datagram(shortPacket(id, filler), i % 3 === 0, start + 60_000 + i * 1000),
    )
    return [...questions, datagram(clientInitial(id, hello), true, start + 20_000), ...sealed]
  }
  const segments = tcpConversation({
    client: { ip: handset, port: 10_000 + (index % 50_000), sequence: index },
    server: { ip: server, port: 443, sequence: index ^ 0x5555 },
    start: start + 20_000,
    roundTrip: 40_000 + (index % 1000),
    says: [
      { from: 'client', bytes: clientHello({ host, random }) },
      { from: 'server', bytes: resumingServerFlight({ random, sessionId: random, finished: filler.subarray(0, 40) }) },
      ...Array.from({ length: records }, (_, i) => ({
        from: i % 3 === 0 ? ('client' as const) : ('server' as const),
        bytes: applicationData(filler),
      })),
    ],
  })
  return [
    ...questions,
    ...segments.map(({ time, from, ends, segment }) => ({
      time,
      bytes: frame(ipv4Packet({ ...ends, protocol: Protocol.tcp, payload: segment }), from === 'client'),
    })),
  ]
}

/**
 * Writes a capture of at least `packets` packets unless it is there.
 *
 * @returns how many packets it holds
 */
export function makeCapture(path: string, packets: number): number {
  const five = Array.from({ length: quicEvery }, (_, index) => conversation(index, 0).length).reduce((a, b) => a + b)
  const each = (five * concurrent) / quicEvery
  const rounds = Math.ceil(packets / each)
  const total = rounds * each
  if (existsSync(path)) return total
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(`${path}.part`, 'w')
  writeSync(file, writePcap([]))
  let start = Date.UTC(2025, 0, 1) * 1000
  for (let round = 0; round < rounds; round++, start += 1_500_000) {
    const group: CapturedPacket[] = []
    for (let i = 0; i < concurrent; i++) group.push(...conversation(round * concurrent + i, start + i * 3000))
    group.sort((a, b) => a.time - b.time)
    writeSync(file, writePcap(group).subarray(headerLength))
  }
  closeSync(file)
  renameSync(`${path}.part`, path)
  return total
}
