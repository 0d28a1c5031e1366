/** The Huffman code of HPACK (RFC 7541, section 5.2 and appendix B). */

/**
 * Lengths of the codes of the 256 octets in order, and of the end mark. Within a length, codes follow one another in the
 * order of their symbols, and a shorter code comes before a longer one, so the lengths are all there is to know.
 */
// biome-ignore format: a row for 16 octets
const LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
]
const END_MARK = 256
const LONGEST = 30

/** Of each length: the first code, and the symbols in order of their codes. */
const FIRST: number[] = []
const SYMBOLS: number[][] = []
for (let length = 0, code = 0; length <= LONGEST; length++) {
  const symbols = LENGTHS.flatMap((l, symbol) => (l === length ? [symbol] : []))
  FIRST.push(code)
  SYMBOLS.push(symbols)
  code = (code + symbols.length) * 2
}

/**
 * Decodes a string, one character an octet.
 *
 * @returns null where the bytes are no codes, or are padded with anything but the start of the end mark
 */
export function decodeHuffman(bytes: Uint8Array, offset: number, end: number): string | null {
  let text = ''
  let code = 0
  let length = 0
  for (let bit = offset * 8; bit < end * 8; bit++) {
    code = code * 2 + (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1)
    length++
    const symbol = SYMBOLS[length]?.[code - (FIRST[length] ?? 0)]
    if (symbol === undefined) {
      if (length > LONGEST) return null
      continue
    }
    if (symbol === END_MARK) return null
    text += String.fromCharCode(symbol)
    code = 0
    length = 0
  }
  return length < 8 && code === 2 ** length - 1 ? text : null
}
