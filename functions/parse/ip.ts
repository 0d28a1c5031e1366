/** IPv4 (RFC 791) and IPv6 (RFC 8200) headers, and as much of the transport header as a flow needs. */
import { FIRST_FRAGMENT, half, LATER_FRAGMENT, type Packet, WHOLE, word } from './packet.ts'

const TCP = 6
const UDP = 17
const DCCP = 33
const SCTP = 132
const UDP_LITE = 136

export const IP_IN_IP = 4 // RFC 2003
export const IPV6_IN_IP = 41 // RFC 4213
export const GRE = 47 // RFC 2784
export const ETHERNET_IN_IP = 97 // RFC 3378
export const MPLS_IN_IP = 137 // RFC 4023
export const ETHERNET = 143 // RFC 8986, section 10.1

/** What can stand behind extension headers as a conversation's own protocol. */
const TRANSPORTS: ReadonlySet<number> = new Set([
  1, // ICMP
  2, // IGMP
  TCP,
  UDP,
  DCCP,
  GRE,
  50, // ESP
  58, // ICMPv6
  89, // OSPF
  103, // PIM
  112, // VRRP
  SCTP,
  UDP_LITE,
])

/** Protocols that carry packets: what a payload reader may look into. */
const TUNNELS: ReadonlySet<number> = new Set([IP_IN_IP, IPV6_IN_IP, GRE, ETHERNET_IN_IP, MPLS_IN_IP, ETHERNET])

const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
const AUTHENTICATION = 51
const DESTINATION_OPTIONS = 60

export const TRUNCATED_IP = 'truncated: IP header'
export const MALFORMED_IPV4 = 'malformed: IPv4 header'
export const NOT_IP_VERSION = 'malformed: IP version'

/**
 * Reads the IP header at `packet.at` and the transport header behind it into the packet.
 *
 * @returns why the packet belongs to no flow, or an empty text
 */
export function readIp(packet: Packet): string {
  if (packet.at >= packet.end) return TRUNCATED_IP
  const version = (packet.bytes[packet.at] as number) >>> 4
  packet.portFrom = -1
  packet.portTo = -1
  packet.tcpFlags = 0
  packet.tunnel = 0
  packet.payloadAt = 0
  packet.payloadEnd = 0
  if (version === 4) return readIPv4(packet)
  if (version === 6) return readIPv6(packet)
  return NOT_IP_VERSION
}

function readIPv4(packet: Packet): string {
  const { bytes, at } = packet
  const headerLength = ((bytes[at] as number) & 15) * 4
  if (headerLength < 20) return MALFORMED_IPV4
  if (packet.end - at < 20) return TRUNCATED_IP
  let length = half(bytes, at + 2)
  // Segmentation offload hands packets to the capture before their length is written: then it is what the link carried.
  if (length === 0) length = packet.wireEnd - at
  else if (length < headerLength) return MALFORMED_IPV4
  packet.family = 4
  packet.from0 = word(bytes, at + 12)
  packet.to0 = word(bytes, at + 16)
  packet.from1 = packet.from2 = packet.from3 = packet.to1 = packet.to2 = packet.to3 = 0
  packet.ipBytes = length
  packet.protocol = bytes[at + 9] as number
  packet.end = Math.min(packet.end, at + length)
  const ipEnd = at + length
  packet.isCut = packet.end < ipEnd
  const flags = half(bytes, at + 6)
  packet.identification = half(bytes, at + 4)
  packet.fragment = (flags & 0x1fff) !== 0 ? LATER_FRAGMENT : (flags & 0x2000) !== 0 ? FIRST_FRAGMENT : WHOLE
  if (packet.fragment !== WHOLE)
    notePiece(packet, at + headerLength, (flags & 0x1fff) * 8, (flags & 0x2000) !== 0, packet.protocol)
  packet.payloadBytes = length - headerLength
  if (packet.fragment !== LATER_FRAGMENT) readPayload(packet, packet.protocol, at + headerLength, ipEnd)
  return ''
}

function readIPv6(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 40) return TRUNCATED_IP
  const payloadLength = half(bytes, at + 4)
  packet.family = 6
  packet.from0 = word(bytes, at + 8)
  packet.from1 = word(bytes, at + 12)
  packet.from2 = word(bytes, at + 16)
  packet.from3 = word(bytes, at + 20)
  packet.to0 = word(bytes, at + 24)
  packet.to1 = word(bytes, at + 28)
  packet.to2 = word(bytes, at + 32)
  packet.to3 = word(bytes, at + 36)
  packet.ipBytes = 40 + payloadLength
  packet.fragment = WHOLE
  // No payload length: a jumbogram (RFC 2675) or segmentation offload; what was captured is then all payload.
  const ipEnd = payloadLength === 0 ? packet.wireEnd : at + 40 + payloadLength
  packet.end = Math.min(packet.end, ipEnd)
  packet.isCut = packet.end < ipEnd
  packet.payloadBytes = ipEnd - at - 40
  readPayload(packet, bytes[at + 6] as number, at + 40, ipEnd)
  return ''
}

