/**
 * A geolocation database that was built near the packet's day, held against what only one side of a provider's lists says: the
 * nearest that there is to a second witness of that day (docs/decisions/0010).
 */
import type { Evidence, Micros } from '../model.ts'
import { regionFacts } from '../net/cloud-regions.ts'
import { compareText } from '../net/code-units.ts'
import { kmBetween } from '../net/distance.ts'
import { COUNTRIES_TOO } from '../net/subdivision.ts'
import { REGISTRIES } from './database-maker.ts'
import { nearMicros, type Placed } from './provider-evidence.ts'
import type { DatabaseFinding } from './snapshots.ts'

/** So near to a region, in km, a database that knows the city means it. */
const sameKm = 100
/** So far from it, it means another. */
const otherKm = 500

export interface Witness {
  readonly agrees: boolean
  readonly evidence: Evidence
}

/**
 * What databases with cities, built within 35 days of the packet, make of a place; null where none is decided, or they are
 * not of one mind. Registries only say where a block was registered.
 */
export function witnessOf(findings: readonly DatabaseFinding[], { cloud }: Placed, at: Micros): Witness | null {
  const facts = cloud === null ? null : regionFacts(cloud)
  if (!facts || facts.latitude === null || facts.longitude === null) return null
  const region = { latitude: facts.latitude, longitude: facts.longitude }
  let found: { readonly agrees: boolean; readonly finding: DatabaseFinding } | null = null
  for (const finding of findings) {
    const point = finding.answer?.point
    if (!point || finding.publisher === REGISTRIES || Math.abs(finding.built - at) > nearMicros) continue
    const km = kmBetween(region, point)
    if (km > sameKm && km < otherKm) continue
    const agrees = km <= sameKm
    if (found && found.agrees !== agrees) return null
    found ??= { agrees, finding }
  }
  if (!found) return null
  const { agrees, finding } = found
  const { source, date } = finding.evidence(agrees)
  const where = `The database ${source}, built within 35 days of the packet, says ${finding.answer?.words} for ${finding.prefix}`
  const says = agrees
    ? `${where}, which is where ${cloud} is: it still was there.`
    : `${where}, more than ${otherKm} km from ${cloud}: it may have come there later.`
  return { agrees, evidence: { date, rule: 'witness', says, source, supports: agrees } }
}

/**
 * Databases of at least two makers, all of them built within 35 days of the packet, that agree on another country than the only list
 * there is, which is older or younger than that; null where they do not. One alone would be too weak: of AWS's addresses it has
 * 0.6 % in another country. They have to speak of the listed prefix as a whole: what they say of its parts they may have from
 * the provider's geofeed, which tells for whom addresses are meant.
 *
 * @param length of the listed prefix
 */
export function elsewhereOf(
  findings: readonly DatabaseFinding[],
  { place, length }: Placed & { readonly length: number },
  at: Micros,
): Evidence | null {
  const near = findings.filter(({ answer, built }) => answer?.country && Math.abs(built - at) <= nearMicros)
  if (near.some((finding) => finding.length > length)) return null
  const [country, ...others] = new Set(near.map(({ answer }) => answer?.country))
  if (!country || others.length > 0 || place.country === null) return null
  if (new Set(near.map(({ publisher }) => publisher)).size < 2) return null
  // Whoever writes China may mean Hong Kong.
  if (country === place.country || COUNTRIES_TOO.has(`${country}-${place.country}`)) return null
  const sources = [...new Set(near.map(({ source }) => source))].sort(compareText).join(' and ')
  const says = `The databases ${sources}, built within 35 days of the packet, agree on ${country}, not ${place.country}; the only list is farther from the packet than they are.`
  return { date: null, rule: 'witness', says, source: 'database', supports: false }
}
