/**
 * What everything that was published says of addresses within a span of time in which the same snapshots count, remembered by
 * the narrowest prefix that any of it has for an address. That prefix decides what all of them say: a prefix of theirs that
 * holds the address and is no narrower holds all of it, and one that holds another address of it, but not this one, would be
 * narrower and decide there.
 */
import type { Micros } from '../model.ts'
import type { Address } from '../net/address.ts'
import { type Place, placeFrom, type Said } from './conclusion.ts'
import { type Listed, type ProviderConclusion, providerEvidence } from './provider-evidence.ts'
import type { DatabaseFinding, DatabaseSnapshot, Nearest, RangeEntry, RangeSnapshot } from './snapshots.ts'

/** A source of published addresses, with its snapshots nearest to the span. */
export interface SpanSource {
  /** Such as `ranges/aws`. */
  readonly source: string
  readonly around: Nearest<RangeSnapshot>
}

export class SpanPlaces {
  readonly #sources: readonly SpanSource[]
  readonly #databases: Readonly<Record<4 | 6, readonly DatabaseSnapshot[]>>
  /** By what has the narrowest prefix; by the list of databases that were asked, where nothing has one. */
  readonly #places = new Map<RangeEntry | DatabaseFinding | readonly DatabaseSnapshot[], Place>()
  /** What a provider says, by the narrower of its entries. */
  readonly #providers = new Map<RangeEntry, ProviderConclusion>()

  /** @param sources sorted by name */
  constructor(sources: readonly SpanSource[], databases: Readonly<Record<4 | 6, readonly DatabaseSnapshot[]>>) {
    this.#sources = sources
    this.#databases = databases
  }

  /** @param at any time of the span */
  at(address: Address, at: Micros): Place {
    const listed = this.#sources.map(({ around }) => listedIn(around, address))
    const findings = this.findings(address)
    const key = narrowest(narrowestEntry(listed), findings) ?? this.#databases[address.family]
    let place = this.#places.get(key)
    if (!place) {
      place = placeFrom(this.#said(listed, at), findings, this.#databases[address.family].length, at)
      this.#places.set(key, place)
    }
    return place
  }

  /** What the databases say of an address, whatever a provider does. */
  findings(address: Address): readonly DatabaseFinding[] {
    return this.#databases[address.family].map((database) => database.find(address)).filter((found) => found !== null)
  }

  forget(): void {
    this.#places.clear()
    this.#providers.clear()
  }

  #said(listed: readonly Listed[], at: Micros): readonly Said[] {
    return this.#sources.flatMap(({ source, around }, i) => {
      const here = listed[i]
      const narrower = here ? narrowestEntry([here]) : null
      if (!here || !narrower) return []
      const provider = source.startsWith('ranges/') ? this.#providerOf(narrower, around, here, at) : null
      return { source, around, listed: here, provider }
    })
  }

  #providerOf(narrower: RangeEntry, around: Nearest<RangeSnapshot>, listed: Listed, at: Micros): ProviderConclusion {
    const known = this.#providers.get(narrower)
    const conclusion = known ?? providerEvidence(around, listed, at)
    if (!known) this.#providers.set(narrower, conclusion)
    return conclusion
  }
}

function listedIn({ before, after }: Nearest<RangeSnapshot>, { family, words }: Address): Listed {
  return {
    earlier: before?.table.find(family, ...words) ?? null,
    later: after?.table.find(family, ...words) ?? null,
  }
}

function narrowestEntry(listed: readonly Listed[]): RangeEntry | null {
  let found: RangeEntry | null = null
  for (const { earlier, later } of listed)
    for (const entry of [earlier, later])
      if (entry && (found === null || entry.prefix.length > found.prefix.length)) found = entry
  return found
}

function narrowest(
  entry: RangeEntry | null,
  findings: readonly DatabaseFinding[],
): RangeEntry | DatabaseFinding | null {
  let found: RangeEntry | DatabaseFinding | null = entry
  let length = entry?.prefix.length ?? -1
  for (const finding of findings)
    if (finding.length > length) {
      found = finding
      length = finding.length
    }
  return found
}
