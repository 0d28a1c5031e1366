/**
 * Everything that was published of an address, joined into one place with its grade: docs/locating.md, steps 2 to 5. Evidence
 * is ordered, and what comes later never overrules what came before.
 */
import type { Evidence, Grade, Micros } from '../model.ts'
import { concludeFrom, evidenceFrom } from './database-evidence.ts'
import { anycastEvidence, type FeedSaying, feedSayings, geofeedEvidence, statedCountry } from './feed-evidence.ts'
import { Place } from './place.ts'
import { type Listed, type ProviderConclusion, statedWords } from './provider-evidence.ts'
import { providerOf } from './published/publishers.ts'
import type { DatabaseFinding, Nearest, RangeSnapshot } from './snapshots.ts'
import { elsewhereOf, witnessOf } from './witness.ts'

/** A source that lists the address. */
export interface Said {
  readonly source: string
  readonly around: Nearest<RangeSnapshot>
  readonly listed: Listed
  /** What the provider says by it; null for a feed or list. */
  readonly provider: ProviderConclusion | null
}

/** A provider's word, and whose it is. */
interface Word {
  readonly provider: string
  readonly said: ProviderConclusion
}

const unplaced = { country: null, subdivision: null, city: null, cloud: null, prefix: null }

/**
 * @param said of the address, by sources in their order
 * @param databases how many were asked
 */
export function placeFrom(
  said: readonly Said[],
  findings: readonly DatabaseFinding[],
  databases: number,
  at: Micros,
): Place {
  if (said.length === 0) return fromDatabases(findings, [], databases, at, () => [])
  const sayingsOf = (kind: string) =>
    said
      .filter(({ source }) => source.startsWith(kind))
      .flatMap(({ around, listed }) => feedSayings(around, listed, at))
  const anycast = sayingsOf('anycast/')
  const feeds = sayingsOf('geofeed/')
  const words = said.flatMap(({ source, provider }) =>
    provider === null ? [] : { provider: providerOf(source), said: withWitness(provider, findings, at) },
  )
  const provided = () => [...anycast.map(anycastEvidence), ...words.flatMap((word) => word.said.evidence)]
  const withFeeds = (country: string | null) => [
    ...feeds.map((saying) => geofeedEvidence(saying, country)),
    ...evidenceFrom(findings, country),
  ]
  const unsure = (grade: Grade, prefix: string | null, notes: readonly Evidence[] = []) =>
    new Place({ ...unplaced, grade, prefix }, () => [
      ...(grade === 'conflicted' ? provided().map(opposed) : provided()),
      ...notes,
      ...withFeeds(null),
    ])

  const list = anycast.find(({ counts }) => counts)
  if (list) return unsure('edge', null)
  const edge = words.find((word) => word.said.grade === 'edge')
  if (edge) return unsure('edge', edge.said.prefix)
  const placing = words.filter((word) => word.said.grade !== 'unknown')
  const word = mostSpecific(placing)
  if (!word) return fromDatabases(findings, feeds, databases, at, provided)
  if (placing.some((other) => other.said.grade === 'conflicted')) return unsure('conflicted', null)
  const other = placing.find((one) => one !== word && contradicts(one, word))
  if (other) return unsure('conflicted', null, [twoProviders(word, other)])
  const { grade, cloud, prefix, place } = word.said
  const own = feeds.find((saying) => isOwn(saying, word) && differs(statedCountry(saying), place.country))
  if (own)
    return new Place({ ...unplaced, grade: 'conflicted' }, () => [
      ...provided().map(opposed),
      ...feeds.map((saying) => opposed(geofeedEvidence(saying, place.country))),
      ...evidenceFrom(findings, null),
    ])
  return new Place({ grade, ...place, cloud, prefix }, () => [...provided(), ...withFeeds(place.country)])
}

function mostSpecific(words: readonly Word[]): Word | null {
  let found: Word | null = null
  for (const word of words) if (found === null || word.said.length > found.said.length) found = word
  return found
}

/** The prefixes that are handed out by themselves, and change hands most: the narrowest that the Internet routes. */
const RENTED = { 4: 24, 6: 48 }

