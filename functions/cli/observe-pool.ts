/** Reads many captures on every core; the result is in the order of the captures, whichever was ready first. */
import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { CaptureObservations } from '../model.ts'
import type { CaptureFile } from './campaign.ts'
import { captureQueue, takeCaptures } from './capture-queue.ts'
import { observeFile } from './observe-file.ts'
import { unpackObservations } from './packed-observations.ts'
import type { WorkerResult } from './worker.ts'

/** Below this many bytes in all, starting threads costs more than it saves. */
const worthThreads = 16 << 20

/** Reading keeps little: a nursery of this size costs hardly any time, and saves each thread some twenty megabytes. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 }

/** The bundle's worker stands beside the chunks' folder; from source it stands here. */
const workerScript = import.meta.url.endsWith('.ts')
  ? new URL('./worker.ts', import.meta.url)
  : new URL('../worker.js', import.meta.url)

/**
 * Observes captures.
 *
 * @param onRead called after each capture with how many have been read
 * @param threads how many at a time; as many as the machine has cores, and one for little work. This thread is one of them
 */
export async function observeAll(
  files: readonly CaptureFile[],
  onRead: (read: number) => void = () => {},
  threads = files.reduce((sum, file) => sum + file.size, 0) < worthThreads ? 1 : availableParallelism(),
): Promise<readonly CaptureObservations[]> {
  // The largest first, so that no core is left alone with a large one at the end.
  const sorted = files.map((file, index) => ({ file, index })).sort((a, b) => b.file.size - a.file.size)
  const queue = captureQueue(sorted.map(({ file }) => file))
  const results = new Array<CaptureObservations>(files.length)
  let read = 0
  const keep = (place: number, result: CaptureObservations) => {
    results[sorted[place]?.index ?? 0] = result
    onRead(++read)
  }
  const helpers = Array.from(
    { length: Math.min(threads, files.length) - 1 },
    () => new Worker(workerScript, { workerData: queue, resourceLimits }),
  )
  const readHere = async () => {
    for (const [place, file] of takeCaptures(queue)) {
      keep(place, await observeFile(file))
      // Reading does not wait for anything: what the helpers have sent meanwhile comes in between two captures.
      await setImmediate()
    }
  }
  try {
    await Promise.all([...helpers.map((helper) => resultsOf(helper, keep)), readHere()])
  } finally {
    await Promise.all(helpers.map((helper) => helper.terminate()))
  }
  return results
}

/** Hands on what a thread sends, until it has no more. */
function resultsOf(worker: Worker, keep: (place: number, result: CaptureObservations) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('message', ({ place, packed }: WorkerResult) => keep(place, unpackObservations(packed)))
    worker.once('error', reject)
    worker.once('exit', () => resolve())
  })
}
