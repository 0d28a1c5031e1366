/**
 * Writes JSON as canonical bytes (RFC 8785: UTF-8, members in order of their keys' code units, numbers and escapes as
 * ECMAScript has them). A report of hundred thousands of findings is too long for one text, so it is written in pieces.
 */

const PIECE_BYTES = 1 << 20
/** Shorter text is written unit by unit, longer text by the platform: a call costs more than it saves below this. */
const LONG_TEXT = 24

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

type Members = Readonly<Record<string, unknown>>

/**
 * The keys of objects in their order, as paths from a root. Objects of one shape take one path, so whether keys stand in
 * canonical order, and how they are written, is found out once a path and not once an object.
 */
interface Path {
  readonly key: string
  /** The keys that lead here are in canonical order, and text. */
  readonly canonical: boolean
  /** The key, quoted, and the colon. */
  readonly written: Uint8Array
  readonly branches: Map<string, Path>
  /** The branch that was taken last: objects of one shape mostly stand together. */
  latest: Path | null
}

export class CanonicalJson {
  readonly #finished: Uint8Array[] = []
  readonly #root: Path = pathOf('', true)
  #piece = new Uint8Array(PIECE_BYTES)
  #length = 0

  /** All that was written, in pieces of about a megabyte. */
  pieces(): readonly Uint8Array[] {
    return [...this.#finished, this.#piece.subarray(0, this.#length)]
  }

  /**
   * Text that is no Unicode (half a surrogate pair) is written as U+FFFD: JSON cannot carry it (RFC 8785, section 3.2.2.2).
   *
   * @param value plain objects, lists, text, numbers, booleans and null; members that are undefined are left out
   * @throws RangeError for a number that is not finite
   */
  write(value: unknown): void {
    if (typeof value === 'string') this.#text(value)
    else if (typeof value === 'number') this.#number(value)
    else if (Array.isArray(value)) this.#list(value)
    else if (typeof value === 'object' && value !== null) this.#object(value as Members)
    else this.#ascii(value === true ? 'true' : value === false ? 'false' : 'null')
  }

  /** Ends a document that is a line. */
  lineFeed(): void {
    this.#ascii('\n')
  }

  #number(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`writing JSON, which has no ${value}`)
    this.#ascii(String(value))
  }

  #list(values: readonly unknown[]): void {
    this.#byte(OPEN_LIST)
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.#byte(COMMA)
      this.write(values[i])
    }
    this.#byte(CLOSE_LIST)
  }

  #object(members: Members): void {
    let path = this.#root
    for (const key in members) path = path.latest?.key === key ? path.latest : branch(path, key)
    this.#byte(OPEN_OBJECT)
    if (path.canonical) this.#inOrder(members)
    else this.#sorted(members)
    this.#byte(CLOSE_OBJECT)
  }

  #inOrder(members: Members): void {
    let path = this.#root
    let first = true
    for (const key in members) {
      path = path.latest?.key === key ? path.latest : branch(path, key)
      const value = members[key]
      if (value === undefined) continue
      if (!first) this.#byte(COMMA)
      first = false
      this.#bytes(path.written)
      this.write(value)
    }
  }

  #sorted(members: Members): void {
    const entries = new Map(Object.entries(members).map(([key, value]) => [wellFormed(key), value]))
    let first = true
    for (const key of [...entries.keys()].sort()) {
      const value = entries.get(key)
      if (value === undefined) continue
      if (!first) this.#byte(COMMA)
      first = false
      this.#text(key)
      this.#byte(COLON)
      this.write(value)
    }
  }

  #text(text: string): void {
    // At most three bytes a unit, and the quotes.
    this.#reserve(3 * text.length + 2)
    const start = this.#length
    this.#piece[start] = QUOTE
    const end = text.length < LONG_TEXT ? this.#shortText(text, start + 1) : this.#longText(text, start + 1)
    if (end < 0) this.#escaped(text)
    else {
      this.#piece[end] = QUOTE
      this.#length = end + 1
    }
  }

  /** Writes ASCII without escapes. @returns the end, or -1 where the text is anything else */
  #shortText(text: string, start: number): number {
    const piece = this.#piece
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === BACKSLASH) return -1
      piece[start + i] = unit
    }
    return start + text.length
  }

  /** Writes text without escapes. @returns the end, or -1 where it needs any */
  #longText(text: string, start: number): number {
    const piece = this.#piece
    const end = start + (encoder.encodeInto(text, piece.subarray(start)).written ?? 0)
    for (let at = start; at < end; at++) {
      const byte = piece[at] ?? 0
      if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) return -1
    }
    return end
  }

  /** RFC 8785 takes escapes from ECMAScript (section 3.2.2.2). */
  #escaped(text: string): void {
    this.#bytes(encoder.encode(JSON.stringify(wellFormed(text))))
  }

  #ascii(text: string): void {
    this.#reserve(text.length)
    const piece = this.#piece
    for (let i = 0; i < text.length; i++) piece[this.#length + i] = text.charCodeAt(i)
    this.#length += text.length
  }

  #bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    const piece = this.#piece
    const start = this.#length
    // Most are a short key, for which a loop is faster than a call.
    if (bytes.length > 64) piece.set(bytes, start)
    else for (let i = 0; i < bytes.length; i++) piece[start + i] = bytes[i] ?? 0
    this.#length = start + bytes.length
  }

  #byte(byte: number): void {
    this.#reserve(1)
    this.#piece[this.#length++] = byte
  }

  /** Makes room for so many bytes within one piece. */
  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#piece.length) return
    this.#finished.push(this.#piece.subarray(0, this.#length))
    this.#piece = new Uint8Array(Math.max(PIECE_BYTES, bytes))
    this.#length = 0
  }
}

const encoder = new TextEncoder()

function pathOf(key: string, canonical: boolean): Path {
  const written = encoder.encode(`${JSON.stringify(key)}:`)
  return { key, canonical, written, branches: new Map(), latest: null }
}

/** The path that goes on with a key. */
function branch(path: Path, key: string): Path {
  let next = path.branches.get(key)
  if (!next) {
    next = pathOf(key, path.canonical && key >= path.key && key === wellFormed(key))
    path.branches.set(key, next)
  }
  path.latest = next
  return next
}

const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd')
