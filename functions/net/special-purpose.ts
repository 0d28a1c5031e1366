/**
 * Addresses that are nobody's place on the Internet: IANA's special-purpose address registries for IPv4 and IPv6
 * (RFC 6890; as of 2026-01), multicast (RFC 5771; RFC 4291, section 2.7), and space that is not assigned for unicast.
 */
import type { Address } from './address.ts'
import { type Prefix, PrefixTable, parsePrefix } from './prefix.ts'

/** A block of null is global unicast within a block that is not. */
type Row = readonly [prefix: string, reason: string | null]

const rows: readonly Row[] = [
  ['0.0.0.0/8', 'this-network'], // RFC 791, section 3.2
  ['10.0.0.0/8', 'private-use'], // RFC 1918
  ['100.64.0.0/10', 'shared-address-space'], // RFC 6598
  ['127.0.0.0/8', 'loopback'], // RFC 1122, section 3.2.1.3
  ['169.254.0.0/16', 'link-local'], // RFC 3927
  ['172.16.0.0/12', 'private-use'], // RFC 1918
  // RFC 6890, section 2.1. 192.0.0.9 and .10 (RFC 7723, RFC 8155) are answered by the nearest network itself.
  ['192.0.0.0/24', 'ietf-protocol-assignments'],
  ['192.0.2.0/24', 'documentation'], // RFC 5737
  ['192.168.0.0/16', 'private-use'], // RFC 1918
  ['198.18.0.0/15', 'benchmarking'], // RFC 2544
  ['198.51.100.0/24', 'documentation'], // RFC 5737
  ['203.0.113.0/24', 'documentation'], // RFC 5737
  ['224.0.0.0/4', 'multicast'], // RFC 5771
  ['240.0.0.0/4', 'reserved'], // RFC 1112, section 4
  ['255.255.255.255/32', 'limited-broadcast'], // RFC 919, section 7

  // Only 2000::/3 is assigned for global unicast (RFC 4291, section 4; IANA's IPv6 address space registry). The
  // deprecated IPv4-compatible addresses ::/96 (RFC 4291, section 2.5.5.1) are among what is left.
  ['::/0', 'reserved'],
  ['2000::/3', null],
  ['::/128', 'unspecified'], // RFC 4291, section 2.5.2
  ['::1/128', 'loopback'], // RFC 4291, section 2.5.3
  ['64:ff9b:1::/48', 'local-use-translation'], // RFC 8215: where the IPv4 address stands is known only locally
  ['100::/64', 'discard-only'], // RFC 6666
  ['100:0:0:1::/64', 'dummy-prefix'], // RFC 9780
  ['2001::/23', 'ietf-protocol-assignments'], // RFC 2928
  ['2001::/32', null], // Teredo: see `notWhereItSeems`
  ['2001:2::/48', 'benchmarking'], // RFC 5180
  ['2001:3::/32', null], // AMT: see `notWhereItSeems`
  ['2001:4:112::/48', null], // AS112: see `notWhereItSeems`
  ['2001:10::/28', 'deprecated-orchid'], // RFC 4843
  ['2001:20::/28', 'orchidv2'], // RFC 7343: an identifier, not a locator
  ['2001:30::/28', 'drone-remote-id'], // RFC 9374: an identifier, not a locator
  ['2001:db8::/32', 'documentation'], // RFC 3849
  ['3fff::/20', 'documentation'], // RFC 9637
  ['5f00::/16', 'segment-routing-sid'], // RFC 9602
  ['fc00::/7', 'unique-local'], // RFC 4193
  ['fe80::/10', 'link-local'], // RFC 4291, section 2.5.6
  ['fec0::/10', 'site-local'], // RFC 3879: deprecated, and private all the same
  ['ff00::/8', 'multicast'], // RFC 4291, section 2.7
]

/**
 * Anycast services and tunnels: traffic does leave for them, but the address does not say where to. The resolvers are the
 * public ones that their operators document as anycast; databases put them at their owner's desk.
 */
