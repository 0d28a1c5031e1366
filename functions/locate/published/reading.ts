/** One published file as it is read: its text, its JSON, and errors that say what it should be and where to get it. */
import { SnapshotError } from '../../errors.ts'
import { parseAddress } from '../../net/address.ts'
import { type Prefix, prefixAround } from '../../net/prefix.ts'

/** No provider holds as much as a prefix shorter than these: one that stands in a file is a slip, or was cut off. */
const SHORTEST = { 4: 8, 6: 16 } as const

/** Whether a prefix has more addresses than any provider or operator holds, as /0 has. */
export const isTooShort = ({ family, length }: Pick<Prefix, 'family' | 'length'>): boolean => length < SHORTEST[family]

export class Reading {
  readonly #bytes: Uint8Array
  readonly #name: string
  readonly #what: string
  readonly #where: string

  /**
   * @param name what to call the file in errors
   * @param what it should be: `AWS's ip-ranges.json`
   * @param where a person gets it
   */
  constructor(bytes: Uint8Array, name: string, what: string, where: string) {
    this.#bytes = bytes
    this.#name = name
    this.#what = what
    this.#where = where
  }

  /** @param why a clause: `it is empty` */
  error(why: string, cause?: unknown): SnapshotError {
    const message = `reading ${this.#what}: ${why}; get it from ${this.#where}`
    return new SnapshotError(this.#name, message, cause === undefined ? undefined : { cause })
  }

  /**
   * The file's text without a byte order mark.
   *
   * @throws SnapshotError where it is empty, not UTF-8, or a web page, as networks send one that ask for a login
   */
  text(): string {
    let text: string
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(this.#bytes)
    } catch (cause) {
      throw this.error('its bytes are not text in UTF-8', cause)
    }
    const start = /\S/.exec(text)?.[0]
    if (start === undefined) throw this.error('it is empty')
    if (start === '<') throw this.error('it is a web page')
    return text
  }

  /** @throws SnapshotError where the text is not JSON with an object at its top */
  json(): Readonly<Record<string, unknown>> {
    const text = this.text()
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw this.error(`it is not JSON, or not whole (${printable(why, 120)})`, cause)
    }
    return objectOf(value)
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value of a file as an object; without fields where it is none. */
export const objectOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {})

/** Whether the value is a plain name as regions and services have them, not anything that could end up in a report. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && /^\w[\w .-]{0,63}$/.test(value)
}

/** Text without what cannot be printed (control characters, half characters), on one line, and no longer than the limit. */
export function printable(text: string, limit: number): string {
  const start = text.slice(0, limit)
  return /[^ -~]/.test(start) ? start.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim() : start.trim()
}

/** A value of a file for a message. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return `"${printable(value, 80)}"`
  try {
    return printable(JSON.stringify(value) ?? 'nothing', 80)
  } catch {
    // Nested deeper than can be written.
    return Array.isArray(value) ? 'a list' : 'an object'
  }
}

/**
 * Reads a block of addresses as providers list them: an address alone is itself; bits beyond the length are 0, because a
 * `/13` of which the last digit was cut off has others.
 *
 * @returns null for any other text
 */
export function parseBlock(text: unknown): Prefix | null {
  if (typeof text !== 'string') return null
  const slash = text.indexOf('/')
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash))
  if (!address) return null
  const most = address.family === 4 ? 32 : 128
  const digits = slash < 0 ? String(most) : text.slice(slash + 1)
  const length = /^[1-9]\d{0,2}$/.test(digits) ? Number(digits) : 0
  if (isTooShort({ family: address.family, length }) || length > most) return null
  const prefix = prefixAround(address, length)
  return prefix.words.every((word, i) => word === address.words[i]) ? prefix : null
}
