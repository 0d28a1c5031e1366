/**
 * `findings.csv`: a row a finding, for spreadsheets (RFC 4180).
 *
 * A spreadsheet runs a cell that begins like a formula, and host names are written by whoever was captured: such cells get a
 * leading apostrophe (OWASP, "CSV Injection"). Every text is quoted, so that a list separator of another locale cannot
 * cut a cell in two.
 */
import type { Finding, Report } from '../model.ts'
import { UNSTATED_PROTOCOL } from './phrase.ts'
import { captured, visible } from './visible.ts'

type Cell = string | number | null

const COLUMNS: readonly (readonly [name: string, cell: (finding: Finding) => Cell])[] = [
  ['id', ({ id }) => id],
  ['verdict', ({ verdict }) => verdict],
  ['rule', ({ rule }) => rule],
  ['service', ({ service }) => service],
  ['phase', ({ phase }) => phase],
  ['host', ({ host }) => host && captured(host, 260)],
  ['known_by', ({ via }) => via.join('; ')],
  ['remote_ip', ({ remote }) => remote.ip],
  ['remote_port', ({ remote }) => remote.port],
  ['protocol', ({ remote }) => (remote.proto === UNSTATED_PROTOCOL ? null : remote.proto)],
  ['grade', ({ location }) => location.grade],
  ['country', ({ location }) => location.country],
  ['subdivision', ({ location }) => location.subdivision],
  ['city', ({ location }) => location.city],
  ['cloud', ({ location }) => location.cloud],
  ['prefix', ({ location }) => location.prefix],
  ['flows', ({ flows }) => flows],
  ['bytes_out', ({ bytes }) => bytes.out],
  ['bytes_in', ({ bytes }) => bytes.in],
  ['first', ({ first }) => first],
  ['last', ({ last }) => last],
  ['sessions', ({ sessions }) => sessions.join('; ')],
  ['steps', ({ steps }) => steps.join('; ')],
  ['waiver', ({ waiver }) => waiver],
  ['reasons', ({ reasons }) => reasons.join(' ')],
  ['settle', ({ settle }) => settle],
  ['location_id', ({ location }) => location.id],
  ['captures', ({ captures }) => captures.join('; ')],
]

export function renderFindingsCsv(report: Report): string {
  const rows = [
    COLUMNS.map(([name]) => name),
    ...report.findings.map((finding) => COLUMNS.map(([, cell]) => cell(finding))),
  ]
  return rows.map((cells) => `${cells.map(written).join(',')}\r\n`).join('')
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
