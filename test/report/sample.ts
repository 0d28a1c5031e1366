/** A report with something of everything, and one whose every captured text is hostile. */
import type { Declaration, Ledger, Observation, Report, Session } from '../../functions/model.ts'
import { composeReport } from '../../functions/report/compose.ts'
import { account, capture, claim, examined, hit, others, run, sent, startOf } from '../judge/consent/world.ts'
import {
  ADDRESSES,
  AFTER,
  at,
  BEFORE,
  DEADLINE,
  declare,
  judged,
  ledger,
  locatorOf,
  observe,
  service,
  session,
} from '../judge/world.ts'

export const DAY = 86_400_000_000

export const declaration: Declaration = declare({
  sources: [
    {
      id: 'S1',
      title: 'The vendor’s post',
      date: '2014-10-22',
      url: 'https://example.com/post',
      quote: 'by the end\n of the month',
    },
    { id: 'S2', title: 'A paper', date: '2014-10-23', url: 'javascript:alert(1)' },
  ],
  services: [
    service('mi-account', ['api.account.xiaomi.com', '*.account.xiaomi.com'], { title: 'Accounts' }),
    service('mi-cloud', ['*.micloud.xiaomi.net']),
  ],
  migration: { deadlines: [{ id: 'D1', services: ['mi-account'], phase: 'migrated', at: DEADLINE, source: 'S1' }] },
  waivers: [
    {
      id: 'W1',
      rule: 'undeclared-host',
      match: { host: 'tracker.xiaomi.com' },
      reason: 'A reseller’s',
      owner: 'jane',
      approver: 'lead',
      expires: at('2015-03-31T00:00:00Z'),
    },
    { id: 'W2', rule: 'residency', match: {}, reason: 'Old', owner: 'x', approver: 'y', expires: BEFORE },
  ],
})

export const observations: readonly Observation[] = [
  observe({ first: BEFORE, remote: ADDRESSES.beijing, flows: 12 }),
  observe({ first: DEADLINE + DAY, remote: ADDRESSES.beijing, flows: 1234 }),
  observe({ flows: 40, session: 's2', capture: 'b'.repeat(64) }),
  observe({ names: [{ name: 'x.micloud.xiaomi.net', via: 'tls-sni' }], remote: ADDRESSES.edge, flows: 20 }),
  observe({ names: [{ name: 'tracker.xiaomi.com', via: 'dns' }], flows: 2 }),
  observe({ names: [], remote: ADDRESSES.beijing, hidden: 'tls-ech' }),
  observe({ names: [{ name: 'sync.micloud.xiaomi.net', via: 'http-dns', asked: true }], port: 80 }),
  observe({ first: DEADLINE - 1_000_000, remote: ADDRESSES.beijing }),
  observe({ remote: '10.0.0.1', flows: 30 }),
  observe({ names: [{ name: 'example.org', via: 'dns' }], flows: 77 }),
]

export const ledgers: readonly Ledger[] = [
  ledger({ unnamed: { 'tls-ech': 1 } }),
  ledger({
    source: 'sessions/s2/captures/flow.log.gz',
    sha256: 'b'.repeat(64),
    session: 's2',
    format: 'vpc-flow-log',
    records: 100,
    used: 60,
    leftOut: { NODATA: 30, SKIPDATA: 10 },
    error: 'line 101: cut short',
    gaps: [{ from: AFTER, until: AFTER + 600_000_500, reason: 'SKIPDATA', records: 10 }],
  }),
]

export const sessions: readonly Session[] = [
  session('s1', {
    rig: { id: 'rig-1', clockErrorMs: 1000, place: { country: 'SG', city: 'Singapore' } },
    device: { addresses: ['02:00:00:00:00:01'], model: 'Redmi 1S' },
  }),
  session('s2'),
]

const dbip = {
  source: 'database/dbip-city',
  date: '2026-06-05',
  sha256: 'e'.repeat(64),
  size: 133_000_000,
  attribution: { text: 'IP Geolocation by DB-IP', url: 'https://db-ip.com' },
}

export function reportOf(
  over: {
    observations?: readonly Observation[]
    ledgers?: readonly Ledger[]
    sessions?: readonly Session[]
    declaration?: Declaration
  } = {},
): Report {
  const given = { observations, ledgers, sessions, declaration, ...over }
  const locator = locatorOf()
  const judgement = judged(given.observations, given)
  return composeReport({ ...given, locator: { snapshots: [dbip, ...locator.snapshots] } }, judgement)
}

