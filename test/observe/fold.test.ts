import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CaptureObservations, Examined, Hit, Name } from '../../functions/model.ts'
import { ObservationFold } from '../../functions/observe/fold.ts'
import { mergeObservations } from '../../functions/observe/merge.ts'
import { anyFlow, batchOf, hour, type MadeFlow, plainFlow, read, session } from './flows.ts'

function observe(flows: readonly MadeFlow[], batchSize = 100, limit?: number): CaptureObservations {
  const fold = new ObservationFold(session, limit)
  for (let at = 0; at < flows.length; at += batchSize) {
    const { batch, attribution } = batchOf(flows.slice(at, at + batchSize))
    fold.add(batch, attribution)
  }
  return fold.finish('captures/flow.log', read)
}

const plainObservation = {
  session: 's1',
  step: null,
  hour: hour * 1e6,
  names: [],
  hidden: null,
  deviceKnown: true,
  remote: '203.0.113.9',
  port: 443,
  protocol: 6,
  flows: 1,
  packetsOut: 10,
  packetsIn: 20,
  bytesOut: 1000,
  bytesIn: 9000,
  payloadOut: 600,
  first: plainFlow.start,
  last: plainFlow.end,
  handshakeRttMs: null,
  capture: read.sha256,
}

const sni: Name = { name: 'api.example', via: 'tls-sni' }

describe('folding flows', () => {
  it('gives one observation for flows of the same key, with sums, first, last and smallest handshake', () => {
    const later = { ...plainFlow, start: plainFlow.start + 5e6, end: plainFlow.end + 9e6, rtt: 12.5 }
    const sooner = { ...plainFlow, portA: 50000, start: plainFlow.start - 1e6, rtt: 30 }
    expect(observe([plainFlow, later, sooner]).observations).toEqual([
      {
        ...plainObservation,
        flows: 3,
        packetsOut: 30,
        packetsIn: 60,
        bytesOut: 3000,
        bytesIn: 27000,
        payloadOut: 1800,
        first: plainFlow.start - 1e6,
        last: plainFlow.end + 9e6,
        handshakeRttMs: 12.5,
      },
    ])
  })

  it.each<[string, Partial<MadeFlow>]>([
    ['another hour', { start: plainFlow.start + 3600e6, end: plainFlow.end + 3600e6 }],
    ['another step', { step: 1 }],
    ['a name', { names: [sni] }],
    ['another remote', { b: '203.0.113.10' }],
    ['another port', { portB: 80 }],
    ['another protocol', { protocol: 17 }],
    ['a hidden name', { hidden: 'quic' }],
    ['an unknown device', { device: 0 }],
    ['being between others', { device: 3 }],
  ])('keeps apart what differs by %s', (_, difference) => {
    expect(observe([plainFlow, { ...plainFlow, ...difference }]).observations).toHaveLength(2)
  })

  it.each<[string, Partial<MadeFlow>, object]>([
    [
      'the device is end B',
      { device: 2, initiator: 2 },
      { remote: '10.0.0.5', port: 40000, packetsOut: 20, bytesIn: 1000, payloadOut: 8000 },
    ],
    ['the remote opened', { initiator: 2 }, { remote: '203.0.113.9', port: null, packetsOut: 10 }],
    ['there are no ports', { portA: -1, portB: -1 }, { port: null }],
    [
      'nobody is known to be the device',
      { device: 0 },
      { remote: '203.0.113.9', port: 443, deviceKnown: false, bytesOut: 1000, payloadOut: null },
    ],
    ['neither is the device', { device: 3 }, { deviceKnown: false, bystander: true, payloadOut: null }],
    ['nobody is known, and B opened', { device: 0, initiator: 2 }, { remote: '10.0.0.5', port: 40000, bytesOut: 9000 }],
  ])('says out for what the device sent, and the port for where it went: %s', (_, flow, expected) => {
    expect(observe([{ ...plainFlow, ...flow }]).observations).toMatchObject([expected])
  })

  it('does not know the payload of flows of which one does not tell', () => {
    const untold = { ...plainFlow, payload: [Number.NaN, 0] as const }
    expect(observe([plainFlow, untold, plainFlow]).observations).toMatchObject([{ flows: 3, payloadOut: null }])
    expect(observe([plainFlow, untold, plainFlow], 1, 0).observations).toMatchObject([{ flows: 3, payloadOut: null }])
  })

  it('sorts names by how sure they are, each once', () => {
    const dns: Name = { name: 'aaa.example', via: 'dns' }
    const [observation] = observe([{ ...plainFlow, names: [dns, sni, dns] }]).observations
    expect(observation?.names).toEqual([sni, dns])
  })

  it('counts flows without a host name by why; a name that is only asked for is none', () => {
    const asked: Name = { name: 'm.example', via: 'http-dns', asked: true }
    const { ledger } = observe([
      plainFlow,
      { ...plainFlow, names: [sni] },
      { ...plainFlow, names: [asked] },
      { ...plainFlow, hidden: 'tls-ech' },
      { ...plainFlow, hidden: 'http-without-host' },
    ])
    expect(ledger.unnamed).toEqual({ 'http-without-host': 1, 'no-name-seen': 2, 'tls-ech': 1 })
  })

  it('counts flows whose hello is encrypted where nothing but that hello names them', () => {
    const dns: Name = { name: 'api.example', via: 'dns' }
    const hello = { ...plainFlow, hidden: 'tls-ech' as const }
    const { ledger } = observe([
      { ...hello, names: [sni] },
      { ...hello, names: [{ name: 'front.example', via: 'quic-sni' }] },
      { ...hello, names: [sni, dns] },
      { ...plainFlow, names: [sni] },
    ])
    expect(ledger.unnamed).toEqual({ 'tls-ech': 2 })
  })

  it('keeps flows whose step is in doubt apart, and counts those that outlived it', () => {
    const { batch, attribution } = batchOf([plainFlow, plainFlow, plainFlow])
    attribution.stepDoubt.set([0, 1, 0])
    attribution.outlives.set([1, 0, 1])
    const fold = new ObservationFold(session)
    fold.add(batch, attribution)
    const { observations } = fold.finish('a.pcap', read)
    expect(observations.map(({ flows, stepDoubt, outlived }) => [flows, stepDoubt, outlived])).toEqual([
      [2, undefined, 2],
      [1, true, undefined],
    ])
  })

  it('brings together what was found in the flows of an observation, whatever their order', () => {
    const hit = (offset: number, seed = 'imei'): Hit => ({
      ...{ seed, kind: 'imei', part: 'body', method: 'POST', path: '/register', field: 'device.imei' },
      ...{ chain: ['base64'], offset, excerpt: `at ${offset}`, count: 1 },
    })
    const found = (hits: readonly Hit[]): Examined => ({ whole: 1, partly: 0, unread: 0, hits, opaque: [] })
    const flows = [found([hit(7)]), found([hit(3), hit(3, 'phone')]), found([])]
    const folded = [flows, flows.toReversed()].map((examined) => {
      const { batch, attribution } = batchOf([plainFlow, plainFlow, plainFlow])
      const fold = new ObservationFold(session)
      fold.add(batch, attribution, examined)
      return fold.finish('a.pcap', read).observations.map((observation) => observation.examined)
    })
    const together = { ...found([{ ...hit(3), count: 2 }, hit(3, 'phone')]), whole: 3 }
    expect(folded).toEqual([[together], [together]])
  })

  it('draws up the ledger of the capture', () => {
    expect(observe([plainFlow]).ledger).toEqual({
      source: 'captures/flow.log',
      ...read,
      flows: 1,
      unnamed: { 'no-name-seen': 1 },
      first: plainFlow.start,
      last: plainFlow.end,
      session: 's1',
    })
    expect(observe([]).ledger).toMatchObject({ flows: 0, unnamed: {}, first: null, last: null })
  })

  it('does not observe a flow without a time', () => {
    const { ledger, observations } = observe([{ ...plainFlow, start: Number.NaN, end: Number.NaN }])
    expect(observations).toEqual([])
    expect(ledger).toMatchObject({ flows: 0, first: null })
  })

  it.each([
    ['1970', 0, 5],
    ['before 1970', -3_600_000_001, 0],
    ['year 2200', 7_258_118_400e6, 7_258_118_460e6],
    ['ending before its start', 1_600_000_000e6, 0],
    ['without an end', 1_600_000_000e6, Number.NaN],
  ])('bears a flow of %s', (_, start, end) => {
    const { observations, ledger } = observe([{ ...plainFlow, start, end }])
    expect(observations).toHaveLength(1)
    const { hour: from = Number.NaN, first = Number.NaN, last = Number.NaN } = observations[0] ?? {}
    expect(from <= first && first - from < 3600e6 && first <= last && Number.isSafeInteger(last)).toBe(true)
    expect([ledger.first, ledger.last]).toEqual([first, last])
  })
})

