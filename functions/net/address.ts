/** IP addresses: text to numbers and back. Text is canonical: dotted quad (RFC 791) and RFC 5952. */

/** An address as four words in network order; IPv4 stands in the first word and the others are 0. */
export interface Address {
  readonly family: 4 | 6
  readonly words: readonly [number, number, number, number]
}

/** Reads a dotted quad without leading zeros, and nothing else. Null for any other text. */
function parseIPv4(text: string): number | null {
  let value = 0
  let octet = -1
  let octets = 0
  for (let i = 0; i <= text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit >= 0 && digit <= 9) {
      // A leading zero is refused: some readers take it for octal (RFC 6943, section 3.1.1).
      octet = octet < 0 ? digit : octet === 0 ? 256 : octet * 10 + digit
      if (octet > 255) return null
    } else {
      if (octet < 0 || (i < text.length && digit !== -2)) return null // -2 is the dot
      value = value * 256 + octet
      octet = -1
      octets++
    }
  }
  return octets === 4 ? value : null
}

/**
 * The groups of one side of `::`, a dotted quad at the address's very end as two groups. Null where a group is no hex
 * number.
 */
function groupsOf(text: string, endsAddress: boolean): number[] | null {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const quad = endsAddress && index === parts.length - 1 ? parseIPv4(part) : null
      if (quad === null) return null
      groups.push(quad >>> 16, quad & 0xffff)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16))
    else return null
  }
  return groups
}

/**
 * Reads an IPv4 or IPv6 address (RFC 4291, section 2.2). Zones (`%eth0`), prefixes and brackets are refused.
 *
 * @returns null where the text is no address
 */
export function parseAddress(text: string): Address | null {
  const quad = parseIPv4(text)
  if (quad !== null) return { family: 4, words: [quad, 0, 0, 0] }
  const halves = text.split('::')
  if (!text.includes(':') || halves.length > 2) return null
  const head = groupsOf(halves[0] ?? '', halves.length === 1)
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : []
  if (!head || !tail) return null
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail]
  const word = (i: number) => (((groups[i] ?? 0) << 16) | (groups[i + 1] ?? 0)) >>> 0
  return { family: 6, words: [word(0), word(2), word(4), word(6)] }
}

/** Octets as text, which takes half the time of writing numbers. */
const octets: readonly string[] = Array.from({ length: 256 }, (_, octet) => String(octet))

/** Writes an address from its words: dotted quad, or RFC 5952 (lower case, longest run of zeros shortened). */
export function formatAddress(family: number, w0: number, w1: number, w2: number, w3: number): string {
  if (family === 4)
    return `${octets[w0 >>> 24]}.${octets[(w0 >>> 16) & 255]}.${octets[(w0 >>> 8) & 255]}.${octets[w0 & 255]}`
  const groups = [w0 >>> 16, w0 & 0xffff, w1 >>> 16, w1 & 0xffff, w2 >>> 16, w2 & 0xffff, w3 >>> 16, w3 & 0xffff]
  let best = -1
  let bestLength = 1 // a single group of zeros is not shortened (RFC 5952, section 4.2.2)
  for (let i = 0; i < 8; i++) {
    let length = 0
    while (groups[i + length] === 0) length++
    if (length > bestLength) {
      best = i
      bestLength = length
    }
  }
  const hex = groups.map((g) => g.toString(16))
  // IPv4-mapped addresses keep their dotted quad (RFC 5952, section 5).
  if (w0 === 0 && w1 === 0 && w2 === 0xffff) return `::ffff:${formatAddress(4, w3, 0, 0, 0)}`
  if (best < 0) return hex.join(':')
  return `${hex.slice(0, best).join(':')}::${hex.slice(best + bestLength).join(':')}`
}

/** The canonical spelling of an address, or null where the text is none. */
export function canonicalAddress(text: string): string | null {
  const address = parseAddress(text)
  return address && formatAddress(address.family, ...address.words)
}
