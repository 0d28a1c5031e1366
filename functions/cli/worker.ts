/** A thread that reads captures: gets one at a time, answers with what it observed. */
import { parentPort } from 'node:worker_threads'
import type { CaptureFile } from './campaign.ts'
import { observeFile } from './observe-file.ts'

parentPort?.on('message', async (file: CaptureFile) => {
  parentPort?.postMessage(await observeFile(file))
})