export const HOSTILE = {
  script: '<script>alert(1)</script>',
  attribute: '" onmouseover="alert(1)',
  formula: '=cmd|"/c calc"!A1',
  controls: '\u001b[31mred\u0000\r\nforged line\t\u0007',
  bidi: '\u202egnp.exe\u2066\u200b',
  replacement: "$& $' $` $1",
  surrogate: 'half \ud800 pair',
  long: 'x'.repeat(10_240),
} as const

/** The sample with a hostile text wherever a capture, a log or a file name could put one. */
export function hostileReport(text: string): Report {
  const report = reportOf()
  return {
    ...report,
    declaration: {
      ...report.declaration,
      title: text,
      vendor: text,
      sources: [
        {
          id: 'S1',
          title: text,
          date: '2014-10-22',
          url: `https://example.com/${encodeURIComponent('<>')}`,
          quote: text,
        },
      ],
      population: { description: text, markets: [text] },
    },
    services: report.services.map((one) => ({ ...one, title: text, hosts: [text], data: [text] })),
    findings: report.findings.map((finding) => ({
      ...finding,
      host: text,
      reasons: [text, `${text} again`],
      settle: finding.settle === null ? null : text,
      sessions: [text],
      steps: [text],
      location: { ...finding.location, city: text },
    })),
    locations: report.locations.map((one) => ({
      ...one,
      city: text,
      evidence: [{ rule: text, source: text, date: null, says: text, supports: false }],
    })),
    ledger: report.ledger.map((one) => ({
      ...one,
      source: text,
      format: text,
      error: text,
      session: text,
      leftOut: { [text]: 40 },
      gaps: one.gaps.map((gap) => ({ ...gap, reason: text })),
    })),
    sessions: report.sessions.map((one) => ({
      ...one,
      id: text,
      rig: text,
      place: { country: text },
      device: { model: text, firmware: text, state: null },
      steps: one.steps.map((step) => ({ ...step, id: text })),
      deviations: [text],
      skipped: [{ step: text, why: text }],
    })),
    snapshots: report.snapshots.map((one) => ({
      ...one,
      source: text,
      attribution: { text, url: 'javascript:alert(1)' },
    })),
    waivers: report.waivers.map((one) => ({ ...one, reason: text, owner: text, approver: text })),
    criteria: report.criteria.map((one) => ({ ...one, reason: text })),
    consent: consentReport().consent.map((one) => ({ ...one, session: text, reason: text })),
    inventory: consentReport().inventory.map((one) => ({
      ...one,
      ...{ host: text, session: text, step: text, excerpt: text },
      seeds: [text],
      places: Array.from({ length: 9 }, () => text),
      encodings: [text],
    })),
    limitations: [text],
    summary: { ...report.summary, outOfScope: { [text]: 107 } },
    outOfScope: [{ flows: 107, host: text, reason: text, remote: null }],
  }
}

/** A report of a service that did not ask first: identifiers out of the box, one session open, one that is not spoken of. */
export function consentReport(): Report {
  const found = [
    hit(),
    hit({ seed: 'phone-1', kind: 'phone', field: 'device.phone', chain: ['base64'], excerpt: 'tel=‹phone›' }),
  ]
  const opaque = {
    part: 'body',
    method: 'POST',
    path: '/sync',
    field: 'd',
    looks: 'base64',
    bytes: 900,
    count: 2,
  } as const
  return reportOf({
    declaration: declare({
      ...declaration,
      services: [
        account,
        service('mi-cloud', ['*.micloud.xiaomi.net'], {
          consent: { ...claim, preconditions: { deviceStates: ['new', 'factory-reset'] }, source: 'S1' },
        }),
      ],
    }),
    sessions: [
      run({ device: { addresses: [], model: 'Redmi 1S', firmware: 'JHCMIBH45.0', state: 'new' } }),
      run({ id: 's2', device: { addresses: [], state: 'updated' } }),
      run({ id: 's3', device: { addresses: [] } }),
    ],
    ledgers: [capture(), capture({ session: 's2', sha256: 'b'.repeat(64), source: 'b' })],
    observations: [
      ...others,
      sent('boot', {
        remote: ADDRESSES.beijing,
        flows: 12,
        outlived: 2,
        examined: examined({ whole: 11, unread: 1, hits: found, opaque: [opaque] }),
      }),
      sent('use', {
        examined: examined({ hits: [hit({ seed: 'imsi-1', kind: 'imsi', chain: ['gzip', 'md5-hex'] })] }),
      }),
      sent('idle', { first: startOf('enable-cloud') - 500_000, stepDoubt: true }),
      sent('boot', { session: 's2', capture: 'b'.repeat(64) }),
    ],
  })
}
