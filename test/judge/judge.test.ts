import { describe, expect, it } from 'vitest'
import type { Declaration, Finding, Name, Observation, Verdict } from '../../functions/model.ts'
import {
  ADDRESSES,
  AFTER,
  at,
  BEFORE,
  DEADLINE,
  judged,
  location,
  locatorOf,
  observe,
  phases,
  service,
  session,
} from './world.ts'

type Given = Partial<Observation>

/** The only finding about the observation. */
function finding(given: Given, over: Parameters<typeof judged>[1] = {}): Finding {
  const { findings } = judged([observe(given)], over)
  expect(findings).toHaveLength(1)
  return findings[0] as Finding
}

describe('where a declared service stands decides', () => {
  const {
    california,
    singapore,
    oregon,
    beijing,
    awsBeijing,
    somewhereInChina,
    suspectedSingapore,
    conflicted,
    edge,
    unknown,
  } = ADDRESSES
  const table: readonly (readonly [title: string, given: Given, verdict: Verdict, because: RegExp])[] = [
    ['Beijing before the deadline was allowed', { remote: beijing, first: BEFORE }, 'compliant', /allows: beijing/],
    ['Beijing after the deadline is denied', { remote: beijing }, 'violation', /denies: beijing \(CN-BJ\)/],
    ['California after the deadline is allowed', { remote: california }, 'compliant', /allows: aws-calif/],
    ['Singapore after the deadline is allowed', { remote: singapore }, 'compliant', /allows: aws-sg/],
    ['it being Amazon proves nothing: cn-north-1 is Beijing', { remote: awsBeijing }, 'violation', /denies: beijing/],
    ['Oregon was never allowed', { remote: oregon }, 'violation', /outside every place/],
    [
      'China without a subdivision is outside every allowed place',
      { remote: somewhereInChina },
      'violation',
      /outside every place/,
    ],
    ['a suspected place decides nothing', { remote: suspectedSingapore }, 'indeterminate', /only suspected/],
    ['sources that contradict each other decide nothing', { remote: conflicted }, 'indeterminate', /contradict/],
    ['behind an edge nothing can be observed', { remote: edge }, 'indeterminate', /edge/],
    ['an address that nobody knows decides nothing', { remote: unknown }, 'indeterminate', /No snapshot/],
  ]
  it.each(table)('%s', (_, given, verdict, because) => {
    const found = finding(given)
    expect(found).toMatchObject({ verdict, rule: 'residency', service: 'mi-account' })
    expect(found.reasons[0]).toMatch(because)
    expect(found.settle === null).toBe(verdict !== 'indeterminate')
  })

  it('a corroborated location decides nothing under a strict standard', () => {
    const strict: Partial<Declaration> = { standard: 'strict' }
    expect(finding({ remote: beijing }, { declaration: strict })).toMatchObject({ verdict: 'indeterminate' })
    expect(finding({ remote: awsBeijing }, { declaration: strict })).toMatchObject({ verdict: 'violation' })
  })
})

describe('allow and deny of a phase', () => {
  const table: readonly (readonly [
    title: string,
    allow: readonly string[] | null,
    deny: readonly string[],
    remote: string,
    verdict: Verdict,
  ])[] = [
    ['denied wins over allowed', ['china'], ['beijing'], ADDRESSES.beijing, 'violation'],
    ['without allow, what is not denied is permitted', null, ['beijing'], ADDRESSES.singapore, 'compliant'],
    ['without allow and deny, everything is permitted', null, [], ADDRESSES.oregon, 'compliant'],
    [
      'without allow, a denied place that cannot be told is open',
      null,
      ['beijing'],
      ADDRESSES.somewhereInChina,
      'indeterminate',
    ],
    [
      'an allowed place with a denied one inside that cannot be told is open',
      ['china'],
      ['beijing'],
      ADDRESSES.somewhereInChina,
      'indeterminate',
    ],
    ['an allowed place that cannot be told is open', ['beijing'], [], ADDRESSES.somewhereInChina, 'indeterminate'],
    [
      'outside every allowed place is a violation, whatever is denied',
      ['aws-sg'],
      ['beijing'],
      ADDRESSES.somewhereInChina,
      'violation',
    ],
    ['an empty allow permits nothing', [], [], ADDRESSES.singapore, 'violation'],
    ['a country is satisfied by a region in it', ['singapore'], ['china'], ADDRESSES.singapore, 'compliant'],
  ]
  it.each(table)('%s', (_, allow, deny, remote, verdict) => {
    const only = service('mi-account', ['api.account.xiaomi.com'], {
      phases: [{ id: 'only', from: null, until: null, allow, deny }],
    })
    expect(finding({ remote }, { declaration: { services: [only] } })).toMatchObject({ verdict, phase: 'only' })
  })
})

