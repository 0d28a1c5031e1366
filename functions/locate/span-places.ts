/**
 * What provider and databases together say of addresses within a span of time in which the same snapshots count, remembered by
 * the narrowest prefix that any of them has for an address. That prefix decides what all of them say: a prefix of theirs that
 * holds the address and is no narrower holds all of it, and one that holds another address of it, but not this one, would be
 * narrower and decide there.
 */
import type { Evidence, Location, Micros } from '../model.ts'
import type { Address } from '../net/address.ts'
import { regionFacts } from '../net/cloud-regions.ts'
import { concludeFrom, evidenceFrom } from './database-evidence.ts'
import { type ProviderConclusion, providerEvidence } from './provider-evidence.ts'
import type { DatabaseFinding, DatabaseSnapshot, Nearest, RangeEntry, RangeSnapshot } from './snapshots.ts'

/** What a location says but for its address, and all addresses of a prefix share. */
export type Place = Omit<Location, 'ip'>

export class SpanPlaces {
  readonly #ranges: Nearest<RangeSnapshot>
  readonly #databases: Readonly<Record<4 | 6, readonly DatabaseSnapshot[]>>
  /** By what has the narrowest prefix; by the list of databases that were asked, where nothing has one. */
  readonly #places = new Map<RangeEntry | DatabaseFinding | readonly DatabaseSnapshot[], Place>()
  /** By the narrower entry. */
  readonly #providers = new Map<RangeEntry, ProviderConclusion | null>()

  constructor(ranges: Nearest<RangeSnapshot>, databases: Readonly<Record<4 | 6, readonly DatabaseSnapshot[]>>) {
    this.#ranges = ranges
    this.#databases = databases
  }

  /** @param at any time of the span */
  at(address: Address, at: Micros): Place {
    const databases = this.#databases[address.family]
    const earlier = this.#ranges.before?.table.find(address.family, ...address.words) ?? null
    const later = this.#ranges.after?.table.find(address.family, ...address.words) ?? null
    const entry =
      earlier && later ? (later.prefix.length > earlier.prefix.length ? later : earlier) : (earlier ?? later)
    const findings = this.findings(address)
    let narrowest: RangeEntry | DatabaseFinding | null = entry
    let length = entry?.prefix.length ?? -1
    for (const finding of findings)
      if (finding.length > length) {
        narrowest = finding
        length = finding.length
      }
    const key = narrowest ?? databases
    let place = this.#places.get(key)
    if (!place) {
      const provider = entry && this.#providerOf(entry, { earlier, later }, at)
      place = provider ? fromProvider(provider, findings) : fromDatabases(findings, databases.length)
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

  #providerOf(
    narrower: RangeEntry,
    listed: { readonly earlier: RangeEntry | null; readonly later: RangeEntry | null },
    at: Micros,
  ): ProviderConclusion | null {
    let conclusion = this.#providers.get(narrower)
    if (conclusion === undefined) {
      conclusion = providerEvidence(this.#ranges, listed, at)
      this.#providers.set(narrower, conclusion)
    }
    return conclusion
  }
}

function fromProvider(
  { grade, cloud, prefix, evidence }: ProviderConclusion,
  findings: readonly DatabaseFinding[],
): Place {
  // A region whose place is not published has no country: nothing is guessed from its name.
  const facts = cloud === null ? null : regionFacts(cloud)
  const country = facts?.country ?? null
  return {
    grade,
    country,
    subdivision: facts?.subdivision ?? null,
    city: facts?.city ?? null,
    cloud,
    prefix,
    evidence: evidence.concat(evidenceFrom(findings, country)),
  }
}

function fromDatabases(findings: readonly DatabaseFinding[], databases: number): Place {
  const { grade, country, subdivision, city, prefix } = concludeFrom(findings)
  const evidence = findings.length === 0 ? [nothingKnown(databases)] : evidenceFrom(findings, country)
  return { grade, country, subdivision, city, cloud: null, prefix, evidence }
}

function nothingKnown(databases: number): Evidence {
  const says =
    databases === 0
      ? 'No provider lists it, and no database is loaded.'
      : "No provider's ranges list it, and no database knows it."
  return { date: null, rule: 'database', says, source: 'database', supports: false }
}
