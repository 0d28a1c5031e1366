/** Bytes that stand in other bytes, encoded: the chain from what was sent to what was found in it. */

/** A span of bytes: `from` ≤ i < `until`. */
export interface Span {
  readonly from: number
  readonly until: number
}

export interface Layer {
  readonly bytes: Uint8Array
  /** How many codings lie above it. */
  readonly depth: number
  /** null: as it was sent. */
  readonly parent: Layer | null
  /** Which bytes of the parent say a span of this one. */
  above(span: Span): Span
  /** The coding between a span and the parent; null where the span stands in the parent as it is. */
  coding(span: Span): string | null
  /**
   * Whether a byte of this layer has a place of its own in the parent, as in base64, and unlike in gzip: then the same identifier
   * that was met in two ways has one place.
   */
  readonly placed: boolean
  /** Whether it is a part of the parent, at most with its escapes resolved: it shares the parent's fields. */
  readonly isPart: boolean
}

/** What was sent, as the outermost layer. */
export function sent(bytes: Uint8Array): Layer {
  return { bytes, depth: 0, parent: null, above: (span) => span, coding: () => null, placed: true, isPart: false }
}

/** The whole of a span of the parent, unpacked. */
export function unpackedLayer(parent: Layer, from: Span, coding: string, bytes: Uint8Array): Layer {
  return {
    bytes,
    depth: parent.depth + 1,
    parent,
    above: () => from,
    coding: () => coding,
    placed: false,
    isPart: false,
  }
}

/** A part of the parent that is a value of its own, such as a field of a message: what touches it in the parent is no part of it. */
export function sliceLayer(parent: Layer, span: Span): Layer {
  const { from } = span
  return {
    bytes: parent.bytes.subarray(from, span.until),
    depth: parent.depth,
    parent,
    above: (part) => ({ from: from + part.from, until: from + part.until }),
    coding: () => null,
    placed: true,
    isPart: true,
  }
}

/** From the outermost coding inwards. */
export function chainOf(layer: Layer, span: Span): readonly string[] {
  const chain: string[] = []
  let at = span
  for (let here: Layer | null = layer; here !== null; here = here.parent) {
    const coding = here.coding(at)
    if (coding !== null) chain.unshift(coding)
    at = here.above(at)
  }
  return chain
}

/** Where something stands in what was sent, or in the packed value that `within` names. */
export interface PackedPlace extends Span {
  readonly within: string
}

/** The same for one place, however its layers were reached. */
export function placeOf(layer: Layer, span: Span): PackedPlace {
  let at = span
  let here: Layer = layer
  while (here.parent !== null && here.placed) {
    at = here.above(at)
    here = here.parent
  }
  if (here.parent === null) return { ...at, within: '' }
  const { within, from } = placeOf(here.parent, here.above(at))
  return { ...at, within: `${within}>${from}` }
}
