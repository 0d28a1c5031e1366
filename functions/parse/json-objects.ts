/** Cuts the objects of a JSON array, or objects that spread over several lines, out of what is pushed. Bounded memory. */
import { InputError } from '../errors.ts'

/** Longest object that is kept where its reader does not say otherwise. */
const LONGEST = 1 << 20

const QUOTE = 34
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const BACKSLASH = 92
const OPEN = 123
const CLOSE = 125
const NEWLINE = 10

/** Takes an object: it stands in `bytes` from `from` up to `end`, which may be overwritten after the call returns. */
export type TakeObject = (bytes: Uint8Array, from: number, end: number) => void

/**
 * Whether a text is to be cut into objects rather than lines: it begins with an array, or with an object whose first line
 * does not hold all of it.
 *
 * @param head the first bytes of the text
 */
export function holdsObjects(head: Uint8Array): boolean {
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  while (at < head.length && isBlank(head[at] as number)) at++
  if (head[at] === OPEN_ARRAY) return true
  if (head[at] !== OPEN) return false
  let end = head.indexOf(NEWLINE, at)
  if (end < 0) return false
  while (end > at && isBlank(head[end - 1] as number)) end--
  return head[end - 1] !== CLOSE
}

/**
 * What an array whose closing bracket is missing is: one cut short, of which nobody knows how much is gone.
 *
 * @param line of its end, from 1
 */
export function arrayBreaksOff(line: number): InputError {
  return new InputError('the array breaks off: its closing bracket is not there', { line })
}

export class JsonObjectCutter {
  /** Number of the line in which the object that is handed over ends, from 1. */
  line = 1
  readonly #take: TakeObject
  readonly #leaveOut: (reason: 'malformed-record' | 'record-too-long') => void
  readonly #longest: number
  /** Braces that are open. */
  #depth = 0
  /** Brackets around the objects that are open. */
  #arrays = 0
  #inText = false
  #escaped = false
  /** In what is no object, such as a number of an array. */
  #inOther = false
  #isTooLong = false
  #carry = new Uint8Array(1 << 12)
  #carried = 0

  /** @param leaveOut is told of what cannot be taken, in its place among the others */
  constructor(take: TakeObject, leaveOut: (reason: 'malformed-record' | 'record-too-long') => void, longest = LONGEST) {
    this.#take = take
    this.#leaveOut = leaveOut
    this.#longest = longest
  }

  push(chunk: Uint8Array): void {
    let from = 0
    for (let at = 0; at < chunk.length; at++) {
      const c = chunk[at] as number
      if (c === NEWLINE) this.line++
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false
        else if (c === BACKSLASH) this.#escaped = true
        else if (c === QUOTE) this.#inText = false
      } else if (this.#depth === 0) {
        if (c === OPEN) {
          from = at
          this.#depth = 1
          this.#inOther = false
        } else this.#between(c)
      } else if (c === QUOTE) this.#inText = true
      else if (c === OPEN) this.#depth++
      else if (c === CLOSE && --this.#depth === 0) this.#handOver(chunk, from, at + 1)
    }
    if (this.#depth > 0) this.#keep(chunk.subarray(from))
  }

  end(): void {
    if (this.#depth > 0) this.#leaveOut(this.#isTooLong ? 'record-too-long' : 'malformed-record')
    this.#depth = 0
  }

  /** @throws InputError where the text ended inside of an array; call it once all that was read counts */
  assertWhole(): void {
    if (this.#arrays > 0) throw arrayBreaksOff(this.line)
  }

  /** Blanks, commas and the array's brackets stand between objects; anything else is a record that is none. */
  #between(c: number): void {
    if (c === OPEN_ARRAY) this.#arrays++
    else if (c === CLOSE_ARRAY && this.#arrays > 0) this.#arrays--
    if (isBlank(c) || c === 44 || c === OPEN_ARRAY || c === CLOSE_ARRAY) this.#inOther = false
    else if (!this.#inOther && c !== 0xef && c !== 0xbb && c !== 0xbf) {
      this.#inOther = true
      this.#leaveOut('malformed-record')
    }
  }

  #handOver(chunk: Uint8Array, from: number, end: number): void {
    if (this.#carried === 0 && !this.#isTooLong && end - from <= this.#longest) this.#take(chunk, from, end)
    else {
      this.#keep(chunk.subarray(from, end))
      if (this.#isTooLong) this.#leaveOut('record-too-long')
      else this.#take(this.#carry, 0, this.#carried)
    }
    this.#carried = 0
    this.#isTooLong = false
  }

  #keep(part: Uint8Array): void {
    const length = this.#carried + part.length
    if (this.#isTooLong || length > this.#longest) {
      this.#isTooLong = true
      return
    }
    if (length > this.#carry.length) {
      const larger = new Uint8Array(Math.min(this.#longest, length * 2))
      larger.set(this.#carry.subarray(0, this.#carried))
      this.#carry = larger
    }
    this.#carry.set(part, this.#carried)
    this.#carried = length
  }
}

const isBlank = (byte: number) => byte === 32 || byte === NEWLINE || byte === 13 || byte === 9
