/** Numbers in the bytes of a text, scaled without the error of a double. */

const POINT = 46

/**
 * Reads a decimal number and moves its point `shift` digits to the right; what stays behind the point is cut off. With a shift
 * of 6, seconds become microseconds; with -3, nanoseconds do.
 *
 * @returns NaN where it is no decimal number, or one that is not exact as a double
 */
export function readDecimal(bytes: Uint8Array, from: number, end: number, shift: number): number {
  let at = from
  const isNegative = bytes[at] === 45
  if (isNegative) at++
  const first = at
  let digits = at
  while (digits < end && isDigit(bytes[digits] as number)) digits++
  let value = 0
  const wholeEnd = Math.min(digits, digits + shift)
  for (; at < wholeEnd; at++) value = value * 10 + (bytes[at] as number) - 48
  let fraction = 0
  if (digits < end) {
    if (bytes[digits] !== POINT) return inExponents(bytes, from, end, shift)
    for (let i = digits + 1; i < end; i++, fraction++) {
      if (!isDigit(bytes[i] as number)) return inExponents(bytes, from, end, shift)
      if (fraction < shift) value = value * 10 + (bytes[i] as number) - 48
    }
  }
  if (digits === first) return Number.NaN
  for (let i = fraction; i < shift; i++) value *= 10
  if (value > Number.MAX_SAFE_INTEGER) return Number.NaN
  return isNegative ? -value : value
}

/** `1.409307270123456e9`, as some writers have it. */
function inExponents(bytes: Uint8Array, from: number, end: number, shift: number): number {
  if (end - from > 40) return Number.NaN
  const text = String.fromCharCode(...bytes.subarray(from, end))
  if (!/^-?\d+(\.\d+)?[eE][+-]?\d+$/.test(text)) return Number.NaN
  const value = Math.trunc(Number(text) * 10 ** shift)
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : Number.NaN
}

const isDigit = (byte: number) => byte >= 48 && byte <= 57
