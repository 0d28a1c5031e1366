/** Reads captures into observations and says how many there were: `observe-files.ts THREADS FILE…`. Run by the benchmarks. */
import { statSync } from 'node:fs'
import { unassignedSession } from '../functions/cli/campaign.ts'
import { observeAll } from '../functions/cli/observe-pool.ts'

const [threads = '1', ...paths] = process.argv.slice(2)
const files = paths.map((path) => ({ path, source: path, size: statSync(path).size, session: unassignedSession }))
const results = await observeAll(files, () => {}, Number(threads))
const sum = (count: (result: (typeof results)[number]) => number) => results.reduce((total, r) => total + count(r), 0)
console.log(`${sum((r) => r.ledger.records)} records, ${sum((r) => r.observations.length)} observations`)
