/** Small made-up evidence for the judge: a declaration, a locator that is told where addresses stand, observations. */
import { judge } from '../../functions/judge/judge.ts'
import { refiner } from '../../functions/locate/refine.ts'
import type {
  Declaration,
  Grade,
  Judgement,
  Ledger,
  Location,
  Locator,
  Micros,
  Observation,
  Phase,
  Service,
  Session,
} from '../../functions/model.ts'

export const at = (text: string): Micros => Date.parse(text) * 1000
export const DEADLINE = at('2014-10-31T16:00:00Z')
export const AFTER = at('2014-11-03T10:00:00Z')
export const BEFORE = at('2014-10-20T10:00:00Z')

export const phases: readonly Phase[] = [
  { id: 'before', from: null, until: DEADLINE, allow: ['beijing', 'aws-calif', 'aws-sg'], deny: [], source: 'S1' },
  { id: 'migrated', from: DEADLINE, until: null, allow: ['aws-calif', 'aws-sg'], deny: ['beijing'], source: 'S1' },
]

export function service(id: string, hosts: readonly string[], over: Partial<Service> = {}): Service {
  return { id, hosts, data: ['user.contact'], phases, ...over }
}

export function declare(over: Partial<Declaration> = {}): Declaration {
  return {
    id: 'xiaomi-intl-2014',
    version: 1,
    title: 'International user data leaves Beijing',
    vendor: 'Xiaomi',
    timezone: 'Asia/Shanghai',
    sha256: 'd'.repeat(64),
    sources: [{ id: 'S1', title: 'Announcement', date: '2014-10-22', quote: 'by the end of the month' }],
    population: { description: 'International users', markets: ['IN', 'SG'] },
    places: [
      { id: 'beijing', subdivision: 'CN-BJ' },
      { id: 'china', country: 'CN' },
      { id: 'singapore', country: 'SG' },
      { id: 'california', subdivision: 'US-CA' },
      { id: 'aws-calif', cloud: 'aws:us-west-1' },
      { id: 'aws-sg', cloud: 'aws:ap-southeast-1' },
      { id: 'aws-oregon', cloud: 'aws:us-west-2', zones: ['aws:us-west-2-pdx-1'] },
      { id: 'hong-kong', subdivision: 'CN-HK' },
    ],
    ownNetworks: [],
    services: [service('mi-account', ['api.account.xiaomi.com', '*.account.xiaomi.com'])],
    undeclaredHosts: { vendorSuffixes: ['xiaomi.com', 'xiaomi.net'], treatment: 'violation' },
    migration: { deadlines: [] },
    standard: 'balanced',
    coverage: { minSessions: 1, minRigs: 1, steps: [] },
    tolerance: { indeterminateFlows: 0.02 },
    waivers: [],
    ...over,
  }
}

export function location(ip: string, grade: Grade, over: Partial<Location> = {}): Location {
  const evidence = [
    { rule: 'provider-range', source: 'ranges/aws', date: '2014-11-01', says: `${ip} is there`, supports: true },
  ]
  return { ip, grade, country: null, subdivision: null, city: null, cloud: null, prefix: null, evidence, ...over }
}

/** Addresses whose locations the tests speak of by name. */
export const ADDRESSES = {
  california: '54.67.0.1',
  singapore: '54.169.0.1',
  oregon: '54.68.0.1',
  beijing: '124.251.0.1',
  awsBeijing: '54.222.0.1',
  somewhereInChina: '42.62.0.1',
  suspectedSingapore: '103.1.0.1',
  conflicted: '103.2.0.1',
  edge: '23.1.0.1',
  unknown: '200.1.0.1',
} as const

const WHERE: Readonly<Record<string, Location>> = Object.fromEntries(
  [
    location(ADDRESSES.california, 'proven', {
      country: 'US',
      subdivision: 'US-CA',
      cloud: 'aws:us-west-1',
      prefix: '54.67.0.0/16',
    }),
    location(ADDRESSES.singapore, 'proven', { country: 'SG', cloud: 'aws:ap-southeast-1' }),
    location(ADDRESSES.oregon, 'proven', { country: 'US', subdivision: 'US-OR', cloud: 'aws:us-west-2' }),
    location(ADDRESSES.beijing, 'corroborated', { country: 'CN', subdivision: 'CN-BJ', city: 'Beijing' }),
    location(ADDRESSES.awsBeijing, 'proven', { country: 'CN', subdivision: 'CN-BJ', cloud: 'aws:cn-north-1' }),
    location(ADDRESSES.somewhereInChina, 'corroborated', { country: 'CN' }),
    location(ADDRESSES.suspectedSingapore, 'suspected', { country: 'SG' }),
    location(ADDRESSES.conflicted, 'conflicted'),
    location(ADDRESSES.edge, 'edge'),
    location(ADDRESSES.unknown, 'unknown'),
  ].map((known) => [known.ip, known]),
)

export function locatorOf(where: Readonly<Record<string, Location>> = WHERE): Locator {
  const nowhere = new Map<string, Location>()
  return {
    snapshots: [{ source: 'ranges/aws', date: '2014-11-01', sha256: 'a'.repeat(64), size: 10 }],
    locate(ip) {
      const known = where[ip] ?? nowhere.get(ip) ?? location(ip, 'unknown')
      nowhere.set(ip, known)
      return known
    },
  }
}

export function session(id = 's1', over: Partial<Session> = {}): Session {
  return {
    id,
    rig: { id: 'rig-1', clockErrorMs: 1000 },
    device: { addresses: ['192.168.1.7'] },
    steps: [{ id: 'idle', from: at('2014-10-01T00:00:00Z'), until: at('2014-12-01T00:00:00Z') }],
    captures: [],
    ...over,
  }
}

export function observe(over: Partial<Observation> = {}): Observation {
  const first = over.first ?? AFTER
  return {
    session: 's1',
    step: 'idle',
    hour: Math.floor(first / 3.6e9) * 3.6e9,
    names: [{ name: 'api.account.xiaomi.com', via: 'tls-sni' }],
    hidden: null,
    deviceKnown: true,
    remote: ADDRESSES.singapore,
    port: 443,
    protocol: 6,
    flows: 1,
    packetsOut: 10,
    packetsIn: 12,
    bytesOut: 1500,
    bytesIn: 9000,
    payloadOut: 1000,
    first,
    last: first + 1_000_000,
    handshakeRttMs: 12,
    capture: 'c'.repeat(64),
    ...over,
  }
}

export function ledger(over: Partial<Ledger> = {}): Ledger {
  return {
    source: 'sessions/s1/captures/a.pcap',
    format: 'pcap',
    sha256: 'c'.repeat(64),
    size: 1000,
    records: 22,
    used: 22,
    leftOut: {},
    error: null,
    flows: 1,
    unnamed: {},
    gaps: [],
    first: BEFORE,
    last: AFTER,
    session: 's1',
    ...over,
  }
}

/** Judges observations under the usual declaration, or another. */
export function judged(
  observations: readonly Observation[],
  over: {
    declaration?: Partial<Declaration>
    sessions?: readonly Session[]
    ledgers?: readonly Ledger[]
    locator?: Locator
    asOf?: Micros
  } = {},
): Judgement {
  return judge(
    {
      observations,
      ledgers: over.ledgers ?? [ledger()],
      sessions: over.sessions ?? [session()],
      declaration: declare(over.declaration),
      locator: over.locator ?? locatorOf(),
      ...(over.asOf === undefined ? {} : { asOf: over.asOf }),
    },
    refiner,
  )
}
