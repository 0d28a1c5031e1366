/**
 * What is attested of an audit: an in-toto statement over every file of its report. The manifest is one of them, and names
 * captures, sessions, declaration and snapshots by their hashes, so that the statement ties all of them together.
 *
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
import canonicalize from 'canonicalize'
import type { Report } from '../model.ts'
import type { FileFacts } from './manifest.ts'

export const STATEMENT_TYPE = 'application/vnd.in-toto+json'
export const AUDIT_PREDICATE = 'urn:domicile:predicate:audit-v1'

/**
 * The statement as canonical JSON: the same report gives the same bytes.
 *
 * SLSA's verification summary would be a known predicate, but has no word for an audit that neither passed nor failed.
 *
 * @param files of the report, the manifest among them
 * @param time of the audit, ISO 8601 UTC
 */
export function statementOf(
  report: Pick<Report, 'conclusion' | 'declaration' | 'period' | 'asOf' | 'summary'>,
  files: readonly FileFacts[],
  time: string,
): Uint8Array {
  const { conclusion, declaration, period, asOf, summary } = report
  const { id, version, sha256 } = declaration
  const byName = [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: byName.map((file) => ({ name: file.name, digest: { sha256: file.sha256 } })),
    predicateType: AUDIT_PREDICATE,
    predicate: {
      conclusion,
      time,
      declaration: { id, version, digest: { sha256 } },
      period,
      asOf,
      findings: summary.findings,
      captures: summary.captures,
    },
  }
  return new TextEncoder().encode(canonicalize(statement))
}