describe('time picks the phase', () => {
  const second = 1_000_000
  const remote = ADDRESSES.beijing
  it('a flow that ends two seconds before the boundary is judged before it, with a clock good to one', () => {
    expect(finding({ remote, first: DEADLINE - 5 * second, last: DEADLINE - 2 * second })).toMatchObject({
      verdict: 'compliant',
      phase: 'before',
    })
  })
  it('a flow that begins two seconds after the boundary is judged after it', () => {
    expect(finding({ remote, first: DEADLINE + 2 * second, last: DEADLINE + 3 * second })).toMatchObject({
      verdict: 'violation',
      phase: 'migrated',
    })
  })
  const near: readonly (readonly [title: string, first: number, last: number])[] = [
    ['a flow that ends within the clock error before it', DEADLINE - 60 * second, DEADLINE - second],
    ['a flow that begins within the clock error after it', DEADLINE + second / 2, DEADLINE + 60 * second],
  ]
  it.each(near)('%s is indeterminate, and the boundary and the clock error are named', (_, first, last) => {
    const found = finding({ remote, first, last })
    expect(found).toMatchObject({ verdict: 'indeterminate', phase: null })
    expect(found.reasons[0]).toContain('2014-10-31T16:00:00Z')
    expect(found.reasons[0]).toContain('within the error')
    expect(found.reasons[0]).toContain('1000 ms')
    expect(found.settle).toContain('error of the clock')
  })
  it('a flow that runs across the boundary is indeterminate whatever the clock, and says that it does', () => {
    const found = finding({ remote, first: DEADLINE - 60 * second, last: DEADLINE + 60 * second })
    expect(found).toMatchObject({ verdict: 'indeterminate', phase: null })
    expect(found.reasons[0]).toContain('run across 2014-10-31T16:00:00Z')
    expect(found.reasons[0]).not.toContain('clock')
    expect(found.settle).toBe('Flows that lie wholly on one side of the boundary.')
  })
  it('flows across the boundary and flows near to it are told apart, in whatever order they come', () => {
    const across = observe({ remote, first: DEADLINE - 60 * second, last: DEADLINE + 60 * second })
    const close = observe({
      remote: ADDRESSES.somewhereInChina,
      first: DEADLINE - 60 * second,
      last: DEADLINE - second,
    })
    const reasons = (list: (typeof across)[]) =>
      judged(list, { declaration: { services: [service('mi-account', ['api.account.xiaomi.com'])] } }).findings.map(
        ({ remote: { ip }, reasons: [reason] }) => [ip, /run across/.test(reason ?? '')],
      )
    expect(Object.fromEntries(reasons([across, close]))).toEqual({
      [remote]: true,
      [ADDRESSES.somewhereInChina]: false,
    })
    expect(reasons([close, across])).toEqual(reasons([across, close]))
  })
  it('a straddling flow that is compliant on both sides is compliant, and says so', () => {
    const found = finding({ remote: ADDRESSES.singapore, first: DEADLINE - second, last: DEADLINE + second })
    expect(found).toMatchObject({ verdict: 'compliant', phase: 'before' })
    expect(found.reasons.join(' ')).toContain('the same under “before” and “migrated”')
  })
  it('a straddling flow that is a violation on both sides is a violation', () => {
    expect(finding({ remote: ADDRESSES.oregon, first: DEADLINE - second, last: DEADLINE + second }).verdict).toBe(
      'violation',
    )
  })
  it('the clock error is that of the session', () => {
    const given = { remote, first: DEADLINE + 2 * second, last: DEADLINE + 3 * second }
    const sloppy = session('s1', { rig: { id: 'rig-1', clockErrorMs: 5000 } })
    expect(finding(given, { sessions: [sloppy] }).verdict).toBe('indeterminate')
  })
  it('a session that nobody described may be off by a second, and the judgement says which it was', () => {
    const result = judged([observe({ session: 'stray', remote, first: DEADLINE + 200_000, last: DEADLINE + 400_000 })])
    expect(result.findings[0]).toMatchObject({ verdict: 'indeterminate' })
    expect(result.findings[0]?.reasons[0]).toContain('1000 ms')
    expect(result.unknownSessions).toEqual(['stray'])
  })
  it('of two sessions of one id the worse clock holds', () => {
    const given = { remote, first: DEADLINE + 5 * second, last: DEADLINE + 6 * second }
    const clock = (clockErrorMs: number) => session('s1', { rig: { id: 'r', clockErrorMs } })
    for (const sessions of [
      [clock(60_000), clock(1)],
      [clock(1), clock(60_000)],
    ])
      expect(finding(given, { sessions }).verdict).toBe('indeterminate')
  })
  it('a time that no phase covers is indeterminate: the declaration is silent', () => {
    const late = service('mi-account', ['api.account.xiaomi.com'], { phases: phases.slice(1) })
    const found = finding({ remote, first: BEFORE }, { declaration: { services: [late] } })
    expect(found).toMatchObject({ verdict: 'indeterminate', phase: null })
    expect(found.reasons[0]).toContain('silent')
  })
  it.each([10, 2000, 6500])('among %i boundaries, what keeps flows apart still does', (count) => {
    const many = Array.from({ length: count }, (_, i) => ({
      id: `p${i}`,
      from: i === 0 ? null : DEADLINE + i * second,
      until: i === count - 1 ? null : DEADLINE + (i + 1) * second,
      allow: null,
      deny: ['beijing'],
    }))
    const last = {
      remote,
      first: DEADLINE + (count - 3) * second + 400_000,
      last: DEADLINE + (count - 3) * second + 400_100,
    }
    const { findings } = judged(
      [
        observe({ ...last, payloadOut: 0 }),
        observe({ ...last, port: 444 }),
        observe({ ...last, port: 445, deviceKnown: false }),
      ],
      {
        sessions: [session('s1', { rig: { id: 'r', clockErrorMs: 1 } })],
        declaration: { services: [service('mi-account', ['api.account.xiaomi.com'], { phases: many })] },
      },
    )
    expect(Object.fromEntries(findings.map((f) => [f.remote.port, f.verdict]))).toEqual({
      443: 'indeterminate',
      444: 'violation',
      445: 'indeterminate',
    })
    expect(new Set(findings.map(({ phase }) => phase))).toEqual(new Set([`p${count - 3}`]))
  })
  it('the boundary of another service does not matter', () => {
    const early = service('other', ['other.mi.com'], {
      phases: [{ id: 'all', from: null, until: AFTER, allow: null, deny: [] }],
    })
    const services = [service('mi-account', ['api.account.xiaomi.com']), early]
    expect(finding({ remote }, { declaration: { services } })).toMatchObject({
      verdict: 'violation',
      phase: 'migrated',
    })
  })
})

