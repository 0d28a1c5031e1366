/**
 * A rig's tap on its Wi-Fi side: what the device and its surroundings say becomes captured packets.
 *
 * Times are microseconds since the epoch. What the device sends encrypted is random octets: no identifier, no number and
 * no name of a person stands in any payload.
 */
import { Buffer } from 'node:buffer'
import { dhcpMessage } from '../../../test/support/wire/dhcp.ts'
import { type DnsRecord, dnsMessage, RecordType } from '../../../test/support/wire/dns.ts'
import { arpPacket, EtherType, ethernetFrame } from '../../../test/support/wire/ethernet.ts'
import {
  type Ends,
  icmpEcho,
  icmpv6Message,
  ipv4Packet,
  ipv6Packet,
  Protocol,
  udpDatagram,
} from '../../../test/support/wire/ip.ts'
import type { CapturedPacket } from '../../../test/support/wire/pcap-writer.ts'
import { type Conversation, tcpConversation, type Utterance } from '../../../test/support/wire/tcp-conversation.ts'
import {
  applicationData,
  changeCipherSpec,
  clientHello,
  resumingServerFlight,
  Version,
} from '../../../test/support/wire/tls.ts'
import { aes128Gcm, keyLogLine, Records12 } from '../../../test/support/wire/tls12-records.ts'
import { Random } from './random.ts'

/** Hardware addresses of RFC 7042's block for documentation: they belong to nobody. */
export const device = { mac: '00:00:5e:00:53:01', ip: '192.168.77.20', linkLocal: 'fe80::200:5eff:fe00:5301' } as const
export const accessPoint = { mac: '00:00:5e:00:53:fe', ip: '192.168.77.1' } as const

/** A server as the rig sees it. */
export interface Server {
  readonly ip: string
  /** Milliseconds from the rig and back. */
  readonly roundTripMs: number
}

/** Octets up and down of one request. */
export type Exchange = readonly [up: number, down: number]

const ms = 1000
const broadcast = 'ff:ff:ff:ff:ff:ff'

