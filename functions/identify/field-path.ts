/** The path of the field that holds what was found, through every layer and every container within a container. */

import { jsonPlace } from './json-place.ts'
import { type Layer, type Span, sent } from './layer.ts'
import type { Place } from './place.ts'
import { protobufPlace } from './protobuf.ts'
import { isText } from './readable.ts'
import { formPlace, multipartPlace, namedPlace } from './text-places.ts'
import { unescapedLayer } from './unescape.ts'

/** Containers within each other that are told apart. */
const MOST_CONTAINERS = 8

/** Keys and indexes from the outermost inwards; empty where the bytes are no container that is known. */
export function fieldPath(layer: Layer, span: Span): readonly string[] {
  const above = layer.parent === null ? [] : fieldPath(layer.parent, layer.above(span))
  return layer.isPart ? above : [...above, ...pathIn(layer.bytes, span.from, MOST_CONTAINERS)]
}

function pathIn(bytes: Uint8Array, at: number, containers: number): readonly string[] {
  const place = placeIn(bytes, at)
  if (place === null) return []
  const { path, value } = place
  if (value === null || containers === 0 || value.until - value.from >= bytes.length) return path
  const written = bytes.subarray(value.from, value.until)
  const said = unescapedLayer(sent(written), { from: 0, until: written.length })
  return [...path, ...pathIn(said.bytes, offsetAfter(said, at - value.from), containers - 1)]
}

function placeIn(bytes: Uint8Array, at: number): Place | null {
  if (!isText(bytes)) return multipartPlace(bytes, at) ?? protobufPlace(bytes, at) ?? formPlace(bytes, at)
  return jsonPlace(bytes, at) ?? multipartPlace(bytes, at) ?? formPlace(bytes, at) ?? namedPlace(bytes, at)
}

/** Where a byte came to stand when escapes before it were resolved. */
function offsetAfter(said: Layer, at: number): number {
  let offset = 0
  while (offset < said.bytes.length && said.above({ from: offset, until: offset }).from < at) offset++
  return offset
}
