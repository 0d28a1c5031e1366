/** Link layers of older networks and of firewalls and kernels: what stands before IP in each. */
import { etherType, type Layer, llc, ppp, TRUNCATED_LINK } from './ether-type.ts'
import { half, type Packet, word } from './packet.ts'

const NOT_IP_FAMILY = 'not IP: another address family'
const OTHER_NLPID = 'not IP: another frame relay protocol'
const NOT_LLC = 'not IP: no data frame'
const NO_PAYLOAD = 'not IP: no packet in the log record'
const ARCNET_FRAGMENT = 'not readable: ARCNET fragment'

/** Frame relay with Q.922 addresses (RFC 2427), or with an EtherType in place of the protocol, as Cisco has it. */
export function frameRelay(packet: Packet): string {
  const { bytes } = packet
  let { at } = packet
  const last = Math.min(packet.end, at + 4)
  while (at < last && ((bytes[at] as number) & 1) === 0) at++
  at++
  if (packet.end - at < 2) return TRUNCATED_LINK
  if (bytes[at] !== 0x03) {
    packet.at = at + 2
    return etherType(packet, half(bytes, at))
  }
  at++
  if (bytes[at] === 0) at++ // padding
  if (packet.end - at < 1) return TRUNCATED_LINK
  packet.at = at + 1
  const protocol = bytes[at] as number
  if (protocol === 0xcc || protocol === 0x8e) return ''
  if (protocol === 0xcf) return ppp(packet)
  if (protocol !== 0x80) return OTHER_NLPID
  if (packet.end - at < 6) return TRUNCATED_LINK
  packet.at = at + 6
  return half(bytes, at + 1) === 0 && bytes[at + 3] === 0 ? etherType(packet, half(bytes, at + 4)) : OTHER_NLPID
}

/** IEEE 802.5: a source route may stand behind the addresses, and the source address's first bit says so. */
export function tokenRing(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 15) return TRUNCATED_LINK
  if (((bytes[at + 1] as number) & 0xc0) !== 0x40) return NOT_LLC
  const isRouted = ((bytes[at + 8] as number) & 0x80) !== 0
  packet.at = at + 14 + (isRouted ? (bytes[at + 14] as number) & 31 : 0)
  return llc(packet)
}

/** ISO 9314: frame control and two addresses. */
export function fddi(packet: Packet): string {
  const { at } = packet
  if (packet.end - at < 13) return TRUNCATED_LINK
  if (((packet.bytes[at] as number) & 0xf0) !== 0x50) return NOT_LLC
  packet.at = at + 13
  return llc(packet)
}

/** ARCNET (RFC 1201, RFC 1051), the protocol `protocolAt` bytes from the frame's first. */
export function arcnet(protocolAt: number): Layer {
  return (packet) => {
    const at = packet.at + protocolAt
    if (packet.end - at < 4) return TRUNCATED_LINK
    const protocol = packet.bytes[at] as number
    const isOld = protocol === 0xf0 || protocol === 0xf1
    packet.at = at + (isOld ? 1 : 4)
    if (protocol === 0xf0 || protocol === 0xd4 || protocol === 0xc4)
      return !isOld && packet.bytes[at + 1] !== 0 ? ARCNET_FRAGMENT : ''
    return protocol === 0xf1 || protocol === 0xd5 ? 'not IP: ARP' : 'not IP: another ARCNET protocol'
  }
}

/** BSD's packet filter: the length of its header, then the address family. */
export function pflog(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 4) return TRUNCATED_LINK
  const length = ((bytes[at] as number) + 3) & ~3
  if (length < 4 || packet.end - at < length) return TRUNCATED_LINK
  packet.at = at + length
  return isIpFamily(bytes[at + 1] as number) ? '' : NOT_IP_FAMILY
}

/** OpenBSD's encapsulating interface: address family, security parameters, flags. */
export function openBsdEnc(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 12) return TRUNCATED_LINK
  packet.at = at + 12
  return isIpFamily((bytes[at] as number) | (bytes[at + 3] as number)) ? '' : NOT_IP_FAMILY
}

/** AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 23 on Windows, 24, 28 and 30 on the BSDs and macOS. */
export function isIpFamily(family: number): boolean {
  return family === 2 || family === 10 || family === 23 || family === 24 || family === 28 || family === 30
}

/** Linux netfilter's log: records of length, type and value in the order of the machine's bytes; type 9 is the packet. */
export function nflog(packet: Packet): string {
  const { bytes } = packet
  const family = bytes[packet.at] as number
  let at = packet.at + 4
  while (packet.end - at >= 4) {
    const isLittle = bytes[at + 3] === 0
    const length = isLittle ? (bytes[at] as number) | ((bytes[at + 1] as number) << 8) : half(bytes, at)
    const type = isLittle ? (bytes[at + 2] as number) : half(bytes, at + 2)
    if (length < 4) return 'malformed: nflog record'
    if (type === 9) {
      packet.at = at + 4
      packet.end = Math.min(packet.end, at + length)
      packet.wireEnd = Math.min(packet.wireEnd, at + length)
      return family === 2 || family === 10 ? '' : NOT_IP_FAMILY
    }
    at += (length + 3) & ~3
  }
  return packet.end - packet.at < 4 ? TRUNCATED_LINK : NO_PAYLOAD
}

/** Apple's packet tap: length, kind of record, link type of what follows, which `of` reads. */
export function pktap(of: (linkType: number) => Layer): Layer {
  return (packet) => {
    const { bytes, at } = packet
    if (packet.end - at < 12) return TRUNCATED_LINK
    const length = swapped(word(bytes, at))
    if (length < 12 || packet.end - at < length) return TRUNCATED_LINK
    if (swapped(word(bytes, at + 4)) !== 1) return NO_PAYLOAD
    packet.at = at + length
    return of(swapped(word(bytes, at + 8)))(packet)
  }
}

/** IP over IEEE 1394 (RFC 2734) as Apple captures it: two addresses of eight bytes, an EtherType. */
export function ipOver1394(packet: Packet): string {
  const { at } = packet
  if (packet.end - at < 18) return TRUNCATED_LINK
  packet.at = at + 18
  return etherType(packet, half(packet.bytes, at + 16))
}

/** One byte of direction before another layer. */
export function behindDirection(layer: Layer): Layer {
  return (packet) => {
    packet.at++
    return packet.at < packet.end ? layer(packet) : TRUNCATED_LINK
  }
}

const swapped = (word: number) =>
  ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word & 0xff00) << 8) | ((word & 0xff) << 24)) >>> 0
