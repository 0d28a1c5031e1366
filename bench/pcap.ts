/**
 * pcap to flows with names: beside tshark printing the same fields, nfpcapd, and one core beside two. Ours runs bundled, in
 * a process of its own, and is measured from opening the file to the result; whatever can be repeated is the best of several
 * turns, because other work on the machine only ever adds time.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { type Measured, measure } from './measure.ts'
import { makeCapture } from './pcap-data.ts'
import type { BenchRow } from './row.ts'

const root = resolve(import.meta.dirname, '..')
const data = join(root, 'bench/data')
const program = join(data, 'pcap/program/observe-files.js')
const packets = 1_000_000
const turns = 5

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
  return run([process.execPath, program, ...args])
}

/** On the first core alone: else V8 compiles and collects garbage on the other one. Only Linux can be told so. */
async function oursOnOneCore(...args: string[]): Promise<OurResult> {
  const bound = process.platform === 'linux' ? ['taskset', '-c', '0'] : []
  return run([...bound, process.execPath, program, ...args])
}

async function run(command: readonly string[]): Promise<OurResult> {
  const { stdout } = await measure(command, { keepOutput: true })
  return JSON.parse(stdout) as OurResult
}

/** The fastest run, with the largest memory of all. */
function bestOf(results: readonly OurResult[]): OurResult {
  const worst = Math.max(...results.map(({ peakMiB }) => peakMiB))
  return { ...results.reduce((a, b) => (b.ms < a.ms ? b : a)), peakMiB: worst }
}

const timesOf = ({ ms, cpuMs }: OurResult) =>
  `${(ms / 1000).toFixed(2)} s, ${(cpuMs / 1000).toFixed(2)} s of processors`

export async function benchPcap(): Promise<BenchRow[]> {
  await bundle()
  const file = join(data, 'handset-with-quic.pcap')
  const count = makeCapture(file, packets)
  const megabytes = Math.round(statSync(file).size / 1e6)
  const what = `pcap of ${count.toLocaleString('en')} packets, ${megabytes} MB → flows with names`
  const { read, hash, flows, nfpcapd } = await oneCapture(file)
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
  if (nfpcapd) {
    const unhashed = (nfpcapd.seconds * 1000) / (flows.ms - (hash.ms - read.ms))
    const note = `nfpcapd is C, finds no names and makes no fingerprint; without our SHA-256 it is ${unhashed.toFixed(2)} ×`
    rows.push(row('nfpcapd', nfpcapd.seconds, 1, note))
  }
  rows.push(await largeCapture(), ...(await bothCores()))
  return rows
}

/**
 * Reading a capture, reading and hashing it, and making flows of it, beside nfpcapd (null where it is not installed): in
 * turns, so that what the neighbours do meanwhile meets all of them.
 */
async function oneCapture(file: string) {
  const folder = mkdtempSync(join(tmpdir(), 'nfpcapd-'))
  // Where the flows go is -w since nfdump 1.7, and was -l before.
  const nfpcapd = (option: string) => measure(['nfpcapd', '-r', file, option, folder])
  const option = await nfpcapd('-w').then(
    () => '-w',
    () => '-l',
  )
  const [read, hash, flows, peer]: [OurResult[], OurResult[], OurResult[], Measured[]] = [[], [], [], []]
  for (let turn = 0; turn < turns; turn++) {
    read.push(await ours('read', file))
    hash.push(await ours('hash', file))
    flows.push(await ours('flows', file))
    await nfpcapd(option).then(
      (run) => peer.push(run),
      () => null,
    )
  }
  rmSync(folder, { recursive: true, force: true })
  const fastest = peer.sort((a, b) => a.seconds - b.seconds)[0] ?? null
  return { read: bestOf(read), hash: bestOf(hash), flows: bestOf(flows), nfpcapd: fastest }
}

/** Memory for a capture of 5 GB, which is made on the fly out of a smaller one. */
async function largeCapture(): Promise<BenchRow> {
  const file = join(data, 'small-with-quic.pcap')
  makeCapture(file, packets / 20)
  const times = Math.ceil(5e9 / statSync(file).size)
  const run = (await ours('repeat', String(times), file)) as OurResult & {
    records: number
    size: number
    named: number
  }
  return {
    work: `a pcap of ${(run.size / 1e9).toFixed(1)} GB and ${(run.records / 1e6).toFixed(1)} M packets, made on the fly → flows with names`,
    ours: `peak ${run.peakMiB.toFixed(0)} MiB, ${timesOf(run)}`,
    peer: '300 MiB',
    ratio: 300 / run.peakMiB,
    floor: 1,
    note: `the packets of one capture, ${times} times, two hours apart; ${run.named.toLocaleString('en')} flows with names; holding that capture is part of the memory`,
  }
}

/**
 * Six captures on one core and on two, and what the machine itself gives two processes that share nothing: each
 * observes half of the captures at the same time as the other. Two virtual cores are often one core's two threads, and
 * neighbours take their share; no program can scale better than these two processes do.
 */
async function bothCores(): Promise<BenchRow[]> {
  const files = Array.from({ length: 6 }, (_, i) => join(data, `part-with-quic-${i}.pcap`))
  for (const part of files) makeCapture(part, packets / 2)
  const halves = [files.filter((_, i) => i % 2 === 0), files.filter((_, i) => i % 2 === 1)]
  const [one, free, two, pair]: [OurResult[], OurResult[], OurResult[], number[]] = [[], [], [], []]
  // In turns, as above.
  for (let turn = 0; turn < turns; turn++) {
    one.push(await oursOnOneCore('observe', '1', ...files))
    free.push(await ours('observe', '1', ...files))
    two.push(await ours('observe', '2', ...files))
    const both = await Promise.all(halves.map((half) => ours('observe', '1', ...half)))
    pair.push(Math.max(...both.map(({ ms }) => ms)))
  }
  const [alone, together, machine] = [bestOf(one), bestOf(two), Math.min(...pair)]
  const work = 'six such captures of half the size → observations'
  return [
    {
      work,
      ours: `two cores ${timesOf(together)}, peak ${together.peakMiB.toFixed(0)} MiB`,
      peer: `one core ${timesOf(alone)}`,
      ratio: alone.ms / together.ms,
      floor: 1.7,
      note:
        'from opening the first file to the last result, starting the thread included; one thread that may compile and ' +
        `collect garbage on the other core takes ${timesOf(bestOf(free))}`,
    },
    {
      work: `${work}, beside what this machine gives two processes now`,
      ours: `two cores ${timesOf(together)}`,
      peer: `two processes, half of the captures each ${(machine / 1000).toFixed(2)} s`,
      ratio: machine / together.ms,
      floor: null,
      note:
        `the machine's limit: two processes that share nothing are ${(alone.ms / machine).toFixed(2)} × one; their start is ` +
        'not counted, nor do they bring their results together',
    },
  ]
}
