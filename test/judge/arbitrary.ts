/** Any observations, and what they are judged by: few values of each kind, so that many of them meet. */
import fc from 'fast-check'
import type { Examined, Hit, Name, Observation } from '../../functions/model.ts'
import { ADDRESSES, at, DEADLINE, ledger, observe, service, session } from './world.ts'

const host = fc.constantFrom(
  'api.account.xiaomi.com',
  'b.account.xiaomi.com',
  'x.cloud.xiaomi.net',
  'tracker.xiaomi.com',
  'example.org',
  '<script>',
  'account-1234567890.us-west-1.elb.amazonaws.com',
  'd111111abcdef8.cloudfront.net',
  '203.0.113.9',
)
const name: fc.Arbitrary<Name> = fc.oneof(
  fc.record({
    name: host,
    via: fc.constantFrom('tls-sni', 'http-host', 'http-connect', 'mipush', 'dns', 'dns-cname', 'http-dns', 'log'),
  }),
  fc.record({ name: host, via: fc.constant('http-dns'), asked: fc.constant(true) }),
  fc.record({ name: host, via: fc.constantFrom('tls-sni', 'http-host', 'http-connect'), inside: fc.constant(true) }),
)
const hit: fc.Arbitrary<Hit> = fc.record({
  seed: fc.constantFrom('imei-1', 'imei-2', 'phone-1'),
  kind: fc.constantFrom('imei', 'phone'),
  part: fc.constantFrom('body', 'header', 'name'),
  method: fc.constantFrom('POST', null),
  path: fc.constantFrom('/a', null),
  field: fc.constantFrom('x', null),
  chain: fc.constantFrom([], ['gzip'], ['base64', 'md5-hex']),
  offset: fc.nat(3),
  excerpt: fc.constantFrom('‹imei›', '•‹imei›'),
  count: fc.integer({ min: 1, max: 3 }),
})
const examined: fc.Arbitrary<Examined> = fc.record({
  whole: fc.nat(3),
  partly: fc.nat(1),
  unread: fc.nat(1),
  hits: fc.array(hit, { maxLength: 2 }),
  opaque: fc.constantFrom(
    [],
    [{ part: 'body', method: 'POST', path: '/a', field: 'y', looks: 'base64', bytes: 9, count: 1 } as const],
  ),
})
const observation: fc.Arbitrary<Observation> = fc
  .record({
    session: fc.constantFrom('s1', 's2', 'stray'),
    step: fc.constantFrom('idle', 'opt-in', null),
    names: fc.array(name, { maxLength: 3 }),
    hidden: fc.constantFrom(null, 'tls-ech', 'quic', 'tunnel'),
    deviceKnown: fc.boolean(),
    remote: fc.constantFrom(...Object.values(ADDRESSES), '10.0.0.1', 'ff02::1', '2a00::1'),
    port: fc.constantFrom(443, 80, null),
    protocol: fc.constantFrom(6, 17, 1, -1),
    flows: fc.integer({ min: 1, max: 50 }),
    packetsIn: fc.constantFrom(0, 3),
    packetsOut: fc.constantFrom(0, 10),
    bytesOut: fc.constantFrom(40, 4000),
    payloadOut: fc.constantFrom(null, 0, 1000),
    first: fc.integer({ min: -3, max: 3 }).map((seconds) => DEADLINE + seconds * 1_000_000),
    handshakeRttMs: fc.constantFrom(null, 0, 0.5, 4, 30, 60, 95, 300),
    capture: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
    bystander: fc.constantFrom(undefined, undefined, undefined, true),
    stepDoubt: fc.constantFrom(undefined, true),
    outlived: fc.constantFrom(undefined, 1),
    examined: fc.option(examined, { nil: undefined }),
  })
  .map((over) => observe(over as Partial<Observation>))

export const observations = fc.array(observation, { maxLength: 40 })
/** An opt-in of two seconds, and an opt-out of one, where the observations are. */
const steps = [
  { id: 'idle', from: at('2014-10-01T00:00:00Z'), until: DEADLINE - 1_000_000 },
  { id: 'opt-in', from: DEADLINE - 1_000_000, until: DEADLINE + 1_000_000 },
  { id: 'opt-out', from: DEADLINE + 1_000_000, until: DEADLINE + 2_000_000 },
]

export const world = {
  declaration: {
    services: [
      service('mi-account', ['api.account.xiaomi.com', '*.account.xiaomi.com']),
      service('mi-cloud', ['*.xiaomi.net'], {
        consent: {
          since: null,
          optIn: 'opt-in',
          optOut: 'opt-out',
          before: 'forbid-contact',
          afterOptOut: { forbid: 'forbid-identifiers', graceMs: 500 },
          sharedHosts: ['b.account.xiaomi.com'],
        },
      }),
      service('mi-push', ['x.cloud.xiaomi.net', '*.xiaomi.net'], {
        consent: { since: null, optIn: 'idle', before: 'forbid-identifiers' },
      }),
    ],
  },
  sessions: [
    session('s1', {
      steps,
      rig: { id: 'rig-1', clockErrorMs: 1000, place: { country: 'IN', latitude: 28.61, longitude: 77.21 } },
    }),
    session('s2', {
      steps,
      rig: { id: 'rig-2', clockErrorMs: 0, place: { country: 'SG', latitude: 1.35, longitude: 103.82 } },
    }),
  ],
  ledgers: [ledger({ sha256: 'a'.repeat(64) }), ledger({ sha256: 'b'.repeat(64), source: 'b', session: 's2' })],
}