describe('what keeps a verdict from being decided', () => {
  const { beijing, california } = ADDRESSES
  const ipv6 = '2408:8000::1'
  const locator = locatorOf({
    [ipv6]: location(ipv6, 'proven', { country: 'CN', subdivision: 'CN-BJ' }),
    [beijing]: location(beijing, 'proven', { country: 'CN', subdivision: 'CN-BJ' }),
    [california]: location(california, 'proven', { country: 'US', subdivision: 'US-CA', cloud: 'aws:us-west-1' }),
  })
  const unanswered = { packetsIn: 0, bytesIn: 0, packetsOut: 3 }
  const uncounted = { packetsIn: 0, bytesIn: 0, packetsOut: 0, bytesOut: 0, payloadOut: null }
  const inLog = { name: 'api.account.xiaomi.com', via: 'log' } as const
  const refused = { packetsIn: 1, bytesIn: 40, packetsOut: 1, bytesOut: 60, payloadOut: 0 }
  const carried: readonly (readonly [string, Given, Verdict, string?])[] = [
    ['a refused connection', { remote: beijing, ...refused }, 'indeterminate', 'no data left'],
    ['a refused connection to an allowed place', { remote: california, ...refused }, 'indeterminate', 'no data left'],
    ['a connection without a byte of data', { remote: beijing, payloadOut: 0 }, 'indeterminate', 'no data left'],
    ['data that left without an answer', { remote: beijing, ...unanswered, payloadOut: 1 }, 'violation'],
    [
      'a log’s bare segments',
      { remote: beijing, ...unanswered, bytesOut: 180, payloadOut: null },
      'indeterminate',
      'or it holds one direction only',
    ],
    [
      'a log’s bare segments to an allowed place',
      { remote: california, ...unanswered, bytesOut: 180, payloadOut: null },
      'indeterminate',
      'or it holds one direction only',
    ],
    [
      'a log that counts one direction’s bytes, and no more than attempts take',
      { remote: beijing, ...unanswered, packetsOut: 0, flows: 2, bytesOut: 360, payloadOut: null },
      'indeterminate',
      'or it holds one direction only',
    ],
    [
      'a log’s bare segments of a protocol that it does not state',
      { remote: beijing, ...unanswered, protocol: -1, bytesOut: 180, payloadOut: null },
      'indeterminate',
      'or it holds one direction only',
    ],
    [
      'a log that counts one direction’s bytes, and more than attempts take',
      { remote: beijing, ...unanswered, packetsOut: 0, flows: 2, bytesOut: 2000, payloadOut: null },
      'violation',
    ],
    [
      'a log that counts bytes of both directions',
      { remote: beijing, packetsIn: 0, packetsOut: 0, bytesIn: 60, bytesOut: 180, payloadOut: null },
      'violation',
    ],
    [
      'a log’s UDP of which only answers are counted',
      { remote: beijing, protocol: 17, packetsOut: 0, bytesOut: 0, payloadOut: null, names: [inLog] },
      'indeterminate',
      'one direction only',
    ],
    [
      'a log’s connection of which only bare answers are counted',
      { remote: beijing, packetsOut: 0, bytesOut: 0, payloadOut: null, packetsIn: 9, bytesIn: 468, names: [inLog] },
      'indeterminate',
      'one direction only',
    ],
    [
      'a log’s bare segments over IPv6',
      { remote: ipv6, ...unanswered, bytesOut: 300, payloadOut: null },
      'indeterminate',
    ],
    ['a log’s unanswered data', { remote: beijing, ...unanswered, bytesOut: 900, payloadOut: null }, 'violation'],
    [
      'a log’s unanswered data over IPv6',
      { remote: ipv6, ...unanswered, bytesOut: 303, payloadOut: null },
      'violation',
    ],
    ['a log’s UDP', { remote: beijing, protocol: 17, ...unanswered, bytesOut: 180, payloadOut: null }, 'violation'],
    [
      'messages that a proxy or browser logged, without packets',
      { remote: beijing, packetsOut: 0, packetsIn: 0, bytesOut: 300, bytesIn: 900, payloadOut: 300 },
      'violation',
    ],
    [
      'messages over UDP that a proxy or browser logged',
      { remote: beijing, protocol: 17, packetsOut: 0, packetsIn: 0, bytesOut: 300, bytesIn: 0, payloadOut: 300 },
      'violation',
    ],
    ['unanswered UDP', { remote: beijing, protocol: 17, ...unanswered, payloadOut: 8 }, 'violation'],
    ['a ping', { remote: beijing, protocol: 1, port: null }, 'indeterminate', 'messages of the network'],
    ['a ping over IPv6', { remote: ipv6, protocol: 58, port: null }, 'indeterminate', 'messages of the network'],
    [
      'a connection of which only what came in was seen',
      { remote: california, packetsOut: 0, bytesOut: 0, payloadOut: 0, packetsIn: 9, bytesIn: 9000 },
      'indeterminate',
      'one direction only',
    ],
    [
      'a log without counters',
      { remote: beijing, ...uncounted, names: [inLog] },
      'indeterminate',
      'one direction only',
    ],
    ['a log without counters that saw the device name the host', { remote: beijing, ...uncounted }, 'violation'],
    [
      'a log without counters that saw somebody name the host to the device',
      { remote: beijing, ...uncounted, port: null },
      'indeterminate',
    ],
    ['a request that was logged and not sent', { remote: beijing, ...uncounted, payloadOut: 0 }, 'indeterminate'],
  ]
  it.each(carried.map(([title, given, verdict, says = '']) => ({ title, given, verdict, says })))('$title', (row) => {
    const { given, verdict, says } = row
    const found = finding(given, { locator })
    expect(found.verdict).toBe(verdict)
    expect(found.reasons[0]).toContain(says)
    if (verdict === 'indeterminate') expect(found.reasons[1]).toContain('Otherwise: ')
  })
  it.each([ADDRESSES.beijing, ADDRESSES.singapore])('an unknown device decides nothing about %s', (remote) => {
    const found = finding({ remote, deviceKnown: false })
    expect(found.verdict).toBe('indeterminate')
    expect(found.settle).toContain('session.yaml')
    expect(finding({ remote, deviceKnown: false, ...uncounted }).settle).toContain('session.yaml')
    expect(judged([observe({ remote, deviceKnown: false, flows: 3 })]).flowsOfUnknownDevice).toBe(3)
  })
})

