/** IANA's keywords of IP protocol numbers ("Assigned Internet Protocol Numbers", https://www.iana.org/assignments/protocol-numbers). */
const KEYWORDS: ReadonlyMap<number, string> = new Map([
  [0, 'hopopt'],
  [1, 'icmp'],
  [2, 'igmp'],
  [3, 'ggp'],
  [4, 'ipv4'],
  [5, 'st'],
  [6, 'tcp'],
  [7, 'cbt'],
  [8, 'egp'],
  [9, 'igp'],
  [12, 'pup'],
  [17, 'udp'],
  [20, 'hmp'],
  [22, 'xns-idp'],
  [27, 'rdp'],
  [29, 'iso-tp4'],
  [33, 'dccp'],
  [41, 'ipv6'],
  [43, 'ipv6-route'],
  [44, 'ipv6-frag'],
  [45, 'idrp'],
  [46, 'rsvp'],
  [47, 'gre'],
  [48, 'dsr'],
  [50, 'esp'],
  [51, 'ah'],
  [55, 'min-ipv4'],
  [57, 'skip'],
  [58, 'ipv6-icmp'],
  [59, 'ipv6-nonxt'],
  [60, 'ipv6-opts'],
  [62, 'cftp'],
  [66, 'rvd'],
  [73, 'cphb'],
  [81, 'vmtp'],
  [88, 'eigrp'],
  [89, 'ospfigp'],
  [92, 'mtp'],
  [94, 'ipip'],
  [97, 'etherip'],
  [98, 'encap'],
  [103, 'pim'],
  [108, 'ipcomp'],
  [111, 'ipx-in-ip'],
  [112, 'vrrp'],
  [113, 'pgm'],
  [115, 'l2tp'],
  [121, 'smp'],
  [123, 'ptp'],
  [124, 'isis over ipv4'],
  [132, 'sctp'],
  [133, 'fc'],
  [135, 'mobility header'],
  [136, 'udplite'],
  [137, 'mpls-in-ip'],
  [138, 'manet'],
  [139, 'shim6'],
  [140, 'wesp'],
  [141, 'rohc'],
  [142, 'ethernet'],
  [143, 'aggfrag'],
])

/** IANA's keyword in lower case, or the number where the registry has no keyword here. */
export function protocolKeyword(protocol: number): string | number {
  return KEYWORDS.get(protocol) ?? protocol
}

/** As {@link protocolKeyword}, always as text. */
export function protocolName(protocol: number): string {
  return String(protocolKeyword(protocol))
}

/** What logs call protocols beside IANA's keywords, in lower case. */
const OTHER_NAMES: ReadonlyMap<string, number> = new Map([
  ['icmp4', 1],
  ['icmpv4', 1],
  ['ip-in-ip', 4],
  ['ipencap', 4],
  ['6in4', 41],
  ['icmp6', 58],
  ['icmpv6', 58],
  ['icmp-v6', 58],
  ['ipv6icmp', 58],
  ['ospf', 89],
  ['is-is', 124],
  ['mobility', 135],
  ['udp-lite', 136],
  ['hip', 139],
])
const NUMBERS: ReadonlyMap<string, number> = new Map([...KEYWORDS].map(([number, keyword]) => [keyword, number]))

/**
 * The number of a protocol that is written as a number (0 to 255) or by its name, in any case.
 *
 * @returns -1 where it is neither
 */
export function protocolNumber(text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : -1
  const name = text.toLowerCase()
  return NUMBERS.get(name) ?? OTHER_NAMES.get(name) ?? -1
}
