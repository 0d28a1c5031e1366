import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packObservations, unpackObservations } from '../../functions/cli/packed-observations.ts'
import type { Ledger, Observation } from '../../functions/model.ts'

const ledger: Ledger = {
  source: 'captures/a.pcap',
  format: 'pcap',
  sha256: '5e'.repeat(32),
  size: 1,
  records: 3,
  used: 2,
  leftOut: { 'not IP: ARP': 1 },
  error: null,
  flows: 1,
  unnamed: {},
  gaps: [],
  first: null,
  last: null,
  session: 'a session',
}

const time = fc.maxSafeInteger()
const counter = fc.double({ min: 0, noNaN: true })
const text = fc.constantFrom('', 'a', '203.0.113.7', '2001:db8::1')
const names = fc.array(
  fc.oneof(
    fc.record({ name: text, via: fc.constantFrom('tls-sni', 'dns') }),
    fc.record({ name: text, via: fc.constant('http-dns'), asked: fc.constant(true as const) }),
  ),
  { maxLength: 3 },
)
const observation: fc.Arbitrary<Observation> = fc.record(
  {
    session: fc.constant(ledger.session),
    step: fc.option(text),
    hour: time,
    names,
    hidden: fc.constantFrom(null, 'quic', 'tls-ech'),
    deviceKnown: fc.boolean(),
    remote: text,
    port: fc.option(fc.nat(65_535)),
    protocol: fc.integer({ min: -1, max: 255 }),
    flows: counter,
    packetsOut: counter,
    packetsIn: counter,
    bytesOut: counter,
    bytesIn: counter,
    payloadOut: fc.option(counter),
    first: time,
    last: time,
    handshakeRttMs: fc.option(counter),
    capture: fc.constant(ledger.sha256),
    bystander: fc.constant(true as const),
    stepDoubt: fc.constant(true as const),
    outlived: fc.integer({ min: 1 }),
    examined: fc.record({
      whole: fc.nat(),
      partly: fc.nat(),
      unread: fc.nat(),
      hits: fc.constant([]),
      opaque: fc.constant([]),
    }),
  },
  {
    requiredKeys: [
      'session',
      'step',
      'hour',
      'names',
      'hidden',
      'deviceKnown',
      'remote',
      'port',
      'protocol',
      'flows',
      'packetsOut',
      'packetsIn',
      'bytesOut',
      'bytesIn',
      'payloadOut',
      'first',
      'last',
      'handshakeRttMs',
      'capture',
    ],
  },
)

describe('observations on their way between threads', () => {
  it('are afterwards what they were before', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 20 }), (observations) => {
        const sent = structuredClone(packObservations({ ledger, observations }))
        expect(unpackObservations(sent)).toEqual({ ledger, observations })
      }),
    )
  })
})