describe('any flows', () => {
  it('fold to the same observations in any order, in batches of any size, and when the table is emptied in between', () => {
    const shuffled = fc
      .array(anyFlow, { maxLength: 60 })
      .chain((flows) => fc.tuple(fc.constant(flows), fc.shuffledSubarray(flows, { minLength: flows.length })))
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 1, max: 20 }), ([flows, other], size) => {
        const expected = observe(flows)
        expect(observe(other, size)).toEqual(expected)
        expect(observe(other, size, 3)).toEqual(expected)
      }),
    )
  })

  it('keep their totals', () => {
    fc.assert(
      fc.property(fc.array(anyFlow, { maxLength: 60 }), (flows) => {
        const { observations, ledger } = observe(flows)
        const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
        expect(sum(observations.map((o) => o.flows))).toBe(flows.length)
        expect(ledger.flows).toBe(flows.length)
        expect(sum(observations.map((o) => o.bytesOut + o.bytesIn))).toBe(
          sum(flows.map((f) => f.bytes[0] + f.bytes[1])),
        )
        expect(sum(observations.map((o) => o.packetsOut + o.packetsIn))).toBe(
          sum(flows.map((f) => f.packets[0] + f.packets[1])),
        )
        const isUnnamed = ({ names, hidden }: MadeFlow) =>
          names.every(({ via }) => hidden === 'tls-ech' && via === 'tls-sni')
        expect(sum(Object.values(ledger.unnamed))).toBe(flows.filter(isUnnamed).length)
      }),
    )
  })

  it('have every key once, and folding again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(anyFlow, { maxLength: 60 }), (flows) => {
        const { observations } = observe(flows)
        expect(mergeObservations(observations)).toEqual(observations)
        const doubled = mergeObservations([...observations, ...observations])
        expect(doubled.map((o) => o.flows)).toEqual(observations.map((o) => o.flows * 2))
      }),
    )
  })

  it('need thousands of keys without losing one', () => {
    const flows = Array.from({ length: 5000 }, (_, i) => ({ ...plainFlow, b: `198.51.${i >> 8}.${i & 255}` }))
    expect(new Set(observe(flows).observations.map((o) => o.remote)).size).toBe(5000)
  })
})
