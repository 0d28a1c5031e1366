/** Where the evidence of a capture is stored. Everything goes by the capture's hash, so that writing it twice changes nothing. */
import type { Ledger, Observation } from '../model.ts'

/** One file of observations: a capture's of one UTC date. */
export interface ObservationFile {
  readonly key: string
  readonly observations: readonly Observation[]
}

/**
 * Divides a capture's observations by the UTC date of their hour, in the layout that Athena and DuckDB prune by.
 *
 * @param campaign its name, of any characters: those that a key cannot hold are percent-encoded
 */
export function observationFiles(
  campaign: string,
  sha256: string,
  observations: readonly Observation[],
): ObservationFile[] {
  const byDate = new Map<string, Observation[]>()
  for (const observation of observations) {
    const date = new Date(observation.hour / 1000).toISOString().slice(0, -14)
    const ofDate = byDate.get(date)
    if (ofDate) ofDate.push(observation)
    else byDate.set(date, [observation])
  }
  const folder = `observations/campaign=${encodeURIComponent(campaign)}`
  return [...byDate]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, ofDate]) => ({ key: `${folder}/date=${date}/${sha256}.parquet`, observations: ofDate }))
}

/** Key of a capture's ledger. */
export function ledgerKey(ledger: Ledger): string {
  return `ledger/${ledger.sha256}.json`
}