describe('a host that no service declares', () => {
  const names = [{ name: 'tracker.xiaomi.com', via: 'dns' as const }]
  it('is treated as the declaration says, and the finding says where it stands', () => {
    const found = finding({ names })
    expect(found).toMatchObject({
      rule: 'undeclared-host',
      verdict: 'violation',
      service: null,
      phase: null,
      host: 'tracker.xiaomi.com',
    })
    expect(found.reasons.join(' ')).toContain('aws:ap-southeast-1')
    const lenient = { undeclaredHosts: { vendorSuffixes: ['xiaomi.com'], treatment: 'indeterminate' as const } }
    expect(finding({ names }, { declaration: lenient })).toMatchObject({
      verdict: 'indeterminate',
      settle: expect.stringContaining('declaration'),
    })
  })
  it('is open where somebody else’s name leads to the same address', () => {
    const shared = [...names, { name: 'example.org', via: 'dns' as const }]
    expect(finding({ names: shared })).toMatchObject({ rule: 'undeclared-host', verdict: 'indeterminate' })
  })
  it('is open where nobody answered', () => {
    expect(finding({ names, packetsIn: 0, bytesOut: 40, packetsOut: 1, payloadOut: 0 }).verdict).toBe('indeterminate')
  })
})

describe('several names at one address', () => {
  const dns = (name: string) => ({ name, via: 'dns' as const })
  const services = [
    service('account', ['a.mi.com']),
    service('store', ['b.mi.com'], { phases: [{ id: 'all', from: null, until: null, allow: ['beijing'], deny: [] }] }),
  ]
  it('of one service are judged, and all are named', () => {
    const found = finding(
      { names: [dns('a.mi.com'), dns('c.mi.com')] },
      { declaration: { services: [service('account', ['*.mi.com'])] } },
    )
    expect(found).toMatchObject({ verdict: 'compliant', service: 'account' })
    expect(found.reasons.join(' ')).toContain('a.mi.com, c.mi.com')
  })
  it('of two services that agree give that verdict, for both services', () => {
    const result = judged([observe({ names: [dns('a.mi.com'), dns('b.mi.com')], remote: ADDRESSES.oregon })], {
      declaration: { services },
    })
    expect(result.findings[0]).toMatchObject({ verdict: 'violation', service: null })
    expect(result.services.map(({ violation }) => violation)).toEqual([1, 1])
    expect(result.summary.judged.violation).toBe(1)
  })
  it('of two services that disagree are open', () => {
    const found = finding(
      { names: [dns('a.mi.com'), dns('b.mi.com')], remote: ADDRESSES.beijing },
      { declaration: { services } },
    )
    expect(found).toMatchObject({ verdict: 'indeterminate', settle: expect.stringContaining('SNI') })
    expect(found.reasons[0]).toContain('a.mi.com, b.mi.com')
  })
  it.each(['example.org', 'tracker.xiaomi.com'])(
    'are open where %s, which no service declares, is among them',
    (other) => {
      const found = finding(
        { names: [dns('a.mi.com'), dns(other)], remote: ADDRESSES.oregon },
        { declaration: { services } },
      )
      expect(found).toMatchObject({ verdict: 'indeterminate', service: 'account' })
      expect(found.reasons.join(' ')).toContain(other)
    },
  )
})

