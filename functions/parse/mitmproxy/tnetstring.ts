/**
 * tnetstrings, in which mitmproxy writes flows: length, colon, payload, and a letter that says what it was
 * (https://github.com/mitmproxy/mitmproxy/blob/main/mitmproxy/io/tnetstring.py). Chosen parts of values of any length are read
 * from chunks of any size in bounded memory: because the letter stands behind the payload, a shape says beforehand what is
 * looked for inside of which value.
 */
import { InputError } from '../../errors.ts'

/** What is wanted of a value: it as a whole, also where it is a body, its length alone, nothing, or what is in it. */
export type Shape = 'value' | 'body' | 'size' | 'nothing' | DictShape | ListShape

/** A dictionary, by its keys; nothing is wanted of others. */
export interface DictShape {
  readonly keys: Readonly<Record<string, Shape>>
}

/** A list of any length. Its elements are not kept: each is handed over as it ends. */
export interface ListShape {
  readonly name: string
  readonly element: Shape
}

/** What was read of a value. */
export interface Value {
  /** The letter: one of {@link LETTERS}. */
  readonly letter: number
  /** Bytes of the payload. */
  readonly length: number
  /** The payload; null where it was not wanted, or is longer than anything that is wanted. */
  readonly bytes: Uint8Array | null
  /** What was read of a dictionary. */
  readonly dict: ReadonlyMap<string, Value> | null
  /** What was read of an element of a list that is a list itself. */
  readonly list: readonly Value[] | null
}

export interface TakeValues {
  /** An element of the list of that name. */
  element(name: string, element: Value): void
  /** A whole value of the outermost level; null where it is malformed inside. */
  value(value: Value | null): void
}

/** Longer payloads are not held. */
const LONGEST_VALUE = 1 << 16
const LONGEST_BODY = 4 << 20
const LONGEST_KEY = 256
/** Elements that are kept of a list within a list: messages and header fields have six at most. */
const MOST_PARTS = 16
/** As mitmproxy reads lengths. */
const MOST_DIGITS = 12
const COLON = 58
const BYTES = 44
const TEXT = 59
export const LETTERS: ReadonlySet<number> = new Set([...',;#^!~]}'].map((letter) => letter.charCodeAt(0)))

/** A value that has begun. */
interface Frame {
  readonly shape: Shape
  /** Offset at which its payload ends, where its letter stands. */
  readonly end: number
  readonly length: number
  /** Of a dictionary, the key whose value is next; null where a key is. */
  key: string | null
  dict: Map<string, Value> | null
  list: Value[] | null
}

const ANY_KEY: Shape = 'value'

export class TnetstringReader {
  readonly #shape: Shape
  readonly #take: TakeValues
  #offset = 0
  /** Where the value of the outermost level begins. */
  #begin = 0
  #frames: Frame[] = []
  #prefix = 0
  #digits = 0
  #held = new Uint8Array(1 << 12)
  #heldLength = 0
  /** Bytes of the outermost value that are passed over because it is malformed; -1 where it is not. */
  #malformed = false

  constructor(shape: Shape, take: TakeValues) {
    this.#shape = shape
    this.#take = take
  }

