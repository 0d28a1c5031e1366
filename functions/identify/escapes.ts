/** Finds the parts of bytes that hold escapes, and resolves them. */
import { AMPERSAND, BACKSLASH, ESCAPE_CODING, escapeAt, PERCENT } from './escape-codes.ts'
import type { Layer, Span } from './layer.ts'

/** Bytes that are judged together: text, or noise in which what looks like an escape is chance. */
const BLOCK = 4096
/** One byte in so many is looked at. */
const SAMPLING = 16

/**
 * The parts of the bytes that hold escapes, with `margin` bytes on both sides. In order, without overlap; what is compressed or
 * encrypted is passed over.
 */
export function escapedSpans(bytes: Uint8Array, margin: number): readonly Span[] {
  const spans: { from: number; until: number }[] = []
  for (let block = 0; block < bytes.length; block += BLOCK) {
    const until = Math.min(bytes.length, block + BLOCK)
    if (isNoise(bytes, block, until)) continue
    for (let at = nextStart(bytes, block, until); at < until; ) {
      const found = escapeAt(bytes, at)
      if (found !== null) extend(spans, at - margin, Math.min(bytes.length, at + found.length + margin))
      at = nextStart(bytes, at + (found?.length ?? 1), until)
    }
  }
  return spans
}

function extend(spans: { from: number; until: number }[], from: number, until: number): void {
  const last = spans.at(-1)
  if (last !== undefined && from <= last.until) last.until = until
  else spans.push({ from: Math.max(0, from), until })
}

/** Where an escape may begin next. */
function nextStart(bytes: Uint8Array, from: number, until: number): number {
  let at = from
  while (at < until) {
    const byte = bytes[at]
    if (byte === PERCENT || byte === BACKSLASH || byte === AMPERSAND) return at
    at++
  }
  return until
}

/**
 * Whether bytes are spread as random ones are: 27 of 256 are control characters that no text has, and half are above ASCII. Of 256
 * samples of random bytes 27 ± 5 and 128 ± 8 are such; 10 and 77 stand more than three deviations below.
 */
function isNoise(bytes: Uint8Array, from: number, until: number): boolean {
  let controls = 0
  let high = 0
  for (let i = from; i < until; i += SAMPLING) {
    const byte = bytes[i] as number
    if (byte >= 0x80) high++
    else if (byte < 9 || (byte > 13 && byte < 32)) controls++
  }
  const samples = Math.ceil((until - from) / SAMPLING)
  return samples >= 64 && controls > 0.04 * samples && high > 0.3 * samples
}

/** A part of a layer with its escapes resolved, once: what was escaped twice still is. */
export function unescapedLayer(parent: Layer, span: Span): Layer {
  const bytes = new Uint8Array(span.until - span.from)
  const from = new Uint32Array(bytes.length + 1)
  let length = 0
  for (let at = span.from; at < span.until; ) {
    const byte = parent.bytes[at] as number
    const found = byte === PERCENT || byte === BACKSLASH || byte === AMPERSAND ? escapeAt(parent.bytes, at) : null
    if (found === null || found.isByte) {
      from[length] = at
      bytes[length++] = found?.code ?? byte
    } else {
      for (const each of Buffer.from(String.fromCodePoint(found.code))) {
        from[length] = at
        bytes[length++] = each
      }
    }
    at += found?.length ?? 1
    from[length] = at
  }
  return {
    bytes: bytes.subarray(0, length),
    depth: parent.depth,
    parent,
    above: ({ from: first, until }) => ({ from: from[first] as number, until: from[until] as number }),
    coding({ from: first, until }) {
      for (let i = first; i < until; i++) {
        const place = from[i] as number
        if ((from[i + 1] as number) - place !== 1) return ESCAPE_CODING[parent.bytes[place] as number] ?? null
      }
      return null
    },
    placed: true,
    isPart: true,
  }
}
