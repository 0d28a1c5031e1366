/** Takes out of paths, names of fields and excerpts what may be somebody's data. */
import type { Seed } from '../model.ts'
import { examine } from './examination.ts'
import { type Layer, type Span, sent } from './layer.ts'
import type { SeedSearch } from './seed-search.ts'

/** A word of a program's vocabulary: letters, with few digits. */
const WORD = /^[A-Za-z_$][A-Za-z_.$[\]-]{0,31}\d{0,2}\]?$/
const INDEX = /^(\[\d{1,6}\]|\d{1,4})$/
/** Bytes on both sides of what was found. */
const AROUND = 32
/** Words of which it is remembered whether they may be shown. */
const MOST_WORDS = 10_000

/** A key: quoted before a colon, or before `=` where a pair begins. */
const KEY = /(?<=["'])[A-Za-z_$][\w.$-]{0,31}(?=\\?["']\s*:)|(?<=[&?;{,\s])[A-Za-z_$][\w.$-]{0,31}(?==)/y

export class Mask {
  readonly #search: SeedSearch
  readonly #words = new Map<string, boolean>()

  constructor(search: SeedSearch) {
    this.#search = search
  }

  /** Path of a request without its query: `/v1/users/42` with its number as `*`. */
  path(path: string): string {
    return path
      .split('/')
      .map((segment) => (segment === '' ? '' : this.word(segment)))
      .join('/')
  }

  /** A name of a field or segment, or `*` where it is none that a program would have. */
  word(text: string): string {
    return INDEX.test(text) || (WORD.test(text) && this.#isNobodys(text)) ? text : '*'
  }

  /** What was found as `‹imei›`, with its surroundings: keys and punctuation stand as they are, everything else as `•`. */
  excerpt({ bytes }: Layer, { from, until }: Span, { kind }: Seed): string {
    const text = (part: Uint8Array) => Buffer.from(part).toString('latin1')
    // What begins the value may be a key; what the excerpt cuts off at its beginning is none.
    const before =
      from <= AROUND
        ? this.#hide(`&${text(bytes.subarray(0, from))}`).slice(1)
        : this.#hide(text(bytes.subarray(from - AROUND, from)))
    return `${before}‹${kind}›${this.#hide(text(bytes.subarray(until, until + AROUND)))}`
  }

  #hide(text: string): string {
    let shown = ''
    for (let i = 0; i < text.length; ) {
      KEY.lastIndex = i
      const key = KEY.exec(text)?.[0]
      if (key !== undefined && this.word(key) === key) {
        shown += key
        i += key.length
      } else {
        const character = text[i++] as string
        if (/[!-/:-@[-`{-~]/.test(character)) shown += character
        else if (!shown.endsWith('•')) shown += '•'
      }
    }
    return shown
  }

  /** Whether a word is no planted identifier. */
  #isNobodys(word: string): boolean {
    const known = this.#words.get(word)
    if (known !== undefined) return known
    if (this.#words.size >= MOST_WORDS) this.#words.clear()
    const nobodys = examine(this.#search, sent(Buffer.from(word)), false).found.length === 0
    this.#words.set(word, nobodys)
    return nobodys
  }
}