const ok = (connection: 'close' | 'keep-alive') =>
  Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: ${connection}\r\n\r\n`, 'latin1')

/** Reads a UTC time, such as `2014-11-03T04:31:07.250Z`. */
export const utc = (text: string): number => Date.parse(text) * ms

export class Tap {
  readonly #random: Random
  readonly #packets: CapturedPacket[] = []
  #port: number
  #ipId: number

  /** @param seed the session's id */
  constructor(seed: string) {
    this.#random = new Random(seed)
    this.#port = this.#random.between(34_000, 48_000)
    this.#ipId = this.#random.between(1, 20_000)
  }

  /** Everything that passed, in order of time. */
  packets(): CapturedPacket[] {
    return [...this.#packets].sort((a, b) => a.time - b.time)
  }

  /** The device joins the network: DHCP, ARP, and the IPv6 noise of a link without a router. */
  join(time: number): void {
    const transaction = this.#random.word()
    const say = (kind: 'discover' | 'offer' | 'request' | 'ack', after: number) => {
      const up = kind === 'discover' || kind === 'request'
      const ends = { source: up ? '0.0.0.0' : accessPoint.ip, destination: '255.255.255.255' }
      const lease = { clientMac: device.mac, address: device.ip, server: accessPoint.ip, lease: 43_200 }
      const payload = dhcpMessage({ kind, transaction, ...lease })
      const ports = up ? { sourcePort: 68, destinationPort: 67 } : { sourcePort: 67, destinationPort: 68 }
      this.#ipv4(time + after, ends, Protocol.udp, udpDatagram(ends, { ...ports, payload }), up, broadcast)
    }
    say('discover', 0)
    say('offer', 41 * ms)
    say('request', 55 * ms)
    say('ack', 83 * ms)
    this.#arp(time + 120 * ms)
    this.#joinIpv6(time + 150 * ms)
  }

  /** The access point answers a ping. */
  ping(time: number): void {
    const echo = { id: this.#random.between(1, 0xffff), sequence: 1, payload: this.#random.bytes(56) }
    const ends = { source: device.ip, destination: accessPoint.ip }
    const back = { source: accessPoint.ip, destination: device.ip }
    this.#ipv4(time, ends, Protocol.icmp, icmpEcho({ ...echo, reply: false }), true)
    this.#ipv4(time + 2 * ms, back, Protocol.icmp, icmpEcho({ ...echo, reply: true }), false)
  }

  /** The device sets its clock by the access point (NTP version 3, RFC 1305). */
  setClock(time: number): void {
    const stamp = (micros: number) => {
      // NTP counts seconds from 1900, and a second's parts by 2^-32.
      const bytes = Buffer.alloc(8)
      bytes.writeUInt32BE(Math.floor(micros / 1e6) + 2_208_988_800)
      bytes.writeUInt32BE(Math.floor(((micros % 1e6) / 1e6) * 2 ** 32), 4)
      return bytes
    }
    const sent = stamp(time)
    const request = Buffer.concat([Buffer.from([0x1b]), Buffer.alloc(39), sent])
    const head = Buffer.from([0x1c, 2, 6, 0xec, 0, 0, 0, 0x40, 0, 0, 0, 0x80, 192, 168, 77, 1])
    const reply = Buffer.concat([head, stamp(time - 3e6), sent, stamp(time + ms), stamp(time + ms)])
    const port = this.#nextPort()
    this.#udp(time, { sourcePort: port, destinationPort: 123, payload: request }, true)
    this.#udp(time + 3 * ms, { sourcePort: 123, destinationPort: port, payload: reply }, false)
  }

  /** The device asks the access point's resolver for a name. */
  resolve(time: number, name: string, answers: readonly DnsRecord[]): void {
    const port = this.#nextPort()
    const message = { id: this.#random.between(1, 0xffff), question: { name, type: RecordType.a } }
    const query = dnsMessage({ ...message, answers: null })
    const reply = dnsMessage({ ...message, answers })
    this.#udp(time, { sourcePort: port, destinationPort: 53, payload: query }, true)
    const wait = this.#random.between(12, 60) * ms
    this.#udp(time + wait, { sourcePort: 53, destinationPort: port, payload: reply }, false)
  }

  /**
   * The device resumes a TLS session and exchanges application data.
   *
   * @param host null for a client that sends no server_name
   * @param pauseMs silence between two exchanges
   */
  tls(time: number, host: string | null, server: Server, exchanges: readonly Exchange[], pauseMs = 400): void {
    const sessionId = this.#random.bytes(32)
    const finished = () => this.#random.bytes(36)
    const talk = exchanges.flatMap(([up, down], i): Utterance[] => [
      { from: 'client', bytes: applicationData(this.#random.bytes(up)), after: i === 0 ? 2 * ms : pauseMs * ms },
      { from: 'server', bytes: applicationData(this.#random.bytes(down)), after: this.#random.between(8, 40) * ms },
    ])
    this.#tcp(time, server, 443, [
      { from: 'client', bytes: clientHello({ host, random: this.#random.bytes(32), sessionId }) },
      {
        from: 'server',
        bytes: resumingServerFlight({ random: this.#random.bytes(32), sessionId, finished: finished() }),
      },
      { from: 'client', bytes: changeCipherSpec(finished()) },
      ...talk,
    ])
  }

  /** The device asks in the clear whether it is online. */
  checkConnectivity(time: number, host: string, server: Server): void {
    const request = `GET /generate_204 HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nUser-Agent: Dalvik/1.6.0\r\n\r\n`
    const reply = 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
    this.#tcp(time, server, 80, [
      { from: 'client', bytes: Buffer.from(request, 'latin1') },
      { from: 'server', bytes: Buffer.from(reply, 'latin1'), after: 2 * ms },
    ])
  }

  /** The device sends requests in the clear, one connection each. */
  post(time: number, server: Server, request: Uint8Array): void {
    this.#tcp(time, server, 80, [
      { from: 'client', bytes: request },
      { from: 'server', bytes: ok('close'), after: 30 * ms },
    ])
  }

  /**
   * The device resumes a TLS 1.2 session of which the bench has the secrets, and sends a request.
   *
   * @returns the session's line for the key log
   */
  openedTls(time: number, host: string, server: Server, request: Uint8Array): string {
    const sessionId = this.#random.bytes(32)
    const session = {
      master: this.#random.bytes(48),
      clientRandom: this.#random.bytes(32),
      serverRandom: this.#random.bytes(32),
    }
    const client = new Records12(session, 'client')
    const answers = new Records12(session, 'server')
    const version = Version.tls12
    const hello = { host, random: session.clientRandom, sessionId, version, cipherSuites: [aes128Gcm, 0x002f] }
    const flight = { random: session.serverRandom, sessionId, version, cipherSuite: aes128Gcm }
    this.#tcp(time, server, 443, [
      { from: 'client', bytes: clientHello(hello) },
      { from: 'server', bytes: resumingServerFlight({ ...flight, finished: answers.finished() }) },
      { from: 'client', bytes: changeCipherSpec(client.finished(), version) },
      { from: 'client', bytes: applicationData(client.data(request), version), after: 2 * ms },
      { from: 'server', bytes: applicationData(answers.data(ok('keep-alive')), version), after: 30 * ms },
    ])
    return keyLogLine(session)
  }

  #tcp(time: number, server: Server, port: number, says: readonly Utterance[]): void {
    const conversation: Conversation = {
      client: { ip: device.ip, port: this.#nextPort(), sequence: this.#random.word() },
      server: { ip: server.ip, port, sequence: this.#random.word() },
      start: time,
      roundTrip: server.roundTripMs * ms + this.#random.between(0, 900),
      says,
    }
    for (const { time: at, from, ends, segment } of tcpConversation(conversation))
      this.#ipv4(at, ends, Protocol.tcp, segment, from === 'client')
  }

  /** A datagram between the device and the access point. */
  #udp(
    time: number,
    datagram: { readonly sourcePort: number; readonly destinationPort: number; readonly payload: Uint8Array },
    up: boolean,
  ): void {
    const ends = {
      source: up ? device.ip : accessPoint.ip,
      destination: up ? accessPoint.ip : device.ip,
    }
    this.#ipv4(time, ends, Protocol.udp, udpDatagram(ends, datagram), up)
  }

  #arp(time: number): void {
    const target = { mac: accessPoint.mac, ip: accessPoint.ip }
    const request = arpPacket({ operation: 'request', sender: device, target: { ip: accessPoint.ip } })
    const reply = arpPacket({ operation: 'reply', sender: target, target: device })
    this.#frame(time, EtherType.arp, request, true, broadcast)
    this.#frame(time + 2 * ms, EtherType.arp, reply, false)
  }

  /** Duplicate address detection, a multicast report and a router solicitation that nobody answers (RFC 4861, 4862). */
  #joinIpv6(time: number): void {
    const solicitedNode = 'ff02::1:ff00:5301'
    const own = Buffer.from('fe80000000000000'.concat('02005efffe005301'), 'hex')
    const group = Buffer.from('ff0200000000000000000001ff005301', 'hex')
    const multicastMac = (address: string) => `33:33:${address}`

    const detect = { source: '::', destination: solicitedNode }
    const solicitation = icmpv6Message(detect, { type: 135, body: Buffer.concat([Buffer.alloc(4), own]) })
    this.#ipv6(time, detect, Protocol.icmpv6, solicitation, 255, multicastMac('ff:00:53:01'))

    // A listener report carries the router alert in a hop-by-hop header (RFC 3810, section 5).
    const report = { source: device.linkLocal, destination: 'ff02::16' }
    const record = Buffer.concat([Buffer.alloc(2), Buffer.from([0, 1, 4, 0, 0, 0]), group])
    const alert = Buffer.from([Protocol.icmpv6, 0, 5, 2, 0, 0, 1, 0])
    const message = Buffer.concat([alert, icmpv6Message(report, { type: 143, body: record })])
    this.#ipv6(time + 800 * ms, report, Protocol.hopByHop, message, 1, multicastMac('00:00:00:16'))

    const ask = { source: device.linkLocal, destination: 'ff02::2' }
    const router = icmpv6Message(ask, { type: 133, body: Buffer.alloc(4) })
    this.#ipv6(time + 1_200 * ms, ask, Protocol.icmpv6, router, 255, multicastMac('00:00:00:02'))
  }

  #ipv6(time: number, ends: Ends, protocol: number, payload: Uint8Array, hopLimit: number, destination: string): void {
    this.#frame(time, EtherType.ipv6, ipv6Packet({ ...ends, protocol, payload, hopLimit }), true, destination)
  }

  #ipv4(time: number, ends: Ends, protocol: number, payload: Uint8Array, up: boolean, destination?: string): void {
    this.#ipId = (this.#ipId + 1) & 0xffff
    const far = !up && ends.source !== accessPoint.ip
    const packet = ipv4Packet({ ...ends, protocol, payload, id: this.#ipId, ttl: far ? 47 : 64 })
    this.#frame(time, EtherType.ipv4, packet, up, destination)
  }

  #frame(time: number, etherType: number, payload: Uint8Array, up: boolean, destination?: string): void {
    const [source, other] = up ? [device.mac, accessPoint.mac] : [accessPoint.mac, device.mac]
    this.#packets.push({
      time,
      bytes: ethernetFrame({ source, destination: destination ?? other, etherType, payload }),
    })
  }

  #nextPort(): number {
    this.#port += this.#random.between(1, 7)
    return this.#port
  }
}
