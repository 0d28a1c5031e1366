/**
 * Where an address was at a time, how sure that is, and why: docs/locating.md, its steps in their order. Every
 * rule that fired is recorded with its source, date and prefix.
 */
import type { Evidence, Location, Locator, Micros, SnapshotFacts } from '../model.ts'
import { type Address, formatAddress, parseAddress } from '../net/address.ts'
import { listingChanges } from '../net/cloud-regions.ts'
import { notWhereItSeems, reachedAddress, specialPurpose } from '../net/special-purpose.ts'
import { AskedBefore } from './asked-before.ts'
import { Citations } from './citations.ts'
import { Conclusions } from './conclusions.ts'
import { databasesAround, evidenceFrom, voiceMicros } from './database-evidence.ts'
import { Place, placedAddress } from './place.ts'
import { bracketMicros, nearMicros, youngMicros } from './provider-evidence.ts'
import { PublishedPrefixes } from './published-prefixes.ts'
import { type LoadedSnapshots, nearest } from './snapshots.ts'
import { SpanPlaces } from './span-places.ts'

const nowhere = { country: null, subdivision: null, city: null, cloud: null, prefix: null }

/** Locations kept, of addresses that are asked again and again: each then costs one look into a Map. */
const kept = 1 << 15

/** What counts between two instants: the same address has the same location at any time of a span. */
interface Span {
  readonly number: number
  readonly from: Micros
  readonly until: Micros
  readonly places: SpanPlaces
  readonly locations: Map<string, Location>
}

/** Makes a locator over snapshots that stay as they are. */
export function createLocator(snapshots: LoadedSnapshots): Locator {
  // A publisher may split a list by family: a file with IPv6 only does not say that an IPv4 address is not listed.
  const holding = (family: 4 | 6) => bySource(snapshots.ranges.filter(({ table }) => table.values(family).length > 0))
  const published = { 4: holding(4), 6: holding(6) }
  const databases = bySource(snapshots.databases).map(([, group]) => group)
  const prefixes = new PublishedPrefixes(snapshots.ranges)
  const conclusions = new Conclusions()
  const cuts = cutsOf(snapshots)
  const spans = new Map<number, Span>()
  const spanAt = (at: Micros): Span => {
    const around = (sources: (typeof published)[4]) =>
      sources.map(([source, group]) => ({ source, around: nearest(group, at) }))
    const number = cuts.filter((cut) => cut <= at).length
    const span = spans.get(number) ?? {
      number,
      from: cuts[number - 1] ?? Number.NEGATIVE_INFINITY,
      until: cuts[number] ?? Number.POSITIVE_INFINITY,
      places: new SpanPlaces(
        { number, at },
        conclusions,
        { 4: around(published[4]), 6: around(published[6]) },
        prefixes,
        { 4: databasesAround(databases, 4, at), 6: databasesAround(databases, 6, at) },
      ),
      locations: new Map<string, Location>(),
    }
    spans.set(number, span)
    return span
  }
  let latest: Span | undefined
  /** Consecutive questions are mostly of one span. */
  const spanOf = (at: Micros): Span => {
    if (!latest || at < latest.from || at >= latest.until) latest = spanAt(at)
    return latest
  }
  const askedBefore = new AskedBefore()
  let count = 0
  let facts: readonly SnapshotFacts[] | undefined
  const citations = new Citations(snapshots)

  return {
    get snapshots() {
      facts ??= [...snapshots.ranges, ...snapshots.databases].map((snapshot) => snapshot.facts()).sort(bySourceAndDate)
      return facts
    },
    locate(ip: string, at: Micros): Location {
      const span = spanOf(at)
      const known = span.locations.get(ip)
      if (known) return known
      const location = locateAt(span, ip)
      if (!askedBefore.again(ip)) return location
      if (count++ >= kept) {
        for (const { locations, places } of spans.values()) {
          locations.clear()
          places.forget()
        }
        count = 1
      }
      span.locations.set(ip, location)
      return location
    },
    spanOf: (at: Micros) => spanOf(at).number,
    citedBy: (location) => citations.of(location),
  }
}

function locateAt({ places }: Span, ip: string): Location {
  const asked = parseAddress(ip)
  if (!asked) {
    const says = `${JSON.stringify(ip.slice(0, 100))} is no IP address.`
    return { ip, grade: 'unknown', ...nowhere, evidence: [registryEvidence('special-purpose', says)] }
  }
  // A dotted quad has one spelling only.
  const text = asked.family === 4 ? ip : formatAddress(asked.family, ...asked.words)
  const address = reachedAddress(asked)
  const before = address === asked ? [] : [embedded(text, address)]

  const special = specialPurpose(address.family, ...address.words)
  if (special !== null) {
    before.push(registryEvidence('special-purpose', `IANA's registries: ${special}; not a place on the Internet.`))
    return { ip: text, grade: 'unknown', ...nowhere, evidence: before }
  }

  const elsewhere = notWhereItSeems(address.family, ...address.words)
  if (elsewhere !== null) {
    before.push(registryEvidence('edge', `It is ${elsewhere}; the place behind it is not observable.`))
    const evidence = [...before, ...evidenceFrom(places.findings(address), null)]
    return { ip: text, grade: 'edge', ...nowhere, evidence }
  }

  const concluded = places.concludedOf(address)
  if (address === asked) return placedAddress(text, concluded, places, address)
  const within = (inner: Address) => {
    const place = places.placeOf(inner)
    return new Place(place, () => [...before, ...place.evidence])
  }
  return placedAddress(text, concluded, { placeOf: within }, address)
}

function embedded(text: string, { family, words }: Address): Evidence {
  const says = `Packets for ${text} reach ${formatAddress(family, ...words)} (RFC 4291, RFC 6052).`
  return registryEvidence('special-purpose', says)
}

/** Evidence that rests on a registry and no snapshot. */
function registryEvidence(rule: 'special-purpose' | 'edge', says: string): Evidence {
  return { date: null, rule, says, source: 'iana', supports: true }
}

/** Snapshots by their source, in the order of the sources' names. */
function bySource<Snapshot extends { readonly source: string }>(
  snapshots: readonly Snapshot[],
): readonly (readonly [source: string, snapshots: readonly Snapshot[]])[] {
  const groups = new Map<string, Snapshot[]>()
  for (const snapshot of snapshots) groups.set(snapshot.source, [...(groups.get(snapshot.source) ?? []), snapshot])
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
}

function bySourceAndDate(a: SnapshotFacts, b: SnapshotFacts): number {
  const key = ({ source, date, sha256 }: SnapshotFacts) => `${source} ${date} ${sha256}`
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0
}

/**
 * Where another snapshot becomes the nearest on a side, or comes near or goes far, both inclusive: ranges count more within 35
 * days, feeds and lists count within three years.
 */
function cutsOf({ ranges, databases }: LoadedSnapshots): readonly Micros[] {
  const around = (time: Micros, distance: Micros) => [time - distance, time, time + distance + 1]
  return [
    ...ranges.flatMap(({ source, time }) => around(time, source.startsWith('ranges/') ? nearMicros : bracketMicros)),
    ...(ranges.length > 0
      ? listingChanges.map((day) => Date.parse(day) * 1000).flatMap((day) => [day, day + youngMicros])
      : []),
    ...databases.flatMap(({ time }) => [...around(time, nearMicros), ...around(time, voiceMicros)]),
  ].sort((a, b) => a - b)
}
