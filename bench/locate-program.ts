/**
 * Opens an archive with the packaged databases, and asks about addresses: `node locate-program.mjs ARCHIVE CACHE`, where CACHE is
 * the folder in which prefix tables are kept. Prints seconds as JSON. In a process of its own, so that its peak memory is that of
 * the reference data.
 */
import { loadReference } from '../functions/cli/load-reference.ts'
import { addresses, at } from './locate-data.ts'

const asked = 100_000
const repeated = 5_000
const repetitions = 200
const runs = 6

const [archive, DOMICILE_CACHE] = process.argv.slice(2)
const start = performance.now()
const locator = await loadReference(archive, { DOMICILE_CACHE })
// Databases are opened, and prefixes merged, when the first address asks for them.
const first = locator.locate('54.183.0.1', at)
const loaded = (performance.now() - start) / 1000

/** Best rate of several runs: other work on the machine only ever adds time. Every run has addresses of its own. */
function rate(count: number, times: number, read: (ip: string) => unknown): number {
  let best = 0
  for (let run = 0; run < runs; run++) {
    const ips = addresses(count, 1 + run)
    const from = performance.now()
    for (let i = 0; i < times; i++) for (const ip of ips) read(ip)
    best = Math.max(best, (count * times * 1000) / (performance.now() - from))
  }
  return best
}

const figures = {
  loaded,
  evidence: first.evidence.length,
  distinct: rate(asked, 1, (ip) => locator.locate(ip, at).country),
  worded: rate(asked, 1, (ip) => locator.locate(ip, at).evidence.length),
  repeated: rate(repeated, repetitions, (ip) => locator.locate(ip, at).country),
}
console.log(JSON.stringify(figures))
