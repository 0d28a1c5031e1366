/** What geolocation databases say of an address: docs/locating.md, step 3. They never overrule a provider. */
import type { Evidence, Micros } from '../model.ts'
import type { Address } from '../net/address.ts'
import { type DatabaseFinding, type DatabaseSnapshot, nearest } from './snapshots.ts'

/** One database's word on an address. */
export interface Opinion {
  readonly snapshot: DatabaseSnapshot
  readonly finding: DatabaseFinding
}

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

export function opinionsOn(databases: readonly DatabaseSnapshot[], address: Address): readonly Opinion[] {
  const opinions: Opinion[] = []
  for (const snapshot of databases) {
    const finding = snapshot.find(address)
    if (finding) opinions.push({ snapshot, finding })
  }
  return opinions
}

/**
 * Two publishers that name the same country, and none that names another, corroborate the country and nothing finer; one
 * alone is a suspicion, with whatever it says; any two countries are a conflict.
 */
export function concludeFrom(opinions: readonly Opinion[]): DatabaseConclusion {
  const none = { country: null, subdivision: null, city: null, prefix: null }
  const naming = opinions.filter(({ finding }) => finding.answer?.country)
  const [first] = naming
  if (!first?.finding.answer) return { grade: 'unknown', ...none }
  const { country, subdivision, city } = first.finding.answer
  if (naming.some(({ finding }) => finding.answer?.country !== country)) return { grade: 'conflicted', ...none }
  const publishers = new Set(naming.map(({ snapshot }) => snapshot.publisher))
  const { prefix } = naming.reduce((a, b) => (lengthOf(b.finding.prefix) > lengthOf(a.finding.prefix) ? b : a)).finding
  if (publishers.size > 1) return { grade: 'corroborated', ...none, country, prefix }
  const same = <Field extends 'subdivision' | 'city'>(field: Field) =>
    naming.every(({ finding }) => finding.answer?.[field] === first.finding.answer?.[field])
  return {
    grade: 'suspected',
    country,
    subdivision: same('subdivision') ? subdivision : null,
    city: same('city') ? city : null,
    prefix,
  }
}

const lengthOf = (prefix: string) => Number(prefix.slice(prefix.indexOf('/') + 1))

/** @param country the one that was concluded, from whatever evidence; null where none was */
export function evidenceOf({ snapshot, finding }: Opinion, country: string | null): Evidence {
  const { date } = snapshot
  const says =
    finding.answer === null
      ? `Its record for ${finding.prefix} in the build of ${date} cannot be read: the database is damaged.`
      : `The build of ${date} says for ${finding.prefix}: ${finding.answer.words}.`
  const supports = country !== null && finding.answer?.country === country
  // In the order of canonical JSON, as everywhere in a location: a report then writes it as it is.
  return { date, rule: 'database', says, source: snapshot.source, supports }
}
