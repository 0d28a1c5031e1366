/** Four bytes as a number, the first the lowest: how everything is looked through first. */

/** Bytes below which a DataView costs more than it saves; beyond, it reads four bytes three times as fast. */
export const WORTH_A_VIEW = 64

/** All four must lie within the bytes. */
export const fourAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24)
