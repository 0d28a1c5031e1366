/**
 * Characters written as escapes: `%31` and `%u0031` of URLs (RFC 3986 §2.1), `\u0031`, `\x31` and `\"` of JSON and JavaScript
 * (RFC 8259 §7), `&#49;`, `&#x31;` and `&quot;` of HTML and XML.
 */
import { isWord } from './flanks.ts'

export const PERCENT = 0x25
export const BACKSLASH = 0x5c
export const AMPERSAND = 0x26
const NUMBER_SIGN = 0x23
const SEMICOLON = 0x3b

/** What an escape that begins with a byte is called in a chain. */
export const ESCAPE_CODING: Readonly<Record<number, string>> = {
  [PERCENT]: 'url',
  [BACKSLASH]: 'json',
  [AMPERSAND]: 'html',
}

/** 1 for a byte with which an escape may begin. */
export const startsEscape = new Uint8Array(256)
for (const byte of [PERCENT, BACKSLASH, AMPERSAND]) startsEscape[byte] = 1

/** Value of a byte that is a hexadecimal digit; -1 of every other one. */
export const hexDigit = new Int8Array(256).fill(-1)
for (const digits of ['0123456789abcdef', '0123456789ABCDEF'])
  for (const [value, digit] of [...digits].entries()) hexDigit[digit.charCodeAt(0)] = value

const isLetterOrDigit = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte < 0x80 && isWord(byte)))

const NAMED: ReadonlyMap<string, number> = new Map([
  ['amp', 0x26],
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['quot', 0x22],
  ['apos', 0x27],
  ['nbsp', 0x20],
])
/** What the letter behind a backslash stands for. */
const SHORT: ReadonlyMap<number, number> = new Map(
  [...'nrtbf"\'\\/'].map((letter, i) => [letter.charCodeAt(0), '\n\r\t\b\f"\'\\/'.charCodeAt(i)]),
)
/** `&#x10ffff;` */
const LONGEST_ENTITY = 10

/** An escape, as its length and the code point that it stands for, or the byte where `isByte` is set. */
export interface Escape {
  readonly length: number
  readonly code: number
  readonly isByte: boolean
}

/** The escape that begins at a place; null where there is none. */
export function escapeAt(bytes: Uint8Array, at: number): Escape | null {
  switch (bytes[at]) {
    case PERCENT:
      return bytes[at + 1] === 0x75 ? unit(bytes, at) : octet(bytes, at, 1)
    case BACKSLASH:
      return slash(bytes, at)
    case AMPERSAND:
      return entity(bytes, at)
    default:
      return null
  }
}

/** Two hexadecimal digits behind `before` characters. */
function octet(bytes: Uint8Array, at: number, before: number): Escape | null {
  const code = hexNumber(bytes, at + before, 2)
  return code < 0 ? null : { length: before + 2, code, isByte: true }
}

function slash(bytes: Uint8Array, at: number): Escape | null {
  const letter = bytes[at + 1]
  if (letter === 0x75) return unit(bytes, at)
  if (letter === 0x78) return octet(bytes, at, 2)
  const code = letter === undefined ? undefined : SHORT.get(letter)
  return code === undefined ? null : { length: 2, code, isByte: true }
}

/** A unit of UTF-16, or two that are one code point (RFC 8259 §7). */
function unit(bytes: Uint8Array, at: number): Escape | null {
  const code = hexNumber(bytes, at + 2, 4)
  if (code < 0) return null
  if (code >> 10 !== 0xd800 >> 10) return { length: 6, code, isByte: false }
  const low = bytes[at + 6] === bytes[at] && bytes[at + 7] === 0x75 ? hexNumber(bytes, at + 8, 4) : -1
  if (low >> 10 !== 0xdc00 >> 10) return { length: 6, code: 0xfffd, isByte: false }
  return { length: 12, code: 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff), isByte: false }
}

function entity(bytes: Uint8Array, at: number): Escape | null {
  // Most ampersands stand between the pairs of a form: what goes on with anything but letters and digits before a `;` is no entity.
  const limit = Math.min(bytes.length, at + LONGEST_ENTITY) - 1
  let end = at + 1
  if (bytes[end] === NUMBER_SIGN) end++
  while (end < limit && isLetterOrDigit[bytes[end] as number] === 1) end++
  if (bytes[end] !== SEMICOLON || end < at + 2) return null
  const text = String.fromCharCode(...bytes.subarray(at + 1, end))
  const named = NAMED.get(text)
  if (named !== undefined) return { length: end + 1 - at, code: named, isByte: true }
  const code = /^#\d+$/.test(text)
    ? Number(text.slice(1))
    : /^#x[0-9a-f]+$/i.test(text)
      ? Number.parseInt(text.slice(2), 16)
      : -1
  return code < 0 || code > 0x10ffff ? null : { length: end + 1 - at, code, isByte: false }
}

/** -1 where there are not so many hexadecimal digits. */
function hexNumber(bytes: Uint8Array, from: number, digits: number): number {
  if (from + digits > bytes.length) return -1
  let number = 0
  for (let i = from; i < from + digits; i++) {
    const value = hexDigit[bytes[i] as number] as number
    if (value < 0) return -1
    number = number * 16 + value
  }
  return number
}
