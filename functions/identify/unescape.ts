/** Resolves escapes, and remembers where each byte came from. */
import { ESCAPE_CODING, type Escape, escapeAt, hexDigit, PERCENT, startsEscape } from './escape-codes.ts'
import type { Layer, Span } from './layer.ts'

/** Resolved bytes from one place that is remembered to the next: between them escapes are read again. */
const MARKED = 64

/** Bytes of a code point in UTF-8. */
const LONGEST_CHARACTER = 4

/** A part of a layer with its escapes resolved, once: what was escaped twice still is. */
export function unescapedLayer(parent: Layer, span: Span): Layer {
  const { bytes, marks } = unescaped(parent.bytes, span)
  const source = parent.bytes
  const placeAt = (offset: number) => sourceOf(source, marks, Math.min(offset, bytes.length))
  return {
    bytes,
    depth: parent.depth,
    parent,
    above: ({ from, until }) => ({ from: placeAt(from), until: placeAt(until) }),
    coding: ({ from, until }) => codingOf(source, placeAt(from), placeAt(until)),
    placed: true,
    isPart: true,
  }
}

interface Unescaped {
  readonly bytes: Uint8Array
  /** For each {@link MARKED} resolved bytes, the last whole character at or before: its offset, and where it stands escaped. */
  readonly marks: Uint32Array
}

function unescaped(source: Uint8Array, { from, until }: Span): Unescaped {
  // No escape is shorter than what it says, but the last may reach beyond the part.
  const bytes = new Uint8Array(until - from + LONGEST_CHARACTER)
  const marks = new Uint32Array(2 * (Math.ceil(bytes.length / MARKED) + 1))
  let marked = 0
  let length = 0
  let at = from
  do {
    marks[marked++] = length
    marks[marked++] = at
    const next = length - (length % MARKED) + MARKED
    while (at < until && length < next) {
      const byte = source[at] as number
      if (startsEscape[byte] === 0) {
        bytes[length++] = byte
        at++
        continue
      }
      const octet = byte === PERCENT ? octetAt(source, at + 1) : -1
      if (octet >= 0) {
        bytes[length++] = octet
        at += 3
        continue
      }
      // Most ampersands stand between the pairs of a form.
      const found = escapeAt(source, at)
      if (found === null) {
        bytes[length++] = byte
        at++
      } else {
        length += write(bytes, length, found)
        at += found.length
      }
    }
  } while (at < until)
  return { bytes: bytes.subarray(0, length), marks: marks.subarray(0, marked) }
}

/** @returns how many bytes it takes */
function write(bytes: Uint8Array, at: number, { code, isByte }: Escape): number {
  const said = isByte ? [code] : Buffer.from(String.fromCodePoint(code))
  bytes.set(said, at)
  return said.length
}

/** Two hexadecimal digits, or -1. */
function octetAt(bytes: Uint8Array, at: number): number {
  if (at + 1 >= bytes.length) return -1
  return ((hexDigit[bytes[at] as number] as number) << 4) | (hexDigit[bytes[at + 1] as number] as number)
}

/** Where the character stands that a resolved byte is of. */
function sourceOf(source: Uint8Array, marks: Uint32Array, offset: number): number {
  let mark = Math.min(Math.floor(offset / MARKED), marks.length / 2 - 1)
  // A character of several bytes may have crossed the place.
  while (mark > 0 && (marks[2 * mark] as number) > offset) mark--
  let length = marks[2 * mark] ?? 0
  let at = marks[2 * mark + 1] ?? 0
  while (length < offset) {
    const found = escapeAt(source, at)
    const said = found === null || found.isByte ? 1 : Buffer.byteLength(String.fromCodePoint(found.code))
    if (length + said > offset) break
    length += said
    at += found?.length ?? 1
  }
  return at
}

/** What the first escape in a part of the source is called; null where there is none. */
function codingOf(source: Uint8Array, from: number, until: number): string | null {
  for (let at = from; at < until; at++) {
    const byte = source[at] as number
    if (startsEscape[byte] === 1 && escapeAt(source, at) !== null) return ESCAPE_CODING[byte] ?? null
  }
  return null
}
