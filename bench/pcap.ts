/** pcap to flows with names: beside tshark printing the same fields, nfpcapd, and one core beside two. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { best, measure } from './measure.ts'
import { makeCapture } from './pcap-data.ts'
import type { BenchRow } from './row.ts'

const root = resolve(import.meta.dirname, '..')
const data = join(root, 'bench/data')
const packets = 1_000_000
const observer = [process.execPath, '--import', 'tsx', join(root, 'bench/observe-files.ts')]

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

export async function benchPcap(): Promise<BenchRow[]> {
  const file = join(data, 'handset.pcap')
  const count = makeCapture(file, packets)
  const megabytes = Math.round(statSync(file).size / 1e6)
  const what = `pcap of ${count.toLocaleString('en')} packets, ${megabytes} MB → flows with names`
  const idle = await best(3, [...observer, '1'])
  const ours = await best(3, [...observer, '1', file])
  const seconds = ours.seconds - idle.seconds
  const rate = count / seconds
  const figure = `${seconds.toFixed(2)} s (${(rate / 1e6).toFixed(2)} M packets/s), peak ${ours.peakMiB.toFixed(0)} MiB`
  const rows: BenchRow[] = [
    {
      work: what,
      ours: figure,
      peer: '2 M packets/s',
      ratio: rate / 2e6,
      floor: 1,
      note: `one core; without the ${idle.seconds.toFixed(2)} s in which the process starts; SHA-256 of the file included`,
    },
  ]
  const tsharkFields = [...fields, ...nameFields].flatMap((field) => ['-e', field])
  const tshark = await measure(['tshark', '-n', '-r', file, '-T', 'fields', ...tsharkFields]).catch(() => null)
  if (tshark)
    rows.push(beside(what, figure, seconds, 'tshark', tshark.seconds, 40, 'printing the same fields, to nowhere'))
  const nfdump = mkdtempSync(join(tmpdir(), 'nfpcapd-'))
  const nfpcapd = await best(3, ['nfpcapd', '-r', file, '-w', nfdump])
    .catch(() => best(3, ['nfpcapd', '-r', file, '-l', nfdump]))
    .catch(() => null)
  rmSync(nfdump, { recursive: true, force: true })
  if (nfpcapd) rows.push(beside(what, figure, seconds, 'nfpcapd', nfpcapd.seconds, 1, 'C; finds no names'))
  rows.push(await bothCores(idle.seconds))
  return rows
}

function beside(
  work: string,
  ours: string,
  seconds: number,
  name: string,
  theirs: number,
  floor: number,
  how: string,
): BenchRow {
  return { work, ours, peer: `${name} ${theirs.toFixed(2)} s`, ratio: theirs / seconds, floor, note: `${name} ${how}` }
}

/** Six captures with one thread and with two, in processes of their own; the built bundle, because threads run it. */
async function bothCores(idleSeconds: number): Promise<BenchRow> {
  mkdirSync(data, { recursive: true })
  const files = Array.from({ length: 6 }, (_, i) => join(data, `part-${i}.pcap`))
  for (const part of files) makeCapture(part, packets / 2)
  const one = await best(3, [...observer, '1', ...files])
  const two = await best(3, [...observer, '2', ...files])
  return {
    work: 'six such captures of half the size → observations',
    ours: `two cores ${two.seconds.toFixed(2)} s, peak ${two.peakMiB.toFixed(0)} MiB`,
    peer: `one core ${one.seconds.toFixed(2)} s`,
    ratio: (one.seconds - idleSeconds) / (two.seconds - idleSeconds),
    floor: 1.7,
    note: `the ${idleSeconds.toFixed(2)} s in which the process starts are left out of both`,
  }
}