const elsewhere: readonly (readonly [prefix: string, what: string])[] = [
  ['1.0.0.0/24', "Cloudflare's public resolver, anycast"],
  ['1.1.1.0/24', "Cloudflare's public resolver, anycast"],
  ['8.8.4.0/24', "Google's public resolver, anycast"],
  ['8.8.8.0/24', "Google's public resolver, anycast"],
  ['9.9.9.0/24', "Quad9's public resolver, anycast"],
  ['149.112.112.0/24', "Quad9's public resolver, anycast"],
  ['192.31.196.0/24', 'an AS112 server, anycast by many operators (RFC 7535)'],
  ['192.52.193.0/24', 'a multicast tunnel relay, anycast (RFC 7450)'],
  ['192.88.99.0/24', 'a 6to4 relay, anycast and deprecated (RFC 7526)'],
  ['192.175.48.0/24', 'an AS112 server, anycast by many operators (RFC 7534)'],
  ['208.67.220.0/24', "OpenDNS's public resolver, anycast"],
  ['208.67.222.0/24', "OpenDNS's public resolver, anycast"],
  ['2001::/32', 'Teredo: a tunnel to a client behind address translation (RFC 4380)'],
  ['2001:3::/32', 'a multicast tunnel relay, anycast (RFC 7450)'],
  ['2001:4:112::/48', 'an AS112 server, anycast by many operators (RFC 7535)'],
  ['2001:4860:4860::/48', "Google's public resolver, anycast"],
  ['2002::/16', '6to4: a tunnel whose far end hides the host (RFC 3056)'],
  ['2606:4700:4700::/48', "Cloudflare's public resolver, anycast"],
  ['2620:4f:8000::/48', 'an AS112 server, anycast by many operators (RFC 7534)'],
  ['2620:fe::/48', "Quad9's public resolver, anycast"],
]

function tableOf<Value>(list: readonly (readonly [prefix: string, value: Value])[]): PrefixTable<Value> {
  const parsed = list.map(([text, value]): readonly [Prefix, Value] => {
    const prefix = parsePrefix(text)
    if (!prefix) throw new TypeError(`not a prefix: ${text}`)
    return [prefix, value]
  })
  return new PrefixTable(parsed, (one) => one)
}

const specialTable = tableOf(rows)
const elsewhereTable = tableOf(elsewhere)

/** By the first octet of an IPv4 address: 1 where some such addresses are in either table. Most need no search. */
const octetsInTables = new Uint8Array(256)
for (const [text] of [...rows, ...elsewhere]) {
  const prefix = parsePrefix(text)
  if (prefix?.family !== 4) continue
  const first = prefix.words[0] >>> 24
  octetsInTables.fill(1, first, first + 2 ** Math.max(0, 8 - prefix.length))
}

/** Whether an address is IPv4, and its first octet alone tells that it is in neither table. */
const isPlain = (family: number, w0: number) => family === 4 && octetsInTables[w0 >>> 24] === 0

/** ::ffff:0:0/96, the form in which dual-stack programs write IPv4 (RFC 4291, section 2.5.5.2). */
const isMapped = (w0: number, w1: number, w2: number) => w0 === 0 && w1 === 0 && w2 === 0xffff
/** 64:ff9b::/96, under which a NAT64 shows all of IPv4 to an IPv6-only device (RFC 6052, section 2.1). */
const isTranslated = (w0: number, w1: number, w2: number) => w0 === 0x64ff9b && w1 === 0 && w2 === 0

/**
 * The address that packets for this one reach: of an IPv4-mapped address, and of one that a NAT64 translates, the IPv4
 * address within; of any other, itself.
 */
export function reachedAddress(address: Address): Address {
  const [w0, w1, w2, w3] = address.words
  const embeds = address.family === 6 && (isMapped(w0, w1, w2) || isTranslated(w0, w1, w2))
  return embeds ? { family: 4, words: [w3, 0, 0, 0] } : address
}

/**
 * Why an address has no place on the Internet: `private-use`, `shared-address-space`, `loopback`, `link-local`,
 * `unique-local`, `multicast`, `documentation`, `benchmarking`, `reserved`, …; null for global unicast. IPv4-mapped and
 * NAT64 addresses are what the IPv4 address within them is ({@link reachedAddress}). Does not allocate.
 *
 * @param family 4 or 6; an IPv4 address stands in `w0`
 */
export function specialPurpose(family: number, w0: number, w1: number, w2: number, w3: number): string | null {
  if (isPlain(family, w0)) return null
  if (family === 6 && (isMapped(w0, w1, w2) || isTranslated(w0, w1, w2)))
    return specialTable.find(4, w3, 0, 0, 0) ?? null
  return specialTable.find(family, w0, w1, w2, w3) ?? null
}

/**
 * What a global address is whose place it does not tell: an anycast service (AS112, AMT, 6to4 relays, the best-known public
 * resolvers) or a tunnel (6to4, Teredo) through which the traffic goes on to a host that stands elsewhere; else null.
 */
export function notWhereItSeems(family: number, w0: number, w1: number, w2: number, w3: number): string | null {
  if (isPlain(family, w0)) return null
  return elsewhereTable.find(family, w0, w1, w2, w3) ?? null
}
