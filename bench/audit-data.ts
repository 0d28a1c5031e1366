/**
 * What the audit benchmark judges: observations from memory, as reading a large campaign's captures gives them. Those of one
 * capture share its hash, their lists of names and the texts of their addresses.
 */
import { loadDeclaration } from '../functions/declare/load.ts'
import type { Declaration, Ledger, Name, Observation, Session } from '../functions/model.ts'
import { formatAddress } from '../functions/net/address.ts'

export const observationCount = 1_000_000
export const addressCount = 100_000
const hostCount = 50

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

function madeObservations(count: number): Observation[] {
  const random = numbers()
  const addresses = Array.from({ length: addressCount }, () => {
    // Half of them in AWS's large blocks, so that ranges and databases both have work.
    const value = random.next().value
    return formatAddress(4, value & 1 ? ((13 + (value % 44)) << 24) | (value >>> 8) : value, 0, 0, 0)
  })
  const nameLists = Array.from({ length: hostCount }, (_, i): readonly Name[] => [
    { name: `h${i}.example.com`, via: 'tls-sni' },
  ])
  const capture = 'a'.repeat(64)
  const start = Date.UTC(2025, 5, 1) * 1000
  return Array.from({ length: count }, (_, i) => {
    const hour = start + Math.floor(i / 700) * 3_600_000_000
    return {
      session: 's1',
      step: null,
      hour,
      names: nameLists[i % hostCount] ?? [],
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
      payloadOut: null,
      handshakeRttMs: 12,
      capture,
    }
  })
}

export interface AuditData {
  readonly declaration: Declaration
  readonly sessions: readonly Session[]
  readonly observations: readonly Observation[]
  readonly ledgers: readonly Ledger[]
}

/** The same in every run; the first `count` observations where fewer are asked for. */
export function auditData(count = observationCount): AuditData {
  const { declaration, faults } = loadDeclaration(declarationText, 'bench.yaml')
  if (!declaration) throw new Error(`the benchmark's declaration is wrong: ${faults[0]?.message}`)
  return { declaration, sessions: [session], observations: madeObservations(count), ledgers: [] }
}
