/** What a DNS name tells of the provider and region behind it, where the provider and not its customer wrote it. */
import { regionFacts } from '../net/cloud-regions.ts'
import { canonicalHost } from '../net/host-name.ts'
import { type ProviderSuffix, providerSuffixes } from './provider-suffixes.ts'

export interface ProviderName {
  /** As the keys of regions have it: `aws`, `google`, `azure`, `alibaba`, `tencent`. */
  readonly provider: string
  /**
   * The region that the name tells, as a key such as `aws:us-west-1`; null where it tells none that is known. An address in
   * one of the region's zones may have such a name as well.
   */
  readonly region: string | null
  /**
   * The network at the edge that answers for the name, in words; null where the servers answer themselves. With an edge, the
   * region is where the traffic goes on to and not where the address is.
   */
  readonly edge: string | null
  /** The IPv4 address that the name is made of, null for other names. Another address behind it is a mismatch. */
  readonly address: string | null
  /** The provider's suffix, without a leading dot. */
  readonly suffix: string
  /** The provider's documentation of such names. */
  readonly source: string
}

const bySuffix: ReadonlyMap<string, ProviderSuffix> = new Map(providerSuffixes.map((entry) => [entry.suffix, entry]))

/**
 * What a name tells, in any spelling of it (case, trailing dot).
 *
 * It is a claim about the name and no more: whoever answers a DNS query may put any address behind it, and a client may write
 * any name into a TLS handshake, so a name alone never proves a place.
 *
 * @param name a DNS name, such as the owner or target of an answer
 * @returns null for names that are under no provider's suffix, and for what cannot be a name
 */
export function providerNameOf(name: string): ProviderName | null {
  const host = canonicalHost(name)
  if (host === null) return null
  const entry = longestSuffix(host)
  if (entry === null) return null
  const { provider, suffix, edge = null, source } = entry
  const before = host.slice(0, -suffix.length).replace(/\.$/, '')
  return { provider, region: regionOf(before, entry), edge, address: addressOf(before, entry), suffix, source }
}

/** The table's longest suffix that the name is or is below: whole labels, from the left. */
function longestSuffix(host: string): ProviderSuffix | null {
  for (let at = 0; at !== -1; ) {
    const entry = bySuffix.get(host.slice(at))
    if (entry) return entry
    const dot = host.indexOf('.', at)
    at = dot === -1 ? -1 : dot + 1
  }
  return null
}

/** The key of the region that the labels before the suffix tell, by the first pattern that gives one that is known. */
function regionOf(before: string, entry: ProviderSuffix): string | null {
  if (entry.region !== undefined) return entry.region
  for (const pattern of entry.regions ?? []) {
    const facts = regionFacts(`${entry.provider}:${pattern.exec(before)?.groups?.region}`)
    if (facts && (entry.partitions?.includes(facts.partition) ?? true)) return facts.key
  }
  return null
}

function addressOf(before: string, { address }: ProviderSuffix): string | null {
  const numbers = address?.pattern.exec(before)?.slice(1)
  if (!numbers?.every((number) => /^(?:0|[1-9]\d{0,2})$/.test(number) && Number(number) <= 255)) return null
  return (address?.reversed ? numbers.toReversed() : numbers).join('.')
}
