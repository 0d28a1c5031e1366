/** Flows and sessions made for tests of observing. */
import fc from 'fast-check'
import type { Attribution, FlowBatch, Hidden, Name, Session } from '../../functions/model.ts'
import { parseAddress } from '../../functions/net/address.ts'
import type { ReadAccount } from '../../functions/observe/fold.ts'
import { createFlowBatch } from '../../functions/parse/flow-batch.ts'

/** A flow with what attribution says of it. */
export interface MadeFlow {
  a: string
  b: string
  portA: number
  portB: number
  protocol: number
  packets: readonly [number, number]
  bytes: readonly [number, number]
  payload: readonly [number, number]
  start: number
  end: number
  rtt: number
  hidden: Hidden | undefined
  names: readonly Name[]
  initiator: 1 | 2
  device: 0 | 1 | 2 | 3
  step: number
}

export const hour = 1_600_000_000 - (1_600_000_000 % 3600)

export const plainFlow: MadeFlow = {
  a: '10.0.0.5',
  b: '203.0.113.9',
  portA: 40000,
  portB: 443,
  protocol: 6,
  packets: [10, 20],
  bytes: [1000, 9000],
  payload: [600, 8000],
  start: (hour + 60) * 1e6,
  end: (hour + 119) * 1e6,
  rtt: Number.NaN,
  hidden: undefined,
  names: [],
  initiator: 1,
  device: 1,
  step: -1,
}

export const session: Session = {
  id: 's1',
  rig: { id: 'rig-1', clockErrorMs: 10 },
  device: { addresses: ['10.0.0.5'] },
  steps: [
    { id: 'boot', from: hour * 1e6, until: (hour + 600) * 1e6 },
    { id: 'idle', from: (hour + 600) * 1e6, until: (hour + 7200) * 1e6 },
  ],
  captures: [],
}

export const read: ReadAccount = {
  format: 'vpc-flow-log',
  records: 3,
  used: 2,
  leftOut: { NODATA: 1 },
  gaps: [],
  sha256: 'ab'.repeat(32),
  size: 99,
  error: null,
}

export function batchOf(flows: readonly MadeFlow[]): { batch: FlowBatch; attribution: Attribution } {
  const batch = createFlowBatch(Math.max(1, flows.length))
  const attribution: Attribution = {
    initiator: Uint8Array.from(flows, (flow) => flow.initiator),
    device: Uint8Array.from(flows, (flow) => flow.device),
    near: Uint8Array.from(flows, ({ device, initiator }) => (device === 1 || device === 2 ? device : initiator)),
    names: flows.map((flow) => flow.names),
    step: Int16Array.from(flows, (flow) => flow.step),
    stepDoubt: new Uint8Array(flows.length),
    outlives: new Uint8Array(flows.length),
  }
  for (const flow of flows) {
    const row = batch.length++
    const a = parseAddress(flow.a)
    const b = parseAddress(flow.b)
    if (!a || !b) throw new Error(`no address: ${flow.a} or ${flow.b}`)
    batch.family[row] = a.family
    batch.addressA.set(a.words, row * 4)
    batch.addressB.set(b.words, row * 4)
    batch.portA[row] = flow.portA
    batch.portB[row] = flow.portB
    batch.protocol[row] = flow.protocol
    batch.packetsA[row] = flow.packets[0]
    batch.packetsB[row] = flow.packets[1]
    batch.bytesA[row] = flow.bytes[0]
    batch.bytesB[row] = flow.bytes[1]
    batch.payloadA[row] = flow.payload[0]
    batch.payloadB[row] = flow.payload[1]
    batch.start[row] = flow.start
    batch.end[row] = flow.end
    batch.handshakeRttMs[row] = flow.rtt
    batch.hidden[row] = flow.hidden
  }
  return { batch, attribution }
}

const names = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a.example', 'b.example', '<script>', 'ü.example'),
    via: fc.constantFrom('tls-sni' as const, 'dns' as const, 'http-dns' as const),
  }),
  { maxLength: 2, selector: ({ name, via }) => name + via },
)

/** Any flow; few different ends, so that keys meet. */
export const anyFlow: fc.Arbitrary<MadeFlow> = fc
  .record({
    family: fc.constantFrom(4, 6),
    remote: fc.nat(3),
    portA: fc.constantFrom(-1, 40000, 40001),
    portB: fc.constantFrom(-1, 443, 80),
    protocol: fc.constantFrom(-1, 1, 6, 17, 255),
    packets: fc.tuple(fc.nat(1000), fc.nat(1000)),
    bytes: fc.tuple(fc.nat(), fc.nat()),
    payload: fc.tuple(fc.constantFrom(0, 9, Number.NaN), fc.constantFrom(0, 9, Number.NaN)),
    at: fc.nat(4 * 3600),
    lasts: fc.integer({ min: -5, max: 500 }),
    rtt: fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0.001, max: 500, noNaN: true })),
    hidden: fc.constantFrom(undefined, 'quic' as const, 'tls-ech' as const),
    names,
    initiator: fc.constantFrom(1 as const, 2 as const),
    device: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
    step: fc.constantFrom(-1, 0, 1),
  })
  .map(({ family, remote, at, lasts, ...rest }) => ({
    ...rest,
    a: family === 4 ? '10.0.0.5' : 'fd00::5',
    b: family === 4 ? `203.0.113.${remote}` : `2001:db8::${remote}`,
    start: (hour + at) * 1e6,
    end: (hour + at + lasts) * 1e6,
  }))
