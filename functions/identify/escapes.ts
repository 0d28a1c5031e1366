/** Finds the parts of bytes that hold escapes. */
import { escapeAt, startsEscape } from './escape-codes.ts'
import type { Span } from './layer.ts'

/** Bytes that are judged together: text, or noise in which what looks like an escape is chance. */
const BLOCK = 4096
/** Fewer bytes than these are looked through sooner than handed to the native search. */
const SHORT = 256
/** One byte in so many is looked at. */
const SAMPLING = 16

/**
 * The parts of the bytes that hold escapes, with `margin` bytes on both sides. In order, without overlap; what is compressed or
 * encrypted is passed over.
 */
export function escapedSpans(bytes: Uint8Array, margin: number): readonly Span[] {
  const spans: { from: number; until: number }[] = []
  if (!holdsStart(bytes)) return spans
  let at = 0
  for (let block = 0; block < bytes.length; block += BLOCK) {
    const until = Math.min(bytes.length, block + BLOCK)
    if (isNoise(bytes, block, until)) continue
    at = nextEscape(bytes, Math.max(at, block), until)
    while (at < until) {
      const reach = Math.min(bytes.length, at + margin)
      extend(spans, Math.max(0, at - margin), Math.min(bytes.length, endOf(bytes, at) + margin))
      // The last escape within the margin reaches farthest: those between need no look.
      const last = lastEscape(bytes, at, Math.min(reach, until))
      at = last > at ? last : nextEscape(bytes, reach, until)
    }
  }
  return spans
}

function extend(spans: { from: number; until: number }[], from: number, until: number): void {
  const last = spans.at(-1)
  if (last !== undefined && from <= last.until) last.until = until
  else spans.push({ from, until })
}

const endOf = (bytes: Uint8Array, at: number): number => at + (escapeAt(bytes, at)?.length ?? 0)

/** Whether there is any byte with which an escape may begin. */
function holdsStart(bytes: Uint8Array): boolean {
  if (bytes.length < SHORT) {
    for (let i = 0; i < bytes.length; i++) if (startsEscape[bytes[i] as number] === 1) return true
    return false
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.includes('%') || buffer.includes('\\') || buffer.includes('&')
}

/** Where an escape begins next, or `until`. */
function nextEscape(bytes: Uint8Array, from: number, until: number): number {
  let at = from
  while (at < until && (startsEscape[bytes[at] as number] === 0 || escapeAt(bytes, at) === null)) at++
  return Math.min(at, until)
}

/** Where the last escape before `until` begins, or `from`. */
function lastEscape(bytes: Uint8Array, from: number, until: number): number {
  let at = until - 1
  while (at > from && (startsEscape[bytes[at] as number] === 0 || escapeAt(bytes, at) === null)) at--
  return Math.max(at, from)
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
