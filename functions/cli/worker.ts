/** A thread that helps to read captures: takes one after the other, and sends what it observed. */
import { parentPort, workerData } from 'node:worker_threads'
import type { CaptureFile } from './campaign.ts'
import { type CaptureQueue, takeCaptures } from './capture-queue.ts'
import { observeFiles } from './observe-file.ts'
import { type PackedObservations, packObservations } from './packed-observations.ts'

/** What is sent for captures that were read together. */
export interface WorkerResult {
  /** Their place in the queue. */
  readonly place: number
  readonly packed: readonly PackedObservations[]
}

for (const [place, files] of takeCaptures(workerData as CaptureQueue<readonly CaptureFile[]>)) {
  const packed = (await observeFiles(files)).map(packObservations)
  parentPort?.postMessage(
    { place, packed } satisfies WorkerResult,
    packed.map(({ rows }) => rows.buffer),
  )
}
