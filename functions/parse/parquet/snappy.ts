/** Unpacks a snappy block: https://github.com/google/snappy/blob/main/format_description.txt */

/** @throws Error where it is damaged, or gives other than `length` bytes */
export function unsnappy(packed: Uint8Array, length: number): Uint8Array {
  const unpacked = new Uint8Array(length)
  let from = 0
  let to = 0
  // The length stands in front, seven bits a byte; it is known already.
  while ((packed[from++] as number) >= 128);
  while (from < packed.length) {
    const tag = packed[from++] as number
    const kind = tag & 3
    if (kind === 0) {
      let count = tag >> 2
      if (count >= 60) {
        const bytes = count - 59
        count = littleEndian(packed, from, bytes)
        from += bytes
      }
      count++
      if (count > packed.length - from || count > length - to) throw new Error('bytes are missing')
      unpacked.set(packed.subarray(from, from + count), to)
      from += count
      to += count
      continue
    }
    const count = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const bytes = kind === 1 ? 1 : kind === 2 ? 2 : 4
    const back = littleEndian(packed, from, bytes) + (kind === 1 ? (tag >> 5) * 256 : 0)
    from += bytes
    if (!(back > 0 && back <= to) || count > length - to) throw new Error('a copy leads outside')
    // What is copied may reach into what it gives.
    for (const end = to + count; to < end; to++) unpacked[to] = unpacked[to - back] as number
  }
  if (to !== length) throw new Error('bytes are missing')
  return unpacked
}

/** NaN where the bytes end before. */
function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? Number.NaN)
  return value
}
