/**
 * `npm run fuzz -- [--seconds 600] [--parser zeek] [--seed 1] [--out FOLDER]`: damages captures of every format that is known and
 * reads them, for as long as is asked. `--replay FILE` reads one file. Ends with status 1 where a law was broken.
 *
 * Inputs that reach code or reasons which none reached before are kept, and damaged further. The same seed gives the same inputs.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { examine, READINGS } from './laws.ts'
import { seeds } from './seeds.ts'
import { type FuzzNews, type FuzzTask, INPUT, LENGTH, READING, RUNS } from './worker.ts'

const SLOWEST_MS = 5000
const MOST_MEMORY = 1024 ** 3
const WATCH_MS = 50
const TELL_MS = 10_000

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    parser: { type: 'string' },
    out: { type: 'string', default: join(tmpdir(), 'domicile-fuzz-found') },
    replay: { type: 'string' },
  },
})

const faults = new Map<string, string>()
const said = (text: string) => process.stdout.write(`${text}\n`)

function keepFault(fault: string, reading: number, bytes: Uint8Array): void {
  mkdirSync(values.out, { recursive: true })
  const file = join(values.out, `${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}.r${reading}`)
  writeFileSync(file, bytes)
  if (faults.has(fault)) return
  faults.set(fault, file)
  said(`FAULT ${fault}\n  ${bytes.length} bytes: ${file}`)
}

async function replay(file: string): Promise<void> {
  const bytes = new Uint8Array(readFileSync(file))
  for (const reading of READINGS) {
    const { read, fault } = await examine(bytes, reading, [...bytes.keys()].slice(0, 4000))
    said(
      JSON.stringify({
        reading,
        fault,
        format: read?.format,
        records: read?.records,
        leftOut: read?.leftOut,
        error: read?.error,
      }),
    )
    if (fault !== null) process.exitCode = 1
  }
}

async function fuzz(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-fuzz-'))
  const worker = join(folder, 'worker.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    outfile: worker,
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'error' },
    banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
  })
  const corpus = seeds()
  const ends = Date.now() + Number(values.seconds) * 1000
  const memoryBefore = process.memoryUsage.rss()
  let runs = 0
  for (let seed = Number(values.seed); Date.now() < ends; seed += 1000)
    runs += await oneWorker(worker, seed, corpus, ends, memoryBefore)
  rmSync(folder, { recursive: true })
  said(`${runs} runs, ${corpus.length} inputs kept, ${faults.size} faults`)
  if (faults.size > 0) process.exitCode = 1
}

/** Time that processors spent: on a busy machine an input may wait long, and be none that hangs. */
function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** @returns how many inputs it ran, until it hung or time was up; `corpus` grows by those that are worth keeping */
async function oneWorker(
  path: string,
  seed: number,
  corpus: Uint8Array[],
  ends: number,
  memoryBefore: number,
): Promise<number> {
  const shared = new SharedArrayBuffer(INPUT + 1024 ** 2)
  const words = new Int32Array(shared, 0, 4)
  const task: FuzzTask = { seed, parser: values.parser ?? null, corpus, shared }
  const worker = new Worker(path, { workerData: task, resourceLimits: { maxOldGenerationSizeMb: 768 } })
  const current = () => new Uint8Array(shared, INPUT, Atomics.load(words, LENGTH)).slice()
  let last = -1
  let startedAt = processorMs()
  let toldAt = Date.now()
  let died = false
  worker.on('message', (news: FuzzNews) => {
    if (news.kind === 'found') keepFault(news.fault, news.reading, news.bytes)
    else corpus.push(news.bytes)
  })
  worker.on('error', (error) => {
    died = true
    if (error.message.startsWith('no seed')) {
      said(error.message)
      process.exit(2)
    }
    keepFault(`the thread ended: ${error.message}`, Atomics.load(words, READING), current())
  })
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS))
    const runs = Atomics.load(words, RUNS)
    const now = Date.now()
    if (runs !== last) startedAt = processorMs()
    last = runs
    if (died || now > ends) break
    if (runs > 0 && processorMs() - startedAt > SLOWEST_MS) {
      keepFault(`it takes more than ${SLOWEST_MS} ms`, Atomics.load(words, READING), current())
      break
    }
    if (process.memoryUsage.rss() - memoryBefore > MOST_MEMORY) {
      keepFault(`it takes more than ${MOST_MEMORY} bytes of memory`, Atomics.load(words, READING), current())
      break
    }
    if (now - toldAt > TELL_MS) {
      said(`${runs} runs, ${corpus.length} inputs, ${faults.size} faults, ${Math.round((ends - now) / 1000)} s left`)
      toldAt = now
    }
  }
  await worker.terminate()
  return last
}

await (values.replay === undefined ? fuzz() : replay(values.replay))
