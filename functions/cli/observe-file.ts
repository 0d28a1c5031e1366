/** Reads captures through the first half of the main flow. */
import { observeCaptures } from '../audit.ts'
import type { CaptureObservations } from '../model.ts'
import type { CaptureFile } from './campaign.ts'
import { chunksOf } from './places.ts'

/** Observes files of one session that are read together; what is wrong with one stands in its ledger. */
export function observeFiles(files: readonly CaptureFile[]): Promise<readonly CaptureObservations[]> {
  return observeCaptures(
    files.map(({ source, session, reading, planted, path }) => ({
      source,
      session,
      reading,
      ...(planted === undefined ? {} : { planted }),
      open: () => chunksOf(path),
    })),
  )
}
