/** What geolocation databases together say of an address: docs/locating.md, step 3. They never overrule a provider. */
import type { Evidence, Micros } from '../model.ts'
import { formatPrefix } from '../net/prefix.ts'
import { REGISTRIES, UNKNOWN_MAKER } from './database-maker.ts'
import type { FeedSaying } from './feed-evidence.ts'
import { bracketMicros } from './provider-evidence.ts'
import { type DatabaseFinding, type DatabaseSnapshot, nearest, type StatedPlace } from './snapshots.ts'

export interface DatabaseConclusion {
  readonly grade: 'corroborated' | 'suspected' | 'conflicted' | 'unknown'
  readonly country: string | null
  readonly subdivision: string | null
  readonly city: string | null
  readonly prefix: string | null
  /** Set where two agree, and were built too far from the packet to corroborate anything. */
  readonly far?: true
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

/** How far from the packet a database may be built to corroborate anything: half a year. */
export const voiceMicros = (365.25 / 2) * 86_400e6

/** What a voice is about: a prefix, written when it is read, and its bits. */
type Network = Pick<DatabaseFinding, 'prefix' | 'length'>

/** Voices that agree on a country, and how finely. */
class Agreement {
  country: string | null = null
  subdivision: string | null = null
  city: string | null = null
  readonly publishers: string[] = []
  /** Of these, the ones that count for the packet's time. */
  readonly counted: string[] = []
  #narrowest: Network | null = null

  /** @returns false where the voice names another country than those before it */
  add(place: StatedPlace, publisher: string, network: Network, counts: boolean): boolean {
    if (this.publishers.length === 0)
      ({ country: this.country, subdivision: this.subdivision, city: this.city } = place)
    else if (place.country !== this.country) return false
    if (!this.publishers.includes(publisher)) this.publishers.push(publisher)
    if (counts && !this.counted.includes(publisher)) this.counted.push(publisher)
    if (place.subdivision !== this.subdivision) this.subdivision = null
    if (place.city !== this.city) this.city = null
    if (network.length > (this.#narrowest?.length ?? -1)) this.#narrowest = network
    return true
  }

  /** The narrowest that any voice is about. */
  get prefix(): string | null {
    return this.#narrowest?.prefix ?? null
  }
}

/** Stands for all feeds: makers of databases take them in, so a feed and a database that agree may be one and the same voice. */
const FEEDS = 'geofeeds'

/**
 * Two publishers that name the same country, and none that names another, corroborate the country and nothing finer; one
 * alone is a suspicion, with whatever it says; any two countries are a conflict. A geofeed is a publisher of its own beside the
 * registries only: databases follow what feeds advertise (Weinberg et al., IMC 2018). Databases change what they say (Gouel et
 * al., arXiv 2107.03988): they corroborate where they were built within half a year of the packet, or on both sides of it.
 *
 * @param feeds what geofeeds state
 */
export function concludeFrom(
  findings: readonly DatabaseFinding[],
  feeds: readonly FeedSaying[],
  at: Micros,
): DatabaseConclusion {
  const agreement = new Agreement()
  for (const finding of findings)
    if (
      finding.answer?.country &&
      !agreement.add(finding.answer, finding.publisher, finding, countsFor(finding, findings, at))
    )
      return { grade: 'conflicted', ...none }
  for (const { entry, counts } of feeds)
    if (counts && entry.stated?.country)
      if (
        !agreement.add(entry.stated, FEEDS, { prefix: formatPrefix(entry.prefix), length: entry.prefix.length }, true)
      )
        return { grade: 'conflicted', ...none }
  const { country, subdivision, city, prefix, publishers, counted } = agreement
  if (publishers.length === 0) return { grade: 'unknown', ...none }
  if (independent(counted) > 1) return { grade: 'corroborated', ...none, country, prefix }
  const suspected = { grade: 'suspected' as const, country, subdivision, city, prefix }
  return independent(publishers) > 1 ? { ...suspected, far: true } : suspected
}

/** How many voices there are that do not repeat each other. */
export function independent(publishers: readonly string[]): number {
  const registries = publishers.includes(REGISTRIES) ? 1 : 0
  const copies = publishers.filter((publisher) => publisher === FEEDS || publisher === UNKNOWN_MAKER).length
  const makers = publishers.length - registries - copies
  return registries + (makers > 0 ? makers : Math.min(1, copies))
}

/** Whether a build is near the packet, or one of two on both sides of it, within three years, that say the same. */
function countsFor({ source, built, answer }: DatabaseFinding, all: readonly DatabaseFinding[], at: Micros): boolean {
  if (Math.abs(at - built) <= voiceMicros) return true
  return all.some(
    (other) =>
      other.source === source &&
      built > at !== other.built > at &&
      Math.abs(other.built - built) <= bracketMicros &&
      other.answer?.country === answer?.country,
  )
}

/** @param country the one that was concluded, from whatever evidence; null where none was */
export function evidenceFrom(findings: readonly DatabaseFinding[], country: string | null): readonly Evidence[] {
  return findings.map((finding) => finding.evidence(country !== null && finding.answer?.country === country))
}
