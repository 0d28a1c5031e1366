/** Addresses in the bytes of a text, without making strings. Their syntax is that of {@link parseAddress}. */

const DOT = 46
const COLON = 58

/** The groups of the address that is being read; readers run one at a time. */
const groups = new Uint16Array(8)

/**
 * Reads the address that stands from `from` up to `end` into four words at `at` of `words`; IPv4 stands in the first.
 *
 * @returns 4 or 6; 0 where it is no address
 */
export function readAddress(bytes: Uint8Array, from: number, end: number, words: Uint32Array, at: number): number {
  const quad = readQuad(bytes, from, end)
  if (quad >= 0) {
    words[at] = quad
    words[at + 1] = words[at + 2] = words[at + 3] = 0
    return 4
  }
  if (!readGroups(bytes, from, end)) return 0
  for (let i = 0; i < 4; i++) words[at + i] = (((groups[i * 2] as number) << 16) | (groups[i * 2 + 1] as number)) >>> 0
  return 6
}

/** A dotted quad without leading zeros, -1 where it is none. */
function readQuad(bytes: Uint8Array, from: number, end: number): number {
  if (end - from < 7 || end - from > 15) return -1
  let value = 0
  let octet = -1
  let dots = 0
  for (let at = from; at < end; at++) {
    const c = bytes[at] as number
    const digit = c - 48
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return -1
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return -1
    } else {
      if (c !== DOT || octet < 0) return -1
      value = value * 256 + octet
      octet = -1
      dots++
    }
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : -1
}

/** RFC 4291, section 2.2, into `groups`. */
function readGroups(bytes: Uint8Array, from: number, end: number): boolean {
  if (end - from < 2 || end - from > 45) return false
  let count = 0
  /** How many groups stand before `::`. */
  let gap = -1
  let at = from
  if (bytes[at] === COLON) {
    if (bytes[at + 1] !== COLON) return false
    gap = 0
    at += 2
  }
  while (at < end) {
    if (count === 8) return false
    const begin = at
    let value = 0
    for (; at < end; at++) {
      const digit = hexDigit(bytes[at] as number)
      if (digit < 0) break
      value = value * 16 + digit
    }
    if (at === begin || at - begin > 4) return false
    if (bytes[at] === DOT && at < end) {
      const quad = count > 6 ? -1 : readQuad(bytes, begin, end)
      if (quad < 0) return false
      groups[count++] = quad >>> 16
      groups[count++] = quad & 0xffff
      break
    }
    groups[count++] = value
    if (at === end) break
    if (bytes[at] !== COLON || ++at === end) return false
    if (bytes[at] !== COLON) continue
    if (gap >= 0) return false
    gap = count
    at++
  }
  if (gap < 0) return count === 8
  if (count > 7) return false
  groups.copyWithin(8 - (count - gap), gap, count)
  groups.fill(0, gap, 8 - (count - gap))
  return true
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
