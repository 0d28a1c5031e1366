/**
 * Walks JSON documents (RFC 8259) as they come, one after the other with or without anything between them, and tells of the
 * values that stand in objects. Of a text no more is kept than its longest, so memory is bounded whatever is pushed.
 */
import { InputError } from '../../errors.ts'

/** Longest text that is kept. */
export const LONGEST_TEXT = 1 << 16
const DEEPEST = 64

const QUOTE = 34
const BACKSLASH = 92

/** Who is told what stands in the documents. */
export interface JsonListener {
  /** @param inArray whether it is an element of an array, or stands alone */
  openObject(inArray: boolean): void
  closeObject(): void
  /** @param value as text, also of a number; null where it is too long to be kept */
  value(key: string, value: string | null): void
}

export class JsonTexts {
  readonly #listener: JsonListener
  /** What is open: the key that is being read in an object, null in an array. */
  readonly #open: ({ key: string; isKeyNext: boolean } | null)[] = []
  readonly #text = new Uint8Array(LONGEST_TEXT + 2)
  #length = 0
  #isTooLong = false
  #inText = false
  #escaped = false
  /** In a number, true, false or null. */
  #inWord = false
  #offset = 0

  constructor(listener: JsonListener) {
    this.#listener = listener
  }

  /** @throws InputError where it is no JSON */
  push(chunk: Uint8Array): void {
    for (const c of chunk) {
      if (this.#inText) this.#readText(c)
      else this.#readOther(c)
      this.#offset++
    }
  }

  /** @throws InputError where a document is cut short */
  end(): void {
    if (this.#inWord) this.#endWord()
    if (this.#inText || this.#open.length > 0)
      throw new InputError('the JSON document is cut short; what it held up to here was read', { offset: this.#offset })
  }

  #readText(c: number): void {
    this.#keep(c)
    if (this.#escaped) this.#escaped = false
    else if (c === BACKSLASH) this.#escaped = true
    else if (c === QUOTE) {
      this.#inText = false
      this.#take(this.#isTooLong ? null : unquoted(this.#text.subarray(0, this.#length)))
    }
  }

  #readOther(c: number): void {
    const isMark = c <= 32 || c === 44 || c === 58 || c === 91 || c === 93 || c === 123 || c === 125 || c === QUOTE
    if (!isMark) {
      if (!this.#inWord) this.#begin()
      this.#inWord = true
      this.#keep(c)
      return
    }
    if (this.#inWord) this.#endWord()
    if (c === QUOTE) {
      this.#begin()
      this.#inText = true
      this.#keep(c)
    } else if (c === 123) {
      this.#listener.openObject(!this.#open.at(-1))
      this.#opened({ key: '', isKeyNext: true })
    } else if (c === 91) this.#opened(null)
    else if (c === 125 || c === 93) {
      const closed = this.#open.pop()
      if (closed === undefined || (closed === null) !== (c === 93)) throw this.#malformed()
      if (closed !== null) this.#listener.closeObject()
    } else if (c === 44) {
      const inside = this.#open.at(-1)
      if (inside) inside.isKeyNext = true
    }
  }

  #opened(what: { key: string; isKeyNext: boolean } | null): void {
    if (this.#open.push(what) > DEEPEST) throw this.#malformed()
  }

  #begin(): void {
    this.#length = 0
    this.#isTooLong = false
  }

  #keep(c: number): void {
    if (this.#length < this.#text.length) this.#text[this.#length++] = c
    else this.#isTooLong = true
  }

  #endWord(): void {
    this.#inWord = false
    const word = new TextDecoder().decode(this.#text.subarray(0, this.#length))
    // A byte order mark is a word of its own.
    if (word !== '' && !/^(-?\d[\d.eE+-]*|true|false|null)$/.test(word)) throw this.#malformed()
    this.#take(word === 'null' ? '' : word)
  }

  #take(text: string | null): void {
    const inside = this.#open.at(-1)
    if (!inside) return
    if (inside.isKeyNext) {
      inside.key = text ?? ''
      inside.isKeyNext = false
    } else this.#listener.value(inside.key, text)
  }

  #malformed(): InputError {
    return new InputError('this is no JSON; what stood up to here was read', { offset: this.#offset })
  }
}

/** A text between its quotes; blank where its escapes are none. */
function unquoted(quoted: Uint8Array): string {
  const text = new TextDecoder().decode(quoted)
  if (!text.includes('\\')) return text.slice(1, -1)
  try {
    return JSON.parse(text) as string
  } catch {
    return ''
  }
}
