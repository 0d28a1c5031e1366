/**
 * What names say of where an address stands: docs/locating.md. Below some suffixes a provider alone makes names, and says in
 * them which region they belong to (`….us-west-1.compute.amazonaws.com`). Only names that a resolver gave for the address
 * count: a server name or a Host header is chosen by whoever sends it.
 */
import type { Evidence, Location, Name } from '../model.ts'
import { regionFacts } from '../net/cloud-regions.ts'
import { canonicalHost } from '../net/host-name.ts'
import { type ProviderName, providerNameOf } from './provider-names.ts'
import { conflicted, edge, opposed, relocated } from './relocated.ts'

interface Claim extends ProviderName {
  readonly name: string
}

/** Of names, those that a device's resolver gave and whose suffix belongs to a provider that says where they are. */
export function tellingNames(names: readonly Name[]): readonly string[] {
  const resolved = names.filter(({ via, asked, inside }) => (via === 'dns' || via === 'dns-cname') && !asked && !inside)
  const hosts = resolved.flatMap(({ name }) => canonicalHost(name) ?? [])
  return [...new Set(hosts)].filter((host) => claimOf(host) !== null)
}

const known = new Map<string, Claim | null>()
/** Names remembered; an audit has few that tell, but asks for them at every address. */
const kept = 10_000

function claimOf(name: string): Claim | null {
  let claim = known.get(name)
  if (claim === undefined) {
    const found = providerNameOf(name)
    claim = found && (found.region !== null || found.edge !== null) ? { ...found, name } : null
    if (known.size >= kept) known.clear()
    known.set(name, claim)
  }
  return claim
}

/**
 * The location with what names say; the same object where they say nothing of it.
 *
 * @param names those of {@link tellingNames}
 * @param ownNetworks providers that are the vendor's own: their names may contradict, and support nothing
 */
export function heldAgainstNames(
  location: Location,
  names: readonly string[],
  ownNetworks: readonly string[],
): Location {
  const { grade, evidence } = location
  if (grade === 'edge' || evidence.some(({ rule }) => rule === 'special-purpose')) return location
  const claims = [...names].sort().flatMap((name) => claimOf(name) ?? [])
  const passing = claims.find((claim) => claim.edge !== null)
  if (passing) return edge(location, evidenceOf(passing, true))
  const placed = claims.filter((claim) => claim.region !== null && !namesAnother(claim, location.ip))
  const [first] = placed
  if (!first) return location
  const other = placed.find(({ region }) => region !== first.region)
  if (other) return conflicted(location, evidenceOf(first, false), evidenceOf(other, false))
  const own = ownNetworks.includes(first.provider)
  if (contradicts(first, location)) return conflicted(location, evidenceOf(first, false))
  if (own || (grade === 'conflicted' && evidence.some(isPublished))) return location
  if (location.cloud !== null) return relocated(location, { evidence: [...evidence, evidenceOf(first, true)] })
  return placedBy(first, location)
}

/** Names that hold an address belong to that one. */
const namesAnother = ({ address }: Claim, ip: string) => address !== null && address !== ip

const isPublished = ({ source }: Evidence) => /^(ranges|geofeed)\b/.test(source)

/**
 * Another region than the one where the address stands, a place that another provider publishes, or another country than
 * anybody names, be it one database: whoever runs the resolver may give any name. A zone is a part of its region, whose names
 * its machines have.
 */
function contradicts({ region }: Claim, { cloud, country, grade, evidence }: Location): boolean {
  if (region === null) return false
  if (cloud !== null) return cloud !== region && regionFacts(cloud)?.zoneOf !== region
  if (
    grade !== 'conflicted' &&
    country !== null &&
    evidence.some(({ rule, supports }) => rule === 'provider-range' && supports)
  )
    return true
  const named = regionFacts(region)?.country
  return country !== null && named !== undefined && named !== country
}

/** Alone, a provider's name corroborates its region. */
function placedBy(claim: Claim, location: Location): Location {
  const facts = regionFacts(claim.region ?? '')
  const country = facts?.country ?? null
  const agrees = country !== null && location.country === country
  return relocated(location, {
    grade: 'corroborated',
    country,
    subdivision: facts?.subdivision ?? null,
    city: facts?.city ?? null,
    cloud: claim.region,
    prefix: null,
    evidence: [...(agrees ? location.evidence : opposed(location.evidence)), evidenceOf(claim, true)],
  })
}

function evidenceOf({ name, region, edge: passing, suffix, source }: Claim, supports: boolean): Evidence {
  const facts = regionFacts(region ?? '')
  const where = [facts?.city, facts?.subdivision ?? facts?.country].filter((part) => part != null).join(', ')
  const what =
    passing === null
      ? `tell ${region}${where === '' ? '' : ` (${where})`}`
      : `lead to ${passing}, and the place behind it is not observable`
  const says = `The device's resolver gave this address for ${name}; names below ${suffix} are the provider's own, and ${what}.`
  return { date: null, rule: 'name', says, source, supports }
}
