/** Reads many captures on every core; the result is in the order of the captures, whichever was ready first. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { CaptureObservations } from '../model.ts'
import type { CaptureFile } from './campaign.ts'
import { observeFile } from './observe-file.ts'

/** Below this many bytes in all, starting threads costs more than it saves. */
const worthThreads = 16 << 20

/** Reading keeps little, so that a small nursery costs no time and saves each thread some thirty megabytes. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 }

/** The bundle's worker stands beside the chunks' folder; from source it stands here. */
const workerScript = import.meta.url.endsWith('.ts')
  ? new URL('./worker.ts', import.meta.url)
  : new URL('../worker.js', import.meta.url)

/**
 * Observes captures.
 *
 * @param onRead called after each capture with how many have been read
 * @param threads how many at a time; as many as the machine has cores, and one for little work
 */
export async function observeAll(
  files: readonly CaptureFile[],
  onRead: (read: number) => void = () => {},
  threads = files.reduce((sum, file) => sum + file.size, 0) < worthThreads ? 1 : availableParallelism(),
): Promise<readonly CaptureObservations[]> {
  const results = new Array<CaptureObservations>(files.length)
  // The largest first, so that no core is left alone with a large one at the end.
  const queue = files.map((file, index) => ({ file, index })).sort((a, b) => b.file.size - a.file.size)
  let read = 0
  const drain = async (observe: (file: CaptureFile) => Promise<CaptureObservations>) => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      results[next.index] = await observe(next.file)
      onRead(++read)
    }
  }
  const crew = Math.min(threads, files.length)
  if (crew <= 1) await drain(observeFile)
  else await Promise.all(Array.from({ length: crew }, () => inThread(drain)))
  return results
}

/** Gives `work` an observer that runs in a thread of its own, and ends the thread afterwards. */
async function inThread(
  work: (observe: (file: CaptureFile) => Promise<CaptureObservations>) => Promise<void>,
): Promise<void> {
  const worker = new Worker(workerScript, { resourceLimits })
  const observe = (file: CaptureFile) =>
    new Promise<CaptureObservations>((resolve, reject) => {
      worker.once('error', reject)
      worker.once('message', (result: CaptureObservations) => {
        worker.off('error', reject)
        resolve(result)
      })
      worker.postMessage(file)
    })
  try {
    await work(observe)
  } finally {
    await worker.terminate()
  }
}