describe('an unknown host', () => {
  const names: never[] = []
  const unseen = 'host unknown, in no denied place'
  it('in a denied place is listed, and assigned to no service', () => {
    const found = finding({ names, remote: ADDRESSES.beijing, hidden: 'tls-ech' })
    expect(found).toMatchObject({ rule: 'unknown-host', verdict: 'indeterminate', service: null, host: null })
    expect(found.reasons[0]).toContain('ECH')
  })
  it.each([ADDRESSES.unknown, ADDRESSES.suspectedSingapore, ADDRESSES.edge, ADDRESSES.somewhereInChina])(
    'that cannot be excluded from a denied place (%s) is listed',
    (remote) => {
      expect(finding({ names, remote })).toMatchObject({ rule: 'unknown-host', verdict: 'indeterminate' })
    },
  )
  it.each([
    ['decisively elsewhere', { remote: ADDRESSES.singapore }],
    ['in an allowed place at a time when nothing is denied', { remote: ADDRESSES.beijing, first: BEFORE }],
  ])('%s is out of scope, and counted', (_, given) => {
    const { findings, summary } = judged([observe({ names, flows: 7, ...given })])
    expect(findings).toEqual([])
    expect(summary.outOfScope).toEqual({ 'host unknown, in no denied place': 7 })
  })
  describe('under phases that only allow', () => {
    const allowing = (allow: readonly string[]) =>
      service('mi-account', ['api.account.xiaomi.com'], {
        phases: [{ id: 'now', from: null, until: null, allow, deny: [] }],
      })
    const services = [allowing(['aws-calif', 'aws-sg'])]
    it.each([
      [ADDRESSES.awsBeijing, 'outside every place that some service is allowed (aws-calif'],
      [ADDRESSES.oregon, 'outside every place'],
      [ADDRESSES.somewhereInChina, 'outside every place'],
      [ADDRESSES.edge, 'is not known to be in a place that some service is allowed'],
      [ADDRESSES.suspectedSingapore, 'is not known to be in'],
    ])('is listed where it is not surely in an allowed place (%s), and nothing passes', (remote, says) => {
      const result = judged([observe(), observe({ names, remote, flows: 5000 })], { declaration: { services } })
      const [found] = result.findings.filter(({ rule }) => rule === 'unknown-host')
      expect(found?.reasons[0]).toContain(says)
      expect(result.conclusion).toBe('inconclusive')
    })
    it('is out of scope in an allowed place', () => {
      const result = judged([observe(), observe({ names, remote: ADDRESSES.california })], {
        declaration: { services },
      })
      expect(result).toMatchObject({ conclusion: 'pass', summary: { outOfScope: { [unseen]: 1 } } })
    })
    it('is listed where one service is allowed and another is not', () => {
      const both = [...services, { ...allowing(['aws-sg']), id: 'other', hosts: ['b.mi.com'] }]
      const found = finding({ names, remote: ADDRESSES.california }, { declaration: { services: both } })
      expect(found.reasons[0]).toContain('(aws-sg (aws:ap-southeast-1))')
      expect(found.reasons[0]).not.toContain('aws-calif')
    })
    it('is out of scope where nothing is said of its time', () => {
      const ended = { ...services[0], phases: [{ id: 'old', from: null, until: BEFORE, allow: ['aws-sg'], deny: [] }] }
      const declaration = { services: [ended as (typeof services)[0]] }
      expect(judged([observe({ names, remote: ADDRESSES.awsBeijing })], { declaration }).findings).toEqual([])
    })
  })
  it('names what was seen instead of a host name, shortened', () => {
    const found = finding({
      names: [{ name: `\ud800${'x'.repeat(10_000)}`, via: 'tls-sni' }],
      remote: ADDRESSES.beijing,
    })
    expect(found.reasons.join(' ')).toContain('\ufffdxxx')
    expect(found.reasons.join(' ').length).toBeLessThan(800)
  })
})

