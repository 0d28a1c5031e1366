/**
 * What everything that was published says of addresses within a span of time in which the same snapshots count. Conclusions are
 * remembered by what was said, whichever address it was said of; whole places by the narrowest prefix that any of it has for an
 * address. That prefix decides what all of them say: a prefix of theirs that holds the address and is no narrower holds all of
 * it, and one that holds another address of it, but not this one, would be narrower and decide there.
 */
import type { Micros } from '../model.ts'
import type { Address } from '../net/address.ts'
import { prefixAround } from '../net/prefix.ts'
import { placeFrom, type Said } from './conclusion.ts'
import type { Conclusion, Conclusions } from './conclusions.ts'
import { REGISTRIES } from './database-maker.ts'
import type { Place, Places } from './place.ts'
import { type Listed, type ProviderConclusion, providerEvidence } from './provider-evidence.ts'
import { type PublishedPrefixes, UNLISTED } from './published-prefixes.ts'
import { RecentNetworks } from './recent-networks.ts'
import type { DatabaseFinding, DatabaseSnapshot, Nearest, RangeEntry, RangeSnapshot } from './snapshots.ts'

/** A source of published addresses, with its snapshots nearest to the span. */
export interface SpanSource {
  /** Such as `ranges/aws`. */
  readonly source: string
  readonly around: Nearest<RangeSnapshot>
}

/** What is published of an address without asking databases. */
interface Published {
  readonly said: readonly Said[]
  /** Bits of the narrowest prefix among it; -1 where there is none. */
  readonly length: number
}

const nothing: Published = { said: [], length: -1 }

/** A span of time in which the same snapshots count. */
export interface SpanOfTime {
  /** Tells it from other spans that share {@link Conclusions}. */
  readonly number: number
  /** Any time of it. */
  readonly at: Micros
}

export class SpanPlaces implements Places {
  readonly #span: SpanOfTime
  readonly #conclusions: Conclusions
  readonly #sources: Readonly<Record<4 | 6, readonly SpanSource[]>>
  readonly #databases: Readonly<Record<4 | 6, readonly DatabaseSnapshot[]>>
  /** Found when an address of the family is asked for: a database is opened to say whose it is. */
  readonly #ordered = new Map<4 | 6, readonly DatabaseSnapshot[]>()
  readonly #prefixes: PublishedPrefixes
  readonly #places = new RecentNetworks<Place>()
  /** By the number of what all snapshots list. */
  readonly #published: Readonly<Record<4 | 6, Map<number, Published>>> = { 4: new Map(), 6: new Map() }
  /** What a provider says, by the narrower of its entries. */
  readonly #providers = new Map<RangeEntry, ProviderConclusion>()

  /**
   * @param sources of each family, sorted by name
   * @param prefixes of these sources' snapshots, and of any others
   */
  constructor(
    span: SpanOfTime,
    conclusions: Conclusions,
    sources: Readonly<Record<4 | 6, readonly SpanSource[]>>,
    prefixes: PublishedPrefixes,
    databases: Readonly<Record<4 | 6, readonly DatabaseSnapshot[]>>,
  ) {
    this.#span = span
    this.#conclusions = conclusions
    this.#sources = sources
    this.#prefixes = prefixes
    this.#databases = databases
  }

  /** What is concluded of an address. Where the same was said of another one before, this allocates nothing. */
  concludedOf(address: Address): Conclusion {
    const { family } = address
    let said = this.#conclusions.begin(this.#span.number, family, this.#prefixes.find(address))
    // How long a network is decides which prefix a place shows, and nothing else.
    for (const database of this.#coarsestFirst(family)) said = this.#conclusions.and(said, database.recordOf(address))
    const known = this.#conclusions.get(said)
    if (known) return known
    const place = this.placeOf(address)
    this.#conclusions.set(said, place)
    return place
  }

  placeOf(address: Address): Place {
    const { at } = this.#span
    const published = this.#publishedOf(address, at)
    const findings = this.findings(address)
    let { length } = published
    for (const finding of findings) if (finding.length > length) length = finding.length
    const network = length < 0 ? null : prefixAround(address, length)
    const known = network && this.#places.get(network)
    if (known) return known
    const place = placeFrom(published.said, findings, this.#databases[address.family].length, at)
    if (network) this.#places.set(network, place)
    return place
  }

  /** What the databases say of an address, whatever a provider does. */
  findings(address: Address): readonly DatabaseFinding[] {
    const findings = this.#databases[address.family].map((database) => database.find(address))
    return findings.filter((found) => found !== null)
  }

  forget(): void {
    this.#places.clear()
    this.#published[4].clear()
    this.#published[6].clear()
    this.#providers.clear()
  }

  /**
   * Databases in the order in which what they say is put together. The registries have a few hundred records: where they come
   * first, all steps but the last are among a few thousand, which the processor has at hand.
   */
  #coarsestFirst(family: 4 | 6): readonly DatabaseSnapshot[] {
    const known = this.#ordered.get(family)
    if (known) return known
    const fineness = ({ publisher }: DatabaseSnapshot) => (publisher === REGISTRIES ? 0 : 1)
    const ordered = [...this.#databases[family]].sort((a, b) => fineness(a) - fineness(b))
    this.#ordered.set(family, ordered)
    return ordered
  }

  #publishedOf(address: Address, at: Micros): Published {
    const number = this.#prefixes.find(address)
    if (number === UNLISTED) return nothing
    let published = this.#published[address.family].get(number)
    if (!published) {
      published = this.#publishedBy(address.family, this.#prefixes.entries(address.family, number), at)
      this.#published[address.family].set(number, published)
    }
    return published
  }

  #publishedBy(family: 4 | 6, entries: ReadonlyMap<RangeSnapshot, RangeEntry>, at: Micros): Published {
    const entryOf = (snapshot: RangeSnapshot | null) => (snapshot && entries.get(snapshot)) ?? null
    let length = -1
    const said = this.#sources[family].flatMap(({ source, around }): Said[] => {
      const listed = { earlier: entryOf(around.before), later: entryOf(around.after) }
      const narrower = narrowerOf(listed)
      if (!narrower) return []
      length = Math.max(length, narrower.prefix.length)
      const provider = source.startsWith('ranges/') ? this.#providerOf(narrower, around, listed, at) : null
      return [{ source, around, listed, provider }]
    })
    return { said, length }
  }

  #providerOf(narrower: RangeEntry, around: Nearest<RangeSnapshot>, listed: Listed, at: Micros): ProviderConclusion {
    const known = this.#providers.get(narrower)
    const conclusion = known ?? providerEvidence(around, listed, at)
    if (!known) this.#providers.set(narrower, conclusion)
    return conclusion
  }
}

/** Of two that are as narrow, the earlier. */
function narrowerOf({ earlier, later }: Listed): RangeEntry | null {
  if (!earlier || !later) return earlier ?? later
  return later.prefix.length > earlier.prefix.length ? later : earlier
}
