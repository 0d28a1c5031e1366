/**
 * Chosen fields of a JSON object (RFC 8259), found in its bytes: nothing is made of the others, and of these only what is
 * asked for. Several times as fast as making the whole object of every line of a log.
 */

import { follower, type Lead, Leads, learnSkip, skipBehind } from './json-members.ts'
import { latin1 } from './payload/flow-names.ts'

/** What stands in a field. */
export const ABSENT = 0
export const TEXT = 1
export const NUMBER = 2
export const TRUE = 3
export const FALSE = 4
export const NULL = 5
export const ARRAY = 6
export const OBJECT = 7

const QUOTE = 34
const BACKSLASH = 92
const COMMA = 44
const COLON = 58
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93

/** No key stands where one has to. */
const NO_KEY = -2
/** The object ends where a key may stand. */
const CLOSED = -3
/** `true`, `fals` and `null` as little-endian words. */
const TRUE_WORD = 0x65757274
const FALS_WORD = 0x736c6166
const NULL_WORD = 0x6c6c756e

/** Deeper than any log writes. */
const DEEPEST = 64

const utf8 = new TextDecoder()

/** The keys that are looked for in one object. */
interface Level {
  readonly mask: number
  /** Index of a key by its hash, -1 where none is. */
  readonly table: Int32Array
  readonly keys: Uint8Array[]
  /** The field that the key is, or -1. */
  readonly fields: number[]
  /** What is looked for inside of its object. */
  readonly inner: (Level | null)[]
  /** The last object from which something was read that stands there. */
  lastRead: number
}

export class JsonFields {
  /** By the order in which the fields were named: what stands there, {@link ABSENT} where nothing does. */
  readonly kinds: Uint8Array
  /** Where the value begins and ends in the bytes that were read; a text's without its quotes. */
  readonly from: Int32Array
  readonly end: Int32Array
  readonly #escaped: Uint8Array
  readonly #root: Level
  readonly #leads = new Leads()
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  #at = 0
  #stop = 0
  #textEscaped = false
  /** How many objects were read with this one. */
  #reads = 0

  /** @param paths the keys, those of objects inside of others behind their key and `/`: `['src_ip', 'tls/sni']` */
  constructor(paths: readonly string[]) {
    this.kinds = new Uint8Array(paths.length)
    this.from = new Int32Array(paths.length)
    this.end = new Int32Array(paths.length)
    this.#escaped = new Uint8Array(paths.length)
    this.#root = levelOf(paths.map((path, field) => ({ keys: path.split('/'), field })))
  }

