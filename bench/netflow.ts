/**
 * Export datagrams to flows with both directions joined: beside what is asked of them, and beside nfdump, which reads the same
 * flows from its own file, where nfcapd has put them, joins them (`-B`) and prints them as CSV.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundled } from './bundled.ts'
import { best, measure } from './measure.ts'
import { datagrams, makeDatagrams } from './netflow-data.ts'
import type { BenchRow } from './row.ts'

const data = resolve(import.meta.dirname, 'data')
const records = 3_000_000
const turns = 5
/** Records a second on one core. */
const asked = 500_000
const port = 29_955

interface OurResult {
  readonly ms: number
  readonly records: number
  readonly flows: number
  readonly peakMiB: number
}

async function ours(path: string): Promise<OurResult> {
  const program = await bundled('observe-files')
  const results: OurResult[] = []
  for (let turn = 0; turn < turns; turn++) {
    const { stdout } = await measure([process.execPath, program, 'flows', path], { keepOutput: true })
    results.push(JSON.parse(stdout) as OurResult)
  }
  const peakMiB = Math.max(...results.map((result) => result.peakMiB))
  return { ...results.reduce((a, b) => (b.ms < a.ms ? b : a)), peakMiB }
}

/** The same datagrams in nfdump's own format, made by sending them to nfcapd; null where it is not installed. */
async function nfcapdFolder(): Promise<string | null> {
  if (spawnSync('nfcapd', ['-V']).error || spawnSync('nfdump', ['-V']).error) return null
  const folder = join(data, 'nfcapd')
  if (existsSync(folder) && readdirSync(folder).length > 0) return folder
  mkdirSync(folder, { recursive: true })
  const collector = spawn('nfcapd', ['-b', '127.0.0.1', '-p', String(port), '-B', '100000000', '-w', folder], {
    stdio: 'ignore',
  })
  await sleep(1000)
  const socket = createSocket('udp4')
  let sent = 0
  for (const datagram of datagrams(records)) {
    await new Promise((done) => socket.send(datagram, port, '127.0.0.1', done))
    // Slowly enough for the collector to keep up.
    if (++sent % 200 === 0) await sleep(10)
  }
  socket.close()
  await sleep(2000)
  collector.kill('SIGTERM')
  await new Promise((done) => collector.on('close', done))
  return folder
}

export async function benchNetflow(): Promise<BenchRow[]> {
  const path = join(data, 'netflow.dat')
  makeDatagrams(path, records)
  const own = await ours(path)
  const rate = (own.records / own.ms) * 1000
  const work = `${(statSync(path).size / 1e6).toFixed(0)} MB of v5, v9 and IPFIX, ${(own.records / 1e6).toFixed(0)} million records → ${own.flows} flows`
  const figure = `${(own.ms / 1000).toFixed(2)} s, ${(rate / 1e6).toFixed(2)} M records/s`
  const rows: BenchRow[] = [
    {
      work,
      ours: figure,
      peer: `${(asked / 1e6).toFixed(1)} M records/s`,
      ratio: rate / asked,
      floor: 1,
      note: `at least; one process, reading and SHA-256 included, ${own.peakMiB.toFixed(0)} MiB at most`,
    },
  ]
  const folder = await nfcapdFolder()
  if (folder !== null) {
    const peer = await best(2, ['nfdump', '-R', folder, '-B', '-q', '-o', 'csv'])
    rows.push({
      work: 'the same, beside nfdump',
      ours: figure,
      peer: `nfdump -B -o csv ${peer.seconds.toFixed(2)} s`,
      ratio: (peer.seconds * 1000) / own.ms,
      floor: null,
      note: 'times as fast; nfdump reads what nfcapd has decoded before, and prints every flow',
    })
  }
  return rows
}
