/**
 * Finds numbers by their digits, whatever they are grouped with: `+1 (202) 555-0123`, `2025550123` and `202.555.0123` are one number.
 *
 * A number of at least seven digits fills at least seven bytes with digits and what may stand between them, all of which are of
 * the 32 ASCII characters from blank to `?`: four bytes at a multiple of four lie wholly in it, and one mask tells whether they
 * are such. Around these the digits are collected; their last six, as a number, are looked up in a bitmap of a million bits.
 */
import type { Seed } from '../model.ts'
import { isDigit } from './flanks.ts'
import { fourAt, WORTH_A_VIEW } from './four-bytes.ts'

/** A number as it is searched for: its digits in the order in which they are sent. */
export interface SoughtNumber {
  readonly seed: Seed
  readonly digits: string
  readonly chain: readonly string[]
}

export type MeetNumber = (number: SoughtNumber, from: number, until: number) => void

/** Shorter ones are in every table of numbers. */
export const LEAST_DIGITS = 7
const KEY_DIGITS = 6
const KEYS = 1_000_000
/** Bytes between two groups, and groups: beyond that it is a list of numbers and not one. */
const MOST_BETWEEN = 3
const MOST_GROUPS = 6

const DIGIT = 1
const BETWEEN = 2
const kindOf = new Uint8Array(256)
for (const character of ' -.()/+') kindOf[character.charCodeAt(0)] = BETWEEN
for (const character of '0123456789') kindOf[character.charCodeAt(0)] = DIGIT

export class DigitFinder {
  readonly #bits = new Uint8Array(KEYS / 8)
  readonly #numbers = new Map<number, SoughtNumber[]>()
  constructor(numbers: readonly SoughtNumber[]) {
    for (const number of numbers) {
      const key = Number(number.digits.slice(-KEY_DIGITS))
      this.#bits[key >>> 3] = (this.#bits[key >>> 3] as number) | (1 << (key & 7))
      this.#numbers.set(key, [...(this.#numbers.get(key) ?? []), number])
    }
  }

  find(bytes: Uint8Array, meet: MeetNumber): void {
    const end = bytes.length - 3
    if (bytes.length < WORTH_A_VIEW) {
      for (let i = 0; i < end; ) i = mayBeDigits(fourAt(bytes, i)) ? this.#stretch(bytes, i, meet) : i + 4
      return
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let i = 0; i < end; ) i = mayBeDigits(view.getInt32(i, true)) ? this.#stretch(bytes, i, meet) : i + 4
  }

  /** Reads the digits around a place. @returns the first multiple of four behind them */
  #stretch(bytes: Uint8Array, at: number, meet: MeetNumber): number {
    const bits = this.#bits
    let from = at
    while (from > 0 && kindOf[bytes[from - 1] as number] !== 0) from--
    let key = 0
    let digits = 0
    let i = from
    for (; i < bytes.length; i++) {
      const byte = bytes[i] as number
      const kind = kindOf[byte]
      if (kind === 0) break
      if (kind === BETWEEN) continue
      key = ((key * 10 + byte - 0x30) % KEYS) | 0
      digits++
      if (digits >= LEAST_DIGITS && (((bits[key >>> 3] as number) >>> (key & 7)) & 1) === 1 && !isDigit(bytes[i + 1]))
        this.#compare(bytes, key, i, meet)
    }
    return Math.max(at + 4, (i + 3) & ~3)
  }

  /** Holds the numbers with these last digits against what ends at a place. */
  #compare(bytes: Uint8Array, key: number, last: number, meet: MeetNumber): void {
    for (const number of this.#numbers.get(key) ?? []) {
      const places = placesOf(number.digits, bytes, last)
      if (places !== null && isOneNumber(bytes, places)) meet(number, places[0] as number, last + 1)
    }
  }
}

/** Whether all four bytes are of the 32 characters. */
const mayBeDigits = (four: number): boolean => (four & 0xe0e0e0e0) === 0x20202020

/** Where each digit of a number stands that ends at a place; null where it does not. */
function placesOf(digits: string, bytes: Uint8Array, last: number): readonly number[] | null {
  const places = new Array<number>(digits.length)
  let at = last
  for (let i = digits.length - 1; i >= 0; i--) {
    const next = at
    while (next - at <= MOST_BETWEEN && kindOf[bytes[at] ?? 0] === BETWEEN) at--
    if (bytes[at] !== digits.charCodeAt(i)) return null
    places[i] = at--
  }
  return places
}

/** Whether digits stand alone and in groups as people write them: only the first and last may be of a single digit. */
function isOneNumber(bytes: Uint8Array, places: readonly number[]): boolean {
  const first = places[0] as number
  if (isDigit(bytes[first - 1])) return false
  const groups = [1]
  for (let i = 1; i < places.length; i++) {
    const between = (places[i] as number) - (places[i - 1] as number) - 1
    if (between > MOST_BETWEEN) return false
    if (between === 0) groups[groups.length - 1] = (groups.at(-1) as number) + 1
    else groups.push(1)
  }
  // The decimals of a fraction are no number of their own.
  if (groups.length === 1 && bytes[first - 1] === 0x2e && isDigit(bytes[first - 2])) return false
  return groups.length <= MOST_GROUPS && groups.slice(1, -1).every((digits) => digits > 1)
}
