/** What people are told when an audit has ended. It holds counts and names of the declaration, and nothing of a device. */
import { count, grouped } from '../report/phrase.ts'
import type { Message } from './announce.ts'
import type { ReportHead } from './report-head.ts'

/** What SNS takes as a subject: fewer than 100 characters of ASCII. */
const subjectOf = (text: string) => text.replace(/[^ -~]/g, '?').slice(0, 99)

/**
 * @param place of the report's folder, such as `s3://bucket/reports/…/`
 * @param sha256 of `report.json`
 */
export function conclusionMessage(report: ReportHead, campaign: string, place: string, sha256: string): Message {
  const { conclusion, declaration, period, summary } = report
  const { judged, outOfScope, findings } = summary
  const outside = Object.values(outOfScope).reduce((sum, flows) => sum + flows, 0)
  const split = ({ violation, indeterminate, compliant }: typeof judged) =>
    `${grouped(violation)} in violation, ${grouped(indeterminate)} indeterminate, ${grouped(compliant)} compliant`
  return {
    subject: subjectOf(`Domicile: ${conclusion}: ${campaign}, by ${declaration.id}`),
    text: [
      `${conclusion}. ${sentence(report)}`,
      '',
      `Campaign: ${campaign}`,
      `Declaration: ${declaration.id}, version ${declaration.version}`,
      `Packets: ${period.from ?? 'none'}${period.until === null ? '' : ` to ${period.until}`}`,
      `Evidence: ${count(summary.sessions, 'session')}, ${count(summary.captures, 'capture')}`,
      `Flows: ${split(judged)}, ${grouped(outside)} out of scope`,
      `Findings: ${split(findings)}`,
      `Report: ${place}report.html`,
      `SHA-256 of report.json: ${sha256}`,
    ].join('\n'),
    attributes: { conclusion, campaign, declaration: declaration.id, report: place },
  }
}

/** The report itself says which hosts and places; here, counts are enough. */
function sentence({ conclusion, criteria, summary: { judged, findings } }: ReportHead): string {
  if (conclusion === 'fail')
    // Not every finding is of a place: identifiers that were sent before anybody had agreed are one too.
    return `${count(findings.violation, 'finding')} of the declaration being broken; ${count(judged.violation, 'flow')} stood where it lets none go.`
  if (conclusion === 'pass')
    return `${count(judged.compliant, 'flow')} to declared services stood where the declaration says, and none broke it.`
  const open = criteria.filter(({ status }) => status !== 'met').map(({ title }) => title.toLowerCase())
  return `No flow broke the declaration, but the evidence does not carry a pass; open: ${open.join('; ')}.`
}
