/** Addresses to ask about, and an archive with every source of published addresses, one snapshot on either side of the packets. */
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { add } from '../functions/cli/snapshots-command.ts'
import type { Terminal } from '../functions/cli/terminal.ts'

/** Files as their publishers made them, which stand beside the checkout where somebody has them. */
const material = resolve(import.meta.dirname, '../../shared/material/ranges')

/** Between the snapshots of the archive. */
export const at = Date.parse('2026-06-01') * 1000
const days = ['2026-05-01', '2026-07-01'] as const

/** Files that do not say their date: each is kept under both days. */
const files: Readonly<Record<string, readonly string[]>> = {
  'anycast/bgptools': ['bgptools-anycast-v4__2026-08-22.csv', 'bgptools-anycast-v6__2026-08-22.csv'],
  'geofeed/aws': ['aws-geofeed__2025-09-18.csv'],
  'ranges/alibaba': ['disposable__alibaba.csv'],
  'ranges/azure': ['femueller__microsoft-azure-ip-ranges.json'],
  'ranges/digitalocean': ['disposable__digitalocean.csv'],
  'ranges/linode': ['disposable__linode.csv'],
  'ranges/tencent': ['disposable__tencent.csv'],
  'ranges/ucloud': ['disposable__ucloud.csv'],
}
/** Files that say their date themselves. */
const dated: Readonly<Record<string, readonly string[]>> = {
  'ranges/aws': ['aws-ip-ranges__2022-05-31.json', 'aws-ip-ranges__2026-08-22.json'],
  'ranges/oracle': ['oracle-cloud__2023-06-01.json', 'femueller__oracle-cloud-ip-ranges.json'],
}

/** A small generator of numbers that are the same in every run (Marsaglia's xorshift32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

/** Global unicast addresses all over IPv4, each different from the others. */
export function addresses(count: number, seed: number): string[] {
  const next = numbers(seed)
  const ips = new Set<string>()
  while (ips.size < count) {
    const word = next()
    const first = word >>> 24
    if (first > 0 && first < 224 && first !== 10 && first !== 127)
      ips.add(`${first}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`)
  }
  return [...ips]
}

export interface Archive {
  readonly snapshots: number
  /** What it was made of, for a sentence. */
  readonly of: string
}

/** Fills an archive from the publishers' own files or, where they are not there, with feeds that list as many prefixes. */
export async function fillArchive(reference: string, scratch: string): Promise<Archive> {
  let snapshots = 0
  const keep = async (source: string, paths: readonly string[], date?: string) => {
    await add(source, paths, date === undefined ? { reference } : { reference, date }, silent)
    snapshots++
  }
  if (!existsSync(material)) {
    for (const [i, date] of days.entries())
      for (let feed = 0; feed < 15; feed++) {
        const path = join(scratch, `${feed}.csv`)
        writeFileSync(path, generatedFeed(feed + 1, i))
        await keep(`geofeed/generated-${feed}`, [path], date)
      }
    return { snapshots, of: 'generated feeds of 10,000 prefixes' }
  }
  for (const [source, names] of Object.entries(dated))
    for (const name of names) await keep(source, [join(material, name)])
  for (const [source, names] of Object.entries(files))
    for (const date of days)
      await keep(
        source,
        names.map((name) => join(material, name)),
        date,
      )
  return { snapshots, of: `snapshots of ${Object.keys({ ...dated, ...files }).length} publishers` }
}

function generatedFeed(seed: number, edition: number): string {
  const countries = ['US', 'SG', 'DE', 'CN', 'IN', 'BR']
  const lines = addresses(10_000, seed).map((ip, i) => {
    const network = `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`
    return `${network},${countries[(i + (i % 1000 === 0 ? edition : 0)) % countries.length]},,,`
  })
  return `${lines.join('\n')}\n`
}

const silent: Terminal = {
  out: async () => {},
  err: () => {},
  interactive: false,
  color: false,
  stdin: (async function* () {})(),
  env: {},
}
