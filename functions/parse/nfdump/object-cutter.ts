/**
 * Cuts JSON objects out of an array or out of lines, as nfdump writes both: one object a flow, without others in it. What is
 * broken ends where the next object begins. Bounded memory, whatever is pushed.
 */
import { arrayBreaksOff } from '../json-objects.ts'

/** An object of nfdump with every extension is below 8 kB. */
const LONGEST = 1 << 16

const NEWLINE = 10
const QUOTE = 34
const COMMA = 44
const OPEN_ARRAY = 91
const BACKSLASH = 92
const CLOSE_ARRAY = 93
const OPEN = 123
const CLOSE = 125

/** Takes an object, from its brace to its brace; the bytes may be overwritten after the call returns. */
export type TakeObject = (bytes: Uint8Array, from: number, end: number) => void

export class ObjectCutter {
  /** The line on which the object that is handed over begins, from 1. */
  line = 1
  /** The line that is read. */
  #lastLine = 1
  readonly #take: TakeObject
  readonly #broken: (text: string) => void
  readonly #carry = new Uint8Array(LONGEST)
  #carried = 0
  #isObject = false
  /** The object that is open is longer than any: it is passed over up to its brace. */
  #isTooLong = false
  #isText = false
  #isEscaped = false
  /** Brackets around the objects that are open. */
  #arrays = 0
  /** What stands between objects on a line, as far as it is neither bracket nor comma. */
  #between = ''

  /** @param broken is told of what is no object: the text of a line between objects, or nothing of what broke off */
  constructor(take: TakeObject, broken: (text: string) => void) {
    this.#take = take
    this.#broken = broken
  }

  push(chunk: Uint8Array): void {
    let from = 0
    let at = 0
    while (at < chunk.length) {
      if (this.#isObject) at = this.#passInside(chunk, at)
      if (at === chunk.length) break
      const c = chunk[at] as number
      if (c === OPEN) {
        // No object has another in it: one that is begun was never closed.
        if (this.#isObject) this.#breakOff()
        this.#endLine()
        this.#begin()
        from = at
      } else if (!this.#isObject) this.#passBetween(c)
      else if (c === CLOSE) {
        this.#isObject = false
        this.#handOver(chunk, from, at + 1)
        this.#carried = 0
      } else {
        this.#lastLine++
        this.#breakOff()
      }
      at++
    }
    if (this.#isObject) this.#keep(chunk, from)
  }

  end(): void {
    if (this.#isObject) this.#breakOff()
    this.#endLine()
  }

  /** @throws InputError where the text ended inside of an array; call it once all that was read counts */
  assertWhole(): void {
    if (this.#arrays > 0) throw arrayBreaksOff(this.#lastLine)
  }

  /** @returns the offset of the brace at which an object ends or another begins, or of the line break that its text cannot have */
  #passInside(chunk: Uint8Array, from: number): number {
    let isText = this.#isText
    let isEscaped = this.#isEscaped
    let at = from
    for (; at < chunk.length; at++) {
      const c = chunk[at] as number
      if (isText) {
        if (isEscaped) isEscaped = false
        else if (c === QUOTE) isText = false
        else if (c === BACKSLASH) isEscaped = true
        else if (c === NEWLINE) break
      } else if (c === QUOTE) isText = true
      else if (c === CLOSE || c === OPEN) break
      else if (c === NEWLINE) this.#lastLine++
    }
    this.#isText = isText
    this.#isEscaped = isEscaped
    return at
  }

  #begin(): void {
    this.#isObject = true
    this.#isTooLong = false
    this.line = this.#lastLine
    this.#carried = 0
    this.#isText = this.#isEscaped = false
  }

  #breakOff(): void {
    this.#isObject = false
    this.#carried = 0
    this.#isText = false
    this.#broken('')
  }

  #handOver(chunk: Uint8Array, from: number, end: number): void {
    const length = this.#carried === 0 ? end - from : this.#carried + end
    if (this.#isTooLong || length > LONGEST) this.#broken('')
    else if (this.#carried === 0) this.#take(chunk, from, end)
    else {
      this.#carry.set(chunk.subarray(0, end), this.#carried)
      this.#take(this.#carry, 0, this.#carried + end)
    }
  }

  /** Keeps what is there of an object, unless it is too long. */
  #keep(chunk: Uint8Array, from: number): void {
    if (this.#isTooLong) return
    const begin = this.#carried > 0 ? 0 : from
    if (this.#carried + chunk.length - begin > LONGEST) {
      this.#isTooLong = true
      return
    }
    this.#carry.set(chunk.subarray(begin), this.#carried)
    this.#carried += chunk.length - begin
  }

  #passBetween(c: number): void {
    if (c === NEWLINE) {
      this.#lastLine++
      this.#endLine()
    } else if (c === OPEN_ARRAY) this.#arrays++
    else if (c === CLOSE_ARRAY) this.#arrays = Math.max(0, this.#arrays - 1)
    else if (c !== COMMA && this.#between.length < 64) this.#between += String.fromCharCode(c)
  }

  #endLine(): void {
    const text = this.#between.replace('\u00ef\u00bb\u00bf', '').trim()
    this.#between = ''
    if (text !== '') this.#broken(text)
  }
}
