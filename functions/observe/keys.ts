/**
 * Where the evidence of a capture is stored. Evidence is named by what it is made from, so that making it twice, in any order
 * and by whomever, writes the same bytes to the same keys.
 */
import { createHash } from 'node:crypto'
import type { Observation } from '../model.ts'

/**
 * What the program makes of a capture. It is raised whenever observations or ledger of the same bytes may come out otherwise:
 * evidence that stands is never replaced, so what is made otherwise needs a key of its own.
 */
export const EVIDENCE_VERSION = 6

/** What a capture's evidence is made from, beside the program. */
export interface EvidenceOrigin {
  /** Of the capture's bytes as they were uploaded, hex. */
  readonly sha256: string
  /** The capture's path within its campaign, as its ledger names it. */
  readonly source: string
  /** Of its `session.yaml`, hex; null for a capture that has none. */
  readonly sessionSha256: string | null
  /** Of the key log that was given beside the capture, hex; left out where none was. */
  readonly keyLogSha256?: string
  /**
   * What was looked for in it, of {@link searchId}; left out where nothing was: the session has no seeds, or their key was not
   * there.
   */
  readonly search?: string
  /** Of the captures that were read with it, hex, as its ledger names them; left out where there were none. */
  readonly readWith?: readonly string[]
}

/** Name of a capture's evidence: 64 hex digits. */
export function evidenceId(given: EvidenceOrigin): string {
  const { sha256, source, sessionSha256, keyLogSha256, readWith, search } = given
  const origin: unknown[] = [EVIDENCE_VERSION, sha256, source, sessionSha256]
  if (keyLogSha256 !== undefined || readWith !== undefined || search !== undefined) origin.push(keyLogSha256 ?? null)
  if (readWith !== undefined || search !== undefined) origin.push(readWith ?? null)
  if (search !== undefined) origin.push(search)
  return createHash('sha256').update(JSON.stringify(origin)).digest('hex')
}

/** Name of a search for planted identifiers, 64 hex digits. @param key {@link SeedList.key} of the session's seeds */
export const searchId = (key: string, salts: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([key, [...salts].sort()]))
    .digest('hex')

/** Key of a capture's ledger. */
export const ledgerKey = (id: string) => `ledger/${id}.json`

/** A part of a key that may hold any characters: those that a key cannot hold are percent-encoded. */
export const keyPart = (name: string) => encodeURIComponent(name)

/** One file of observations: a capture's of one UTC date. */
export interface ObservationFile {
  readonly key: string
  readonly observations: readonly Observation[]
}

/**
 * Divides a capture's observations by the UTC date of their hour, in the layout that Athena and DuckDB prune by.
 *
 * @param campaign its name, of any characters
 * @param id of {@link evidenceId}
 */
export function observationFiles(
  campaign: string,
  id: string,
  observations: readonly Observation[],
): ObservationFile[] {
  const byDate = new Map<string, Observation[]>()
  for (const observation of observations) {
    const date = new Date(observation.hour / 1000).toISOString().slice(0, -14)
    const ofDate = byDate.get(date)
    if (ofDate) ofDate.push(observation)
    else byDate.set(date, [observation])
  }
  const folder = `observations/campaign=${keyPart(campaign)}`
  return [...byDate]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, ofDate]) => ({ key: `${folder}/date=${date}/${id}.parquet`, observations: ofDate }))
}
