/** What is said of a report as a whole, read without its findings. */
import { createHash } from 'node:crypto'
import type { Report } from '../model.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { readMembers } from './json-members.ts'

const MEMBERS = ['asOf', 'conclusion', 'criteria', 'declaration', 'period', 'snapshots', 'summary'] as const

export type ReportHead = Pick<Report, (typeof MEMBERS)[number]>

/**
 * Reads the `report.json` of a folder.
 *
 * @returns its head, and the SHA-256 of all of it, hex
 */
export async function readReportHead(
  reports: ObjectStore,
  folder: string,
): Promise<{ readonly head: ReportHead; readonly sha256: string }> {
  const hash = createHash('sha256')
  async function* hashed() {
    for await (const chunk of reports.open(`${folder}report.json`)) {
      hash.update(chunk)
      yield chunk
    }
  }
  const head = (await readMembers(hashed(), new Set(MEMBERS))) as unknown as ReportHead
  return { head, sha256: hash.digest('hex') }
}
