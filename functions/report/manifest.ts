/** `manifest.json`: every file that went into an audit and came out of it, with size and SHA-256, and the program that ran. */
import canonicalize from 'canonicalize'
import type { Report } from '../model.ts'
import { PROGRAM, type Program } from './program.ts'

export interface FileFacts {
  readonly name: string
  readonly size: number
  /** Hex. */
  readonly sha256: string
}

export interface Manifest {
  readonly schema: 'urn:domicile:schema:manifest-v1'
  readonly program: Program
  /** Named as the ledger names them. */
  readonly captures: readonly FileFacts[]
  /** The declaration and the sessions, as they were read. */
  readonly documents: readonly FileFacts[]
  /** Named by source and date. */
  readonly snapshots: readonly FileFacts[]
  /** Every other file of the report. */
  readonly outputs: readonly FileFacts[]
}

/**
 * Renders the manifest as canonical JSON (RFC 8785).
 *
 * @param files the declaration and sessions that were read, and the outputs that were written
 */
export function renderManifest(
  report: Report,
  files: { readonly documents: readonly FileFacts[]; readonly outputs: readonly FileFacts[] },
): string {
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
  const manifest: Manifest = {
    schema: 'urn:domicile:schema:manifest-v1',
    program: PROGRAM,
    captures: report.ledger.map(({ source, size, sha256 }) => ({ name: source, size, sha256 })),
    documents: [...files.documents].sort(byName),
    snapshots: report.snapshots.map(({ source, date, size, sha256 }) => ({ name: `${source} ${date}`, size, sha256 })),
    outputs: [...files.outputs].sort(byName),
  }
  return `${canonicalize(manifest) ?? ''}\n`
}
