/** What people are told when an audit has ended. It holds counts and names of the declaration, and nothing of a device. */
import type { Report } from '../model.ts'
import { count, grouped, verdictSentence } from '../report/phrase.ts'
import type { Message } from './announce.ts'

/**
 * @param place of the report's folder, such as `s3://bucket/reports/…/`
 * @param sha256 of `report.json`
 */
export function conclusionMessage(report: Report, place: string, sha256: string): Message {
  const { conclusion, declaration, period, summary } = report
  const { judged, outOfScope, findings } = summary
  const outside = Object.values(outOfScope).reduce((sum, flows) => sum + flows, 0)
  const split = ({ violation, indeterminate, compliant }: typeof judged) =>
    `${grouped(violation)} in violation, ${grouped(indeterminate)} indeterminate, ${grouped(compliant)} compliant`
  return {
    subject: `Domicile: ${conclusion}: ${declaration.id}`,
    text: [
      `${conclusion}. ${verdictSentence(report)}`,
      '',
      `Declaration: ${declaration.id}, version ${declaration.version}`,
      `Packets: ${period.from ?? 'none'}${period.until === null ? '' : ` to ${period.until}`}`,
      `Evidence: ${count(summary.sessions, 'session')}, ${count(summary.captures, 'capture')}`,
      `Flows: ${split(judged)}, ${grouped(outside)} out of scope`,
      `Findings: ${split(findings)}`,
      `Report: ${place}report.html`,
      `SHA-256 of report.json: ${sha256}`,
    ].join('\n'),
    attributes: { conclusion, declaration: declaration.id, report: place },
  }
}
