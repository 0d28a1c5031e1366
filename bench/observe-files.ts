/**
 * The pcap benchmark's program, in a process of its own: `read FILE`, `hash FILE`, `flows FILE`, `repeat TIMES
 * FILE` (a capture made of FILE's packets on the fly), or `observe THREADS FILE…`.
 * Prints the milliseconds from opening the first file to the result, as wall time and as processor time of all threads, the
 * peak memory, and what came out.
 */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { Attributor } from '../functions/attribute/attribute.ts'
import { fileChunks } from '../functions/cli/file-chunks.ts'
import { observeAll } from '../functions/cli/observe-pool.ts'
import { readCapture } from '../functions/parse/read-capture.ts'
import { repeatedCapture } from './repeated-capture.ts'

const session = { id: 'bench', rig: { id: 'rig', clockErrorMs: 0 }, device: { addresses: [] }, steps: [], captures: [] }

/** What nobody can leave out who reads a capture. */
async function read(path: string): Promise<object> {
  let size = 0
  for await (const chunk of fileChunks(path)) size += chunk.length
  return { size }
}

/** The same for those who say which capture it was: reading and SHA-256. */
async function hash(path: string): Promise<object> {
  const digest = createHash('sha256')
  for await (const chunk of fileChunks(path)) digest.update(chunk)
  return { sha256: digest.digest('hex') }
}

/** Every flow with its names, as `domicile flows` and observing get them; only counted. */
async function flows(chunks: AsyncIterable<Uint8Array>): Promise<object> {
  const attributor = new Attributor(session)
  let count = 0
  let named = 0
  const { records, size, error, sha256 } = await readCapture(
    chunks,
    {},
    {
      answer: (answer) => attributor.answer(answer),
      flows: (batch) => {
        const { names } = attributor.attribute(batch)
        count += batch.length
        for (let row = 0; row < batch.length; row++) if (names[row]?.length) named++
      },
    },
  )
  if (error !== null) throw new Error(error)
  return { records, size, flows: count, named, sha256 }
}

/** Chunks as a file gives them. */
async function* inPieces(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const length = 1 << 20
  for (const chunk of chunks) for (let at = 0; at < chunk.length; at += length) yield chunk.subarray(at, at + length)
}

async function observe(threads: number, paths: readonly string[]): Promise<object> {
  const files = paths.map((path) => ({ path, source: path, size: statSync(path).size, session, reading: {} }))
  const results = await observeAll(files, () => {}, threads)
  const sum = (count: (result: (typeof results)[number]) => number) => results.reduce((total, r) => total + count(r), 0)
  return { records: sum((r) => r.ledger.records), observations: sum((r) => r.observations.length) }
}

const works: Readonly<Record<string, (args: readonly string[]) => Promise<object>>> = {
  read: ([path = '']) => read(path),
  hash: ([path = '']) => hash(path),
  flows: ([path = '']) => flows(fileChunks(path)),
  repeat: ([times, path = '']) => flows(inPieces(repeatedCapture(path, Number(times)))),
  observe: ([threads, ...paths]) => observe(Number(threads), paths),
}
const [name = '', ...args] = process.argv.slice(2)
const work = works[name]
if (!work) throw new Error(`no work ${name}: there are ${Object.keys(works).join(', ')}`)
const start = performance.now()
const before = process.cpuUsage()
const result = await work(args)
const ms = performance.now() - start
const { user, system } = process.cpuUsage(before)
const peakMiB = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, peakMiB, ...result }))
