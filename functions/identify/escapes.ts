/**
 * Characters written as escapes: `%31` and `%u0031` of URLs (RFC 3986 §2.1), `\u0031`, `\x31` and `\"` of JSON and JavaScript
 * (RFC 8259 §7), `&#49;`, `&#x31;` and `&quot;` of HTML and XML.
 */
import type { Layer, Span } from './layer.ts'

const PERCENT = 0x25
const BACKSLASH = 0x5c
const AMPERSAND = 0x26

const CODING: Readonly<Record<number, string>> = { [PERCENT]: 'url', [BACKSLASH]: 'json', [AMPERSAND]: 'html' }
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }
const SHORT: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
}
/** `&#x10ffff;`, and a pair of surrogates. */
const LONGEST = 12

interface Escape {
  readonly length: number
  /** What it stands for: a byte, or a text. */
  readonly means: number | string
}

/** The parts of the bytes that hold escapes, with as much on both sides as an identifier may have. In order, without overlap. */
export function escapedSpans(bytes: Uint8Array, margin: number): readonly Span[] {
  const places = [...placesOf(bytes, PERCENT), ...placesOf(bytes, BACKSLASH), ...placesOf(bytes, AMPERSAND)]
  const spans: { from: number; until: number }[] = []
  for (const place of places.sort((a, b) => a - b)) {
    const last = spans.at(-1)
    const until = Math.min(bytes.length, place + LONGEST + margin)
    if (last !== undefined && place - margin <= last.until) last.until = until
    else spans.push({ from: Math.max(0, place - margin), until })
  }
  return spans
}

function placesOf(bytes: Uint8Array, first: number): readonly number[] {
  const places: number[] = []
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = buffer.indexOf(first); at >= 0; at = buffer.indexOf(first, at + 1)) {
    if (escapeAt(bytes, at) !== null) places.push(at)
  }
  return places
}

/** A part of a layer with its escapes resolved, once: what was escaped twice still is. */
export function unescapedLayer(parent: Layer, span: Span): Layer {
  const bytes = new Uint8Array(span.until - span.from)
  const from = new Uint32Array(bytes.length + 1)
  let length = 0
  for (let at = span.from; at < span.until; ) {
    const byte = parent.bytes[at] as number
    const found = byte in CODING ? escapeAt(parent.bytes, at) : null
    const means = found === null ? [byte] : typeof found.means === 'number' ? [found.means] : Buffer.from(found.means)
    for (const each of means) {
      from[length] = at
      bytes[length++] = each
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
        if ((from[i + 1] as number) - place !== 1) return CODING[parent.bytes[place] as number] ?? null
      }
      return null
    },
    placed: true,
    unescaped: true,
  }
}

/** The escape that begins at a place; null where there is none. */
function escapeAt(bytes: Uint8Array, at: number): Escape | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(LONGEST, bytes.length - at)).toString('latin1')
  switch (bytes[at]) {
    case PERCENT:
      return hexEscape(/^%([0-9a-f]{2})/i, text) ?? unicodeEscape(/^%u([0-9a-f]{4})/i, text)
    case BACKSLASH:
      return slashEscape(text)
    case AMPERSAND:
      return entity(text)
    default:
      return null
  }
}

function hexEscape(pattern: RegExp, text: string): Escape | null {
  const [all, hex] = pattern.exec(text) ?? []
  return all === undefined || hex === undefined ? null : { length: all.length, means: Number.parseInt(hex, 16) }
}

function unicodeEscape(pattern: RegExp, text: string): Escape | null {
  const [all, ...units] = pattern.exec(text) ?? []
  if (all === undefined) return null
  const codes = units.filter((unit) => unit !== undefined).map((unit) => Number.parseInt(unit, 16))
  return { length: all.length, means: String.fromCharCode(...codes) }
}

function slashEscape(text: string): Escape | null {
  const short = SHORT[text[1] ?? '']
  if (short !== undefined) return { length: 2, means: short }
  return (
    unicodeEscape(/^\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})/i, text) ??
    unicodeEscape(/^\\u([0-9a-f]{4})/i, text) ??
    hexEscape(/^\\x([0-9a-f]{2})/i, text)
  )
}

function entity(text: string): Escape | null {
  const [all, decimal, hex, name] = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/i.exec(text) ?? []
  if (all === undefined) return null
  const named = name === undefined ? undefined : NAMED[name]
  if (named !== undefined) return { length: all.length, means: named }
  const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : -1
  return code < 0 || code > 0x10ffff ? null : { length: all.length, means: String.fromCodePoint(code) }
}
