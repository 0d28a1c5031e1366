/**
 * Prints the ratios to the budgets, each measured in this run beside its peer on this machine: `npm run bench [NAME…]`.
 * Docs: docs/benchmarks.md says how each is measured.
 */
import { cpus, totalmem } from 'node:os'
import { benchAudit } from './audit.ts'
import { benchEve } from './eve.ts'
import { benchIdentify } from './identify.ts'
import { benchLocate } from './locate.ts'
import { benchNetflow } from './netflow.ts'
import { benchPcap } from './pcap.ts'
import type { BenchRow } from './row.ts'
import { benchVpcFlowLog } from './vpc-flow-log.ts'
import { benchZeek } from './zeek.ts'

const benches: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  'vpc-flow-log': benchVpcFlowLog,
  pcap: benchPcap,
  zeek: benchZeek,
  eve: benchEve,
  netflow: benchNetflow,
  identify: benchIdentify,
  locate: benchLocate,
  audit: benchAudit,
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !(name in benches))
if (unknown) {
  console.error(`no benchmark ${unknown}: there are ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
const cpu = cpus()
console.log(
  `machine: ${cpu[0]?.model.trim()} × ${cpu.length}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
)
for (const [name, bench] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.log(`\n${name}`)
  for (const row of await bench()) {
    const floor = row.floor === null ? '' : ` (asked: ${row.floor})`
    console.log(
      `  ${row.work}\n    ours ${row.ours} · peer ${row.peer} · ratio ${row.ratio.toFixed(2)}${floor}\n    ${row.note}`,
    )
  }
}
