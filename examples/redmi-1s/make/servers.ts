/**
 * The servers of the example: real addresses in real ranges, so that public evidence places them; the traffic is invented.
 *
 * Beijing's three are addresses that the vendor's own apps of those years carried as fallbacks; Amazon's stand in prefixes
 * that AWS published (see `reference/`). Round trips are what such distances give, per rig, in milliseconds.
 */
import type { DnsRecord } from '../../../test/support/wire/dns.ts'
import type { Server } from './tap.ts'

/** Where a rig of the campaign stands. */
export type Rig = 'new-delhi' | 'singapore' | 'taipei'

const addresses = {
  beijingAccount: '42.62.94.239',
  beijingMessaging: '42.62.94.2',
  beijingTracking: '120.134.33.29',
  /** aws:us-west-1, 54.176.0.0/15 */
  california: '54.176.40.5',
  /** aws:ap-southeast-1, 54.251.0.0/16 and 54.254.0.0/16 */
  singapore: '54.251.30.40',
  singaporeShop: '54.254.100.7',
  /** aws:cn-north-1, 54.223.0.0/16 */
  amazonBeijing: '54.223.50.5',
  /** CloudFront, 54.230.0.0/16: AWS calls it GLOBAL */
  cloudFront: '54.230.150.10',
  /** Somebody else's: the check whether a network is online. */
  connectivityCheck: '74.125.200.113',
} as const

export type ServerName = keyof typeof addresses

const roundTripMs: Readonly<Record<Rig, Readonly<Record<ServerName, number>>>> = {
  'new-delhi': {
    beijingAccount: 236,
    beijingMessaging: 238,
    beijingTracking: 244,
    california: 268,
    singapore: 92,
    singaporeShop: 93,
    amazonBeijing: 241,
    cloudFront: 38,
    connectivityCheck: 71,
  },
  singapore: {
    beijingAccount: 118,
    beijingMessaging: 117,
    beijingTracking: 123,
    california: 178,
    singapore: 4,
    singaporeShop: 4,
    amazonBeijing: 121,
    cloudFront: 3,
    connectivityCheck: 5,
  },
  taipei: {
    beijingAccount: 74,
    beijingMessaging: 75,
    beijingTracking: 79,
    california: 142,
    singapore: 58,
    singaporeShop: 57,
    amazonBeijing: 76,
    cloudFront: 12,
    connectivityCheck: 9,
  },
}

/** A server as it looks from a rig. */
export function serverFrom(rig: Rig, name: ServerName): Server {
  return { ip: addresses[name], roundTripMs: roundTripMs[rig][name] }
}

/** The answer of a resolver that knows the address at once. */
export function answer(host: string, server: ServerName, ttl = 300): DnsRecord[] {
  return [{ name: host, ttl, data: { address: addresses[server] } }]
}

/** The answer for a host that a CDN serves: the host's name leads to the CDN's, and that one to an edge nearby. */
export function answerThroughCdn(host: string, cdnName: string, server: ServerName): DnsRecord[] {
  return [
    { name: host, ttl: 600, data: { cname: cdnName } },
    { name: cdnName, ttl: 60, data: { address: addresses[server] } },
  ]
}
