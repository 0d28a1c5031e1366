/** Which of the two addresses of a translated destination is an end of the conversation. */

/**
 * Whether what stands behind a translation of the destination is its real end, in place of the address that the record was
 * seen with: where that alone is private, an answer goes on to the device, if none in a private network sent it: what a
 * transparent proxy takes over was asked of the address that it was seen with. Exporters do not agree on which of the two they
 * write where (RFC 8158 has the one before the translation first, Fortinet's the private one), and what a device asked for
 * stays what it asked for.
 *
 * @param at where the four words of each address begin
 */
export function isRealEnd(
  family: number,
  source: Uint32Array,
  sourceAt: number,
  seen: Uint32Array,
  seenAt: number,
  behind: Uint32Array,
  behindAt: number,
): boolean {
  if (isPrivate(family, source[sourceAt] as number)) return false
  return isPrivate(family, behind[behindAt] as number) && !isPrivate(family, seen[seenAt] as number)
}

/** RFC 1918, RFC 6598 and RFC 4193, told by the first word. */
function isPrivate(family: number, word: number): boolean {
  if (family === 6) return word >>> 25 === 0xfc >>> 1
  return word >>> 24 === 10 || word >>> 20 === 0xac1 || word >>> 16 === 0xc0a8 || word >>> 22 === 0x6440 >>> 6
}
