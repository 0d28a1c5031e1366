/** An audit of a million observations over a hundred thousand addresses: locate, judge and compose, from memory. */
import { auditObservations } from '../functions/audit.ts'
import { loadReference } from '../functions/cli/load-reference.ts'
import { loadDeclaration } from '../functions/declare/load.ts'
import type { Observation, Session } from '../functions/model.ts'
import { formatAddress } from '../functions/net/address.ts'
import type { BenchRow } from './row.ts'

const observationCount = 1_000_000
const addressCount = 100_000

const declarationText = `
apiVersion: domicile/v1
kind: Declaration
metadata: { id: bench, version: 1, title: Benchmark, vendor: Example, timezone: Asia/Singapore }
sources: [{ id: S1, title: Made up, date: 2025-01-01 }]
population: { description: Everybody, markets: [SG] }
places: { singapore: { cloud: "aws:ap-southeast-1" }, china: { country: CN } }
services:
  - id: all
    hosts: ["*.example.com"]
    data: []
    phases:
      - { id: before, until: 2025-06-30, allow: [singapore, china], source: S1 }
      - { id: after, from: 2025-07-01, allow: [singapore], deny: [china], source: S1 }
undeclaredHosts: { vendorSuffixes: [example.com], treatment: indeterminate }
`

const session: Session = {
  id: 's1',
  rig: { id: 'rig', clockErrorMs: 50 },
  device: { addresses: [] },
  steps: [],
  captures: [],
}

/** Numbers that look random and are the same in every run (a 32-bit linear congruential generator). */
function* numbers(): Generator<number, never> {
  for (let state = 1; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state
  }
}

function madeObservations(): Observation[] {
  const random = numbers()
  const addresses = Array.from({ length: addressCount }, () => {
    // Half of them in AWS's large blocks, so that ranges and databases both have work.
    const value = random.next().value
    return formatAddress(4, value & 1 ? ((13 + (value % 44)) << 24) | (value >>> 8) : value, 0, 0, 0)
  })
  const start = Date.UTC(2025, 5, 1) * 1000
  return Array.from({ length: observationCount }, (_, i) => {
    const hour = start + Math.floor(i / 700) * 3_600_000_000
    return {
      session: 's1',
      step: null,
      hour,
      names: [{ name: `h${i % 50}.example.com`, via: 'tls-sni' }],
      hidden: null,
      deviceKnown: true,
      remote: addresses[i % addressCount] ?? '192.0.2.1',
      port: 443,
      protocol: 6,
      flows: 3,
      packetsOut: 30,
      packetsIn: 40,
      bytesOut: 9000,
      bytesIn: 40000,
      first: hour + 1_000_000,
      last: hour + 60_000_000,
      handshakeRttMs: 12,
      capture: 'a'.repeat(64),
    }
  })
}

export async function benchAudit(): Promise<BenchRow[]> {
  const { declaration, faults } = loadDeclaration(declarationText, 'bench.yaml')
  if (!declaration) throw new Error(`the benchmark's declaration is wrong: ${faults[0]?.message}`)
  const observations = madeObservations()
  const start = performance.now()
  const locator = await loadReference(undefined, {})
  const report = auditObservations({ ledgers: [], observations, sessions: [session], declaration, locator })
  const seconds = (performance.now() - start) / 1000
  return [
    {
      work: `audit of ${observationCount.toLocaleString('en')} observations, ${addressCount.toLocaleString('en')} addresses`,
      ours: `${seconds.toFixed(2)} s`,
      peer: 'the design’s 10 s',
      ratio: 10 / seconds,
      floor: 1,
      note: `databases loaded within the time; ${report.findings.length} findings; peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB in all`,
    },
  ]
}
