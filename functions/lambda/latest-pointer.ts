/** `latest/<declaration>/<campaign>.json`: where the newest report on a campaign by a declaration stands. */
import type { Conclusion } from '../model.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { latestKey } from './audit-keys.ts'
import { documentBytes } from './document-bytes.ts'
import { readJson } from './stored-json.ts'

export interface LatestReport {
  readonly schema: 'urn:domicile:schema:latest-v1'
  /** Id of the declaration. */
  readonly declaration: string
  readonly campaign: string
  /** Of the audit, ISO 8601 UTC; the folder's name, in another form. */
  readonly time: string
  readonly conclusion: Conclusion
  /** Folder of the report, with a slash at its end. */
  readonly report: string
  /** Of its `report.json`, hex. */
  readonly sha256: string
}

/** Other audits of the same campaign that may end at the same moment. */
const ATTEMPTS = 10

/**
 * Points to a report, unless a newer one is pointed to.
 *
 * @returns whether it points to this report now because of this call
 * @throws Error where others move it all the time
 */
export async function pointTo(reports: ObjectStore, latest: LatestReport): Promise<boolean> {
  const key = latestKey(latest.declaration, latest.campaign)
  const contentType = 'application/json'
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // The version is looked up before the content is read: what is read is then as new, or the write is refused.
    const there = await reports.facts(key)
    if (there !== null && ((await readJson(reports, key)) as LatestReport).time >= latest.time) return false
    const condition = there === null ? { onlyIfAbsent: true } : { onlyIfVersion: there.version }
    if (await reports.write(key, documentBytes(latest), { ...condition, contentType })) return true
  }
  throw new Error(
    `moving ${key} to ${latest.report}: it was moved by others ${ATTEMPTS} times; the next attempt goes on`,
  )
}