  /** @throws InputError where the outermost level is malformed: there is no telling where the next value begins */
  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      const frame = this.#frames.at(-1)
      const offset = this.#offset + at
      if (frame === undefined) this.#length(chunk[at++] as number, offset)
      else if (offset === frame.end) {
        this.#endValue(frame, chunk[at++] as number, offset)
      } else if (typeof frame.shape === 'object' && !this.#malformed) this.#length(chunk[at++] as number, offset)
      else {
        const end = Math.min(chunk.length, at + frame.end - offset)
        if (isHeld(frame)) this.#hold(chunk.subarray(at, end))
        at = end
      }
    }
    this.#offset += chunk.length
  }

  /** @throws InputError where the last value is cut short */
  end(): void {
    if (this.#frames.length > 0 || this.#digits > 0)
      throw new InputError('the dump is cut short: it ends inside a flow that begins here', { offset: this.#begin })
  }

  /** One byte of a length. */
  #length(c: number, offset: number): void {
    if (this.#frames.length === 0 && this.#digits === 0) this.#begin = offset
    if (c >= 48 && c <= 57 && this.#digits < MOST_DIGITS) {
      this.#prefix = this.#prefix * 10 + c - 48
      this.#digits++
      return
    }
    const length = this.#prefix
    const isLength = c === COLON && this.#digits > 0
    this.#prefix = this.#digits = 0
    const frame = this.#frames.at(-1)
    const end = offset + 1 + length
    if (isLength && (frame === undefined || end < frame.end)) {
      this.#frames.push(frameOf(this.#nextShape(frame, length), end, length))
      this.#heldLength = 0
    } else if (frame === undefined)
      throw new InputError('this is no flow of a mitmproxy dump: a length and a colon have to stand here', { offset })
    else this.#fail()
  }

  #nextShape(frame: Frame | undefined, length: number): Shape {
    if (frame === undefined) return this.#shape
    const { shape } = frame
    if (typeof shape !== 'object') return 'nothing'
    if (!('keys' in shape)) return shape.element
    if (frame.key !== null) return Object.hasOwn(shape.keys, frame.key) ? (shape.keys[frame.key] as Shape) : 'nothing'
    return length <= LONGEST_KEY ? ANY_KEY : 'nothing'
  }

  /** The rest of the outermost value is passed over. */
  #fail(): void {
    this.#malformed = true
    this.#prefix = this.#digits = 0
    this.#frames.length = 1
  }

  #endValue(frame: Frame, letter: number, offset: number): void {
    if (this.#digits > 0 || (frame.dict !== null && frame.key !== null) || !LETTERS.has(letter)) {
      if (this.#frames.length === 1 && !LETTERS.has(letter))
        throw new InputError('this flow of a mitmproxy dump does not end where its length says', { offset })
      this.#fail()
      // The frame that failed may be the outermost one, which ends here.
      if (this.#frames[0] !== frame) return
    }
    this.#frames.pop()
    const bytes = isHeld(frame) ? this.#held.slice(0, this.#heldLength) : null
    const value: Value = { letter, length: frame.length, bytes, dict: frame.dict, list: frame.list }
    const outer = this.#frames.at(-1)
    if (outer === undefined) {
      this.#take.value(this.#malformed ? null : value)
      this.#malformed = false
    } else this.#add(outer, value)
  }

  #add(outer: Frame, value: Value): void {
    if (typeof outer.shape !== 'object') return
    if ('keys' in outer.shape) {
      if (outer.key === null) {
        if (value.bytes === null || (value.letter !== BYTES && value.letter !== TEXT)) this.#fail()
        else outer.key = textOf(value) ?? ''
        return
      }
      if (Object.hasOwn(outer.shape.keys, outer.key)) outer.dict?.set(outer.key, value)
      outer.key = null
    } else if (outer.shape.name === '') {
      if (outer.list !== null && outer.list.length < MOST_PARTS) outer.list.push(value)
    } else this.#take.element(outer.shape.name, value)
  }

  #hold(bytes: Uint8Array): void {
    const length = this.#heldLength + bytes.length
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(length, this.#held.length * 2))
      larger.set(this.#held.subarray(0, this.#heldLength))
      this.#held = larger
    }
    this.#held.set(bytes, this.#heldLength)
    this.#heldLength = length
  }
}

function isHeld({ shape, length }: Frame): boolean {
  return (shape === 'value' && length <= LONGEST_VALUE) || (shape === 'body' && length <= LONGEST_BODY)
}

function frameOf(shape: Shape, end: number, length: number): Frame {
  const isDict = typeof shape === 'object' && 'keys' in shape
  const isParts = typeof shape === 'object' && !isDict && shape.name === ''
  return { shape, end, length, key: null, dict: isDict ? new Map() : null, list: isParts ? [] : null }
}

const utf8 = new TextDecoder()

/** The text of bytes or text; null where it is neither, or was not held. */
export function textOf(value: Value | undefined): string | null {
  if (!value || value.bytes === null || (value.letter !== BYTES && value.letter !== TEXT)) return null
  return utf8.decode(value.bytes)
}
