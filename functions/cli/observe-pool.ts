/** Reads many captures on every core; the result is in the order of the captures, whichever was ready first. */
import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { CaptureObservations, Session } from '../model.ts'
import type { CaptureFile } from './campaign.ts'
import { captureQueue, takeCaptures } from './capture-queue.ts'
import { companionGroups } from './companions.ts'
import { observeFiles } from './observe-file.ts'
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
  // Those that are read together, the largest first, so that no core is left alone with a large one at the end.
  const sizeOf = (group: readonly CaptureFile[]) => group.reduce((sum, { size }) => sum + size, 0)
  const groups = ofEverySession(files).sort((a, b) => sizeOf(b) - sizeOf(a))
  const queue = captureQueue(groups)
  const results = new Map<CaptureFile | undefined, CaptureObservations>()
  const keep = (place: number, observed: readonly CaptureObservations[]) => {
    for (const [i, result] of observed.entries()) results.set(groups[place]?.[i], result)
    onRead(results.size)
  }
  const helpers = Array.from(
    { length: Math.min(threads, groups.length) - 1 },
    () => new Worker(workerScript, { workerData: queue, resourceLimits }),
  )
  const readHere = async () => {
    for (const [place, group] of takeCaptures(queue)) {
      keep(place, await observeFiles(group))
      // Reading does not wait for anything: what the helpers have sent meanwhile comes in between two captures.
      await setImmediate()
    }
  }
  try {
    await Promise.all([...helpers.map((helper) => resultsOf(helper, keep)), readHere()])
  } finally {
    await Promise.all(helpers.map((helper) => helper.terminate()))
  }
  return files.flatMap((file) => results.get(file) ?? [])
}

/** Captures of one session may be read together, and none of two. */
function ofEverySession(files: readonly CaptureFile[]): (readonly CaptureFile[])[] {
  const bySession = new Map<Session, CaptureFile[]>()
  for (const file of files) bySession.set(file.session, [...(bySession.get(file.session) ?? []), file])
  return [...bySession.values()].flatMap(companionGroups)
}

/** Hands on what a thread sends, until it has no more. */
function resultsOf(
  worker: Worker,
  keep: (place: number, observed: readonly CaptureObservations[]) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('message', ({ place, packed }: WorkerResult) => keep(place, packed.map(unpackObservations)))
    worker.once('error', reject)
    worker.once('exit', () => resolve())
  })
}
