/**
 * The thread that runs inputs. It shows the one that runs in shared memory, so that the main thread can keep it where this one
 * hangs or runs out of memory.
 */
import { Session } from 'node:inspector'
import { parentPort, workerData } from 'node:worker_threads'
import { type Examined, examine, READINGS } from './laws.ts'
import { mutate } from './mutate.ts'
import { Random } from './random.ts'

/** What the thread begins with. */
export interface FuzzTask {
  readonly seed: number
  /** Only formats whose name holds this. */
  readonly parser: string | null
  readonly corpus: readonly Uint8Array[]
  readonly shared: SharedArrayBuffer
}

/** Words of the shared memory: bytes of the input, its reading, runs so far; then the input itself. */
export const LENGTH = 0
export const READING = 1
export const RUNS = 2
export const INPUT = 16

export type FuzzNews =
  | { readonly kind: 'found'; readonly fault: string; readonly reading: number; readonly bytes: Uint8Array }
  | { readonly kind: 'kept'; readonly format: string; readonly bytes: Uint8Array }

const SMALLEST_TRIES = 1500
/** To ask for coverage takes as long as several inputs do. */
const COVERAGE_EVERY = 8

/** Blocks of code that ran for the first time since it was asked last. */
class Coverage {
  readonly #session = new Session()
  readonly #known = new Set<number>()

  constructor() {
    this.#session.connect()
    this.#session.post('Profiler.enable')
    this.#session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true })
  }

  takeNew(): number {
    let blocks = 0
    this.#session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error) return
      for (const script of taken.result)
        if (script.url.includes('domicile-fuzz'))
          for (const { ranges } of script.functions)
            for (const { startOffset, endOffset, count } of ranges) {
              // V8 tells of a block again once its function was compiled anew.
              const block = startOffset * 2 ** 24 + endOffset
              if (count === 0 || this.#known.has(block)) continue
              this.#known.add(block)
              blocks++
            }
    })
    return blocks
  }
}

async function main({ seed, parser, corpus, shared }: FuzzTask): Promise<void> {
  const words = new Int32Array(shared, 0, 4)
  const input = new Uint8Array(shared, INPUT)
  const random = new Random(seed)
  const coverage = new Coverage()
  const seen = new Set<string>()
  const faults = new Set<string>()
  const byFormat = new Map<string, Uint8Array[]>()
  const send = (news: FuzzNews) => parentPort?.postMessage(news)

  const run = async (bytes: Uint8Array, reading: number): Promise<Examined> => {
    input.set(bytes)
    words[LENGTH] = bytes.length
    words[READING] = reading
    Atomics.add(words, RUNS, 1)
    const cuts = Array.from({ length: random.below(6) }, () => random.below(bytes.length + 1)).sort((a, b) => a - b)
    return examine(
      bytes,
      READINGS[reading] ?? {},
      random.below(40) === 0 && bytes.length < 2000 ? [...bytes.keys()] : cuts,
      random.below(2) === 0,
    )
  }
  const keep = (format: string, bytes: Uint8Array) => {
    const kept = byFormat.get(format)
    if (kept) kept.push(bytes)
    else byFormat.set(format, [bytes])
  }
  const keepAndTell = ({ format, bytes }: { format: string; bytes: Uint8Array }) => {
    keep(format, bytes)
    send({ kind: 'kept', format, bytes })
  }
  /** Inputs since coverage was asked for: one of them reached what is new. */
  const recent: { format: string; bytes: Uint8Array }[] = []
  /** Takes pieces out as long as the law stays broken. */
  const smallest = async (bytes: Uint8Array, reading: number, fault: string): Promise<Uint8Array> => {
    let least = bytes
    let tries = 0
    for (let length = bytes.length >> 1; length >= 1; length >>= 1)
      for (let at = 0; at < least.length && tries < SMALLEST_TRIES; ) {
        const fewer = new Uint8Array(Buffer.concat([least.subarray(0, at), least.subarray(at + length)]))
        tries++
        if (kindOf((await run(fewer, reading)).fault) === kindOf(fault)) least = fewer
        else at += length
      }
    return least
  }
  const take = async (bytes: Uint8Array, reading: number, isSeed: boolean): Promise<void> => {
    const { read, fault } = await run(bytes, reading)
    const format = read?.format ?? 'unknown'
    if (fault !== null && !faults.has(kindOf(fault))) {
      faults.add(kindOf(fault))
      send({ kind: 'found', fault, reading, bytes: await smallest(bytes, reading, fault) })
    }
    const signature =
      read === null ? '' : `${format} ${Object.keys(read.leftOut).join()} ${kindOf(read.error)} ${read.gaps.length > 0}`
    const isNew = !seen.has(signature)
    seen.add(signature)
    if (parser !== null && !format.includes(parser)) return
    if (isSeed) keep(format, bytes)
    else if (isNew) keepAndTell({ format, bytes })
    else recent.push({ format, bytes })
    if (recent.length < COVERAGE_EVERY) return
    if (coverage.takeNew() > 0) for (const one of recent) keepAndTell(one)
    recent.length = 0
  }

  const unread = shuffled(corpus, random)
  for (;;) {
    // Seeds are read among the others: each takes time, and there are many.
    const next = byFormat.size === 0 || random.below(4) === 0 ? unread.pop() : undefined
    if (next) {
      // What no bytes tell, such as the columns of a table, is tried on small ones.
      for (const reading of next.length < 4096 ? READINGS.keys() : [0]) await take(next, reading, true)
      continue
    }
    if (byFormat.size === 0) throw new Error(`no seed is of a format that is called ${parser}`)
    const of = byFormat.get(random.of([...byFormat.keys()])) ?? []
    // What was kept last is what is least known.
    const bytes = random.below(3) === 0 ? random.of(of.slice(-20)) : random.of(of)
    const other = random.of(random.below(4) === 0 ? corpus : of)
    await take(mutate(bytes, random, other), random.of([0, 0, 0, 0, 1, 2, 3, 4]), false)
  }
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const order = [...list]
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    ;[order[i], order[j]] = [order[j] as T, order[i] as T]
  }
  return order
}

/** The same fault or error whatever numbers stand in it. */
const kindOf = (text: string | null) => (text ?? '').replace(/\d+/g, 'N').slice(0, 160)

if (parentPort) main(workerData as FuzzTask)