/**
 * Where one list alone has the address, a database of the day is a second witness: for a place that the later list no longer
 * has, and against one that only the later list has, of a block as small as those that are rented. Against the only list that there
 * is, far from the packet, it takes databases of two makers and another country.
 */
function withWitness(said: ProviderConclusion, findings: readonly DatabaseFinding[], at: Micros): ProviderConclusion {
  const { oneSided, grade, length, evidence } = said
  const elsewhere = said.alone && grade === 'corroborated' ? elsewhereOf(findings, said, at) : null
  if (elsewhere) return unplacedBy(said, elsewhere)
  if (!oneSided) return said
  const givenUp = oneSided.side === 'earlier' && grade === 'conflicted'
  const rented =
    oneSided.side === 'later' && grade === 'corroborated' && length >= RENTED[oneSided.prefix.includes(':') ? 6 : 4]
  const witness = givenUp || rented ? witnessOf(findings, oneSided, at) : null
  if (!witness || witness.agrees !== givenUp) return said
  if (rented) return unplacedBy(said, witness.evidence)
  const { cloud, place, prefix } = oneSided
  const [listed, ...notes] = evidence
  const supported = listed ? [{ ...listed, supports: true }, ...notes] : notes
  return { ...said, grade: 'corroborated', cloud, place, prefix, evidence: [...supported, witness.evidence] }
}

/** What a provider says, with a witness against it. */
function unplacedBy(said: ProviderConclusion, witness: Evidence): ProviderConclusion {
  const evidence = [...said.evidence.map(opposed), witness]
  return { ...said, ...unplaced, place: unplaced, grade: 'conflicted', evidence }
}

/** Whether two providers place the address differently. The narrower one may be a block that a customer brought, or may not. */
function contradicts({ said: one }: Word, { said: other }: Word): boolean {
  return (
    differs(one.cloud, other.cloud) ||
    differs(one.place.country, other.place.country) ||
    differs(one.place.subdivision, other.place.subdivision)
  )
}

const differs = (one: string | null, other: string | null) => one !== null && other !== null && one !== other

/** Whether a feed is of the provider itself: somebody else's may be anybody's, and proves nothing against it. */
function isOwn({ snapshot }: FeedSaying, { provider }: Word): boolean {
  return providerOf(snapshot.source) === provider
}

/** The same piece of evidence, where it turned out that it does not hold. */
function opposed(evidence: Evidence): Evidence {
  return { ...evidence, supports: false }
}

function twoProviders(one: Word, other: Word): Evidence {
  const place = ({ said: { cloud, place, prefix } }: Word) => `${cloud ?? statedWords(place)} by ${prefix}`
  const says = `Two providers list the address and do not agree: ${place(one)}, ${place(other)}.`
  return { date: null, rule: 'provider-range', says, source: 'ranges', supports: false }
}

function fromDatabases(
  findings: readonly DatabaseFinding[],
  feeds: readonly FeedSaying[],
  databases: number,
  at: Micros,
  provided: () => readonly Evidence[],
): Place {
  const { grade, country, subdivision, city, prefix, far } = concludeFrom(findings, feeds, at)
  return new Place({ grade, country, subdivision, city, cloud: null, prefix }, () => {
    const before = provided()
    if (findings.length === 0 && feeds.length === 0) return [...before, nothingKnown(databases, before.length > 0)]
    return [
      ...before,
      ...feeds.map((saying) => geofeedEvidence(saying, country)),
      ...evidenceFrom(findings, country),
      ...(far ? [tooFar] : []),
    ]
  })
}

const tooFar: Evidence = {
  date: null,
  rule: 'time',
  says: 'They agree, but not two of them were built within half a year of the packet, or on both sides of it: addresses change hands.',
  source: 'database',
  supports: false,
}

function nothingKnown(databases: number, listed: boolean): Evidence {
  const provider = listed ? "No provider's ranges place it" : "No provider's ranges list it"
  const says = databases === 0 ? `${provider}, and no database is loaded.` : `${provider}, and no database knows it.`
  return { date: null, rule: 'database', says, source: 'database', supports: false }
}
