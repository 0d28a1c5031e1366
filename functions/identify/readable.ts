/** Whether bytes say something that a program can read, or are as good as random. */
import { isUtf8 } from 'node:buffer'
import type { Span } from './layer.ts'
import { protobufFields } from './protobuf.ts'

/** Fewer bytes than these are not judged. */
const LEAST_RANDOM = 32
/** Bytes that are judged together, so that an encrypted field in a readable body shows. */
const WINDOW = 256
/** Of a long body so many windows are judged, evenly spread, each for what lies up to the next. */
const MOST_WINDOWS = 64
/** Letters of a text that make a message one. */
const LEAST_TEXT = 4

/** Of ASCII, but for blanks and ends of lines. */
const isControl = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 9 || (byte > 13 && byte < 32) || byte === 127 ? 1 : 0,
)

/** UTF-8 without control characters. Of 16 random bytes one value in ten million is. */
export function isText(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (isControl[bytes[i] as number] === 1) return false
  return isUtf8(bytes)
}

/** A text, or a message whose every text or bytes is one or the other. */
export function isReadable(bytes: Uint8Array, span: Span = { from: 0, until: bytes.length }): boolean {
  if (isText(bytes.subarray(span.from, span.until))) return true
  const fields = protobufFields(bytes, span)?.filter(({ isDelimited }) => isDelimited) ?? []
  return (
    fields.some(({ from, until }) => until - from >= LEAST_TEXT) && fields.every((field) => isReadable(bytes, field))
  )
}

/**
 * How many bytes are spread as random ones are: compressed, encrypted, or keys. Among n random bytes n(n−1)/2 · 1/256 pairs are
 * equal, with a standard deviation of the root of that; four deviations more are still taken for random, which all but one in 30,000
 * such windows are. English and JSON have ten times as many equal pairs, tables and code more.
 */
export function randomBytesIn(bytes: Uint8Array): number {
  let random = 0
  const counts = new Uint16Array(256)
  const stride = WINDOW * Math.max(1, Math.floor(bytes.length / WINDOW / MOST_WINDOWS))
  for (let from = 0; from < bytes.length; from += stride) {
    const window = bytes.subarray(from, from + WINDOW)
    if (window.length < LEAST_RANDOM) break
    let equal = 0
    counts.fill(0)
    for (const byte of window) {
      equal += counts[byte] as number
      counts[byte] = (counts[byte] as number) + 1
    }
    const expected = (window.length * (window.length - 1)) / 512
    if (equal <= expected + 4 * Math.sqrt(expected)) random += Math.min(stride, bytes.length - from)
  }
  return random
}
