/** What texts of a log come to, such as the host that is named, kept by their bytes: a few texts make most of a log. */
import type { JsonFields } from '../json-fields.ts'

const SLOTS = 4096
/** Longer texts are not kept: a DNS name has at most 253 characters (RFC 1035, section 2.3.4). */
const LONGEST = 255

/** A text as it is written, escapes and all. */
interface Known {
  readonly bytes: Uint8Array
  readonly value: string | null
}

export class KnownTexts {
  /** By hash; of those with the same, the newest. */
  readonly #known: (Known | null)[] = new Array<Known | null>(SLOTS).fill(null)
  readonly #meaning: (text: string) => string | null

  constructor(meaning: (text: string) => string | null) {
    this.#meaning = meaning
  }

  /** What the text of a field comes to; the empty text's where there is none. */
  of(json: JsonFields, bytes: Uint8Array, field: number): string | null {
    const from = json.from[field] as number
    const length = (json.end[field] as number) - from
    if (!json.isText(field) || length > LONGEST) return this.#meaning(json.text(field) ?? '')
    let hash = length
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (bytes[from + i] as number), 0x01000193)
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    const known = this.#known[slot] as Known | null
    if (known !== null && isAt(known.bytes, bytes, from, length)) return known.value
    const value = this.#meaning(json.text(field) ?? '')
    this.#known[slot] = { bytes: bytes.slice(from, from + length), value }
    return value
  }
}

function isAt(known: Uint8Array, bytes: Uint8Array, from: number, length: number): boolean {
  if (known.length !== length) return false
  let same = 0
  while (same < length && known[same] === bytes[from + same]) same++
  return same === length
}
