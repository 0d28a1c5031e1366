/** What geolocation databases together say of an address: docs/locating.md, step 3. They never overrule a provider. */
import type { Evidence, Micros } from '../model.ts'
import { type DatabaseFinding, type DatabaseSnapshot, nearest } from './snapshots.ts'

export interface DatabaseConclusion {
  readonly grade: 'corroborated' | 'suspected' | 'conflicted' | 'unknown'
  readonly country: string | null
  readonly subdivision: string | null
  readonly city: string | null
  readonly prefix: string | null
}

/** The databases nearest to a time, on either side of it, that hold addresses of a family; sorted by source and time. */
export function databasesAround(
  sources: readonly (readonly DatabaseSnapshot[])[],
  family: 4 | 6,
  at: Micros,
): readonly DatabaseSnapshot[] {
  return sources.flatMap((snapshots) => {
    const { before, after } = nearest(
      snapshots.filter(({ families }) => families.includes(family)),
      at,
    )
    return [before, after].filter((snapshot) => snapshot !== null)
  })
}

const none = { country: null, subdivision: null, city: null, prefix: null }

/**
 * Two publishers that name the same country, and none that names another, corroborate the country and nothing finer; one
 * alone is a suspicion, with whatever it says; any two countries are a conflict.
 */
export function concludeFrom(findings: readonly DatabaseFinding[]): DatabaseConclusion {
  let first: DatabaseFinding | null = null
  let publishers = 1
  let { country, subdivision, city, prefix }: Omit<DatabaseConclusion, 'grade'> = none
  let length = -1
  for (const finding of findings) {
    const { answer, publisher } = finding
    if (!answer?.country) continue
    if (first === null) {
      first = finding
      ;({ country, subdivision, city } = answer)
    } else {
      if (answer.country !== country) return { grade: 'conflicted', ...none }
      if (publisher !== first.publisher) publishers++
      if (answer.subdivision !== subdivision) subdivision = null
      if (answer.city !== city) city = null
    }
    if (finding.length > length) ({ prefix, length } = finding)
  }
  if (first === null) return { grade: 'unknown', ...none }
  if (publishers > 1) return { grade: 'corroborated', ...none, country, prefix }
  return { grade: 'suspected', country, subdivision, city, prefix }
}

/** @param country the one that was concluded, from whatever evidence; null where none was */
export function evidenceFrom(findings: readonly DatabaseFinding[], country: string | null): readonly Evidence[] {
  return findings.map((finding) => finding.evidence(country !== null && finding.answer?.country === country))
}
