/**
 * A geolocation database that was built near the packet's day, held against what only one side of a provider's lists says: the
 * nearest that there is to a second witness of that day (docs/decisions/0010).
 */
import type { Evidence, Micros } from '../model.ts'
import { regionFacts } from '../net/cloud-regions.ts'
import { kmBetween } from '../net/distance.ts'
import { REGISTRIES } from './database.ts'
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
