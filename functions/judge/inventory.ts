/** Who received what: planted identifiers that were found in what a device sent, and what could not be read, by host. */
import type { Examined, Micros, Observation, SeedKind } from '../model.ts'
import type { StageUnder } from './consent/contact.ts'
import { chainOf, standsAt } from './found.ts'
import type { Meant } from './host.ts'

/** One kind of identifier (or what could not be read) that went to one host and place in one step and stage. Plain JSON. */
export interface InventoryRow {
  readonly host: string | null
  readonly service: string | null
  readonly kind: SeedKind | null
  readonly session: string
  readonly step: string | null
  /** The stage under every claim that speaks of the host, in the order of the claims. */
  readonly stages: readonly StageUnder[]
  /** Number of where the remote stood. */
  readonly location: number
  readonly seeds: readonly string[]
  readonly encodings: readonly string[]
  readonly places: readonly string[]
  readonly excerpt: string | null
  readonly flows: number
  readonly first: Micros
  readonly last: Micros
}

/** Rows of one key together. Plain sums and unions: the same in whatever order they come. */
export class InventoryRows {
  readonly #byKey = new Map<string, InventoryRow>()

  add(key: string, row: InventoryRow): void {
    const known = this.#byKey.get(key)
    this.#byKey.set(key, known ? together(known, row) : row)
  }

  get all(): readonly InventoryRow[] {
    return [...this.#byKey.values()]
  }
}

function together(a: InventoryRow, b: InventoryRow): InventoryRow {
  return {
    ...a,
    seeds: union(a.seeds, b.seeds),
    encodings: union(a.encodings, b.encodings),
    places: union(a.places, b.places),
    excerpt: a.excerpt === null || (b.excerpt !== null && b.excerpt < a.excerpt) ? b.excerpt : a.excerpt,
    flows: a.flows + b.flows,
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
  }
}

const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])].sort()

export class InventoryTally {
  readonly #rows = new InventoryRows()

  add(row: InventoryRow): void {
    const { host, service, kind, session, step, location, stages } = row
    const under = stages.map(({ service: claiming, stage }) => [claiming, stage])
    this.#rows.add(JSON.stringify([host, service, kind, session, step, location, under]), row)
  }

  /**
   * Takes an observation, whoever its host belongs to.
   *
   * @param seen number of where its remote stood, and its stages under the claims; asked where they are needed
   */
  observe(observation: Observation, meant: Meant, seen: { location(): number; stages(): readonly StageUnder[] }): void {
    const { examined } = observation
    if (!examined || observation.bystander || examined.hits.length + examined.opaque.length === 0) return
    const { session, step, first, last } = observation
    const base = { ...whose(meant), session, step, stages: seen.stages(), location: seen.location(), first, last }
    for (const found of foundByKind(examined))
      this.add({ ...base, ...found, flows: Math.min(observation.flows, found.flows) })
  }

  get rows(): readonly InventoryRow[] {
    return this.#rows.all
  }
}

type Found = Pick<InventoryRow, 'kind' | 'seeds' | 'encodings' | 'places' | 'excerpt' | 'flows'>

/** `flows` counts how often it was found: in no more flows than that. */
function foundByKind({ hits, opaque }: Examined): readonly Found[] {
  const found: Found[] = [...new Set(hits.map(({ kind }) => kind))].map((kind) => {
    const of = hits.filter((hit) => hit.kind === kind)
    return {
      kind,
      seeds: union(
        of.map(({ seed }) => seed),
        [],
      ),
      encodings: union(of.map(chainOf), []),
      places: union(of.map(standsAt), []),
      excerpt: of.map(({ excerpt }) => excerpt).sort()[0] ?? null,
      flows: of.reduce((sum, { count }) => sum + count, 0),
    }
  })
  if (opaque.length > 0)
    found.push({
      ...{ kind: null, seeds: [], excerpt: null },
      encodings: union(
        opaque.map(({ looks }) => looks),
        [],
      ),
      places: union(opaque.map(standsAt), []),
      flows: opaque.reduce((sum, { count }) => sum + count, 0),
    })
  return found
}

/** The host that got it; null where none is known, and where several names lead there of which any may be meant. */
function whose({ kind, hosts, services, elsewhere, foreign }: Meant): Pick<InventoryRow, 'host' | 'service'> {
  const isOpen = kind === 'fronted' || elsewhere.length > 0
  const host = kind === 'vendor' && !isOpen ? (hosts[0] ?? null) : foreign
  const [only] = services
  return { host, service: kind === 'vendor' && !isOpen && services.length === 1 ? (only?.id ?? null) : null }
}
