/**
 * What is attested of an audit: an in-toto statement over every file of its report. Its predicate says what the report rests
 * on, each by its SHA-256: captures, declaration and sessions, snapshots, and the program that judged.
 *
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
import canonicalize from 'canonicalize'
import type { Report } from '../model.ts'
import type { FileFacts, Manifest } from './manifest.ts'

export const STATEMENT_TYPE = 'application/vnd.in-toto+json'
export const AUDIT_PREDICATE = 'urn:domicile:predicate:audit-v1'

/** https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md */
interface ResourceDescriptor {
  readonly name: string
  readonly digest: { readonly sha256: string }
  readonly annotations?: Readonly<Record<string, string>>
}

/**
 * The statement as canonical JSON: the same report gives the same bytes.
 *
 * SLSA's verification summary would be a known predicate, but has no word for an audit that neither passed nor failed.
 *
 * @param files of the report, the manifest among them
 * @param manifest of that report
 * @param time of the audit, ISO 8601 UTC
 */
export function statementOf(
  report: Pick<Report, 'conclusion' | 'declaration' | 'period' | 'asOf' | 'summary' | 'snapshots'>,
  manifest: Pick<Manifest, 'program' | 'captures' | 'documents'>,
  files: readonly FileFacts[],
  time: string,
): Uint8Array {
  const { conclusion, declaration, period, asOf, summary, snapshots } = report
  const { id, version, sha256 } = declaration
  const byName = [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: byName.map(resource),
    predicateType: AUDIT_PREDICATE,
    predicate: {
      program: manifest.program,
      conclusion,
      time,
      declaration: { id, version, digest: { sha256 } },
      period,
      asOf,
      findings: summary.findings,
      captures: manifest.captures.map(resource),
      documents: manifest.documents.map(resource),
      snapshots: snapshots.map(({ source, date, sha256 }) => ({
        ...resource({ name: source, sha256 }),
        annotations: { date },
      })),
    },
  }
  return new TextEncoder().encode(canonicalize(statement))
}

const resource = ({ name, sha256 }: Pick<FileFacts, 'name' | 'sha256'>): ResourceDescriptor => ({
  name,
  digest: { sha256 },
})
