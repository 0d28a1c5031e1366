/** Sums up what was found in what one end of a flow said: one line for each identifier, place and chain. */
import type { Content, Hit, Opaque } from '../model.ts'
import { fieldPath } from './field-path.ts'
import type { Found } from './finds.ts'
import { chainOf, type Layer, type Span } from './layer.ts'
import type { Mask } from './mask.ts'

/** Lines of one end; a flow that shows more has shown enough, and counts as not read whole. */
const MOST_LINES = 1000

/** What looking through what one end of a flow said gave. */
export interface FlowExamined {
  /** Sorted; one for each seed, place and chain. */
  readonly hits: readonly Hit[]
  /** Sorted; one for each place and look. */
  readonly opaque: readonly Opaque[]
  /** Whether the end said anything that was handed on. */
  readonly read: boolean
  /** Whether some of it was lost, cut off, too long, or encoded too deeply. */
  readonly missing: boolean
}

export class EndTally {
  missing = false
  readonly #mask: Mask
  readonly #hits = new Map<string, Hit>()
  readonly #opaque = new Map<string, Opaque>()

  constructor(mask: Mask) {
    this.#mask = mask
  }

  /** @param stated codings that the message stated and that were taken off */
  hit(content: Content, stated: readonly string[], { seed, layer, span, written }: Found): void {
    const place = this.#placeOf(content, layer, span)
    const chain = [...stated, ...chainOf(layer, span), ...written]
    const key = keyOf([place.part, place.path, place.field, place.method, seed.id, chain])
    const known = this.#hits.get(key)
    if (known !== undefined) this.#hits.set(key, { ...known, count: known.count + 1 })
    else if (this.#hasRoom(this.#hits)) {
      const excerpt = this.#mask.excerpt(layer, span, seed)
      this.#hits.set(key, {
        seed: seed.id,
        kind: seed.kind,
        ...place,
        chain,
        offset: offsetIn(layer, span),
        excerpt,
        count: 1,
      })
    }
  }

  opaque(content: Content, looks: Opaque['looks'], bytes: number, layer: Layer | null, span: Span): void {
    const place = this.#placeOf(content, layer, span)
    const key = keyOf([place.part, place.path, place.field, place.method, looks])
    const known = this.#opaque.get(key)
    if (known !== undefined) this.#opaque.set(key, { ...known, bytes: known.bytes + bytes, count: known.count + 1 })
    else if (this.#hasRoom(this.#opaque)) this.#opaque.set(key, { ...place, looks, bytes, count: 1 })
  }

  sum(): FlowExamined {
    return { hits: sorted(this.#hits), opaque: sorted(this.#opaque), read: true, missing: this.missing }
  }

  #hasRoom(lines: ReadonlyMap<string, unknown>): boolean {
    if (lines.size < MOST_LINES) return true
    this.missing = true
    return false
  }

  #placeOf({ part, method, path, field }: Content, layer: Layer | null, span: Span) {
    const inner = layer === null ? [] : fieldPath(layer, span).map((name) => this.#mask.word(name))
    const names = [...(field === null ? [] : [this.#mask.word(field)]), ...inner]
    return {
      part,
      method,
      path: path === null ? null : this.#mask.path(path),
      field: names.length === 0 ? null : names.join('.').replace(/\.\[/g, '['),
    }
  }
}

/** Where a span begins in the innermost decoded value, whose escapes may have been resolved since. */
function offsetIn(layer: Layer, span: Span): number {
  return layer.isPart && layer.parent !== null ? offsetIn(layer.parent, layer.above(span)) : span.from
}

const keyOf = (parts: readonly unknown[]): string => JSON.stringify(parts)

const sorted = <T>(lines: ReadonlyMap<string, T>): readonly T[] =>
  [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)
