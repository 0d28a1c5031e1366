/**
 * Zeek's logs in columns: the header lines that say how rows are read, and rows taken apart.
 * https://docs.zeek.org/en/master/log-formats.html#zeek-tsv-format-logs
 */
import { InputError } from '../../errors.ts'
import { ABSENT, TEXT } from '../json-fields.ts'
import { columnField, FIELDS, logOfFields, logOfPath, type ZeekLog } from './fields.ts'
import { RowFields } from './row-fields.ts'

const TAB = 9
const utf8 = new TextEncoder()

export class Columns {
  readonly row = new RowFields(null)
  /** Which log the rows are of; null before the first `#fields`. */
  log: ZeekLog | null = null
  /** As `#path` names it, empty where it does not. */
  path = ''
  #separator = TAB
  #unset = utf8.encode('-')
  #empty = utf8.encode('(empty)')
  /** By column: its field, -1 for none. */
  #fields = new Int16Array(0)

  /**
   * Takes a line that begins with `#`; those that say nothing of how rows are read are passed over.
   *
   * @throws InputError where the separator is no single byte, or the unset or empty marker is the separator
   */
  header(line: string, number: number): void {
    const [, key = '', rest = ''] = /^#([a-z_]+)(.*)$/s.exec(line) ?? []
    // `#separator` itself is set apart by a blank, the others by what it names.
    const value = unescaped(rest.slice(1))
    if (key === 'separator') {
      if (value.length !== 1)
        throw new InputError('reading a Zeek log: its #separator is not one byte; write it with one', { line: number })
      this.#separator = value.charCodeAt(0)
      // A file begins: what the one before said no longer holds.
      this.path = ''
      this.log = null
    } else if (key === 'set_separator') this.row.setSeparator = value
    else if (key === 'unset_field') this.#unset = utf8.encode(value)
    else if (key === 'empty_field') this.#empty = utf8.encode(value)
    else if (key === 'path') this.path = value
    else if (key === 'fields') this.#setFields(rest.slice(1).split(String.fromCharCode(this.#separator)))
  }

  #setFields(columns: readonly string[]): void {
    this.#fields = Int16Array.from(columns, columnField)
    const there = new Uint8Array(FIELDS).fill(ABSENT)
    // Of a field that is named twice the first column counts.
    for (const [index, field] of this.#fields.entries())
      if (field >= 0) {
        if (there[field] !== ABSENT) this.#fields[index] = -1
        there[field] = TEXT
      }
    this.row.kinds.fill(ABSENT)
    this.log = this.path === '' ? logOfFields(there) : logOfPath(this.path)
  }

  /** Takes a row apart into {@link row}. @returns false where it has not as many columns as `#fields` names */
  read(bytes: Uint8Array, from: number, end: number): boolean {
    const fields = this.#fields
    const separator = this.#separator
    const unset = this.#unset
    const empty = this.#empty
    const { row } = this
    const { kinds, from: froms, end: ends } = row
    row.bytes = bytes
    let at = from
    for (let column = 0; column < fields.length; column++) {
      const begin = at
      while (at < end && bytes[at] !== separator) at++
      const field = fields[column] as number
      if (field >= 0) {
        const isUnset = at - begin === unset.length && isText(unset, bytes, begin)
        const isEmpty = at - begin === empty.length && isText(empty, bytes, begin)
        kinds[field] = isUnset ? ABSENT : TEXT
        froms[field] = begin
        ends[field] = isEmpty ? begin : at
      }
      if (at === end) return column === fields.length - 1
      at++
    }
    return false
  }
}

function isText(text: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (text[i] !== bytes[from + i]) return false
  return true
}

const unescaped = (text: string) =>
  text.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