describe('somebody else’s name where a resolver said that the vendor is', () => {
  const front = [
    { name: 'www.baidu.com', via: 'tls-sni' as const },
    { name: 'api.account.xiaomi.com', via: 'dns' as const },
  ]
  it.each([ADDRESSES.beijing, ADDRESSES.awsBeijing, ADDRESSES.oregon, ADDRESSES.edge, ADDRESSES.suspectedSingapore])(
    'is open where the vendor may not, or not surely, be (%s)',
    (remote) => {
      const { findings, conclusion } = judged([observe(), observe({ names: front, remote, flows: 3 })])
      const [found] = findings.filter(({ verdict }) => verdict === 'indeterminate')
      expect(found).toMatchObject({ rule: 'residency', host: 'api.account.xiaomi.com', flows: 3, via: ['dns'] })
      expect(found?.reasons[0]).toContain('name www.baidu.com, at an address that a resolver gave for')
      expect(conclusion).toBe('inconclusive')
    },
  )
  it('is out of scope where the vendor may be', () => {
    const { summary, conclusion, outOfScope } = judged([observe(), observe({ names: front, flows: 3 })])
    expect(conclusion).toBe('pass')
    expect(summary.outOfScope).toEqual({ "host is not the vendor's": 3 })
    expect(outOfScope[0]).toMatchObject({ host: 'www.baidu.com' })
  })
  it('is open where the vendor’s host is one that no service declares', () => {
    const names = [front[0], { name: 'tracker.xiaomi.com', via: 'dns' as const }] as Observation['names']
    expect(finding({ names })).toMatchObject({ rule: 'undeclared-host', verdict: 'indeterminate' })
  })
})

describe('beside an encrypted ClientHello', () => {
  const sni = (name: string) => ({ name, via: 'tls-sni' as const })
  const dns = (name: string) => ({ name, via: 'dns' as const })
  const ours = 'api.account.xiaomi.com'
  const hidden = 'tls-ech'
  const remote = ADDRESSES.beijing
  it('somebody else’s server name leaves the host unknown, and says so', () => {
    const found = finding({ names: [sni('cloudflare-ech.com')], hidden, remote })
    expect(found).toMatchObject({ rule: 'unknown-host', verdict: 'indeterminate' })
    expect(found.reasons.join(' ')).toContain('decides nothing: cloudflare-ech.com')
  })
  it('an answer of a resolver decides', () => {
    expect(finding({ names: [sni('cloudflare-ech.com'), dns(ours)], hidden, remote }).verdict).toBe('violation')
    expect(finding({ names: [sni(ours), dns(ours)], hidden, remote }).verdict).toBe('violation')
  })
  it.each([ADDRESSES.beijing, ADDRESSES.singapore])(
    'the vendor’s server name alone decides nothing at %s',
    (address) => {
      const found = finding({ names: [sni(ours)], hidden, remote: address })
      expect(found).toMatchObject({ rule: 'residency', verdict: 'indeterminate', host: ours })
      expect(found.reasons[0]).toContain('ECH')
    },
  )
})

describe('a flow that ends at a proxy', () => {
  const names = [
    { name: 'api.account.xiaomi.com', via: 'http-connect' as const },
    { name: 'api.account.xiaomi.com', via: 'tls-sni' as const },
  ]
  it.each([ADDRESSES.california, ADDRESSES.beijing, '192.168.1.1', '2001:db8::1'])(
    'decides nothing, wherever the proxy stands (%s)',
    (remote) => {
      const result = judged([observe(), observe({ names, remote, port: 3128, flows: 999 })])
      const [found] = result.findings.filter(({ flows }) => flows === 999)
      expect(found).toMatchObject({ rule: 'residency', verdict: 'indeterminate', service: 'mi-account' })
      expect(found?.reasons[0]).toContain(`end at a proxy: the device asked ${remote}`)
      expect(result.conclusion).toBe('inconclusive')
    },
  )
  it('is listed for a host that no service declares', () => {
    const undeclared = [{ name: 'tracker.xiaomi.com', via: 'http-connect' as const }]
    expect(finding({ names: undeclared, remote: '192.168.1.1' })).toMatchObject({
      rule: 'undeclared-host',
      verdict: 'indeterminate',
    })
  })
  it('is out of scope for somebody else’s host', () => {
    const foreign = [{ name: 'example.org', via: 'http-connect' as const }]
    expect(judged([observe({ names: foreign, remote: '192.168.1.1' })]).summary.outOfScope).toEqual({
      'remote is private-use': 1,
    })
  })
})

