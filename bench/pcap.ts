/**
 * pcap to flows with names: beside tshark printing the same fields, nfpcapd, and one core beside two. Ours runs bundled, in
 * a process of its own, and is measured from opening the file to the result; whatever can be repeated is the best of several
 * turns, because other work on the machine only ever adds time.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { best, measure } from './measure.ts'
import { makeCapture } from './pcap-data.ts'
import type { BenchRow } from './row.ts'

const root = resolve(import.meta.dirname, '..')
const data = join(root, 'bench/data')
const program = join(data, 'pcap/program/observe-files.js')
const packets = 1_000_000
const turns = 4

/** The fields of a flow line, as far as tshark knows them packet by packet. */
const fields = [
  'frame.time_epoch',
  'ip.src',
  'ip.dst',
  'ip.len',
  'ip.proto',
  'tcp.srcport',
  'tcp.dstport',
  'udp.srcport',
]
const nameFields = ['udp.dstport', 'tls.handshake.extensions_server_name', 'http.host', 'dns.qry.name', 'dns.a']

interface OurResult {
  readonly ms: number
  /** Processor time of all threads: compiling and collecting garbage run beside the parser. */
  readonly cpuMs: number
  readonly peakMiB: number
}

/** The program and the worker that it starts, laid out as `build.mjs` lays out the command line. */
async function bundle(): Promise<void> {
  await build({
    entryPoints: {
      'program/observe-files': join(root, 'bench/observe-files.ts'),
      worker: join(root, 'functions/cli/worker.ts'),
    },
    outdir: join(data, 'pcap'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  })
}

async function ours(...args: string[]): Promise<OurResult> {
  const { stdout } = await measure([process.execPath, program, ...args], { keepOutput: true })
  return JSON.parse(stdout) as OurResult
}

async function bestOfOurs(...args: string[]): Promise<OurResult> {
  const results: OurResult[] = []
  for (let turn = 0; turn < turns; turn++) results.push(await ours(...args))
  const worst = Math.max(...results.map(({ peakMiB }) => peakMiB))
  return { ...results.reduce((a, b) => (b.ms < a.ms ? b : a)), peakMiB: worst }
}

const timesOf = ({ ms, cpuMs }: OurResult) =>
  `${(ms / 1000).toFixed(2)} s, ${(cpuMs / 1000).toFixed(2)} s of processors`

export async function benchPcap(): Promise<BenchRow[]> {
  await bundle()
  const file = join(data, 'handset.pcap')
  const count = makeCapture(file, packets)
  const megabytes = Math.round(statSync(file).size / 1e6)
  const what = `pcap of ${count.toLocaleString('en')} packets, ${megabytes} MB → flows with names`
  const hash = await bestOfOurs('hash', file)
  const flows = await bestOfOurs('flows', file)
  const parsing = (flows.ms - hash.ms) / 1000
  const rate = count / parsing
  const figure = timesOf(flows)
  const row = (peer: string, seconds: number, floor: number, note: string): BenchRow => ({
    work: what,
    ours: figure,
    peer: `${peer} ${seconds.toFixed(2)} s`,
    ratio: (seconds * 1000) / flows.ms,
    floor,
    note,
  })
  const rows: BenchRow[] = [
    {
      work: `${what}, without reading the file and its SHA-256`,
      ours: `${parsing.toFixed(2)} s (${(rate / 1e6).toFixed(2)} M packets/s)`,
      peer: '2 M packets/s',
      ratio: rate / 2e6,
      floor: 1,
      note:
        `one core, cold: compiling is part of it; with reading and SHA-256, which alone take ${timesOf(hash)}: ` +
        `${figure} (${(count / flows.ms / 1000).toFixed(2)} M packets/s)`,
    },
    {
      work: 'memory for it',
      ours: `peak ${flows.peakMiB.toFixed(0)} MiB`,
      peer: '300 MiB',
      ratio: 300 / flows.peakMiB,
      floor: 1,
      note: 'peak resident memory of the process when it has the flows, the worst of all turns',
    },
  ]
  const tsharkFields = [...fields, ...nameFields].flatMap((field) => ['-e', field])
  const tshark = await measure(['tshark', '-n', '-r', file, '-T', 'fields', ...tsharkFields]).catch(() => null)
  if (tshark) rows.push(row('tshark', tshark.seconds, 40, 'tshark printing the same fields, to nowhere'))
  const nfdump = mkdtempSync(join(tmpdir(), 'nfpcapd-'))
  const nfpcapd = await best(turns, ['nfpcapd', '-r', file, '-w', nfdump])
    .catch(() => best(turns, ['nfpcapd', '-r', file, '-l', nfdump]))
    .catch(() => null)
  rmSync(nfdump, { recursive: true, force: true })
  if (nfpcapd) rows.push(row('nfpcapd', nfpcapd.seconds, 1, 'nfpcapd is C, finds no names and makes no fingerprint'))
  rows.push(await bothCores(file, hash.ms))
  return rows
}

/**
 * Six captures with one thread and with two, beside what the machine's second core gives to programs that share nothing.
 *
 * @param hashMs what reading and hashing `file` takes alone
 */
async function bothCores(file: string, hashMs: number): Promise<BenchRow> {
  mkdirSync(data, { recursive: true })
  const files = Array.from({ length: 6 }, (_, i) => join(data, `part-${i}.pcap`))
  for (const part of files) makeCapture(part, packets / 2)
  const one = await bestOfOurs('observe', '1', ...files)
  const two = await bestOfOurs('observe', '2', ...files)
  const pair = await Promise.all([bestOfOurs('hash', file), bestOfOurs('hash', file)])
  const machine = (2 * hashMs) / Math.max(...pair.map(({ ms }) => ms))
  return {
    work: 'six such captures of half the size → observations',
    ours: `two cores ${timesOf(two)}, peak ${two.peakMiB.toFixed(0)} MiB`,
    peer: `one core ${timesOf(one)}`,
    ratio: one.ms / two.ms,
    floor: 1.7,
    note:
      'from opening the first file to the last result, starting the threads included; ' +
      `two processes that only read and hash are ${machine.toFixed(2)} × one on this machine now`,
  }
}
