/**
 * A gzipped VPC flow log to observations: beside unzipping alone in the same Node, and beside DuckDB's GROUP BY. Every peer
 * has a process of its own and measures from opening the file to its result, so that nobody's start counts; the best of
 * several runs, taken in turns, because other work on the machine only ever adds time.
 */
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { measure } from './measure.ts'
import type { BenchRow } from './row.ts'
import { rows, vpcFlowLogData } from './vpc-flow-log-data.ts'

const root = resolve(import.meta.dirname, '..')
const turns = 3

interface PeerResult {
  readonly ms: number
  readonly peakMiB: number
  readonly rows?: number
  readonly digest?: string
}

/** The peers' program, bundled as the command line is: what users run is measured, not a loader of TypeScript. */
async function bundledPeers(): Promise<string> {
  const outfile = join(root, 'bench/data/vpc-flow-log-peer.mjs')
  await build({
    entryPoints: [join(root, 'bench/vpc-flow-log-peer.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['@duckdb/node-api'],
    logLevel: 'warning',
  })
  return outfile
}

async function runPeer(program: string, name: string, path: string): Promise<PeerResult> {
  const { stdout, peakMiB } = await measure([process.execPath, program, name, path], { keepOutput: true })
  return { peakMiB, ...(JSON.parse(stdout) as Omit<PeerResult, 'peakMiB'>) }
}

const bestOf = (results: readonly PeerResult[]) => results.reduce((best, next) => (next.ms < best.ms ? next : best))
const seconds = ({ ms }: PeerResult) => `${(ms / 1000).toFixed(2)} s`

/** @throws Error where DuckDB's groups are not ours: then the ratio would say nothing */
export async function benchVpcFlowLog(): Promise<BenchRow[]> {
  const path = await vpcFlowLogData()
  const program = await bundledPeers()
  const results: Record<string, PeerResult[]> = { ours: [], unzip: [], bare: [], duckdb: [] }
  for (let turn = 0; turn < turns; turn++)
    for (const [name, list] of Object.entries(results)) list.push(await runPeer(program, name, path))
  const ours = bestOf(results.ours ?? [])
  const unzip = bestOf(results.unzip ?? [])
  const bare = bestOf(results.bare ?? [])
  const duckdb = bestOf(results.duckdb ?? [])
  if (ours.digest !== duckdb.digest)
    throw new Error(
      `DuckDB's groups are not our observations: ${duckdb.rows} beside ${ours.rows}; the query has to ask for the same`,
    )

  const work = `gzipped VPC flow log, ${(rows / 1e6).toFixed(0)} million rows → ${ours.rows} observations`
  const peak = Math.max(...(results.ours ?? []).map((result) => result.peakMiB))
  return [
    {
      work,
      ours: seconds(ours),
      peer: `unzip alone ${seconds(unzip)}`,
      ratio: ours.ms / unzip.ms,
      floor: 1.5,
      note: 'at most; node:zlib in the same Node, reads of the same size; ours hashes the file too',
    },
    {
      work: 'the least: unzip, read every digit, sum by address',
      ours: seconds(bare),
      peer: `unzip alone ${seconds(unzip)}`,
      ratio: bare.ms / unzip.ms,
      floor: null,
      note: 'a bare loop that checks, joins and attributes nothing: what this machine leaves for the rest of 1.5 × is seen from it',
    },
    {
      work,
      ours: seconds(ours),
      peer: `DuckDB ${seconds(duckdb)}`,
      ratio: duckdb.ms / ours.ms,
      floor: 3,
      note: 'at least; GROUP BY of the same file with 2 threads; its groups are our observations, row for row',
    },
    {
      work: 'memory for it',
      ours: `peak ${peak.toFixed(0)} MiB`,
      peer: '300 MiB',
      ratio: 300 / peak,
      floor: 1,
      note: 'peak resident memory of the process when it has the observations, the worst of all turns',
    },
  ]
}
