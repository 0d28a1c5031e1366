/** Whether what was found stands alone, or is a part of something longer. */
import type { Flank } from './needle.ts'

export const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** A letter or digit of ASCII, or a part of any other letter in UTF-8. */
export function isWord(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const letter = byte | 0x20
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x7a) || byte >= 0x80
}

export function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false
  const letter = byte | 0x20
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66)
}

/** `._%+-`: what goes on in the part of an e-mail address before the @ (RFC 5322 allows more that nobody uses). */
const goesOn = (byte: number | undefined): boolean => byte !== undefined && '._%+-'.includes(String.fromCharCode(byte))

const delimits = (byte: number | undefined): boolean =>
  byte === undefined || byte < 0x20 || '"\'=&;<>:,|'.includes(String.fromCharCode(byte))

/** @param unit bytes a character */
export function standsAlone(flank: Flank, bytes: Uint8Array, from: number, until: number, unit: 1 | 2): boolean {
  const before = neighbour(bytes, from - unit, unit)
  const after = neighbour(bytes, until, unit)
  switch (flank) {
    case 'word':
      return !isWord(before) && !isWord(after)
    case 'address':
      return !isWord(before) && !goesOn(before) && !isWord(after)
    case 'hex':
      return !isHex(before) && !isHex(after)
    case 'varint':
      return before === undefined || before < 0x80
    case 'value':
      return delimits(before) && delimits(after)
    case 'none':
      return true
  }
}

/** The ASCII character at a place of UTF-16 of either order, or the byte there. */
function neighbour(bytes: Uint8Array, at: number, unit: 1 | 2): number | undefined {
  if (unit === 1) return bytes[at]
  const [one, two] = [bytes[at], bytes[at + 1]]
  if (one === undefined || two === undefined) return undefined
  return one === 0 ? two : two === 0 ? one : undefined
}
