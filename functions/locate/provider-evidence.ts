/**
 * What one provider's published ranges say of an address at a time: docs/locating.md, step 4. The most specific prefix gives
 * the place; the snapshots on both sides of the packet's time decide how sure that is.
 */
import type { Evidence, Micros } from '../model.ts'
import { namedSince, regionFacts, unlistedWords, wasListed } from '../net/cloud-regions.ts'
import { formatPrefix } from '../net/prefix.ts'
import { publisherOf } from './published/publishers.ts'
import { dayOf, type Nearest, type RangeEntry, type RangeSnapshot, type StatedPlace } from './snapshots.ts'

/** How near a single snapshot must be to the packet to prove a place: ranges move by 0.3 % in half a year. */
export const nearMicros = 35 * 86_400e6

/**
 * How far apart the snapshots on both sides may be to prove what lies between: three years. Between two that were four years
 * apart, and agreed, AWS had lent three prefixes to another region (docs/decisions/0004).
 */
export const bracketMicros = 3 * 365.25 * 86_400e6

/** How long blocks go on moving to a zone from its region after it got its name: half a year. */
export const youngMicros = (365.25 / 2) * 86_400e6

/** What the snapshots nearest to the packet's time list for an address; null for nothing. */
export interface Listed {
  readonly earlier: RangeEntry | null
  readonly later: RangeEntry | null
}

/** A place by a provider's word. */
export interface Placed {
  /** Key of the region or zone; null where the provider states a place and no region. */
  readonly cloud: string | null
  readonly place: StatedPlace
}

/** What one provider says of an address. */
export interface ProviderConclusion extends Placed {
  /** `unknown`: the provider lists the address, and tells no place. */
  readonly grade: 'proven' | 'corroborated' | 'conflicted' | 'edge' | 'unknown'
  /** The prefix that decided; null where none did. */
  readonly prefix: string | null
  /** Bits of it that are fixed. */
  readonly length: number
  /** Set where only the snapshot on one side lists the address: what it says, for a witness of the day to hold against. */
  readonly oneSided: (Placed & { readonly side: 'earlier' | 'later'; readonly prefix: string }) | null
  /** There is no list on the other side of the packet at all, and this one is more than 35 days away. */
  readonly alone: boolean
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
  const [only] = regions
  if (only !== undefined) return regions.length === 1 ? (regionFacts(only)?.key ?? only) : null
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
  const conclude = (
    decided: ProviderConclusion['grade'],
    notes: readonly Evidence[] = [],
    placed: Placed = placedBy(said),
  ): ProviderConclusion => {
    const sure = decided === 'proven' || decided === 'corroborated'
    const doubt = sure ? sayings.find(({ entry }) => entry.doubt !== null)?.entry.doubt : undefined
    const grade = doubt ? 'corroborated' : decided
    const prefix = formatPrefix(said.entry.prefix)
    const side = later ? 'later' : 'earlier'
    return {
      grade,
      ...(sure ? placed : { cloud: null, place: nowhere }),
      prefix: grade === 'conflicted' ? null : prefix,
      length: said.entry.prefix.length,
      oneSided: before && after && sayings.length === 1 ? { ...placed, side, prefix } : null,
      alone: !(before && after) && Math.abs(at - said.snapshot.time) > nearMicros,
      evidence: [
        ...sayings.map((saying) => evidenceOf(saying, sure || grade === 'edge')),
        ...notes,
        ...(doubt ? [doubtOf(said.snapshot, `It belongs to ${doubt}, and may hand the traffic on.`, 'edge')] : []),
      ],
    }
  }

