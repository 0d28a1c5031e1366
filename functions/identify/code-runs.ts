/** Stretches of bytes that may be base64, hexadecimal or base32 text, and what they say. */
import { isHex } from './flanks.ts'
import type { Layer, Span } from './layer.ts'
import type { TextCoding } from './needle.ts'

/** Characters of a stretch that is looked at without a trace in it: 12 bytes of base64, 8 of hexadecimal. */
export const LEAST_RUN = 16
/** Lines of encoded text are this long at least (64 in PEM, 76 in MIME): a line break after fewer ends the text. */
const LEAST_LINE = 60

const NONE = 255
const BASE64 = valuesOf(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
)
const HEX = valuesOf('0123456789abcdef', '0123456789ABCDEF')
const BASE32 = valuesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 'abcdefghijklmnopqrstuvwxyz234567')

const VALUES: Readonly<Record<TextCoding, Uint8Array>> = { base64: BASE64, hex: HEX, base32: BASE32 }
const BITS: Readonly<Record<TextCoding, number>> = { base64: 6, hex: 4, base32: 5 }

function valuesOf(...alphabets: readonly string[]): Uint8Array {
  const values = new Uint8Array(256).fill(NONE)
  for (const alphabet of alphabets)
    for (const [value, character] of [...alphabet].entries()) values[character.charCodeAt(0)] = value
  return values
}

/** Tells of every stretch of at least {@link LEAST_RUN} characters of base64's alphabets, in order; it may span lines. */
export function eachRun(bytes: Uint8Array, tell: (run: Span) => void): void {
  for (let i = LEAST_RUN - 1; i < bytes.length; i += LEAST_RUN) {
    if (BASE64[bytes[i] as number] === NONE) continue
    let from = i
    // A stretch that began before the last place looked at has been told of, or is too short.
    const floor = i - LEAST_RUN
    while (from > floor && from > 0 && BASE64[bytes[from - 1] as number] !== NONE) from--
    const until = endOfLines(bytes, i, from)
    if (until - from >= LEAST_RUN) tell({ from, until })
    if (until > i) i = until - 1
  }
}

function endOfLines(bytes: Uint8Array, at: number, from: number): number {
  let line = from
  let i = at
  for (;;) {
    while (i < bytes.length && BASE64[bytes[i] as number] !== NONE) i++
    const next = bytes[i] === 0x0d && bytes[i + 1] === 0x0a ? i + 2 : bytes[i] === 0x0a ? i + 1 : -1
    // A line that begins with a hyphen is a boundary (RFC 2046 §5.1.1, RFC 7468).
    const goesOn = next > 0 && bytes[next] !== 0x2d && next < bytes.length && BASE64[bytes[next] as number] !== NONE
    if (!goesOn || i - line < LEAST_LINE) return i
    line = next
    i = next
  }
}

/** The stretch of a coding's characters around a place. */
export function runAround(coding: TextCoding, bytes: Uint8Array, at: number): Span {
  const values = VALUES[coding]
  let from = at
  let until = at
  while (from > 0 && values[bytes[from - 1] as number] !== NONE) from--
  while (until < bytes.length && values[bytes[until] as number] !== NONE) until++
  return { from, until }
}

/** Stretches of at least {@link LEAST_RUN} hexadecimal digits in a run. */
export function hexRuns(bytes: Uint8Array, run: Span): readonly Span[] {
  const runs: Span[] = []
  let from = run.from
  for (let i = run.from; i <= run.until; i++) {
    if (i < run.until && isHex(bytes[i])) continue
    if (i - from >= LEAST_RUN) runs.push({ from, until: i })
    from = i + 1
  }
  return runs
}

/** Whether a run is made of base32's capital letters and digits alone, and has some of both. */
export function looksLikeBase32(bytes: Uint8Array, run: Span): boolean {
  let digits = 0
  for (let i = run.from; i < run.until; i++) {
    const value = BASE32[bytes[i] as number] as number
    if (value === NONE || (bytes[i] as number) >= 0x61) return false
    if (value >= 26) digits++
  }
  return digits > 0 && digits < run.until - run.from
}

/** What a run says, as a layer of its own. A last group that is cut off gives the bytes that are whole. */
export function decodedLayer(parent: Layer, coding: TextCoding, run: Span): Layer {
  const values = VALUES[coding]
  const bits = BITS[coding]
  const bytes = new Uint8Array(((run.until - run.from) * bits) >>> 3)
  let length = 0
  let held = 0
  let count = 0
  let isDense = true
  for (let i = run.from; i < run.until; i++) {
    const value = values[parent.bytes[i] as number] as number
    if (value === NONE) {
      isDense = false
      continue
    }
    held = ((held << bits) | value) & 0xffff
    count += bits
    if (count < 8) continue
    count -= 8
    bytes[length++] = (held >>> count) & 0xff
  }
  // Without line breaks the n-th character stands at the n-th place.
  const placeAt = (offset: number) => {
    const character = Math.floor((offset * 8) / bits)
    return isDense ? Math.min(run.until, run.from + character) : placeOfCharacter(parent.bytes, values, run, character)
  }
  return {
    bytes: isDense ? bytes : bytes.subarray(0, length),
    depth: parent.depth + 1,
    parent,
    above: ({ from, until }) => ({ from: placeAt(from), until: Math.min(run.until, placeAt(until - 1) + 2) }),
    coding: () => coding,
    placed: true,
    isPart: false,
  }
}

/** Where the character with a number stands in a run that may have line breaks. */
function placeOfCharacter(bytes: Uint8Array, values: Uint8Array, run: Span, number: number): number {
  let left = number
  for (let i = run.from; i < run.until; i++) {
    if (values[bytes[i] as number] === NONE) continue
    if (left-- === 0) return i
  }
  return run.until
}