describe('a host behind a tunnel', () => {
  const inside = (name: string) => ({ name, via: 'tls-sni' as const, inside: true as const })
  const flow = (names: readonly Name[], remote: string) =>
    observe({ names, remote, port: null, protocol: 47, hidden: 'tunnel' as const, flows: 999 })
  it.each([ADDRESSES.california, ADDRESSES.beijing, '192.168.1.1', '2001:db8::1'])(
    'is undecided, wherever the tunnel ends (%s)',
    (remote) => {
      const result = judged([observe(), flow([inside('api.account.xiaomi.com')], remote)])
      const [found] = result.findings.filter(({ flows }) => flows === 999)
      expect(found).toMatchObject({
        rule: 'residency',
        verdict: 'indeterminate',
        service: 'mi-account',
        host: 'api.account.xiaomi.com',
        via: ['tls-sni'],
      })
      expect(found?.reasons[0]).toContain(
        `The device spoke to api.account.xiaomi.com (declared by “mi-account”) through a tunnel that ends at ${remote}`,
      )
      expect(result.conclusion).toBe('inconclusive')
    },
  )
  it('is listed where no service declares it', () => {
    expect(judged([flow([inside('tracker.xiaomi.com')], ADDRESSES.california)]).findings).toMatchObject([
      { rule: 'undeclared-host', verdict: 'indeterminate', service: null, flows: 999 },
    ])
  })
  it('does not hide where the host stands that the flow itself is for', () => {
    const names = [{ name: 'api.account.xiaomi.com', via: 'dns' as const }, inside('b.xiaomi.com')]
    const { findings } = judged([flow(names, ADDRESSES.beijing)])
    expect(findings.map(({ rule, verdict, flows }) => [rule, verdict, flows])).toEqual([
      ['residency', 'violation', 999],
      ['undeclared-host', 'indeterminate', 0],
    ])
  })
  it('that is somebody else’s leaves a flow of unknown host, and the tunnel is why', () => {
    const [found] = judged([flow([inside('example.org')], ADDRESSES.beijing)]).findings
    expect(found).toMatchObject({ rule: 'unknown-host', verdict: 'indeterminate', host: null })
    expect(found?.reasons.join(' ')).toContain('the flows are a tunnel')
    const { summary } = judged([flow([inside('example.org')], ADDRESSES.california)])
    expect(summary.outOfScope).toEqual({ 'host unknown, in no denied place': 999 })
  })
})

describe('a look-up over HTTP-DNS', () => {
  const asked = (name: string) => ({ name, via: 'http-dns' as const, asked: true as const })
  it('of a declared host is a finding about the asked name at the server, and indeterminate', () => {
    const found = finding({ names: [asked('api.account.xiaomi.com')], remote: ADDRESSES.beijing, port: 80 })
    expect(found).toMatchObject({
      rule: 'http-dns',
      verdict: 'indeterminate',
      service: 'mi-account',
      phase: 'migrated',
      host: 'api.account.xiaomi.com',
      via: ['http-dns'],
      remote: { ip: ADDRESSES.beijing, port: 80, proto: 'tcp' },
      flows: 1,
    })
    expect(found.reasons[0]).toContain('round DNS')
  })
  it('of a host of the vendor that no service declares is one too', () => {
    expect(finding({ names: [asked('appmarket.micloud.xiaomi.net')] })).toMatchObject({
      rule: 'http-dns',
      service: null,
      host: 'appmarket.micloud.xiaomi.net',
    })
  })
  it('of two names is two findings, and its flows count once', () => {
    const { findings, summary } = judged([observe({ names: [asked('a.xiaomi.com'), asked('b.xiaomi.com')], flows: 4 })])
    expect(findings.map(({ host, flows }) => [host, flows])).toEqual([
      ['a.xiaomi.com', 4],
      ['b.xiaomi.com', 0],
    ])
    expect(summary.judged).toEqual({ compliant: 0, violation: 0, indeterminate: 4 })
  })
  it('to a declared host does not hide where that host stands', () => {
    const names = [{ name: 'api.account.xiaomi.com', via: 'http-host' as const }, asked('b.xiaomi.com')]
    const { findings, summary } = judged([observe({ names, remote: ADDRESSES.beijing })])
    expect(findings.map(({ rule, verdict, flows }) => [rule, verdict, flows])).toEqual([
      ['residency', 'violation', 1],
      ['http-dns', 'indeterminate', 0],
    ])
    expect(summary.judged.violation).toBe(1)
  })
  it('of somebody else’s name is only a flow of unknown host', () => {
    const { summary } = judged([observe({ names: [asked('example.org')] })])
    expect(summary.outOfScope).toEqual({ 'host unknown, in no denied place': 1 })
  })
})

