/** `findings.csv`: a row a finding. */
import type { Finding, Report } from '../model.ts'
import { type Columns, renderCsv } from './csv.ts'
import { UNSTATED_PROTOCOL } from './phrase.ts'
import { captured } from './visible.ts'

const COLUMNS: Columns<Finding> = [
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
  return renderCsv(COLUMNS, report.findings)
}