  /**
   * Reads the object that stands from `from` up to `end`, blanks around it allowed; of a key that stands twice, the last.
   *
   * @returns false where it is no object, or not well formed as far as it had to be read
   */
  read(bytes: Uint8Array, from: number, end: number): boolean {
    this.kinds.fill(ABSENT)
    this.#reads++
    this.#begin(bytes, from, end)
    if (this.#next() !== OPEN_OBJECT || !this.#object(this.#root, this.#leads, 0)) return false
    this.#next()
    return this.#at === end
  }

  /**
   * Reads an object from its brace on; nothing is looked for in it where `level` is null. Fast where its keys stood so before,
   * and for texts without escapes, numbers without exponents, and words.
   */
  #object(level: Level | null, leads: Leads, depth: number): boolean {
    if (depth > DEEPEST) return false
    const bytes = this.#bytes
    const view = this.#view
    const stop = this.#stop
    /** Null behind a key that is not remembered. */
    let before: Lead | null = leads.start
    let at = this.#at + 1
    /** Behind which lead a skip is learned, and from where on; null where none is. */
    let learning: Lead | null = null
    let learnFrom = 0
    for (;;) {
      if (at < stop && bytes[at] === CLOSE_OBJECT) {
        if (learning !== null) learnSkip(learning, bytes, learnFrom, at + 1, null)
        this.#at = at + 1
        return true
      }
      let key: number
      const lead: Lead | null = before === null ? null : follower(before, view, at)
      if (lead !== null && at + lead.length <= stop) {
        at += lead.length
        key = lead.key
        before = lead
      } else {
        this.#at = at
        key = this.#lead(level, before === leads.start)
        if (key < -1) return key === CLOSED
        before = leads.remember(before, bytes, at, this.#at, key)
        if (before === null) learning = null
        at = this.#at
      }
      if (key < 0 && before !== null) {
        const skip = skipBehind(before, view, at)
        if (skip !== null && at + skip.length <= stop) {
          // Shorter lessons than the one that ends here are behind its lead already.
          learning = null
          at += skip.length
          if (skip.lead === null) {
            this.#at = at
            return true
          }
          before = skip.lead
          key = before.key
        } else if (learning === null && before.lessons > 0) {
          learning = before
          learnFrom = at
        }
      } else if (learning !== null) {
        learnSkip(learning, bytes, learnFrom, at, before)
        learning = null
      }
      const field = key < 0 ? -1 : ((level as Level).fields[key] as number)
      const first = bytes[at] as number
      let end = at + 1
      if (first === QUOTE) {
        while (end + 4 <= stop && arePlain(view.getInt32(end, true))) end += 4
        while (end < stop && isPlain(bytes[end] as number)) end++
        if (end < stop && bytes[end] === QUOTE) {
          if (field >= 0) this.#found(field, TEXT, at + 1, end)
          at = end + 1
          continue
        }
      } else if (first >= 48 && first <= 57) {
        while (end < stop && isDigitOrPoint(bytes[end] as number)) end++
        if (end < stop && (bytes[end] === COMMA || bytes[end] === CLOSE_OBJECT)) {
          if (field >= 0) this.#found(field, NUMBER, at, end)
          at = end
          continue
        }
      } else if (at + 5 <= stop && first !== OPEN_OBJECT) {
        const word = view.getInt32(at, true)
        if (word === TRUE_WORD || word === NULL_WORD || (word === FALS_WORD && bytes[at + 4] === 101)) {
          end = word === FALS_WORD ? at + 5 : at + 4
          if (field >= 0) this.#found(field, word === TRUE_WORD ? TRUE : word === NULL_WORD ? NULL : FALSE, at, end)
          at = end
          continue
        }
      }
      // What is read slowly is not learned.
      learning = null
      this.#at = at
      const inner = key < 0 ? null : ((level as Level).inner[key] ?? null)
      const within = before !== null && (first === OPEN_OBJECT || first === OPEN_ARRAY) ? leads.inside(before) : null
      if (!this.#value(field, inner, within, depth)) return false
      at = this.#at
    }
  }

  #found(field: number, kind: number, from: number, end: number): void {
    this.kinds[field] = kind
    this.from[field] = from
    this.end[field] = end
    this.#escaped[field] = 0
  }

  /** Reads what leads to the next value of an object. @returns as {@link #key}, CLOSED where the object ends */
  #lead(level: Level | null, isFirst: boolean): number {
    const next = this.#next()
    if (next === CLOSE_OBJECT) {
      this.#at++
      return CLOSED
    }
    if (!isFirst) {
      if (next !== COMMA) return NO_KEY
      this.#at++
    }
    const key = this.#key(level)
    if (key !== NO_KEY) this.#next()
    return key
  }

