/** Some members of a JSON object that may be too large to be held: a report has an entry for each of a million findings. */

/**
 * Reads members of the outermost object, and passes over all others.
 *
 * @param chunks UTF-8, cut anywhere. It has to be JSON: what is passed over is not checked
 * @throws SyntaxError where a member that is wanted is no JSON
 */
export async function readMembers(
  chunks: AsyncIterable<Uint8Array>,
  wanted: ReadonlySet<string>,
): Promise<Record<string, unknown>> {
  const reader = new MemberReader(wanted)
  for await (const chunk of chunks) reader.push(chunk)
  return reader.found
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_OBJECT, OPEN_LIST, CLOSE_OBJECT, CLOSE_LIST] = [0x7b, 0x5b, 0x7d, 0x5d]

class MemberReader {
  /** Without a prototype, because a key may be `__proto__`. */
  readonly found: Record<string, unknown> = Object.create(null)
  readonly #wanted: ReadonlySet<string>
  #depth = 0
  #inString = false
  #escaped = false
  /** Of the member whose value is being read; null where that is not wanted. */
  #key: string | null = null
  /** What earlier chunks held of the key or value that is being read; null where it is passed over. */
  #held: Uint8Array[] | null = null
  /** Where that begins in the current chunk. */
  #from = 0

  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted
  }

  push(chunk: Uint8Array): void {
    this.#from = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (byte === BACKSLASH) this.#escaped = true
        else if (byte === QUOTE) this.#inString = false
      } else if (byte === QUOTE) this.#inString = true
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        if (++this.#depth === 1) this.#hold(at + 1)
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (--this.#depth === 0) this.#endValue(chunk, at)
      } else if (this.#depth === 1 && byte === COLON) {
        const key = String(this.#taken(chunk, at))
        this.#key = this.#wanted.has(key) ? key : null
        if (this.#key !== null) this.#hold(at + 1)
      } else if (this.#depth === 1 && byte === COMMA) {
        this.#endValue(chunk, at)
        this.#hold(at + 1)
      }
    }
    this.#held?.push(chunk.slice(this.#from))
  }

  #hold(from: number): void {
    this.#held = []
    this.#from = from
  }

  #endValue(chunk: Uint8Array, at: number): void {
    if (this.#key !== null) this.found[this.#key] = this.#taken(chunk, at)
    this.#key = null
    this.#held = null
  }

  /** What was held, up to a place in the chunk. */
  #taken(chunk: Uint8Array, at: number): unknown {
    const bytes = Buffer.concat([...(this.#held ?? []), chunk.subarray(this.#from, at)])
    this.#held = null
    return JSON.parse(bytes.toString())
  }
}
