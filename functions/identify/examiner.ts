/** Looks for planted identifiers in what the ends of flows said, as it is handed on, and sums up each flow's. */
import type { Content, Hit, Opaque, Seed } from '../model.ts'
import { examine, type Found } from './examination.ts'
import { chainOf, sent } from './layer.ts'
import { type SeedSearch, seedSearch } from './seed-search.ts'

/** What looking through what one end of a flow said gave. */
export interface FlowExamined {
  /** Sorted; one for each seed, place and chain. */
  readonly hits: readonly Hit[]
  readonly opaque: readonly Opaque[]
  /** Whether there was anything to read. */
  readonly read: boolean
  /** Whether some of it was lost, cut off, too long or encoded too deeply. */
  readonly missing: boolean
}

interface End {
  readonly hits: Map<string, Hit>
  readonly opaque: Map<string, Opaque>
  missing: boolean
}

export class Examiner {
  readonly #search: SeedSearch
  readonly #ends = new Map<string, End>()

  /** @param salts that hashes of identifiers may have been made with, as the declaration names them */
  constructor(seeds: readonly Seed[], { salts = [] }: { readonly salts?: readonly string[] } = {}) {
    this.#search = seedSearch(seeds, salts)
  }

  /** Takes what one end of a flow said; the bytes are not kept. */
  take(content: Content): void {
    const end = this.#end(content)
    if (content.missing > 0) end.missing = true
    const { found, cut } = examine(this.#search, sent(content.bytes), false)
    if (cut) end.missing = true
    for (const each of found) add(end, content, each)
  }

  /** @param ofA whether of what end A said */
  examinedOf(flow: number, ofA: boolean): FlowExamined {
    const end = this.#ends.get(keyOf(flow, ofA))
    if (end === undefined) return { hits: [], opaque: [], read: false, missing: false }
    return { hits: sorted(end.hits), opaque: sorted(end.opaque), read: true, missing: end.missing }
  }

  /** Gives up what is known of a flow, once it has been asked for. */
  forget(flow: number): void {
    this.#ends.delete(keyOf(flow, true))
    this.#ends.delete(keyOf(flow, false))
  }

  #end({ flow, fromA }: Content): End {
    const key = keyOf(flow, fromA)
    const known = this.#ends.get(key)
    if (known !== undefined) return known
    const end: End = { hits: new Map(), opaque: new Map(), missing: false }
    this.#ends.set(key, end)
    return end
  }
}

const keyOf = (flow: number, ofA: boolean): string => `${flow}${ofA ? 'a' : 'b'}`

const sorted = <T>(map: ReadonlyMap<string, T>): readonly T[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)

function add(end: End, content: Content, { seed, layer, span, written }: Found): void {
  const { part, method, path, field } = content
  const chain = [...content.codings, ...chainOf(layer, span), ...written]
  const key = JSON.stringify([seed.id, part, method, path, field, chain])
  const known = end.hits.get(key)
  const hit: Hit = {
    seed: seed.id,
    kind: seed.kind,
    part,
    method,
    path,
    field,
    chain,
    offset: span.from,
    excerpt: `‹${seed.kind}›`,
    count: 1,
  }
  end.hits.set(key, known === undefined ? hit : { ...known, count: known.count + 1 })
}
