/**
 * What names say of where an address stands: docs/locating.md. Below some suffixes a provider alone makes names, and says in
 * them which region they belong to (`….us-west-1.compute.amazonaws.com`). Only names that a resolver gave for the address
 * count: a server name or a Host header is chosen by whoever sends it.
 */
import type { Evidence, Location, Name } from '../model.ts'
import { formatAddress, parseAddress } from '../net/address.ts'
import { regionFacts, zonesOf } from '../net/cloud-regions.ts'
import { canonicalHost } from '../net/host-name.ts'
import { reachedAddress, specialPurpose } from '../net/special-purpose.ts'
import { type ProviderName, providerNameOf } from './provider-names.ts'
import { providerOf } from './published/publishers.ts'
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
  const reached = reachedText(location.ip)
  if (location.grade === 'edge' || reached === null) return location
  const claims = [...names].sort().flatMap((name) => claimOf(name) ?? [])
  const passing = claims.find((claim) => claim.edge !== null)
  // Lists that name regions give edges apart (docs/decisions/0009): where they prove a region, no name makes an edge of it.
  if (passing && location.grade !== 'proven') return edge(location, evidenceOf(passing, true))
  const passed = passing ? relocated(location, { evidence: [...location.evidence, outweighed(passing)] }) : location
  const placing = claims.filter(({ edge, address }) => edge === null && (address === null || address === reached))
  return heldAgainstRegions(passed, placing, ownNetworks)
}

/** The address that packets for this one reach, as names are made of; null for one that is no place on the Internet. */
function reachedText(ip: string): string | null {
  const asked = parseAddress(ip)
  if (!asked) return null
  const { family, words } = reachedAddress(asked)
  return specialPurpose(family, ...words) === null ? formatAddress(family, ...words) : null
}

/** @param claims names that tell the region of the servers behind them */
function heldAgainstRegions(location: Location, claims: readonly Claim[], ownNetworks: readonly string[]): Location {
  const { grade, cloud, evidence } = location
  const [first] = claims
  if (!first) return location
  const other = claims.find(({ region }) => region !== first.region)
  if (other) return conflicted(location, evidenceOf(first, false), evidenceOf(other, false))
  if (grade === 'conflicted' && evidence.some(isPublished)) return location
  if (contradicts(first, location)) return conflicted(location, evidenceOf(first, false))
  if (ownNetworks.includes(first.provider)) return location
  if (cloud !== null) return relocated(location, { evidence: [...evidence, evidenceOf(first, true)] })
  return placedBy(first, location)
}

const isPublished = ({ source }: Evidence) => /^(ranges|geofeed)\b/.test(source)

/**
 * Another region than the one where the address stands, an address that lists say is another provider's, or another country than
 * anybody names, be it one database: whoever runs the resolver may give any name. A zone is a part of its region, whose names
 * its machines have.
 */
function contradicts({ region, provider }: Claim, { cloud, country, grade, evidence }: Location): boolean {
  if (region === null) return false
  if (cloud !== null) return cloud !== region && regionFacts(cloud)?.zoneOf !== region
  const listing = evidence.flatMap(({ rule, source }) => (rule === 'provider-range' ? providerOf(source) : []))
  if (listing.length > 0 && !listing.includes(provider)) return true
  return grade === 'conflicted' || (country !== null && !countriesOf(region).includes(country))
}

/** The countries of a region and of its zones, which share its names: the region's first. */
function countriesOf(region: string): readonly string[] {
  const parts = [regionFacts(region) ?? [], zonesOf(region)].flat()
  return [...new Set(parts.map(({ country }) => country))]
}

/**
 * Alone, a provider's name corroborates its region. Whether the address stands there or in one of the region's zones, of which
 * the machines have the same names, it does not tell: only what all of these have in common counts, and a country that was
 * corroborated without the name.
 */
function placedBy(claim: Claim, location: Location): Location {
  const region = claim.region ?? ''
  const [its = null, ...more] = countriesOf(region)
  const known = location.grade === 'corroborated' ? location.country : null
  const country = more.length === 0 ? its : known
  const facts = zonesOf(region).length === 0 ? regionFacts(region) : null
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

/** A name of an edge, for an address that lists prove not to be one. */
function outweighed(claim: Claim): Evidence {
  const evidence = evidenceOf(claim, false)
  const says = `${evidence.says} But published lists prove the address in a region, and they give edges apart.`
  return { ...evidence, says }
}

function evidenceOf({ name, region, edge: passing, suffix, source }: Claim, supports: boolean): Evidence {
  const facts = regionFacts(region ?? '')
  const where = [facts?.city, facts?.subdivision ?? facts?.country].filter((part) => part != null).join(', ')
  const what =
    passing === null
      ? `tell ${region}${where === '' ? '' : ` (${where})`}${zonesOf(region ?? '').length === 0 ? '' : ' or one of its zones'}`
      : `lead to ${passing}, and the place behind it is not observable`
  const says = `The device's resolver gave this address for ${name}; names below ${suffix} are the provider's own, and ${what}.`
  return { date: null, rule: 'name', says, source, supports }
}
