/** Reads a capture through the first half of the main flow. */
import { observeCapture } from '../audit.ts'
import type { CaptureObservations } from '../model.ts'
import type { CaptureFile } from './campaign.ts'
import { chunksOf } from './places.ts'

/** Observes one file; what is wrong with it stands in its ledger. */
export function observeFile(file: CaptureFile): Promise<CaptureObservations> {
  return observeCapture({
    source: file.source,
    session: file.session,
    reading: file.reading,
    open: () => chunksOf(file.path),
  })
}
