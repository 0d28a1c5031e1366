/**
 * conn.log to flows, in columns and as JSON: beside the plainest program in the same Node that reads every line. Each reader
 * has a process of its own, in turns; processor time of the best turn, because other work on the machine only ever adds to it.
 */
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { measure } from './measure.ts'
import type { BenchRow } from './row.ts'
import { rows, zeekData } from './zeek-data.ts'

const root = resolve(import.meta.dirname, '..')
const turns = 3

interface Reading {
  readonly ms: number
  readonly result: readonly number[]
}

async function bundled(): Promise<string> {
  const outfile = join(root, 'bench/data/zeek-program.mjs')
  const entryPoints = [join(root, 'bench/zeek-program.ts')]
  await build({
    entryPoints,
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  })
  return outfile
}

async function run(program: string, reader: string, path: string): Promise<Reading> {
  const { stdout } = await measure([process.execPath, program, reader, path], { keepOutput: true })
  return JSON.parse(stdout) as Reading
}

const rate = (ms: number) => `${Math.round(rows / ms)},000 rows/s`

/** @throws Error where the readers do not agree: then the ratio would say nothing */
export async function benchZeek(): Promise<BenchRow[]> {
  const program = await bundled()
  const result: BenchRow[] = []
  for (const [form, path] of Object.entries(zeekData())) {
    let ours = Number.POSITIVE_INFINITY
    let plain = Number.POSITIVE_INFINITY
    for (let turn = 0; turn < turns; turn++) {
      const mine = await run(program, 'ours', path)
      const other = await run(program, 'plain', path)
      if (mine.result.join() !== other.result.join())
        throw new Error(`${path}: the plain reader sums ${other.result.join(' ')}, and we sum ${mine.result.join(' ')}`)
      ours = Math.min(ours, mine.ms)
      plain = Math.min(plain, other.ms)
    }
    result.push({
      work: `Zeek's conn.log, ${form === 'json' ? 'JSON' : 'columns'}, ${rows / 1e6} million rows → flows`,
      ours: rate(ours),
      peer: form === 'json' ? `JSON.parse ${rate(plain)}` : `split ${rate(plain)}`,
      ratio: plain / ours,
      floor: null,
      note: 'one core; the peer makes a text of every line and takes it apart, and sums one field; ours fills every column of a flow and finds doubles by uid; at least 500,000 rows/s are asked for',
    })
  }
  return result
}
