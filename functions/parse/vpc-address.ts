/** Addresses from their bytes, without making strings: dotted quad, and RFC 4291 section 2.2. A blank or newline ends them. */

const hexDigits = new Int8Array(256).fill(-1)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  hexDigits[digit.charCodeAt(0)] = value
  hexDigits[digit.toUpperCase().charCodeAt(0)] = value
}

const dot = 46
const colon = 58
const blank = 32

const groups = new Uint16Array(8)

/**
 * Reads the dotted quad at `from` into four words at `at` of `words`; an IPv4 address stands in the first. An octet is
 * read in one piece: how many digits it has is no branch that a processor could guess wrong.
 *
 * @param view of the bytes, three of which stand behind the blank or newline that ends the address
 * @returns the offset behind it, or -1 where the bytes are none
 */
export function readIPv4(view: DataView, from: number, words: Uint32Array, at: number): number {
  let i = from
  let value = 0
  let after = 0
  for (let octets = 0; octets < 4; octets++) {
    if (octets > 0) {
      if (after !== dot) return -1
      i++
    }
    const four = view.getInt32(i, true)
    const digits = four ^ 0x30303030
    // Bytes of 10 and more are no digits; the highest bit of each says so.
    const others = ((digits + 0x76767676) | digits) & 0x80808080
    const bits = (31 - Math.clz32(others & -others)) & 0x38
    if (others === 0 || bits === 0) return -1
    const shifted = digits << (32 - bits)
    const octet = (shifted >>> 24) + ((shifted >>> 16) & 255) * 10 + ((shifted >>> 8) & 255) * 100
    // A leading zero is refused: some readers take it for octal (RFC 6943, section 3.1.1).
    if (octet > 255 || (bits > 8 && (digits & 255) === 0)) return -1
    value = (value << 8) | octet
    after = (four >>> bits) & 255
    i += bits >> 3
  }
  if (after > blank) return -1
  words[at] = value
  words[at + 1] = 0
  words[at + 2] = 0
  words[at + 3] = 0
  return i
}

/**
 * Reads the IPv6 address at `from` into four words at `at` of `words`.
 *
 * @returns the offset behind it, or -1 where the bytes are none
 */
export function readIPv6(bytes: Uint8Array, view: DataView, from: number, words: Uint32Array, at: number): number {
  let i = from
  let count = 0
  /** How many groups stand before `::`. */
  let gap = -1
  if (bytes[i] === colon) {
    if (bytes[i + 1] !== colon) return -1
    gap = 0
    i += 2
  }
  while ((bytes[i] as number) > blank) {
    if (count === 8) return -1
    const begin = i
    let value = 0
    for (
      let digit = hexDigits[bytes[i] as number] as number;
      digit >= 0;
      digit = hexDigits[bytes[i] as number] as number
    ) {
      value = (value << 4) | digit
      if (++i - begin > 4) return -1
    }
    const c = bytes[i] as number
    if (c === dot) {
      i = count > 6 ? -1 : readIPv4(view, begin, words, at)
      if (i < 0) return -1
      const quad = words[at] as number
      groups[count++] = quad >>> 16
      groups[count++] = quad & 0xffff
      break
    }
    if (i === begin) return -1
    groups[count++] = value
    if (c <= blank) break
    if (c !== colon) return -1
    i++
    if (bytes[i] === colon) {
      if (gap >= 0) return -1
      gap = count
      i++
    } else if ((bytes[i] as number) <= blank) return -1
  }
  if (gap < 0 ? count !== 8 : count > 7) return -1
  if (gap >= 0) {
    groups.copyWithin(8 - (count - gap), gap, count)
    groups.fill(0, gap, 8 - (count - gap))
  }
  for (let word = 0; word < 4; word++)
    words[at + word] = (((groups[word * 2] as number) << 16) | (groups[word * 2 + 1] as number)) >>> 0
  return i
}
