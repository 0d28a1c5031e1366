/**
 * What stands between a tunnel's beginning and the IP packet in it, of tunnels that do not encrypt. Each is a layer like those
 * below IP: it moves `packet.at` to the inner IP header, or says why there is none.
 */
import { ethernet, etherType, type Layer, mpls, ppp, TRUNCATED_LINK } from '../ether-type.ts'
import { ETHERNET, ETHERNET_IN_IP, GRE, IP_IN_IP, IPV6_IN_IP, MPLS_IN_IP } from '../ip.ts'
import { half, type Packet, word } from '../packet.ts'

const NOT_TUNNELLED = 'not IP: in a tunnel'

/** Tunnels that are protocols of IP, by IANA's number. */
const PROTOCOLS: ReadonlyMap<number, Layer> = new Map<number, Layer>([
  [IP_IN_IP, () => ''],
  [IPV6_IN_IP, () => ''],
  [GRE, gre],
  [ETHERNET_IN_IP, behind(2, ethernet)],
  [MPLS_IN_IP, mpls],
  [ETHERNET, ethernet],
])

/** Tunnels over UDP, by the port of the end that they are sent to. */
const PORTS: ReadonlyMap<number, Layer> = new Map<number, Layer>([
  [2152, gtpU],
  [3544, teredo],
  [4789, vxlan],
  [4790, vxlanGpe],
  [6081, geneve],
  [8472, vxlan], // as Linux numbered it before IANA did
])

/** @param protocol of a packet whose payload is a tunnel */
export function tunnelOfProtocol(protocol: number): Layer | null {
  return PROTOCOLS.get(protocol) ?? null
}

/** The tunnel that a UDP flow may be; null where neither port is one's. */
export function tunnelOfPorts(portA: number, portB: number): Layer | null {
  return PORTS.get(portB) ?? PORTS.get(portA) ?? null
}

/** A layer that begins `length` bytes further on. */
function behind(length: number, layer: Layer): Layer {
  return (packet) => {
    packet.at += length
    return layer(packet)
  }
}

const ERSPAN = 0x88be
const ERSPAN_3 = 0x22eb
const WCCP = 0x883e

/** RFC 2784 and 2890, the routing of RFC 1701, and version 1 of PPTP (RFC 2637, section 4.1). */
function gre(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 4) return TRUNCATED_LINK
  const flags = half(bytes, at)
  const type = half(bytes, at + 2)
  const has = (flag: number) => (flags & flag) !== 0
  const version = flags & 7
  packet.at = at + 4
  if (version === 1) return pptp(packet, flags)
  if (version !== 0) return NOT_TUNNELLED
  // Checksum, and the offset that shares its word; key; sequence number.
  if (has(0xc000)) packet.at += 4
  if (has(0x2000)) packet.at += 4
  if (has(0x1000)) packet.at += 4
  if (has(0x4000)) {
    // Source route entries: family, offset, length; an empty one is the last.
    for (let length = -1; length !== 0; packet.at += 4 + length) {
      if (packet.end - packet.at < 4) return TRUNCATED_LINK
      length = bytes[packet.at + 3] as number
    }
  }
  if (packet.end <= packet.at) return TRUNCATED_LINK
  // ERSPAN (draft-foschiano-erspan, section 4): type I has no header of its own, type II where there is a sequence number.
  if (type === ERSPAN) return behind(has(0x1000) ? 8 : 0, ethernet)(packet)
  if (type === ERSPAN_3) {
    const hasSubheader = ((bytes[packet.at + 11] ?? 0) & 1) === 1
    return behind(hasSubheader ? 20 : 12, ethernet)(packet)
  }
  // WCCP's first version had no header, and the second's does not look like IPv4 (draft-wilson-wrec-wccp-v2, section 3.12).
  if (type === WCCP) return (bytes[packet.at] as number) >>> 4 === 4 ? '' : behind(4, () => '')(packet)
  return etherType(packet, type)
}

function pptp(packet: Packet, flags: number): string {
  const { bytes, at } = packet
  if (packet.end - at < 4) return TRUNCATED_LINK
  const length = half(bytes, at)
  packet.at = at + 4 + ((flags & 0x1000) !== 0 ? 4 : 0) + ((flags & 0x80) !== 0 ? 4 : 0)
  packet.end = Math.min(packet.end, packet.at + length)
  packet.wireEnd = Math.min(packet.wireEnd, packet.at + length)
  if (packet.end - packet.at >= 2 && half(bytes, packet.at) === 0xff03) packet.at += 2
  return ppp(packet)
}

/** RFC 7348, section 5: all bits but the one that says that there is a network's number are to be ignored. */
function vxlan(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 8) return TRUNCATED_LINK
  if (((bytes[at] as number) & 0x08) === 0) return NOT_TUNNELLED
  packet.at = at + 8
  return ethernet(packet)
}

/** VXLAN that may carry another protocol (draft-ietf-nvo3-vxlan-gpe, section 3). */
function vxlanGpe(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 8 || ((bytes[at] as number) & 0x04) === 0) return vxlan(packet)
  packet.at = at + 8
  const next = bytes[at + 3] as number
  if (next === 1 || next === 2) return ''
  if (next === 3) return ethernet(packet)
  if (next === 4) return etherType(packet, 0x894f)
  return next === 5 ? mpls(packet) : NOT_TUNNELLED
}

/** RFC 8926, section 3.4. */
function geneve(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 8) return TRUNCATED_LINK
  const first = bytes[at] as number
  if (first >>> 6 !== 0) return NOT_TUNNELLED
  packet.at = at + 8 + (first & 63) * 4
  return etherType(packet, half(bytes, at + 2))
}

const G_PDU = 255

/** 3GPP TS 29.281, section 5: user data, and the headers that may stand before it. */
function gtpU(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 8) return TRUNCATED_LINK
  const flags = bytes[at] as number
  if (flags >>> 4 !== 3 || bytes[at + 1] !== G_PDU) return NOT_TUNNELLED
  packet.end = Math.min(packet.end, at + 8 + half(bytes, at + 2))
  packet.wireEnd = Math.min(packet.wireEnd, at + 8 + half(bytes, at + 2))
  packet.at = at + 8
  if ((flags & 7) !== 0) {
    packet.at += 4
    let next = (flags & 4) !== 0 ? (bytes[at + 11] as number) : 0
    while (next !== 0) {
      const length = (bytes[packet.at] ?? 0) * 4
      if (length === 0 || packet.end - packet.at < length) return TRUNCATED_LINK
      packet.at += length
      next = bytes[packet.at - 1] as number
    }
  }
  return ''
}

/** RFC 4380, section 5.1.1: an IPv6 packet of an address below 2001::/32, or one that asks for such an address. */
function teredo(packet: Packet): string {
  const { bytes } = packet
  const has = (count: number) => packet.end - packet.at >= count
  if (has(4) && half(bytes, packet.at) === 1)
    packet.at += 13 + (bytes[packet.at + 2] as number) + (bytes[packet.at + 3] as number)
  if (has(2) && half(bytes, packet.at) === 0) packet.at += 8
  if (!has(40)) return NOT_TUNNELLED
  const { at } = packet
  if ((bytes[at] as number) >>> 4 !== 6 || half(bytes, at + 4) + 40 > packet.end - at) return NOT_TUNNELLED
  const isTeredo = (address: number) => word(bytes, address) === 0x20010000 || half(bytes, address) === 0xfe80
  return isTeredo(at + 8) || isTeredo(at + 24) ? '' : NOT_TUNNELLED
}
