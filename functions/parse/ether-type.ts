/**
 * Layer 2: what stands between a frame's first byte and its IP header. A layer begins at `packet.at`, moves it, and either
 * ends at an IP header or says why there is none. EtherTypes are IANA's "IEEE 802 numbers".
 */
import { half, type Packet } from './packet.ts'

/** Moves `packet.at` to the IP header and returns an empty text, or returns the reason why there is none. */
export type Layer = (packet: Packet) => string

export const TRUNCATED_LINK = 'truncated: link layer'
const OTHER_ETHER_TYPE = 'not IP: another EtherType'
const OTHER_LLC = 'not IP: LLC'
const PPP_CONTROL = 'not IP: PPP control'
const OTHER_PPP = 'not IP: another PPP protocol'
const OTHER_MPLS = 'not IP: MPLS payload'
const TOO_DEEP = 'malformed: link layers nested too deep'

/** Tags and labels can be stacked without end by a hostile packet; no network stacks more than a handful. */
const MAX_LAYERS = 32

/** EtherTypes that carry no IP, under the name by which they are counted. */
const NOT_IP: readonly (readonly [number, string])[] = [
  [0x0806, 'ARP'],
  [0x8035, 'RARP'],
  [0x809b, 'AppleTalk'],
  [0x80f3, 'AppleTalk'],
  [0x8137, 'IPX'],
  [0x8808, 'Ethernet flow control'],
  [0x8809, 'slow protocols'],
  [0x8863, 'PPPoE discovery'],
  [0x8874, 'RRCP'],
  [0x888e, 'EAPOL'],
  [0x8892, 'PROFINET'],
  [0x88a4, 'EtherCAT'],
  [0x88b8, 'GOOSE'],
  [0x88ba, 'sampled values'],
  [0x88cc, 'LLDP'],
  [0x88d9, 'LLTD'],
  [0x88e1, 'HomePlug'],
  [0x88e5, 'MACsec'],
  [0x88f7, 'PTP'],
  [0x8902, 'CFM'],
  [0x893a, 'IEEE 1905.1'],
  [0x9000, 'loopback'],
]

const ETHER_TYPES: ReadonlyMap<number, Layer> = new Map<number, Layer>([
  [0x0800, reached],
  [0x86dd, reached],
  [0x8100, tag(4)], // VLAN, IEEE 802.1Q
  [0x88a8, tag(4)], // service VLAN, IEEE 802.1ad
  [0x9100, tag(4)], // service VLAN before it had a number
  [0x9200, tag(4)],
  [0x8926, tag(6)], // VN-tag
  [0x893f, tag(8)], // E-tag, IEEE 802.1BR
  [0x8909, tag(8)], // Cisco metadata
  [0x8847, mpls],
  [0x8848, mpls],
  [0x8864, pppoeSession],
  [0x880b, ppp],
  [0x6558, ethernet], // transparent Ethernet bridging, RFC 1701
  [0x88e7, tunnelledEthernet(4)], // provider backbone bridge, IEEE 802.1ah: its I-tag
  [0x8903, tunnelledEthernet(2)], // Cisco FabricPath: its tag
  [0x894f, networkService],
  ...NOT_IP.map(([type, name]): readonly [number, Layer] => [type, always(`not IP: ${name}`)]),
])

function reached(): string {
  return ''
}

/** A layer that always ends here, for one reason. */
export function always(reason: string): Layer {
  return () => reason
}

/** A tag of `length` bytes behind its EtherType, whose last two are the next EtherType. */
function tag(length: number): Layer {
  return (packet) => {
    if (packet.end - packet.at < length) return TRUNCATED_LINK
    packet.at += length
    return etherTypeOrLength(packet, half(packet.bytes, packet.at - 2))
  }
}

/** `length` bytes, then a whole Ethernet frame. */
function tunnelledEthernet(length: number): Layer {
  return (packet) => {
    packet.at += length
    return ethernet(packet)
  }
}

/** What an EtherType announces; `packet.at` stands behind it. */
export function etherType(packet: Packet, type: number): string {
  if (++packet.layers > MAX_LAYERS) return TOO_DEEP
  const layer = ETHER_TYPES.get(type)
  return layer === undefined ? OTHER_ETHER_TYPE : layer(packet)
}

/** An Ethernet II or IEEE 802.3 frame. */
export function ethernet(packet: Packet): string {
  const { at } = packet
  if (packet.end - at < 14) return TRUNCATED_LINK
  if (packet.macFrom < 0) {
    packet.macTo = at
    packet.macFrom = at + 6
  }
  packet.at = at + 14
  const type = half(packet.bytes, at + 12)
  // The two that almost every frame has, without the table.
  if (type === 0x0800 || type === 0x86dd) return ''
  return etherTypeOrLength(packet, type)
}