  if (sayings.some(({ place }) => place === null)) return conclude('conflicted')
  // Of a name that the list of the day did not have yet, another list cannot tell what was listed that day.
  const day = dayOf(at)
  if (later && earlier?.place !== later.place && wasListed(later.place ?? '', day) === false)
    return unnamedYet(earlier, later, day, conclude)
  if (earlier && later && earlier.place !== later.place)
    return conclude('conflicted', [
      doubtOf(
        later.snapshot,
        `The snapshots before and after the packet disagree: ${placeWords(earlier)} on ${earlier.snapshot.date}, ${placeWords(later)} on ${later.snapshot.date}.`,
      ),
    ])
  if (said.place === EDGE) return conclude('edge')
  if (said.place === UNTOLD) return conclude('unknown')
  const unnamed =
    wasListed(said.place ?? '', day) === false
      ? `AWS's own lists ${unlistedWords(said.place ?? '', day)} did not name ${said.place}.`
      : null
  const near = sayings.some(({ snapshot }) => Math.abs(at - snapshot.time) <= nearMicros)
  if (earlier && later) {
    if (said.entry.regions.length === 0) return conclude('corroborated')
    if (unnamed) return conclude('corroborated', [doubtOf(later.snapshot, unnamed)])
    if (near || later.snapshot.time - earlier.snapshot.time <= bracketMicros) return conclude('proven')
    const says = `The snapshots of ${earlier.snapshot.date} and ${later.snapshot.date} agree, but more than three years lie between them, and ranges are lent and taken back.`
    return conclude('corroborated', [doubtOf(later.snapshot, says)])
  }
  if (before && later) {
    const since = regionFacts(later.place ?? '')?.zoneOf ? namedSince(later.place ?? '', day) : null
    if (since !== null && !near && at - Date.parse(since) * 1000 < youngMicros) {
      const says = `AWS named ${later.place} for the first time on ${since}, less than half a year before the packet: blocks still come to it from its region then.`
      return conclude('conflicted', [doubtOf(later.snapshot, says)])
    }
    const says = `The snapshot of ${before.date}, before the packet, does not list it.`
    return conclude('corroborated', [doubtOf(before, says)])
  }
  if (earlier && after) {
    const says = `The snapshot of ${after.date}, after the packet, no longer lists it.`
    return conclude(near ? 'corroborated' : 'conflicted', [doubtOf(after, says)])
  }
  if (near && unnamed) return conclude('corroborated', [doubtOf(said.snapshot, unnamed)])
  if (near) return conclude(said.entry.regions.length > 0 ? 'proven' : 'corroborated')
  const says = 'There is no snapshot on the other side of the packet, and this one is more than 35 days away from it.'
  return conclude('corroborated', [doubtOf(said.snapshot, says)])
}

/**
 * The later list names a region or zone that the list of the packet's day did not name. Before a zone has a name, its
 * addresses are listed under the region that it belongs to: measured on AWS's lists of 2017 to 2026, of 36,783 cases within
 * two years all were. Where on the way from the one to the other they stood is open, so only what both have in common counts.
 */
function unnamedYet(
  earlier: Saying | null,
  later: Saying,
  day: string,
  conclude: (grade: ProviderConclusion['grade'], notes: readonly Evidence[], placed?: Placed) => ProviderConclusion,
): ProviderConclusion {
  const region = regionFacts(later.place ?? '')?.zoneOf ?? null
  const named = `The name ${later.place} was on none of AWS's lists ${unlistedWords(later.place ?? '', day)}`
  if (region === null || (earlier && earlier.place !== region))
    return conclude('conflicted', [doubtOf(later.snapshot, `${named}: what the later one says was not so yet.`)])
  const says = `${named}: until a zone has a name, its addresses are listed under its region, here ${region}. In which of the two they stood is open.`
  const country = [region, later.place ?? ''].map((key) => regionFacts(key)?.country ?? null)
  const placed = {
    cloud: region,
    place: { ...nowhere, country: country[0] === country[1] ? (country[0] ?? null) : null },
  }
  return conclude('corroborated', [doubtOf(later.snapshot, says)], placed)
}

/** A reason to be less sure, from the snapshot that it speaks about. */
function doubtOf({ source, date }: RangeSnapshot, says: string, rule = 'time'): Evidence {
  return { date, rule, says, source, supports: false }
}

/** A region whose place is not published has no country: nothing is guessed from its name. */
function placedBy({ entry, place }: Saying): Placed {
  if (entry.regions.length === 0 || place === null) return { cloud: null, place: entry.stated ?? nowhere }
  return { cloud: place, place: placeOfRegion(place) }
}

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
