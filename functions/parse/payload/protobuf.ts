/** Protocol Buffers' wire format (https://protobuf.dev/programming-guides/encoding/), as far as finding fields needs it. */

/** Where a field's bytes stand. */
export interface ProtobufField {
  readonly number: number
  readonly offset: number
  readonly end: number
}

/** A variable-length integer and the offset behind it; null where the bytes end before it does or it has over ten bytes. */
function readVarint(bytes: Uint8Array, offset: number, end: number): { value: number; next: number } | null {
  let value = 0
  for (let i = 0; i < 10 && offset + i < end; i++) {
    const byte = bytes[offset + i] ?? 0
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, next: offset + i + 1 }
  }
  return null
}

/**
 * The length-delimited fields (strings, bytes, messages) of a message, in order.
 *
 * @returns null where the bytes are no message
 */
export function readFields(bytes: Uint8Array, offset: number, end: number): ProtobufField[] | null {
  const fields: ProtobufField[] = []
  let at = offset
  while (at < end) {
    const tag = readVarint(bytes, at, end)
    if (!tag || tag.value < 8) return null
    const type = tag.value % 8
    at = tag.next
    if (type === 0) {
      const skipped = readVarint(bytes, at, end)
      if (!skipped) return null
      at = skipped.next
    } else if (type === 1) at += 8
    else if (type === 5) at += 4
    else if (type === 2) {
      const length = readVarint(bytes, at, end)
      if (!length || length.next + length.value > end) return null
      at = length.next + length.value
      fields.push({ number: Math.floor(tag.value / 8), offset: length.next, end: at })
    } else return null
  }
  return at === end ? fields : null
}
