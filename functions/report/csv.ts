/**
 * CSV for spreadsheets (RFC 4180).
 *
 * A spreadsheet runs a cell that begins like a formula, and host names are written by whoever was captured: such cells get a
 * leading apostrophe (OWASP, "CSV Injection"). Every text is quoted, so that a list separator of another locale cannot
 * cut a cell in two.
 */
import { visible } from './visible.ts'

export type Cell = string | number | null

export type Columns<Row> = readonly (readonly [name: string, cell: (row: Row) => Cell])[]

/** A head, and a line a row. */
export function renderCsv<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  const lines = [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, cell]) => cell(row)))]
  return lines.map((cells) => `${cells.map(written).join(',')}\r\n`).join('')
}

/** A number as it is, nothing as nothing, a text quoted. */
function written(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  return PLAIN.test(cell) ? `"${cell}"` : `"${disarmed(visible(cell)).replaceAll('"', '""')}"`
}

/** Shows as it is, needs no doubled quote and begins no formula: nearly every cell of millions. */
const PLAIN = /^[\w“][ !#-~“”’…]*$/

/** Full-width forms of the signs begin a formula too, where the spreadsheet folds them. */
function disarmed(text: string): string {
  return /^\s*[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text
}
