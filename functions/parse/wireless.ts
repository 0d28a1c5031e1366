/**
 * IEEE 802.11 as monitoring radios capture it: data frames that are not encrypted, bare or behind what the radio adds. What
 * was sent again is there again: a monitor hears every attempt.
 */
import { ethernet, type Layer, llc, TRUNCATED_LINK } from './ether-type.ts'
import { half, type Packet, word } from './packet.ts'

const NOT_DATA = 'not IP: 802.11 without data'
const ENCRYPTED = 'not readable: 802.11 encrypted'
const FRAGMENT = 'not readable: 802.11 fragment'
const SEVERAL = 'not readable: 802.11 frame of several packets'
const DAMAGED = 'malformed: 802.11 check sequence'

// Frame control (IEEE 802.11-2020, section 9.2.4.1), its second byte.
const TO_DS = 0x01
const FROM_DS = 0x02
const MORE_FRAGMENTS = 0x04
const PROTECTED = 0x40
const ORDER = 0x80
// Subtypes of data frames.
const NO_DATA = 0x40
const QOS = 0x80

/** A frame from its frame control on (LINKTYPE_IEEE802_11). */
export function ieee80211(packet: Packet): string {
  return dataFrame(packet, false)
}

/** @param padded whether the radio put the frame's body at a multiple of four bytes */
function dataFrame(packet: Packet, padded: boolean): string {
  const { bytes, at, end } = packet
  if (end - at < 2) return TRUNCATED_LINK
  const kind = bytes[at] as number
  const flags = bytes[at + 1] as number
  if ((kind & 0x0f) !== 0x08 || (kind & NO_DATA) !== 0) return NOT_DATA
  const hasFour = (flags & (TO_DS | FROM_DS)) === (TO_DS | FROM_DS)
  const qosAt = at + (hasFour ? 30 : 24)
  let body = qosAt
  if ((kind & QOS) !== 0) body += (flags & ORDER) !== 0 ? 6 : 2
  if (padded) body = at + ((body - at + 3) & ~3)
  if (body > end) return TRUNCATED_LINK
  // The sequence control's low four bits number the fragments of a frame.
  if ((flags & MORE_FRAGMENTS) !== 0 || ((bytes[at + 22] as number) & 15) !== 0) return FRAGMENT
  if ((flags & PROTECTED) !== 0) return ENCRYPTED
  packet.macTo = at + ((flags & TO_DS) !== 0 ? 16 : 4)
  packet.macFrom = at + (hasFour ? 24 : (flags & FROM_DS) !== 0 ? 16 : 10)
  packet.at = body
  return (kind & QOS) !== 0 && ((bytes[qosAt] as number) & 0x80) !== 0 ? aggregate(packet) : llc(packet)
}

/** An aggregated service data unit (section 9.3.2.2.2): read where it holds one packet, as its length tells. */
function aggregate(packet: Packet): string {
  const { bytes, at, end } = packet
  if (end - at < 14) return TRUNCATED_LINK
  const length = half(bytes, at + 12)
  // Behind the last unit no more than a check sequence and padding can stand.
  if (at + 14 + length + 7 < packet.wireEnd) return SEVERAL
  return ethernet(packet)
}

/** Radiotap (radiotap.org): its length, then the frame. */
export function radiotap(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 8 || bytes[at] !== 0) return TRUNCATED_LINK
  const length = little(bytes, at + 2)
  if (length < 8 || packet.end - at < length) return TRUNCATED_LINK
  const flags = radiotapFlags(bytes, at, at + length)
  packet.at = at + length
  return (flags & 0x40) !== 0 ? DAMAGED : dataFrame(packet, (flags & 0x20) !== 0)
}

/** The field of flags: the second, behind the time where there is one; both stand behind all words of what is present. */
function radiotapFlags(bytes: Uint8Array, at: number, end: number): number {
  let field = at + 4
  const present = bytes[field] as number
  while (field + 4 <= end && ((bytes[field + 3] as number) & 0x80) !== 0) field += 4
  field += 4
  if ((present & 1) !== 0) field = at + ((field - at + 7) & ~7) + 8
  return (present & 2) !== 0 && field < end ? (bytes[field] as number) : 0
}

/** The header of Prism's driver, or the one of AVS under the same number. */
export function prism(packet: Packet): string {
  const { bytes, at } = packet
  if (packet.end - at < 8) return TRUNCATED_LINK
  if (word(bytes, at) >>> 12 === 0x80211) return avs(packet)
  const isLittle = bytes[at] !== 0
  const length = isLittle ? little(bytes, at + 4) : half(bytes, at + 6)
  return frameBehind(packet, length)
}

export function avs(packet: Packet): string {
  return packet.end - packet.at < 8 ? TRUNCATED_LINK : frameBehind(packet, word(packet.bytes, packet.at + 4) >>> 0)
}

function frameBehind(packet: Packet, length: number): string {
  if (length < 8 || packet.end - packet.at < length) return TRUNCATED_LINK
  packet.at += length
  return dataFrame(packet, false)
}

/** Per-packet information (CACE, PPI 1.0.10): its length, and the link type of what follows, which `of` reads. */
export function perPacketInformation(of: (linkType: number) => Layer): Layer {
  return (packet) => {
    const { bytes, at } = packet
    if (packet.end - at < 8 || bytes[at] !== 0) return TRUNCATED_LINK
    const length = little(bytes, at + 2)
    if (length < 8 || packet.end - at < length) return TRUNCATED_LINK
    packet.at = at + length
    return of(little(bytes, at + 4))(packet)
  }
}

/** A 16-bit number, the low byte first. */
const little = (bytes: Uint8Array, at: number) => (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