describe('what is out of scope is counted by reason', () => {
  const scan = { port: null, packetsOut: 0, bytesOut: 0, payloadOut: 0, packetsIn: 1, bytesIn: 40 }
  const table: readonly (readonly [reason: string, given: Given])[] = [
    ['remote is private-use', { remote: '10.1.2.3' }],
    ['remote is multicast', { remote: 'ff02::fb' }],
    ['remote is multicast', { remote: '239.255.255.250', names: [] }],
    ["host is not the vendor's", { names: [{ name: 'example.org', via: 'tls-sni' }], remote: ADDRESSES.beijing }],
    ['host unknown, in no denied place', { names: [], remote: ADDRESSES.oregon }],
    ['neither end is the device', { deviceKnown: false, bystander: true, remote: ADDRESSES.beijing }],
    ['the device sent nothing', { ...scan, names: [], remote: ADDRESSES.beijing }],
    ['the device sent nothing', { ...scan, remote: ADDRESSES.california }],
    ['the device sent nothing', { ...scan, protocol: 17, bytesIn: 4000, remote: ADDRESSES.beijing }],
    ['the device sent nothing', { ...scan, protocol: 17, payloadOut: null, remote: ADDRESSES.beijing }],
    ['the device sent nothing', { ...scan, protocol: 17, port: 443, remote: ADDRESSES.beijing }],
  ]
  it.each(table)('%s', (reason, given) => {
    expect(judged([observe({ ...given, flows: 5 })]).summary).toMatchObject({ flows: 5, outOfScope: { [reason]: 5 } })
  })
})

describe('findings', () => {
  it('merge what differs only in session, step, hour and capture', () => {
    const { findings } = judged([
      observe({ session: 's2', step: null, capture: 'b'.repeat(64), flows: 2, first: AFTER + 3.6e9 }),
      observe({ step: 'idle', flows: 3 }),
    ])
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({
      flows: 5,
      bytes: { out: 3000, in: 18_000 },
      first: '2014-11-03T10:00:00Z',
      last: '2014-11-03T11:00:01Z',
      sessions: ['s1', 's2'],
      steps: ['idle'],
      captures: ['b'.repeat(64), 'c'.repeat(64)],
    })
    expect(findings[0]?.id).toMatch(/^F-[0-9a-f]{8}$/)
  })
  it('keep ports, protocols and remotes apart', () => {
    const given = [{}, { port: 80 }, { protocol: 17 }, { port: null }, { remote: ADDRESSES.california }]
    const { findings } = judged(given.map((over) => observe(over)))
    expect(new Set(findings.map(({ id }) => id)).size).toBe(5)
  })
  it('keep their id when reference data changes but not the place', () => {
    const later = location(ADDRESSES.singapore, 'proven', { country: 'SG', cloud: 'aws:ap-southeast-1', evidence: [] })
    const [before, after] = [finding({}), finding({}, { locator: locatorOf({ [later.ip]: later }) })]
    expect(after.id).toBe(before.id)
    expect(after.location.id).not.toBe(before.location.id)
  })
  it('rest on the location at their own time', () => {
    const moved = location(ADDRESSES.singapore, 'proven', {
      country: 'CN',
      subdivision: 'CN-BJ',
      cloud: 'aws:cn-north-1',
    })
    const there = locatorOf()
    const locator = { ...there, locate: (ip: string, time: number) => (time < AFTER ? moved : there.locate(ip, time)) }
    const { findings, locations } = judged([observe({ first: AFTER - 3.6e9 }), observe()], { locator })
    expect(findings.map(({ verdict }) => verdict)).toEqual(['violation', 'compliant'])
    expect(findings.map((f) => locations.find(({ id }) => id === f.location.id)?.cloud)).toEqual([
      'aws:cn-north-1',
      'aws:ap-southeast-1',
    ])
  })
  it('do not depend on whether the locator hands out one object twice', () => {
    const there = locatorOf()
    const copying = { ...there, locate: (ip: string, time: number) => structuredClone(there.locate(ip, time)) }
    const given = [observe(), observe({ first: AFTER + 1 }), observe({ remote: ADDRESSES.beijing })]
    expect(judged(given, { locator: copying })).toEqual(judged(given))
  })
  it('come with violations first', () => {
    const { findings } = judged([
      observe(),
      observe({ remote: ADDRESSES.edge }),
      observe({ remote: ADDRESSES.beijing }),
    ])
    expect(findings.map(({ verdict }) => verdict)).toEqual(['violation', 'indeterminate', 'compliant'])
  })
})

it('a finding tells what else its flows name in their own payload', () => {
  const names = [
    { name: 'api.account.xiaomi.com', via: 'mipush' },
    { name: 'lb-7.example.com', via: 'mipush' },
    { name: 'cached.example.org', via: 'dns' },
  ] as const
  const { host, verdict, reasons } = finding({ names })
  expect([host, verdict]).toEqual(['api.account.xiaomi.com', 'compliant'])
  expect(reasons.slice(1)).toEqual(['These flows name as well: lb-7.example.com.'])
})

it('the period is that of the packets, and the day for waivers is its end', () => {
  expect(judged([observe()])).toMatchObject({
    period: { from: BEFORE, until: AFTER + 1_000_000 },
    asOf: AFTER + 1_000_000,
  })
  expect(judged([], { asOf: at('2015-01-01T00:00:00Z') }).asOf).toBe(at('2015-01-01T00:00:00Z'))
})
