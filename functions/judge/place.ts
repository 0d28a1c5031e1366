/** How a location stands to a declared place, and whether it is known well enough to decide anything. */
import type { Declaration, Location, Place } from '../model.ts'
import { regionFacts } from '../net/cloud-regions.ts'

/** `undecided`: the location is not known as finely as the place asks for. */
export type Relation = 'inside' | 'outside' | 'undecided'

/** Whether a location of this grade may carry a verdict under the declaration's standard. */
export function decides(location: Location, standard: Declaration['standard']): boolean {
  return location.grade === 'proven' || (location.grade === 'corroborated' && standard === 'balanced')
}

/**
 * Subdivisions of ISO 3166-2 that are countries of ISO 3166-1 as well. Sources write one or the other, so `CN-HK` and `HK`
 * are the same place.
 */
const BOTH: ReadonlyMap<string, string> = new Map(
  [
    ['CN', 'HK MO TW'],
    ['US', 'AS GU MP PR UM VI'],
    ['NL', 'AW CW SX'],
    ['FR', 'BL MF NC PF PM TF WF'],
  ].flatMap(([country, codes = '']) => codes.split(' ').map((code): [string, string] => [`${country}-${code}`, code])),
)

/** Whether a location, taken as true, is in a place. Grades are {@link decides}' matter. */
export function relate(location: Location, place: Place): Relation {
  if (place.cloud !== undefined) {
    if (location.cloud === place.cloud) return 'inside'
    if (location.cloud !== null) return place.zones?.includes(location.cloud) ? 'inside' : 'outside'
    const country = regionFacts(place.cloud)?.country
    return country && location.country && location.country !== country ? 'outside' : 'undecided'
  }
  const stands = BOTH.get(location.subdivision ?? '') ?? location.country
  const parent = place.subdivision?.slice(0, 2)
  const country = place.country ?? BOTH.get(place.subdivision ?? '')
  if (country !== undefined) {
    if (stands === null || stands === country) return stands === null ? 'undecided' : 'inside'
    // A source that writes the larger country and no subdivision may mean either.
    return stands === parent && location.subdivision === null ? 'undecided' : 'outside'
  }
  if (location.subdivision !== null) return location.subdivision === place.subdivision ? 'inside' : 'outside'
  return stands !== null && stands !== parent ? 'outside' : 'undecided'
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
