/**
 * What a provider's published ranges say of an address at a time: docs/locating.md, step 2. The most specific
 * prefix gives the place; the snapshots on both sides of the packet's time decide how sure that is.
 */
import type { Evidence, Micros } from '../model.ts'
import { regionFacts } from '../net/cloud-regions.ts'
import { formatPrefix } from '../net/prefix.ts'
import type { Nearest, RangeEntry, RangeSnapshot } from './snapshots.ts'

/** How near a single snapshot must be to the packet to prove a place: ranges move by 0.3 % in half a year. */
export const nearMicros = 35 * 86_400e6

/**
 * How far apart the snapshots on both sides may be to prove what lies between: three years. Between two that were four years
 * apart, and agreed, AWS had lent three prefixes to another region (docs/decisions/0004).
 */
export const bracketMicros = 3 * 365.25 * 86_400e6

export interface ProviderConclusion {
  readonly grade: 'proven' | 'corroborated' | 'conflicted' | 'edge'
  /** Key of the region or zone; null for `edge` and `conflicted`. */
  readonly cloud: string | null
  readonly prefix: string | null
  readonly evidence: readonly Evidence[]
}

/** What one snapshot says, reduced to what can agree or disagree. */
interface Saying {
  readonly snapshot: RangeSnapshot
  readonly entry: RangeEntry
  /** The region's key, `edge`, or null where the file contradicts itself. */
  readonly place: string | null
}

function sayingOf(snapshot: RangeSnapshot | null, entry: RangeEntry | null): Saying | null {
  if (!snapshot || !entry) return null
  const only = entry.regions.length === 1 ? entry.regions[0] : null
  return { snapshot, entry, place: entry.edge === null ? (only ?? null) : 'edge' }
}

/** What the snapshots before and after the packet's time list for an address; null for nothing. */
export interface Listed {
  readonly earlier: RangeEntry | null
  readonly later: RangeEntry | null
}

/**
 * @param around the snapshots nearest to the packet's time
 * @returns null where neither of them lists the address
 */
export function providerEvidence(
  { before, after }: Nearest<RangeSnapshot>,
  listed: Listed,
  at: Micros,
): ProviderConclusion | null {
  const earlier = sayingOf(before, listed.earlier)
  const later = sayingOf(after, listed.later)
  const said = earlier ?? later
  if (!said) return null
  const sayings = [earlier, later].filter((saying) => saying !== null)
  const conclude = (grade: ProviderConclusion['grade'], notes: readonly Evidence[]): ProviderConclusion => {
    const placed = grade === 'proven' || grade === 'corroborated'
    return {
      grade,
      cloud: placed ? said.place : null,
      prefix: grade === 'conflicted' ? null : formatPrefix(said.entry.prefix),
      evidence: [...sayings.map((saying) => evidenceOf(saying, grade !== 'conflicted')), ...notes],
    }
  }
  /** A reason to be less sure, from the snapshot that it speaks about. */
  const doubtOf = ({ source, date }: RangeSnapshot, says: string, rule = 'time'): Evidence => ({
    date,
    rule,
    says,
    source,
    supports: false,
  })

  if (sayings.some(({ place }) => place === null)) return conclude('conflicted', [])
  if (earlier && later && earlier.place !== later.place)
    return conclude('conflicted', [
      doubtOf(
        later.snapshot,
        `The snapshots before and after the packet disagree: ${placeWords(earlier)} on ${earlier.snapshot.date}, ${placeWords(later)} on ${later.snapshot.date}.`,
      ),
    ])
  if (said.place === 'edge') return conclude('edge', [])
  const doubt = sayings.find(({ entry }) => entry.doubt !== null)?.entry.doubt
  if (doubt)
    return conclude('corroborated', [
      doubtOf(said.snapshot, `It belongs to ${doubt}, and may hand the traffic on.`, 'edge'),
    ])
  const near = sayings.some(({ snapshot }) => Math.abs(at - snapshot.time) <= nearMicros)
  if (earlier && later) {
    if (near || later.snapshot.time - earlier.snapshot.time <= bracketMicros) return conclude('proven', [])
    const says = `The snapshots of ${earlier.snapshot.date} and ${later.snapshot.date} agree, but more than three years lie between them, and ranges are lent and taken back.`
    return conclude('corroborated', [doubtOf(later.snapshot, says)])
  }
  if (before && later) {
    const says = `The snapshot of ${before.date}, before the packet, does not list it.`
    return conclude('corroborated', [doubtOf(before, says)])
  }
  if (earlier && after) {
    const says = `The snapshot of ${after.date}, after the packet, no longer lists it.`
    return conclude(near ? 'corroborated' : 'conflicted', [doubtOf(after, says)])
  }
  if (near) return conclude('proven', [])
  const says = 'There is no snapshot on the other side of the packet, and this one is more than 35 days away from it.'
  return conclude('corroborated', [doubtOf(said.snapshot, says)])
}

function placeWords({ place }: Saying): string {
  return place === 'edge' ? 'no single place' : String(place)
}

function evidenceOf({ snapshot, entry, place }: Saying, supports: boolean): Evidence {
  const { prefix, services, regions, edge } = entry
  const { date } = snapshot
  const evidence = (rule: string, says: string): Evidence => ({ date, rule, says, source: snapshot.source, supports })
  const listed = `the ranges of ${date} list ${formatPrefix(prefix)} (${services.join(', ')})`
  if (edge !== null) return evidence('edge', `AWS: ${listed}: ${edge}; the place behind it is not observable.`)
  if (place === null)
    return evidence('provider-range', `AWS: ${listed} in several regions at once: ${regions.join(', ')}.`)
  const facts = regionFacts(place)
  const where = facts
    ? [facts.city, facts.subdivision, facts.country].filter((name) => name !== null).join(', ')
    : 'of which no place is published'
  return evidence('provider-range', `AWS: ${listed} as ${place}, ${where}.`)
}
