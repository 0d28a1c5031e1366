/** How a location stands to a declared place, and whether it is known well enough to decide anything. */
import type { Declaration, Location, Place } from '../model.ts'
import { regionFacts, zonesOf } from '../net/cloud-regions.ts'
import { COUNTRIES_TOO, compareSubdivisions, currentSubdivision } from '../net/subdivision.ts'

/** `undecided`: the location is not known as finely as the place asks for. */
export type Relation = 'inside' | 'outside' | 'undecided'

/** Whether a location of this grade may carry a verdict under the declaration's standard. */
export function decides(location: Location, standard: Declaration['standard']): boolean {
  return location.grade === 'proven' || (location.grade === 'corroborated' && standard === 'balanced')
}

/** The larger countries of {@link COUNTRIES_TOO}, by the smaller. */
const LARGER: ReadonlyMap<string, string> = new Map(
  [...COUNTRIES_TOO].map(([code, country]) => [country, code.slice(0, 2)]),
)

/** Whether a location, taken as true, is in a place. Whether its grade may carry a verdict is {@link decides}' matter. */
export function relate(location: Location, place: Place): Relation {
  if (place.cloud !== undefined) {
    if (location.cloud === place.cloud) return isOpenToZones(location) ? 'undecided' : 'inside'
    if (location.cloud !== null) {
      if (place.zones?.includes(location.cloud)) return 'inside'
      return keysOf(place).some((key) => mayBeItsRegion(location, key) || mayBeItsZone(location, key))
        ? 'undecided'
        : 'outside'
    }
    const isOutside = (key: string) => finerThan(regionFacts(key)?.country, location) === 'outside'
    return keysOf(place).every(isOutside) ? 'outside' : 'undecided'
  }
  const country = place.country ?? COUNTRIES_TOO.get(place.subdivision ?? '')
  if (country !== undefined) return relateToCountry(location, country)
  if (location.subdivision === null || place.subdivision === undefined)
    return finerThan(place.subdivision?.slice(0, 2), location)
  const compared = compareSubdivisions(location.subdivision, place.subdivision)
  return compared === 'same' ? 'inside' : compared === 'apart' ? 'outside' : 'undecided'
}

/** The region or zone of a place in a cloud, and the zones that count as it. */
const keysOf = ({ cloud, zones = [] }: Place): readonly string[] => (cloud === undefined ? zones : [cloud, ...zones])

/**
 * Blocks are listed under a region before they are under one of its zones: a zone that is not proven may still have been its
 * region (docs/decisions/0010).
 */
function mayBeItsRegion({ grade, cloud }: Location, region: string): boolean {
  return grade !== 'proven' && cloud !== null && regionFacts(cloud)?.zoneOf === region
}

/**
 * The same the other way round: an address that is listed in a zone, at a time before the zone had a name, is given as one in its
 * region, with neither city nor subdivision.
 */
function mayBeItsZone(location: Location, zone: string): boolean {
  return isOpenToZones(location) && regionFacts(zone)?.zoneOf === location.cloud
}

/**
 * Whether less is said of where it stands than is known of its region, or only a name says it, which the region's zones have as
 * well: it may stand there, or in a zone.
 */
function isOpenToZones({ grade, cloud, country, city, subdivision, prefix }: Location): boolean {
  const facts = cloud === null ? null : regionFacts(cloud)
  if (!facts || facts.zoneOf !== null || grade === 'proven' || city !== null || subdivision !== null) return false
  const knownFiner = facts.city !== null || facts.subdivision !== null || country === null
  return knownFiner || (prefix === null && zonesOf(facts.key).length > 0)
}

function relateToCountry(location: Location, country: string): Relation {
  const stands = COUNTRIES_TOO.get(currentSubdivision(location.subdivision ?? '')) ?? location.country
  if (stands === null) return 'undecided'
  if (stands === country) return 'inside'
  // A source that writes the larger country and no subdivision may mean either.
  return stands === LARGER.get(country) && location.subdivision === null ? 'undecided' : 'outside'
}

/** How a location of which no more than the country counts stands to a place within a country. */
function finerThan(country: string | undefined, location: Location): Relation {
  return country !== undefined && relateToCountry(location, country) === 'outside' ? 'outside' : 'undecided'
}

/** A place for a sentence: `beijing (CN-BJ)`, or only what it is where the id says the same. */
export function placeLabel(place: Place): string {
  const what = place.cloud ?? place.subdivision ?? place.country ?? ''
  return place.id === what ? what : `${place.id} (${what})`
}

/** A location for a sentence, the finest first: `aws:cn-north-1, Beijing, CN-BJ`. Empty where nothing is known. */
export function locationLabel({ cloud, city, subdivision, country }: Location): string {
  return [cloud, city, subdivision ?? country].filter((part) => part !== null).join(', ')
}
