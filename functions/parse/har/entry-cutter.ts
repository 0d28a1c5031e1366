/**
 * Cuts the elements of `log.entries` out of a HAR (JSON, RFC 8259), in bounded memory however large the file and the bodies
 * in it are: of texts longer than anything that is read from an entry, only the beginning is kept.
 */
import { InputError } from '../../errors.ts'

/** Longer texts are cut, such as bodies. */
export const LONGEST_TEXT = 1 << 20
/** Longer entries are not kept, texts already cut. */
const LONGEST_ENTRY = 64 << 20
const DEEPEST = 512
/** Objects within which entries stand: the document, `log`, `entries`. */
const ENTRIES_DEPTH = 3

const QUOTE = 34
const BACKSLASH = 92
const COMMA = 44
const COLON = 58
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93

/** What has to come next, or what is being read. */
const DOCUMENT = 0
const VALUE = 1
const FIRST_VALUE = 2
const KEY = 3
const FIRST_KEY = 4
const NAME_END = 5
const VALUE_END = 6
const TEXT = 7
const ESCAPE = 8
const WORD = 9

const EXPECTED: readonly string[] = [
  'an object',
  'a value',
  'a value or ]',
  'a key',
  'a key or }',
  'a colon',
  'a comma or the end of what was begun',
]

/** Takes an entry: it stands in `bytes` up to `end`. The bytes may be overwritten after the call returns. */
export type TakeEntry = (bytes: Uint8Array, end: number) => void

export class EntryCutter {
  readonly #take: TakeEntry
  readonly #tooLong: () => void
  /** Where the newest entry begins in the file, in bytes. */
  entryOffset = 0
  #state = DOCUMENT
  #offset = 0
  #depth = 0
  /** By depth: whether an object stands there; else an array does. */
  readonly #isObject = new Uint8Array(DEEPEST + 1)
  #isKey = false
  /** The last key of the document or of `log`, as far as it can be one that is looked for. */
  #key = ''
  #inLog = false
  #inEntries = false
  #hasEntries = false
  #isEntry = false
  #isTooLong = false
  #entry = new Uint8Array(1 << 16)
  #length = 0
  #textLength = 0
  #escapeLeft = 0

  /** @param tooLong is told of an entry that is too long to be kept, in its place among the others */
  constructor(take: TakeEntry, tooLong: () => void) {
    this.#take = take
    this.#tooLong = tooLong
  }

  /** @throws InputError where the bytes are no JSON, or a document has no `log.entries` */
  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#state === TEXT) at = this.#text(chunk, at)
      else if (this.#state === ESCAPE) this.#escape(chunk[at++] as number)
      else if (this.#state === WORD) at = this.#word(chunk, at)
      else {
        const c = chunk[at] as number
        if (!isBlank(c)) this.#sign(c, this.#offset + at)
        at++
      }
    }
    this.#offset += chunk.length
  }

