/** Bytes of text looked at four at a time, as one little-endian integer. */

/** How many bytes must stand behind what is read. */
export const padding = 3

/** What a number grows by when digits of so many bits are appended. */
export const powers = new Float64Array(32)
for (let digits = 1; digits < 4; digits++) powers[digits * 8] = 10 ** digits

/** The number that four digits make, each in a byte, the first in the lowest. */
export function lastDigits(digits: number): number {
  return (digits >>> 24) + ((digits >>> 16) & 255) * 10 + ((digits >>> 8) & 255) * 100 + (digits & 255) * 1000
}

/**
 * The offset of the next byte that is no more than a blank, looked for four bytes at a time: a byte below 33 is the lowest
 * one that the subtraction makes borrow.
 */
export function tokenEnd(view: DataView, from: number): number {
  for (let i = from; ; i += 4) {
    const four = view.getInt32(i, true)
    const below = (four - 0x21212121) & ~four & 0x80808080
    if (below !== 0) return i + ((31 - Math.clz32(below & -below)) >> 3)
  }
}
