/** Addresses from their bytes, without making strings: dotted quad, and RFC 4291 section 2.2. A blank or newline ends them. */

const hexDigits = new Int8Array(256).fill(-1)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  hexDigits[digit.charCodeAt(0)] = value
  hexDigits[digit.toUpperCase().charCodeAt(0)] = value
}

const dot = 46
const colon = 58
const blank = 32

/** Where the address that was read last ended. A second result without an object. */
let ended = 0
let quad = 0
const groups = new Uint16Array(8)

/**
 * Reads the address at `from` into four words at `at` of `words`.
 *
 * @returns 4 or 6, or 0 where the bytes are no address
 */
export function readAddress(bytes: Uint8Array, from: number, words: Uint32Array, at: number): number {
  if (readQuad(bytes, from)) {
    words[at] = quad
    words[at + 1] = words[at + 2] = words[at + 3] = 0
    return 4
  }
  return readGroups(bytes, from, words, at) ? 6 : 0
}

/** The offset behind the address that {@link readAddress} read last. */
export function addressEnd(): number {
  return ended
}

function readQuad(bytes: Uint8Array, from: number): boolean {
  let i = from
  let value = 0
  for (let octets = 0; octets < 4; octets++) {
    let c = bytes[i] as number
    if (c < 48 || c > 57) return false
    let octet = c - 48
    const zero = octet === 0
    c = bytes[++i] as number
    while (c >= 48 && c <= 57) {
      octet = octet * 10 + c - 48
      // A leading zero is refused: some readers take it for octal (RFC 6943, section 3.1.1).
      if (zero || octet > 255) return false
      c = bytes[++i] as number
    }
    value = (value << 8) | octet
    if (octets < 3) {
      if (c !== dot) return false
      i++
    } else if (c > blank) return false
  }
  quad = value >>> 0
  ended = i
  return true
}

function readGroups(bytes: Uint8Array, from: number, words: Uint32Array, at: number): boolean {
  let i = from
  let count = 0
  /** How many groups stand before `::`. */
  let gap = -1
  if (bytes[i] === colon) {
    if (bytes[i + 1] !== colon) return false
    gap = 0
    i += 2
  }
  while ((bytes[i] as number) > blank) {
    if (count === 8) return false
    const begin = i
    let value = 0
    for (
      let digit = hexDigits[bytes[i] as number] as number;
      digit >= 0;
      digit = hexDigits[bytes[i] as number] as number
    ) {
      value = (value << 4) | digit
      if (++i - begin > 4) return false
    }
    const c = bytes[i] as number
    if (c === dot) {
      if (count > 6 || !readQuad(bytes, begin)) return false
      groups[count++] = quad >>> 16
      groups[count++] = quad & 0xffff
      i = ended
      break
    }
    if (i === begin) return false
    groups[count++] = value
    if (c <= blank) break
    if (c !== colon) return false
    i++
    if (bytes[i] === colon) {
      if (gap >= 0) return false
      gap = count
      i++
    } else if ((bytes[i] as number) <= blank) return false
  }
  if (gap < 0 ? count !== 8 : count > 7) return false
  if (gap >= 0) {
    groups.copyWithin(8 - (count - gap), gap, count)
    groups.fill(0, gap, 8 - (count - gap))
  }
  for (let word = 0; word < 4; word++)
    words[at + word] = (((groups[word * 2] as number) << 16) | (groups[word * 2 + 1] as number)) >>> 0
  ended = i
  return true
}
