/**
 * Suricata's EVE to flows, beside the plainest program in the same Node that reads every line. Each reader has a process of
 * its own, in turns; processor time of the best turn, because other work on the machine only ever adds to it.
 */
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { eveData } from './eve-data.ts'
import { measure } from './measure.ts'
import type { BenchRow } from './row.ts'

const root = resolve(import.meta.dirname, '..')
const turns = 3

interface Reading {
  readonly ms: number
  readonly result: readonly number[]
}

async function bundled(): Promise<string> {
  const outfile = join(root, 'bench/data/eve-program.mjs')
  const entryPoints = [join(root, 'bench/eve-program.ts')]
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

/** @throws Error where the readers do not agree: then the ratio would say nothing */
export async function benchEve(): Promise<BenchRow[]> {
  const program = await bundled()
  const result: BenchRow[] = []
  for (const [form, path] of Object.entries(eveData())) {
    let ours = Number.POSITIVE_INFINITY
    let plain = Number.POSITIVE_INFINITY
    let records = 0
    for (let turn = 0; turn < turns; turn++) {
      const mine = await run(program, 'ours', path)
      const other = await run(program, 'plain', path)
      if (mine.result.join() !== other.result.join())
        throw new Error(`${path}: the plain reader sums ${other.result.join(' ')}, and we sum ${mine.result.join(' ')}`)
      records = mine.result[0] ?? 0
      ours = Math.min(ours, mine.ms)
      plain = Math.min(plain, other.ms)
    }
    const rate = (ms: number) => `${Math.round(records / ms)},000 events/s`
    result.push({
      work: `Suricata's EVE, ${form === 'all' ? 'flows, hellos and DNS' : 'flows alone'}, ${records / 1000},000 events → flows`,
      ours: rate(ours),
      peer: `JSON.parse ${rate(plain)}`,
      ratio: plain / ours,
      floor: null,
      note: 'one core; the peer makes an object of every line and sums one field; ours fills every column of a flow, joins names by id and hands on answers; at least 500,000 events/s are asked for',
    })
  }
  return result
}