  /** @throws InputError where the document is cut short */
  end(): void {
    if (this.#state === DOCUMENT && this.#hasEntries) return
    throw new InputError('the HAR is cut short: it ends here, before what was begun ends', { offset: this.#offset })
  }

  /** One byte that is neither blank nor within a text or word. */
  #sign(c: number, offset: number): void {
    const state = this.#state
    if (state === DOCUMENT) {
      // A byte order mark may stand before the document, as Fiddler writes it.
      if (c === 0xef || c === 0xbb || c === 0xbf) return
      if (c !== OPEN_OBJECT) this.#unexpected(offset)
      this.#hasEntries = false
      this.#open(c, offset)
    } else if (state === NAME_END) {
      if (c !== COLON) this.#unexpected(offset)
      this.#keep(c)
      this.#state = VALUE
    } else if (state === VALUE_END) {
      if (c === COMMA) {
        if (this.#isEntry) this.#keep(c)
        this.#state = this.#isObject[this.#depth] ? KEY : VALUE
      } else this.#close(c, offset)
    } else if (state === KEY || state === FIRST_KEY) {
      if (c === QUOTE) this.#beginText(true)
      else if (state === FIRST_KEY) this.#close(c, offset)
      else this.#unexpected(offset)
    } else if (state === FIRST_VALUE && c === CLOSE_ARRAY) this.#close(c, offset)
    else this.#beginValue(c, offset)
  }

  #beginValue(c: number, offset: number): void {
    if (this.#inEntries && this.#depth === ENTRIES_DEPTH) {
      this.#isEntry = true
      this.entryOffset = offset
      this.#isTooLong = false
      this.#length = 0
    }
    if (c === QUOTE) this.#beginText(false)
    else if (c === OPEN_OBJECT || c === OPEN_ARRAY) this.#open(c, offset)
    else if (isOfWord(c)) {
      this.#keep(c)
      this.#state = WORD
    } else this.#unexpected(offset)
  }

  #open(c: number, offset: number): void {
    if (this.#depth === DEEPEST)
      throw new InputError(`the HAR cannot be read further: more than ${DEEPEST} objects in one another`, { offset })
    const depth = ++this.#depth
    const isObject = c === OPEN_OBJECT
    this.#isObject[depth] = isObject ? 1 : 0
    if (depth === 2) this.#inLog = isObject && this.#key === 'log'
    else if (depth === ENTRIES_DEPTH && this.#inLog && !isObject && this.#key === 'entries')
      this.#inEntries = this.#hasEntries = true
    this.#keep(c)
    this.#state = isObject ? FIRST_KEY : FIRST_VALUE
  }

  #close(c: number, offset: number): void {
    if (c !== (this.#isObject[this.#depth] ? CLOSE_OBJECT : CLOSE_ARRAY)) this.#unexpected(offset)
    const depth = --this.#depth
    if (depth < ENTRIES_DEPTH) this.#inEntries = false
    if (depth < 2) this.#inLog = false
    if (this.#isEntry) this.#keep(c)
    this.#endValue()
    if (depth > 0) return
    this.#state = DOCUMENT
    if (!this.#hasEntries)
      throw new InputError('this is JSON, and no HAR: it has no list log.entries', { offset: offset + 1 })
  }

  #endValue(): void {
    this.#state = VALUE_END
    if (!this.#isEntry || this.#depth > ENTRIES_DEPTH) return
    this.#isEntry = false
    if (this.#isTooLong) this.#tooLong()
    else this.#take(this.#entry, this.#length)
  }

  #beginText(isKey: boolean): void {
    this.#isKey = isKey
    if (isKey && this.#depth <= 2) this.#key = ''
    this.#textLength = 0
    this.#keep(QUOTE)
    this.#state = TEXT
  }

  /** Passes over a text up to its end or an escape. @returns where to go on */
  #text(chunk: Uint8Array, from: number): number {
    let at = from
    while (at < chunk.length && chunk[at] !== QUOTE && chunk[at] !== BACKSLASH) at++
    this.#keepText(chunk, from, at)
    if (at === chunk.length) return at
    if (chunk[at] === BACKSLASH) {
      this.#state = ESCAPE
      this.#escapeLeft = 0
    } else {
      this.#keep(QUOTE)
      if (this.#isKey) this.#state = NAME_END
      else this.#endValue()
    }
    return at + 1
  }

  #keepText(chunk: Uint8Array, from: number, end: number): void {
    if (this.#isKey && this.#depth <= 2)
      for (let at = from; at < end && this.#key.length < 8; at++) this.#key += String.fromCharCode(chunk[at] as number)
    if (!this.#isEntry) return
    const room = LONGEST_TEXT - this.#textLength
    const kept = Math.min(end - from, room)
    if (kept <= 0) return
    this.#textLength += kept
    if (!this.#makeRoom(kept)) return
    this.#entry.set(chunk.subarray(from, from + kept), this.#length)
    this.#length += kept
  }

  /** An escape is kept whole or not at all. */
  #escape(c: number): void {
    const keeps = this.#textLength < LONGEST_TEXT
    if (this.#escapeLeft > 0) this.#escapeLeft--
    else {
      if (keeps) this.#keep(BACKSLASH)
      if (c === 117) this.#escapeLeft = 4
    }
    if (keeps) this.#keep(c)
    if (this.#escapeLeft > 0) return
    if (keeps) this.#textLength += 2
    this.#state = TEXT
  }

  /** Passes over a number, true, false or null. @returns where to go on */
  #word(chunk: Uint8Array, from: number): number {
    let at = from
    for (; at < chunk.length && isOfWord(chunk[at] as number); at++) this.#keep(chunk[at] as number)
    if (at < chunk.length) this.#endValue()
    return at
  }

  #keep(c: number): void {
    if (!this.#isEntry || !this.#makeRoom(1)) return
    this.#entry[this.#length++] = c
  }

  #makeRoom(bytes: number): boolean {
    const length = this.#length + bytes
    if (this.#isTooLong || length > LONGEST_ENTRY) {
      this.#isTooLong = true
      return false
    }
    if (length > this.#entry.length) {
      const larger = new Uint8Array(Math.min(LONGEST_ENTRY, length * 2))
      larger.set(this.#entry.subarray(0, this.#length))
      this.#entry = larger
    }
    return true
  }

  #unexpected(offset: number): never {
    throw new InputError(`this is no JSON: ${EXPECTED[this.#state]} has to stand here`, { offset })
  }
}

const isBlank = (c: number) => c === 32 || c === 10 || c === 13 || c === 9
/** Letters, digits, `+`, `-`, `.`: more than JSON allows, of which nothing but its end matters here. */
const isOfWord = (c: number) =>
  (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 122) || c === 43 || c === 45 || c === 46
