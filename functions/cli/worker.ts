/** A thread that helps to read captures: takes one after the other, and sends what it observed. */
import { parentPort, workerData } from 'node:worker_threads'
import { type CaptureQueue, takeCaptures } from './capture-queue.ts'
import { observeFile } from './observe-file.ts'
import { type PackedObservations, packObservations } from './packed-observations.ts'

/** What is sent for each capture. */
export interface WorkerResult {
  /** The capture's place in the queue. */
  readonly place: number
  readonly packed: PackedObservations
}

for (const [place, file] of takeCaptures(workerData as CaptureQueue)) {
  const packed = packObservations(await observeFile(file))
  parentPort?.postMessage({ place, packed } satisfies WorkerResult, [packed.rows.buffer])
}
