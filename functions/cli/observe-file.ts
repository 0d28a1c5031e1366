/** Reads a capture from disk through the first half of the main flow. */
import { createReadStream } from 'node:fs'
import { observeCapture } from '../audit.ts'
import type { CaptureObservations } from '../model.ts'
import type { CaptureFile } from './campaign.ts'

/** Large enough that a read costs little beside parsing what it brings, small enough that a few of them are no memory. */
const readSize = 1 << 20

/** Observes one file; what is wrong with it stands in its ledger. */
export function observeFile(file: CaptureFile): Promise<CaptureObservations> {
  return observeCapture({
    source: file.source,
    session: file.session,
    ...(file.format === undefined ? {} : { format: file.format }),
    open: () => createReadStream(file.path, { highWaterMark: readSize }),
  })
}