/** IEEE 802.3, clause 3.2.6: up to 1500 it is the length of an LLC frame, from 1536 an EtherType. */
function etherTypeOrLength(packet: Packet, type: number): string {
  if (type > 1500) return etherType(packet, type)
  packet.end = Math.min(packet.end, packet.at + type)
  packet.wireEnd = Math.min(packet.wireEnd, packet.at + type)
  return llc(packet)
}

/** IEEE 802.2, with SNAP (RFC 1042) or IP's own service access point. */
export function llc(packet: Packet): string {
  const { bytes, at } = packet
  if (++packet.layers > MAX_LAYERS) return TOO_DEEP
  if (packet.end - at < 3) return TRUNCATED_LINK
  const destination = bytes[at] as number
  const source = bytes[at + 1] as number
  if ((bytes[at + 2] as number) !== 0x03) return OTHER_LLC
  if (destination === 0xaa && source === 0xaa) {
    if (packet.end - at < 8) return TRUNCATED_LINK
    packet.at = at + 8
    const organisation = ((bytes[at + 3] as number) << 16) | half(bytes, at + 4)
    const type = half(bytes, at + 6)
    // 00-00-00 is RFC 1042, 00-00-F8 a bridge's tunnel of the same (IEEE 802.1H).
    if (organisation === 0 || organisation === 0xf8) return etherType(packet, type)
    // 00-80-C2: IEEE 802.1 bridged Ethernet, with and without its check sequence (RFC 2684).
    if (organisation === 0x80c2 && (type === 1 || type === 7)) return ethernet(packet)
    return OTHER_LLC
  }
  if (destination === 0x06 && source === 0x06) {
    packet.at = at + 3
    return ''
  }
  return OTHER_LLC
}

/** MPLS labels (RFC 3032) down to the last; what is below has no type, so its first nibble tells (RFC 4928). */
export function mpls(packet: Packet): string {
  const { bytes } = packet
  for (;;) {
    if (packet.end - packet.at < 4) return TRUNCATED_LINK
    const bottom = ((bytes[packet.at + 2] as number) & 1) === 1
    packet.at += 4
    if (bottom) break
  }
  if (packet.end <= packet.at) return TRUNCATED_LINK
  const nibble = (bytes[packet.at] as number) >>> 4
  if (nibble === 4 || nibble === 6) return ''
  // A pseudowire's control word (RFC 4385); Ethernet is by far the most common load.
  if (nibble === 0) return looksLikeEthernet(packet, packet.at + 4) ? tunnelledEthernet(4)(packet) : OTHER_MPLS
  return looksLikeEthernet(packet, packet.at) ? ethernet(packet) : OTHER_MPLS
}

function looksLikeEthernet(packet: Packet, at: number): boolean {
  if (packet.end - at < 14 || ++packet.layers > MAX_LAYERS) return false
  const type = half(packet.bytes, at + 12)
  return type <= 1500 || ETHER_TYPES.has(type)
}

/** RFC 2516, section 4. */
export function pppoeSession(packet: Packet): string {
  const { at } = packet
  if (packet.end - at < 6) return TRUNCATED_LINK
  const length = half(packet.bytes, at + 4)
  packet.at = at + 6
  packet.end = Math.min(packet.end, packet.at + length)
  packet.wireEnd = Math.min(packet.wireEnd, packet.at + length)
  return ppp(packet)
}

/** A PPP packet from its protocol field on, which may be compressed to one byte (RFC 1661, sections 2 and 6.5). */
export function ppp(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 2) return TRUNCATED_LINK
  let protocol = bytes[at] as number
  packet.at = at + 1
  if ((protocol & 1) === 0) {
    protocol = half(bytes, at)
    packet.at = at + 2
  }
  if (protocol === 0x21 || protocol === 0x57) return ''
  if (protocol === 0x281 || protocol === 0x283) return mpls(packet)
  // RFC 1661, section 2: protocols that set links and networks up have the highest numbers, and carry no packets.
  return protocol >= 0x8000 ? PPP_CONTROL : OTHER_PPP
}

/** Network service header (RFC 8300, section 2.2): its length in words and what follows it. */
function networkService(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 8) return TRUNCATED_LINK
  packet.at = at + ((bytes[at + 1] as number) & 63) * 4
  const next = bytes[at + 3] as number
  if (next === 1 || next === 2) return ''
  if (next === 3) return ethernet(packet)
  if (next === 5) return mpls(packet)
  return OTHER_ETHER_TYPE
}
