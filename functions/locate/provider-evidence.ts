/**
 * What one provider's published ranges say of an address at a time: docs/locating.md, step 3. The most specific prefix gives
 * the place; the snapshots on both sides of the packet's time decide how sure that is.
 */
import type { Evidence, Micros } from '../model.ts'
import { regionFacts } from '../net/cloud-regions.ts'
import { formatPrefix } from '../net/prefix.ts'
import { publisherOf } from './published/publishers.ts'
import type { Nearest, RangeEntry, RangeSnapshot, StatedPlace } from './snapshots.ts'

/** How near a single snapshot must be to the packet to prove a place: ranges move by 0.3 % in half a year. */
export const nearMicros = 35 * 86_400e6

/**
 * How far apart the snapshots on both sides may be to prove what lies between: three years. Between two that were four years
 * apart, and agreed, AWS had lent three prefixes to another region (docs/decisions/0004).
 */
export const bracketMicros = 3 * 365.25 * 86_400e6

/** What the snapshots nearest to the packet's time list for an address; null for nothing. */
export interface Listed {
  readonly earlier: RangeEntry | null
  readonly later: RangeEntry | null
}

/** What one provider says of an address. */
export interface ProviderConclusion {
  /** `unknown`: the provider lists the address, and tells no place. */
  readonly grade: 'proven' | 'corroborated' | 'conflicted' | 'edge' | 'unknown'
  /** Key of the region or zone; null where there is none, or none is sure. */
  readonly cloud: string | null
  readonly place: StatedPlace
  /** The prefix that decided; null where none did. */
  readonly prefix: string | null
  /** Bits of it that are fixed. */
  readonly length: number
  readonly evidence: readonly Evidence[]
}

const nowhere: StatedPlace = { country: null, subdivision: null, city: null }

/** What one snapshot says, reduced to what can agree or disagree. */
interface Saying {
  readonly snapshot: RangeSnapshot
  readonly entry: RangeEntry
  /** The region's key, the stated place as text, {@link EDGE}, {@link UNTOLD}, or null where the file contradicts itself. */
  readonly place: string | null
}

const EDGE = 'edge'
/** The provider lists the address and names no region: it tells whose it is, and nothing of where. */
const UNTOLD = 'untold'

function sayingOf(snapshot: RangeSnapshot | null, entry: RangeEntry | null): Saying | null {
  return snapshot && entry ? { snapshot, entry, place: placeOf(entry) } : null
}

function placeOf({ edge, regions, stated }: RangeEntry): string | null {
  if (edge !== null) return EDGE
  if (regions.length > 0) return regions.length === 1 ? (regions[0] ?? null) : null
  return stated === null || stated.country === null ? UNTOLD : statedWords(stated)
}

/**
 * @param around the provider's snapshots nearest to the packet's time
 * @param listed what these list for the address, at least one of them something
 */
export function providerEvidence(
  { before, after }: Nearest<RangeSnapshot>,
  listed: Listed,
  at: Micros,
): ProviderConclusion {
  const earlier = sayingOf(before, listed.earlier)
  const later = sayingOf(after, listed.later)
  const said = earlier ?? later
  if (!said) throw new RangeError('none of the snapshots lists the address')
  const sayings = [earlier, later].filter((saying) => saying !== null)
  const conclude = (grade: ProviderConclusion['grade'], notes: readonly Evidence[]): ProviderConclusion => {
    const placed = grade === 'proven' || grade === 'corroborated'
    const cloud = placed ? (said.entry.regions[0] ?? null) : null
    return {
      grade,
      cloud,
      place: !placed ? nowhere : cloud === null ? (said.entry.stated ?? nowhere) : placeOfRegion(cloud),
      prefix: grade === 'conflicted' ? null : formatPrefix(said.entry.prefix),
      length: said.entry.prefix.length,
      evidence: [...sayings.map((saying) => evidenceOf(saying, placed || grade === 'edge')), ...notes],
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
  if (said.place === EDGE) return conclude('edge', [])
  if (said.place === UNTOLD) return conclude('unknown', [])
  const doubt = sayings.find(({ entry }) => entry.doubt !== null)?.entry.doubt
  if (doubt)
    return conclude('corroborated', [
      doubtOf(said.snapshot, `It belongs to ${doubt}, and may hand the traffic on.`, 'edge'),
    ])
  const near = sayings.some(({ snapshot }) => Math.abs(at - snapshot.time) <= nearMicros)
  if (earlier && later) {
    if (said.entry.regions.length === 0) return conclude('corroborated', [])
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
  if (near) return conclude(said.entry.regions.length > 0 ? 'proven' : 'corroborated', [])
  const says = 'There is no snapshot on the other side of the packet, and this one is more than 35 days away from it.'
  return conclude('corroborated', [doubtOf(said.snapshot, says)])
}

/** A region whose place is not published has no country: nothing is guessed from its name. */
function placeOfRegion(cloud: string): StatedPlace {
  const facts = regionFacts(cloud)
  return facts ? { country: facts.country, subdivision: facts.subdivision, city: facts.city } : nowhere
}

function placeWords({ place }: Saying): string {
  return place === EDGE ? 'no single place' : place === UNTOLD ? 'no place' : String(place)
}

function evidenceOf({ snapshot, entry, place }: Saying, supports: boolean): Evidence {
  const { prefix, services, regions, edge, stated } = entry
  const { date, source } = snapshot
  const evidence = (rule: string, says: string): Evidence => ({ date, rule, says, source, supports })
  const which = services.length === 0 ? '' : ` (${services.join(', ')})`
  const listed = `${publisherOf(source)?.words ?? source}: the ranges of ${date} list ${formatPrefix(prefix)}${which}`
  if (edge !== null) return evidence('edge', `${listed}: ${edge}; the place behind it is not observable.`)
  if (place === null) return evidence('provider-range', `${listed} in several regions at once: ${regions.join(', ')}.`)
  if (place === UNTOLD) return evidence('provider-range', `${listed}, and name no region.`)
  if (regions.length === 0) return evidence('provider-range', `${listed} in ${statedWords(stated ?? nowhere)}.`)
  const { city, subdivision, country } = placeOfRegion(place)
  const where = country === null ? 'of which no place is published' : statedWords({ city, subdivision, country })
  return evidence('provider-range', `${listed} as ${place}, ${where}.`)
}

/** A place for a sentence, the finest first. */
export function statedWords({ city, subdivision, country }: StatedPlace): string {
  return [city, subdivision, country].filter((name) => name !== null).join(', ')
}