  /** Reads a key and its colon. @returns which of a level's keys it is, -1 for none of them, NO_KEY where there is no key */
  #key(level: Level | null): number {
    if (this.#next() !== QUOTE) return NO_KEY
    const from = this.#at + 1
    if (!this.#string()) return NO_KEY
    const key = level === null ? -1 : keyOf(level, this.#bytes, from, this.#at - 1, this.#textEscaped)
    if (this.#next() !== COLON) return NO_KEY
    this.#at++
    return key
  }

  isText(field: number): boolean {
    return this.kinds[field] === TEXT
  }

  /** The text of a field, null where there is none. */
  text(field: number): string | null {
    if (this.kinds[field] !== TEXT) return null
    const from = this.from[field] as number
    const end = this.end[field] as number
    if (this.#escaped[field]) return unescaped(this.#bytes.subarray(from - 1, end + 1))
    return textOf(this.#bytes, from, end)
  }

  /**
   * Reads the objects of an array, one after the other; what else stands between them is passed over.
   *
   * @param take is called where one has been read; the next overwrites it
   * @returns false where it is no array, or not well formed: what was taken until then counts
   */
  readArray(bytes: Uint8Array, from: number, end: number, take: () => void): boolean {
    this.#begin(bytes, from, end)
    if (this.#next() !== OPEN_ARRAY) return false
    this.#at++
    if (this.#next() === CLOSE_ARRAY) return true
    for (;;) {
      if (this.#next() === OPEN_OBJECT) {
        this.kinds.fill(ABSENT)
        this.#reads++
        if (!this.#object(this.#root, this.#leads, 1)) return false
        take()
      } else if (!this.#value(-1, null, null, 1)) return false
      const then = this.#next()
      this.#at++
      if (then === CLOSE_ARRAY) return true
      if (then !== COMMA) return false
    }
  }

  #begin(bytes: Uint8Array, from: number, end: number): void {
    if (bytes !== this.#bytes) this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#bytes = bytes
    this.#at = from
    this.#stop = end
  }

  /** The number of a field, NaN where there is none. */
  number(field: number): number {
    if (this.kinds[field] !== NUMBER) return Number.NaN
    const bytes = this.#bytes
    const end = this.end[field] as number
    let at = this.from[field] as number
    let value = 0
    if (end - at > 15) return Number(latin1(bytes, at, end))
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - 48
      if (digit < 0 || digit > 9) return Number(latin1(bytes, this.from[field] as number, end))
      value = value * 10 + digit
    }
    return value
  }

  /** The value of a field as JavaScript has it, undefined where there is none: for arrays and objects, which are seldom. */
  value(field: number): unknown {
    const kind = this.kinds[field]
    if (kind === ABSENT) return undefined
    const quotes = kind === TEXT ? 1 : 0
    const text = this.#bytes.subarray((this.from[field] as number) - quotes, (this.end[field] as number) + quotes)
    try {
      return JSON.parse(utf8.decode(text))
    } catch {
      return undefined
    }
  }

  /** The next byte that is no blank, -1 at the end. */
  #next(): number {
    const bytes = this.#bytes
    const stop = this.#stop
    let at = this.#at
    while (at < stop && ((bytes[at] as number) === 32 || ((bytes[at] as number) <= 13 && isBlank(bytes[at] as number))))
      at++
    this.#at = at
    return at < stop ? (bytes[at] as number) : -1
  }

  #array(leads: Leads | null, depth: number): boolean {
    if (depth > DEEPEST) return false
    this.#at++
    if (this.#next() === CLOSE_ARRAY) {
      this.#at++
      return true
    }
    // Nothing is looked for in objects of an array; one that stands there without an array has leads of its own.
    const within = leads?.inside(leads.start) ?? null
    for (;;) {
      if (!this.#value(-1, null, within, depth)) return false
      const then = this.#next()
      this.#at++
      if (then === CLOSE_ARRAY) return true
      if (then !== COMMA) return false
    }
  }

  /** @param leads of the objects that stand there; null where those that led there are too many to be remembered */
  #value(field: number, inner: Level | null, leads: Leads | null, depth: number): boolean {
    const first = this.#next()
    let from = this.#at
    let kind = NUMBER
    let escaped = 0
    if (first === QUOTE) {
      kind = TEXT
      from++
      if (!this.#string()) return false
      escaped = this.#textEscaped ? 1 : 0
    } else if (first === OPEN_OBJECT) {
      kind = OBJECT
      // An object that stands twice: the first one's fields do not count.
      if (inner !== null && inner.lastRead === this.#reads) this.#clear(inner)
      if (inner !== null) inner.lastRead = this.#reads
      if (!this.#object(inner, leads ?? new Leads({ left: 0 }), depth + 1)) return false
    } else if (first === OPEN_ARRAY) {
      kind = ARRAY
      if (!this.#array(leads, depth + 1)) return false
    } else if (first === 116) {
      kind = TRUE
      if (!this.#word('true')) return false
    } else if (first === 102) {
      kind = FALSE
      if (!this.#word('false')) return false
    } else if (first === 110) {
      kind = NULL
      if (!this.#word('null')) return false
    } else if (!this.#number()) return false
    if (field >= 0) {
      this.kinds[field] = kind
      this.from[field] = from
      this.end[field] = kind === TEXT ? this.#at - 1 : this.#at
      this.#escaped[field] = escaped
    }
    return true
  }

  /** Passes over a text from its quote on. */
  #string(): boolean {
    const bytes = this.#bytes
    const stop = this.#stop
    let at = this.#at + 1
    this.#textEscaped = false
    for (; at < stop; at++) {
      const c = bytes[at] as number
      if (c === QUOTE) {
        this.#at = at + 1
        return true
      }
      if (c === BACKSLASH) {
        this.#textEscaped = true
        at++
      } else if (c < 32) return false
    }
    return false
  }

  #number(): boolean {
    const bytes = this.#bytes
    const from = this.#at
    let at = from
    let digits = 0
    for (; at < this.#stop; at++) {
      const c = bytes[at] as number
      if (c >= 48 && c <= 57) digits++
      else if (c !== 45 && c !== 43 && c !== 46 && c !== 101 && c !== 69) break
    }
    this.#at = at
    return digits > 0 && (bytes[from] as number) !== 43
  }

  #word(word: string): boolean {
    for (let i = 0; i < word.length; i++) if (this.#bytes[this.#at + i] !== word.charCodeAt(i)) return false
    this.#at += word.length
    return this.#at <= this.#stop
  }

  #clear(level: Level): void {
    for (const field of level.fields) if (field >= 0) this.kinds[field] = ABSENT
    for (const inner of level.inner) if (inner !== null) this.#clear(inner)
  }
}

const isPlain = (byte: number) => byte !== QUOTE && byte !== BACKSLASH && byte >= 32
/** Whether each byte of a word is plain: in those that are not, the difference sets the upper bit (S. E. Anderson, Bit Twiddling Hacks). */
function arePlain(word: number): boolean {
  const quotes = word ^ 0x22222222
  const slashes = word ^ 0x5c5c5c5c
  const found = ((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes) | ((word - 0x20202020) & ~word)
  return (found & 0x80808080) === 0
}
const isDigitOrPoint = (byte: number) => (byte >= 48 && byte <= 57) || byte === 46
const isBlank = (byte: number) => byte === 10 || byte === 13 || byte === 9

function levelOf(paths: readonly { keys: readonly string[]; field: number }[]): Level {
  const names = [...new Set(paths.map(({ keys }) => keys[0] as string))]
  let size = 8
  while (size < names.length * 4) size *= 2
  const level: Level = {
    mask: size - 1,
    table: new Int32Array(size).fill(-1),
    keys: names.map((name) => new TextEncoder().encode(name)),
    fields: names.map((name) => paths.find(({ keys }) => keys.length === 1 && keys[0] === name)?.field ?? -1),
    inner: names.map((name) => {
      const inside = paths.filter(({ keys }) => keys.length > 1 && keys[0] === name)
      return inside.length === 0 ? null : levelOf(inside.map(({ keys, field }) => ({ keys: keys.slice(1), field })))
    }),
    lastRead: 0,
  }
  for (const [index, key] of level.keys.entries()) {
    let slot = hashOf(key, 0, key.length) & level.mask
    while ((level.table[slot] as number) >= 0) slot = (slot + 1) & level.mask
    level.table[slot] = index
  }
  return level
}

/** Of a key's length and three of its bytes: logs have few keys, and those of one log differ there. */
function hashOf(bytes: Uint8Array, from: number, end: number): number {
  const length = end - from
  const middle = bytes[from + (length >> 1)] as number
  return length * 7 + (bytes[from] as number) * 31 + middle * 13 + (bytes[end - 1] as number) * 3
}

/** Which of a level's keys stands there, -1 for none. */
function keyOf(level: Level, bytes: Uint8Array, from: number, end: number, escaped: boolean): number {
  if (escaped) {
    const name = new TextEncoder().encode(unescaped(bytes.subarray(from - 1, end + 1)) ?? '')
    return name.length === 0 ? -1 : keyOf(level, name, 0, name.length, false)
  }
  const length = end - from
  if (length === 0) return -1
  let slot = hashOf(bytes, from, end) & level.mask
  for (let index = level.table[slot] as number; index >= 0; index = level.table[slot] as number) {
    const key = level.keys[index] as Uint8Array
    if (key.length === length) {
      let i = 0
      while (i < length && key[i] === bytes[from + i]) i++
      if (i === length) return index
    }
    slot = (slot + 1) & level.mask
  }
  return -1
}

/** UTF-8 as text; most texts are ASCII, which is made faster. */
function textOf(bytes: Uint8Array, from: number, end: number): string {
  for (let at = from; at < end; at++) if ((bytes[at] as number) > 127) return utf8.decode(bytes.subarray(from, end))
  return latin1(bytes, from, end)
}

function unescaped(quoted: Uint8Array): string | null {
  try {
    return JSON.parse(utf8.decode(quoted)) as string
  } catch {
    return null
  }
}
