/** Zeek's times and intervals: seconds with a fraction, to the nearest microsecond. */
import type { Micros } from '../../model.ts'

/**
 * Reads `1575413205.85388`, `0.0012309551239013672`, `2.1457672119140625e-06`. JSON has the digits of a double where columns
 * have six behind the point, so what is finer is rounded, and both tell the same.
 *
 * @returns NaN where it is no such number
 */
export function readSeconds(bytes: Uint8Array, from: number, end: number): Micros {
  let at = from
  const negative = bytes[at] === 45
  if (negative) at++
  let seconds = 0
  const first = at
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - 48
    if (digit < 0 || digit > 9) break
    seconds = seconds * 10 + digit
  }
  if (at === first) return Number.NaN
  let micros = 0
  if (at < end && bytes[at] === 46) {
    const point = at++
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - 48
      if (digit < 0 || digit > 9) break
      if (at - point <= 6) micros = micros * 10 + digit
      else if (at - point === 7 && digit >= 5) micros++
    }
    for (let digits = at - point - 1; digits < 6; digits++) micros *= 10
  }
  if (at < end) return scientific(bytes, from, end)
  const time = seconds * 1e6 + micros
  return negative ? -time : time
}

function scientific(bytes: Uint8Array, from: number, end: number): Micros {
  if (end - from > 40) return Number.NaN
  const text = String.fromCharCode(...bytes.subarray(from, end))
  return /^-?\d+(\.\d+)?[eE][+-]?\d+$/.test(text) ? Math.round(Number(text) * 1e6) : Number.NaN
}
