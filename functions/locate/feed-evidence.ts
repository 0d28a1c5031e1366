/**
 * What geofeeds (RFC 8805) and lists of anycast prefixes say of an address: docs/locating.md, steps 2 and 4. A list makes an
 * address an edge; a feed contradicts the ranges of its own publisher, or speaks where no provider does.
 */
import type { Evidence, Micros } from '../model.ts'
import { formatPrefix } from '../net/prefix.ts'
import { bracketMicros, type Listed, statedWords } from './provider-evidence.ts'
import type { Nearest, RangeEntry, RangeSnapshot } from './snapshots.ts'

/** What one snapshot of a feed or list says of an address. */
export interface FeedSaying {
  readonly snapshot: RangeSnapshot
  readonly entry: RangeEntry
  /** Whether it was made within three years of the packet: farther away, addresses have changed hands too often. */
  readonly counts: boolean
}

/** What the nearest snapshots say, the earlier first. */
export function feedSayings(
  { before, after }: Nearest<RangeSnapshot>,
  { earlier, later }: Listed,
  at: Micros,
): readonly FeedSaying[] {
  const sayings: FeedSaying[] = []
  const say = (snapshot: RangeSnapshot | null, entry: RangeEntry | null) => {
    if (snapshot && entry) sayings.push({ snapshot, entry, counts: Math.abs(at - snapshot.time) <= bracketMicros })
  }
  say(before, earlier)
  say(after, later)
  return sayings
}

/** The country that a feed states where it counts; null for none. */
export function statedCountry({ entry, counts }: FeedSaying): string | null {
  return counts ? (entry.stated?.country ?? null) : null
}

export function anycastEvidence({ snapshot: { source, date }, entry, counts }: FeedSaying): Evidence {
  const listed = `The list ${source} of ${date} has ${formatPrefix(entry.prefix)}`
  const says = counts
    ? `${listed}: ${entry.edge}; the place behind it is not observable.`
    : `${listed}, but was made more than three years away from the packet.`
  return { date, rule: 'edge', says, source, supports: counts }
}

/** @param country the one that was concluded; null where none was */
export function geofeedEvidence(saying: FeedSaying, country: string | null): Evidence {
  const { source, date } = saying.snapshot
  const { prefix, stated } = saying.entry
  const where =
    stated?.country == null
      ? 'states no one country'
      : `puts it in ${statedWords(stated)}${stated.country === country || country === null ? '' : `, not in ${country}`}`
  const far = saying.counts ? '' : ', but was made more than three years away from the packet'
  const says = `The feed ${source} of ${date}, for ${formatPrefix(prefix)}, ${where}${far}.`
  return { date, rule: 'geofeed', says, source, supports: country !== null && statedCountry(saying) === country }
}
