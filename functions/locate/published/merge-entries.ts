/** What several rows of one file say together of one prefix. */
import type { RangeEntry, StatedPlace } from '../snapshots.ts'

/** Stands for "no particular service": AWS lists every prefix under it, and most of them under their service as well. */
const UMBRELLAS: ReadonlySet<string> = new Set(['AMAZON', 'AzureCloud'])

/** No file has a prefix under more regions or services; of one that does, the first by name stand for all. */
const MOST = 16

/** What several lists name, each once and in order: the same in whichever order they are joined. */
export function union(one: readonly string[], other: readonly string[] = []): readonly string[] {
  if (one.length === 1 && other.length === 1 && one[0] === other[0]) return one
  return [...new Set([...one, ...other])].sort().slice(0, MOST)
}

/** A service says more than an umbrella; otherwise everything that is said counts. The order of the two does not matter. */
export function mergeEntries(one: RangeEntry, other: RangeEntry): RangeEntry {
  const general = ({ services }: RangeEntry) => services.length === 1 && UMBRELLAS.has(services[0] ?? '')
  if (general(one) !== general(other)) return general(one) ? other : one
  const first = (...reasons: (string | null)[]) => reasons.filter((reason) => reason !== null).sort()[0] ?? null
  return {
    prefix: one.prefix,
    regions: union(one.regions, other.regions),
    services: union(one.services, other.services),
    edge: first(one.edge, other.edge),
    doubt: first(one.doubt, other.doubt),
    stated: agreed(one.stated, other.stated),
  }
}

/** What both of two statements say: where they differ, nothing is said of that. */
function agreed(one: StatedPlace | null, other: StatedPlace | null): StatedPlace | null {
  if (one === null || other === null) return one ?? other
  const both = <Value>(a: Value, b: Value) => (a === b ? a : null)
  const country = both(one.country, other.country)
  const subdivision = country && both(one.subdivision, other.subdivision)
  return { country, subdivision, city: country && both(one.city, other.city) }
}
