/** Where something stands in a document: keys and indexes from the root. */
export type Path = readonly (string | number)[]

/** What knows where things stand in a text. */
export interface Positions {
  /**
   * Line and column, from 1. Of the value at the path, or of its key; where there is no such value, of the nearest key
   * above it.
   */
  positionOf(path: Path, atKey?: boolean): { readonly line: number; readonly column: number }
}

/** `services[0].phases[1].from`; a key that is no plain word stands in quotes. */
export function pathText(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[\w-]{1,64}$/.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${quoted(step)}]`
  }
  return text
}

/**
 * Text of a document made fit for a message: shortened, and control, formatting and bidirectional characters shown as
 * escapes, so that a hostile file cannot steer a terminal.
 */
export function quoted(text: string): string {
  return `\`${printable(text.length > 60 ? `${text.slice(0, 57)}…` : text).replaceAll('`', "'")}\``
}

/** Text with its control, formatting and bidirectional characters shown as escapes. */
export const printable = (text: string) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped)

const escaped = (char: string) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`

/** What a value is, for a person: ``the text `x` ``, `the number 3`, `a list`. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (typeof value === 'string') return value === '' ? 'empty text' : `the text ${quoted(value)}`
  if (Number.isNaN(value)) return '`.nan`'
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`
  if (typeof value === 'boolean') return `the truth value ${value}`
  return Array.isArray(value) ? 'a list' : 'a map of keys'
}

/** The same without what it says: `text`, `a number`. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return 'text'
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number'
  return described(value)
}
