/**
 * Link types (tcpdump.org/linktypes.html): how the packets of a capture begin. One line of {@link LINK_TYPES} adds another.
 */
import { always, ethernet, etherType, type Layer, llc, ppp, pppoeSession, TRUNCATED_LINK } from './ether-type.ts'
import { NOT_IP_VERSION } from './ip.ts'
import {
  arcnet,
  behindDirection,
  fddi,
  frameRelay,
  ipOver1394,
  isIpFamily,
  nflog,
  openBsdEnc,
  pflog,
  pktap,
  tokenRing,
} from './old-links.ts'
import { half, type Packet, word } from './packet.ts'
import { avs, ieee80211, perPacketInformation, prism, radiotap } from './wireless.ts'

const NOT_IP_FAMILY = 'not IP: another address family'

/** Link types that are read. */
const LINK_TYPES: ReadonlyMap<number, Layer> = new Map<number, Layer>([
  [0, loopback], // BSD null: the family in the byte order of the machine that captured
  [1, ethernet],
  [6, tokenRing],
  [7, arcnet(2)], // source, destination
  [9, pppWithAddress],
  [10, fddi],
  [12, rawIp], // LINKTYPE_RAW as some systems number it
  [14, rawIp],
  [50, pppWithAddress],
  [51, pppoeSession],
  [101, rawIp],
  [104, ciscoHdlc],
  [105, ieee80211],
  [107, frameRelay],
  [108, loopback], // OpenBSD loop: the family in network order
  [109, openBsdEnc],
  [113, linuxCooked],
  [117, pflog],
  [119, prism],
  [127, radiotap],
  [129, arcnet(4)], // Linux keeps the offset into the frame, too
  [138, ipOver1394],
  [149, pktap(innerLayer)], // user 2, which Apple took before it had a number of its own
  [163, avs],
  [166, pppOfPppd],
  [192, perPacketInformation(innerLayer)],
  [204, behindDirection(pppWithAddress)],
  [205, behindDirection(ciscoHdlc)],
  [206, behindDirection(frameRelay)],
  [228, rawIp],
  [229, rawIPv6],
  [239, nflog],
  [258, pktap(innerLayer)],
  [276, linuxCooked2],
])

/** Names of link types that are not read, for the ledger. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [8, 'SLIP'],
  [11, 'ATM'],
  [147, 'user 0'],
  [187, 'Bluetooth HCI'],
  [189, 'USB Linux'],
  [195, '802.15.4'],
  [201, 'Bluetooth HCI'],
  [220, 'USB Linux'],
  [230, '802.15.4'],
  [249, 'USBPcap'],
  [253, 'netlink'],
  [283, '802.15.4 TAP'],
])

/** Link types that name another. */
const NAMING: ReadonlySet<number> = new Set([149, 192, 258])

/** How the packets of a link type are read, or that they are not. */
export interface Link {
  readonly layer: Layer
  /** Why none of its packets is read; null where they are. */
  readonly unsupported: string | null
}

export function link(linkType: number): Link {
  const layer = LINK_TYPES.get(linkType)
  if (layer !== undefined) return { layer, unsupported: null }
  const name = NAMES.get(linkType)
  const unsupported = `link type ${linkType}${name ? ` (${name})` : ''} not supported`
  return { layer: always(unsupported), unsupported }
}

/** The layer of a packet within one that names its link type; none that names one again. */
function innerLayer(linkType: number): Layer {
  return NAMING.has(linkType) ? always('malformed: link layers nested too deep') : link(linkType).layer
}

/** IP from the first byte; its version tells which. */
function rawIp(): string {
  return ''
}

function rawIPv6(packet: Packet): string {
  return packet.at < packet.end && (packet.bytes[packet.at] as number) >>> 4 !== 6 ? NOT_IP_VERSION : ''
}

/** The address family as a word. */
function loopback(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 4) return TRUNCATED_LINK
  packet.at = at + 4
  // Families are small: whichever half is not zero tells the byte order.
  const family = half(bytes, at) === 0 ? half(bytes, at + 2) : (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
  return isIpFamily(family) && (half(bytes, at) === 0 || half(bytes, at + 2) === 0) ? '' : NOT_IP_FAMILY
}

/** PPP with or without the address and control bytes of RFC 1662; with Cisco's own first byte it is Cisco HDLC. */
function pppWithAddress(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 2) return TRUNCATED_LINK
  if (bytes[at] === 0x0f || bytes[at] === 0x8f) return ciscoHdlc(packet)
  if (half(bytes, at) === 0xff03) packet.at = at + 2
  return ppp(packet)
}

/** As Linux's pppd captures: a direction in place of the address byte. */
function pppOfPppd(packet: Packet): string {
  if (packet.end - packet.at < 2) return TRUNCATED_LINK
  packet.at += 2
  return ppp(packet)
}

/** Address, control, EtherType. */
function ciscoHdlc(packet: Packet): string {
  const { at } = packet
  if (packet.end - at < 4) return TRUNCATED_LINK
  packet.at = at + 4
  const protocol = half(packet.bytes, at + 2)
  return protocol === 0xfefe ? 'not IP: ISO CLNS' : etherType(packet, protocol)
}

/** LINKTYPE_LINUX_SLL: only the sender's hardware address is kept. */
function linuxCooked(packet: Packet): string {
  const { at } = packet
  if (packet.end - at < 16) return TRUNCATED_LINK
  if (half(packet.bytes, at + 4) === 6) packet.macFrom = at + 6
  packet.at = at + 16
  return cookedProtocol(packet, half(packet.bytes, at + 14))
}

/** LINKTYPE_LINUX_SLL2. */
function linuxCooked2(packet: Packet): string {
  const { at } = packet
  if (packet.end - at < 20) return TRUNCATED_LINK
  if (packet.bytes[at + 11] === 6) packet.macFrom = at + 12
  packet.at = at + 20
  return cookedProtocol(packet, word(packet.bytes, at) >>> 16)
}

/** An EtherType, or one of Linux's own small numbers: 4 announces LLC. */
function cookedProtocol(packet: Packet, protocol: number): string {
  return protocol === 4 ? llc(packet) : etherType(packet, protocol)
}