/**
 * Follows extension headers (RFC 8200, section 4) to the transport header. Where none that is known stands behind them, the
 * protocol is the one that the IP header itself names, as capture tools and NetFlow exporters say it.
 *
 * @param ipEnd where the packet ends by its IP header, captured or not
 */
function readPayload(packet: Packet, firstHeader: number, firstAt: number, ipEnd: number): void {
  const { bytes, end } = packet
  packet.protocol = firstHeader
  if (firstHeader === TCP || firstHeader === UDP) {
    readTransport(packet, firstAt, ipEnd)
    return
  }
  let header = firstHeader
  let at = firstAt
  for (;;) {
    // IPv4 knows of these only authentication (RFC 4302); the others are protocols there.
    if (packet.family === 4 ? header !== AUTHENTICATION : !isExtension(header)) break
    if (end - at < 8) return
    const next = bytes[at] as number
    if (header === FRAGMENT) {
      const offset = half(bytes, at + 2)
      packet.identification = word(bytes, at + 4)
      notePiece(packet, at + 8, offset & 0xfff8, (offset & 1) !== 0, next)
      if (offset >>> 3 !== 0) {
        packet.fragment = LATER_FRAGMENT
        packet.protocol = next
        packet.payloadBytes = ipEnd - at - 8
        return
      }
      if ((offset & 1) !== 0) packet.fragment = FIRST_FRAGMENT
      at += 8
    } else if (header === AUTHENTICATION) at += ((bytes[at + 1] as number) + 2) * 4
    else at += ((bytes[at + 1] as number) + 1) * 8
    header = next
  }
  if (TUNNELS.has(header)) {
    packet.tunnel = header
    packet.payloadAt = at
    packet.payloadEnd = end
  }
  if (!TRANSPORTS.has(header)) return
  packet.protocol = header
  packet.payloadBytes = ipEnd - at
  readTransport(packet, at, ipEnd)
}

/** @param offset of the piece in what was fragmented, in bytes */
function notePiece(packet: Packet, at: number, offset: number, hasMore: boolean, protocol: number): void {
  packet.pieceAt = at
  packet.pieceOffset = offset
  packet.hasMorePieces = hasMore
  packet.pieceProtocol = protocol
}

/** Reads what an IP packet carried whose fragments were put together: `packet.at` to `packet.end`, of some protocol. */
export function readJoined(packet: Packet, protocol: number): void {
  packet.portFrom = -1
  packet.portTo = -1
  packet.tcpFlags = 0
  packet.tunnel = 0
  packet.payloadAt = 0
  packet.payloadEnd = 0
  packet.fragment = WHOLE
  readPayload(packet, protocol, packet.at, packet.end)
}

function isExtension(header: number): boolean {
  return (
    header === HOP_BY_HOP ||
    header === ROUTING ||
    header === FRAGMENT ||
    header === AUTHENTICATION ||
    header === DESTINATION_OPTIONS
  )
}

function readTransport(packet: Packet, at: number, ipEnd: number): void {
  const { bytes, end, protocol } = packet
  if (protocol === TCP || protocol === SCTP) packet.payloadBytes = -1
  else if (protocol === UDP || protocol === UDP_LITE) packet.payloadBytes = ipEnd - at - 8
  if (end - at < 4) return
  if (protocol === TCP) {
    packet.portFrom = half(bytes, at)
    packet.portTo = half(bytes, at + 2)
    if (end - at < 20) return
    packet.sequence = word(bytes, at + 4)
    packet.acknowledged = word(bytes, at + 8)
    packet.tcpFlags = bytes[at + 13] as number
    const headerLength = ((bytes[at + 12] as number) >>> 4) * 4
    if (headerLength < 20) return
    packet.payloadAt = at + headerLength
    packet.payloadEnd = end
    packet.payloadBytes = ipEnd - packet.payloadAt
  } else if (protocol === UDP) {
    packet.portFrom = half(bytes, at)
    packet.portTo = half(bytes, at + 2)
    if (end - at < 8) return
    const length = half(bytes, at + 4)
    packet.payloadAt = at + 8
    // Length 0 is a jumbogram (RFC 2675, section 4) or offload: the IP header's length holds.
    packet.payloadEnd = length === 0 ? end : Math.min(end, at + length)
  } else if (protocol === SCTP || protocol === DCCP || protocol === UDP_LITE) {
    packet.portFrom = half(bytes, at)
    packet.portTo = half(bytes, at + 2)
    if (protocol === SCTP && end === ipEnd) packet.payloadBytes = sctpData(bytes, at + 12, end)
  }
}

/** Bytes of data in the chunks of an SCTP packet (RFC 9260, section 3.3.1, and RFC 8260, section 2.1). */
function sctpData(bytes: Uint8Array, from: number, end: number): number {
  let data = 0
  for (let at = from; end - at >= 4; ) {
    const length = half(bytes, at + 2)
    if (length < 4) break
    if (bytes[at] === 0) data += Math.max(0, Math.min(length, end - at) - 16)
    else if (bytes[at] === 64) data += Math.max(0, Math.min(length, end - at) - 20)
    at += (length + 3) & ~3
  }
  return data
}
