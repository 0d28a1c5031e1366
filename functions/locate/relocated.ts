/** Locations that what was seen has changed. A locator's own words its evidence when it is read, and cannot be spread. */
import type { Evidence, Location } from '../model.ts'

const NOWHERE = { country: null, subdivision: null, city: null, cloud: null, prefix: null }

/** The location with some of its fields changed. */
export function relocated(location: Location, changes: Partial<Location>): Location {
  const { ip, grade, country, subdivision, city, cloud, prefix, evidence } = location
  return { ip, grade, country, subdivision, city, cloud, prefix, evidence, ...changes }
}

/** A location that nothing is left of but the evidence, of which no piece supports it. */
export function conflicted(location: Location, ...more: readonly Evidence[]): Location {
  return relocated(location, { ...NOWHERE, grade: 'conflicted', evidence: [...opposed(location.evidence), ...more] })
}

/** An address behind which no place can be seen. */
export function edge(location: Location, by: Evidence): Location {
  const { prefix, evidence } = location
  return relocated(location, { ...NOWHERE, prefix, grade: 'edge', evidence: [...opposed(evidence), by] })
}

/** The same evidence, where it turned out not to hold. */
export const opposed = (evidence: readonly Evidence[]) => evidence.map((piece) => ({ ...piece, supports: false }))
