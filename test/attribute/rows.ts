/** Batches for attribution, written as rows. */
import type { FlowBatch, Name, Session } from '../../functions/model.ts'
import { parseAddress } from '../../functions/net/address.ts'

export interface Row {
  readonly a?: string
  readonly b?: string
  readonly portA?: number
  readonly portB?: number
  readonly opener?: 0 | 1 | 2
  readonly macA?: number
  readonly macB?: number
  readonly start?: number
  readonly names?: readonly Name[]
}

export function batchOf(...rows: Row[]): FlowBatch {
  const n = rows.length
  const batch: FlowBatch = {
    length: n,
    capacity: n,
    family: new Uint8Array(n),
    addressA: new Uint32Array(4 * n),
    addressB: new Uint32Array(4 * n),
    portA: Int32Array.from(rows, (r) => r.portA ?? 40000),
    portB: Int32Array.from(rows, (r) => r.portB ?? 443),
    protocol: new Int16Array(n).fill(6),
    packetsA: new Float64Array(n),
    packetsB: new Float64Array(n),
    bytesA: new Float64Array(n),
    bytesB: new Float64Array(n),
    payloadA: new Float64Array(n),
    payloadB: new Float64Array(n),
    start: Float64Array.from(rows, (r) => r.start ?? 0),
    end: new Float64Array(n),
    opener: Uint8Array.from(rows, (r) => r.opener ?? 0),
    macA: Float64Array.from(rows, (r) => r.macA ?? 0),
    macB: Float64Array.from(rows, (r) => r.macB ?? 0),
    handshakeRttMs: new Float64Array(n).fill(Number.NaN),
    names: rows.map((r) => r.names),
    hidden: rows.map(() => undefined),
    content: new Float64Array(n),
    unreadA: new Float64Array(n),
    unreadB: new Float64Array(n),
  }
  for (const [i, row] of rows.entries()) {
    const a = parseAddress(row.a ?? '10.0.0.2')
    batch.family[i] = a?.family ?? 0
    batch.addressA.set(a?.words ?? [], 4 * i)
    batch.addressB.set(parseAddress(row.b ?? '198.18.0.7')?.words ?? [], 4 * i)
  }
  return batch
}

export function sessionOf(addresses: readonly string[] = [], steps: Session['steps'] = []): Session {
  return { id: 's', rig: { id: 'r', clockErrorMs: 0 }, device: { addresses }, steps, captures: [] }
}
