/** Writes IPv4 (RFC 791), IPv6 (RFC 8200), UDP (RFC 768) and ICMP (RFC 792, RFC 4443) with right checksums. */
import { Buffer } from 'node:buffer'
import { addressOctets } from './ethernet.ts'

export const Protocol = { hopByHop: 0, icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const

/** The two ends of a packet, text form, both of one family. */
export interface Ends {
  readonly source: string
  readonly destination: string
}

/** The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words. */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  const bytes = Buffer.concat(parts)
  let sum = 0
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

/** What TCP, UDP and ICMPv6 checksums cover besides the segment (RFC 9293, 3.1; RFC 8200, 8.1). */
export function pseudoHeader(ends: Ends, protocol: number, length: number): Buffer {
  const source = addressOctets(ends.source)
  const tail = Buffer.alloc(source.length === 4 ? 4 : 8)
  if (source.length === 4) {
    tail.writeUInt8(protocol, 1)
    tail.writeUInt16BE(length, 2)
  } else {
    tail.writeUInt32BE(length)
    tail.writeUInt8(protocol, 7)
  }
  return Buffer.concat([source, addressOctets(ends.destination), tail])
}

/** One IPv4 packet without options, not to be fragmented unless `fragment` makes it a fragment. */
export function ipv4Packet(
  packet: Ends & {
    readonly protocol: number
    readonly payload: Uint8Array
    readonly id?: number
    readonly ttl?: number
    /** `offset` in octets, a multiple of 8. */
    readonly fragment?: { readonly offset: number; readonly more: boolean }
  },
): Buffer {
  const header = Buffer.alloc(20)
  header.writeUInt8(0x45)
  header.writeUInt16BE(20 + packet.payload.length, 2)
  header.writeUInt16BE(packet.id ?? 0, 4)
  const { fragment } = packet
  header.writeUInt16BE(fragment ? (fragment.more ? 0x2000 : 0) | (fragment.offset >>> 3) : 0x4000, 6)
  header.writeUInt8(packet.ttl ?? 64, 8)
  header.writeUInt8(packet.protocol, 9)
  addressOctets(packet.source).copy(header, 12)
  addressOctets(packet.destination).copy(header, 16)
  header.writeUInt16BE(internetChecksum(header), 10)
  return Buffer.concat([header, packet.payload])
}

/** One IPv6 packet; extension headers belong into the payload, `protocol` is the first of them. */
export function ipv6Packet(
  packet: Ends & { readonly protocol: number; readonly payload: Uint8Array; readonly hopLimit?: number },
): Buffer {
  const header = Buffer.alloc(40)
  header.writeUInt8(0x60)
  header.writeUInt16BE(packet.payload.length, 4)
  header.writeUInt8(packet.protocol, 6)
  header.writeUInt8(packet.hopLimit ?? 64, 7)
  addressOctets(packet.source).copy(header, 8)
  addressOctets(packet.destination).copy(header, 24)
  return Buffer.concat([header, packet.payload])
}

/** One UDP datagram between two ends of either family. */
export function udpDatagram(
  ends: Ends,
  datagram: { readonly sourcePort: number; readonly destinationPort: number; readonly payload: Uint8Array },
): Buffer {
  const header = Buffer.alloc(8)
  const length = 8 + datagram.payload.length
  header.writeUInt16BE(datagram.sourcePort)
  header.writeUInt16BE(datagram.destinationPort, 2)
  header.writeUInt16BE(length, 4)
  const sum = internetChecksum(pseudoHeader(ends, Protocol.udp, length), header, datagram.payload)
  // A sum of zero is sent as ones, because zero says that there is none (RFC 768).
  header.writeUInt16BE(sum === 0 ? 0xffff : sum, 6)
  return Buffer.concat([header, datagram.payload])
}

/** An ICMP echo request or reply. */
export function icmpEcho(echo: {
  readonly reply: boolean
  readonly id: number
  readonly sequence: number
  readonly payload: Uint8Array
}): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt8(echo.reply ? 0 : 8)
  header.writeUInt16BE(echo.id, 4)
  header.writeUInt16BE(echo.sequence, 6)
  header.writeUInt16BE(internetChecksum(header, echo.payload), 2)
  return Buffer.concat([header, echo.payload])
}

/** An ICMPv6 message: type, code and what follows the checksum. */
export function icmpv6Message(ends: Ends, message: { readonly type: number; readonly body: Uint8Array }): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt8(message.type)
  const pseudo = pseudoHeader(ends, Protocol.icmpv6, 4 + message.body.length)
  header.writeUInt16BE(internetChecksum(pseudo, header, message.body), 2)
  return Buffer.concat([header, message.body])
}
