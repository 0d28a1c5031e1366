import { describe, expect, it } from 'vitest'
import type { Criterion, Declaration, Ledger, Session } from '../../functions/model.ts'
import { ADDRESSES, AFTER, at, BEFORE, DEADLINE, judged, ledger, observe, phases, service, session } from './world.ts'

type Over = NonNullable<Parameters<typeof judged>[1]>

function criterion(id: string, observations: Parameters<typeof judged>[0], over: Over = {}): Criterion {
  const found = judged(observations, over).criteria.find((one) => one.id === id)
  if (!found) throw new Error(`there is no criterion ${id}`)
  return found
}

describe('the conclusion', () => {
  it('is a pass where every criterion is met', () => {
    const result = judged([observe()])
    expect(result.criteria.map(({ id, status }) => [id, status])).toEqual([
      ['no-violation', 'met'],
      ['undecided-flows', 'met'],
      ['unassigned-hosts', 'met'],
      ['coverage', 'met'],
      ['completeness', 'met'],
    ])
    expect(result.conclusion).toBe('pass')
  })
  it('is a fail by one violation, whatever else was seen', () => {
    expect(judged([observe({ flows: 1_000_000 }), observe({ remote: ADDRESSES.beijing })]).conclusion).toBe('fail')
  })
  it('is inconclusive without any flow: silence is no evidence', () => {
    expect(judged([]).conclusion).toBe('inconclusive')
    expect(judged([], { ledgers: [] }).conclusion).toBe('inconclusive')
  })
  it('is inconclusive where nothing was declared that flows could be judged by', () => {
    const nothing = { services: [], undeclaredHosts: { vendorSuffixes: [], treatment: 'violation' as const } }
    expect(judged([observe()], { declaration: nothing }).conclusion).toBe('inconclusive')
  })
  const spoilers: readonly (readonly [title: string, Over, Parameters<typeof judged>[0]])[] = [
    ['an unknown host in a denied place', {}, [observe(), observe({ names: [], remote: ADDRESSES.beijing })]],
    [
      'a look-up over HTTP-DNS',
      {},
      [observe(), observe({ names: [{ name: 'api.account.xiaomi.com', via: 'http-dns', asked: true }] })],
    ],
    [
      'an undeclared host that is indeterminate',
      { declaration: { undeclaredHosts: { vendorSuffixes: ['xiaomi.com'], treatment: 'indeterminate' } } },
      [observe(), observe({ names: [{ name: 'x.xiaomi.com', via: 'dns' }] })],
    ],
    [
      'a gap',
      { ledgers: [ledger({ gaps: [{ from: BEFORE, until: AFTER, reason: 'SKIPDATA', records: 1 }] })] },
      [observe()],
    ],
    ['too few sessions', { declaration: { coverage: { minSessions: 2, minRigs: 1, steps: [] } } }, [observe()]],
  ]
  it.each(spoilers)('is inconclusive by %s', (_, over, observations) => {
    expect(judged(observations, over).conclusion).toBe('inconclusive')
  })
})

describe('undecided flows', () => {
  const open = observe({ remote: ADDRESSES.edge, flows: 2 })
  it.each([
    [98, 'met'],
    [97, 'not-met'],
  ] as const)('2 beside %i decided ones are %s with a tolerance of 2 %%', (flows, status) => {
    expect(criterion('undecided-flows', [open, observe({ flows })]).status).toBe(status)
  })
  it('are undecided themselves where no declared service was seen', () => {
    expect(criterion('undecided-flows', []).status).toBe('undecided')
  })
})

it('says in a sentence which hosts are left open', () => {
  const unknown = { names: [], remote: ADDRESSES.beijing }
  const undeclared = observe({ names: [{ name: 'new.xiaomi.com', via: 'tls-sni' }] })
  const open = (...observations: Parameters<typeof judged>[0]) =>
    criterion('unassigned-hosts', observations, {
      declaration: { undeclaredHosts: { vendorSuffixes: ['xiaomi.com'], treatment: 'indeterminate' } },
    }).reason
  expect(open(undeclared)).toBe('It is open what these carried: 1 host that no service declares.')
  expect(open(undeclared, observe(unknown), observe({ ...unknown, remote: ADDRESSES.somewhereInChina }))).toBe(
    'It is open what these carried: 1 host that no service declares and 2 unknown hosts.',
  )
})

describe('coverage', () => {
  const services = [service('account', ['a.mi.com']), service('cloud', ['b.mi.com'])]
  const seen = (host: string, first: number) => observe({ names: [{ name: host, via: 'tls-sni' }], first })
  const status = (observations: Parameters<typeof judged>[0], declaration: Partial<Declaration> = {}) =>
    criterion('coverage', observations, { declaration: { services, ...declaration } }).status

  it('takes compliant flows of every service in its last phase', () => {
    expect(status([seen('a.mi.com', AFTER), seen('b.mi.com', AFTER)])).toBe('met')
    expect(status([seen('a.mi.com', AFTER), seen('b.mi.com', BEFORE)])).toBe('not-met')
    expect(status([seen('a.mi.com', AFTER)])).toBe('not-met')
  })
  it('takes the phase of the deadline rather than the last', () => {
    const later = { id: 'later', from: at('2015-01-01T00:00:00Z'), until: null, allow: null, deny: [] }
    const three = [
      service('account', ['a.mi.com'], {
        phases: [...phases.slice(0, 1), { ...(phases[1] as (typeof phases)[number]), until: later.from }, later],
      }),
    ]
    const migration = { deadlines: [{ id: 'D1', services: ['account'], phase: 'migrated', at: DEADLINE }] }
    expect(status([seen('a.mi.com', AFTER)], { services: three })).toBe('not-met')
    expect(status([seen('a.mi.com', AFTER)], { services: three, migration })).toBe('met')
  })
  it('counts sessions and rigs that saw a compliant flow, and no others', () => {
    const coverage = { minSessions: 2, minRigs: 2, steps: [] }
    const rig = (id: string): Partial<Session> => ({ rig: { id, clockErrorMs: 0 } })
    const run = (second: Partial<Session>, over: Parameters<typeof observe>[0]) =>
      criterion('coverage', [observe(), observe({ session: 's2', ...over })], {
        declaration: { coverage },
        sessions: [session(), session('s2', second)],
      })
    expect(run(rig('rig-2'), {}).status).toBe('met')
    expect(run(rig('rig-1'), {})).toMatchObject({
      status: 'not-met',
      reason: '1 of at least 2 rigs saw a compliant flow.',
    })
    expect(run(rig('rig-2'), { names: [{ name: 'example.org', via: 'dns' }] }).status).toBe('not-met')
    expect(run(rig('rig-2'), { payloadOut: 0 })).toMatchObject({
      status: 'not-met',
      reason: '1 of at least 2 sessions saw a compliant flow. 1 of at least 2 rigs saw a compliant flow.',
    })
  })
  it('takes a packet in every step, whomever it was for', () => {
    const coverage = { minSessions: 1, minRigs: 1, steps: ['first-boot', 'idle'] }
    const run = (...more: Parameters<typeof judged>[0]) =>
      criterion('coverage', [observe(), ...more], { declaration: { coverage } })
    expect(run()).toMatchObject({ status: 'not-met', reason: 'No packet of the steps first-boot.' })
    expect(run(observe({ step: 'first-boot' })).status).toBe('met')
    expect(run(observe({ step: 'first-boot', remote: '10.0.0.1' })).status).toBe('met')
    expect(run(observe({ step: 'add-contact' })).status).toBe('not-met')
  })
})

describe('completeness', () => {
  const table: readonly (readonly [
    title: string,
    ledger: Partial<Ledger>,
    status: Criterion['status'],
    says: string,
  ])[] = [
    ['a capture read whole', {}, 'met', 'whole'],
    [
      'packets that carry no IP',
      { leftOut: { 'not IP: ARP': 3, 'not IP: LLC': 1, 'not IP: PPP control': 9 } },
      'met',
      'whole',
    ],
    ['records that are no packets', { leftOut: { 'not a packet: custom block': 1 } }, 'met', 'whole'],
    ['doubles', { leftOut: { 'the same capture as s1/captures/a.pcap': 7 } }, 'met', 'whole'],
    ...[
      'not IP: MACsec',
      'not IP: another EtherType',
      'not IP: another PPP protocol',
      'not IP: MPLS payload',
      'not IP: another address family',
      'no-time',
    ].map((reason) => [reason, { leftOut: { [reason]: 3 } }, 'not-met', `3 ${reason}`] as const),
    ...[
      'zeek-dhcp-says-no-flow',
      'zeek-files-says-no-flow',
      'zeek-packet_filter-says-no-flow',
      'dns-of-other-types',
      'dns-query-says-no-flow',
      'dns-without-address',
      'eve-stats-says-no-flow',
      'eve-anomaly-says-no-flow',
      'netflow-beside-flow',
      'same-connection',
      'served-from-cache',
      'options-record',
      'aws-write-test',
      'inside-tunnel',
      'nothing-lost',
    ].map((reason) => [reason, { leftOut: { [reason]: 3 } }, 'met', 'whole'] as const),
    ...[
      'zeek-conn_internal-says-no-flow',
      'zeek-log-says-no-flow',
      'eve-event-says-no-flow',
      'eve-netflow_v9-says-no-flow',
      'malformed-row',
      'no-address',
      'time-without-zone',
      'no-conn-row',
      'no-server-address',
      'blocked-request',
      'tar-member-not-known',
      'no-template',
      'row-too-long',
    ].map((reason) => [reason, { leftOut: { [reason]: 3 } }, 'not-met', `3 ${reason}`] as const),
    ['NODATA', { leftOut: { NODATA: 10 } }, 'met', 'whole'],
    ['a count of nought', { leftOut: { malformed: 0 } }, 'met', 'whole'],
    ['malformed records', { leftOut: { 'malformed: IPv4 header': 2 } }, 'not-met', '2 malformed: IPv4 header'],
    ['truncated records', { leftOut: { 'truncated: IP header': 1 } }, 'not-met', 'truncated'],
    ['an unsupported link type', { leftOut: { 'link type 105 not supported': 1 } }, 'not-met', 'link type 105'],
    [
      'a capture that broke off',
      { error: 'byte 24: cut short' },
      'not-met',
      'The capture sessions/s1/captures/a.pcap could be read only in part: byte 24: cut short',
    ],
    [
      'a capture of which nothing could be read',
      { error: 'byte 0: no known format', records: 0, used: 0 },
      'not-met',
      'The capture sessions/s1/captures/a.pcap could not be read: byte 0: no known format',
    ],
    [
      'a gap',
      { gaps: [{ from: BEFORE, until: AFTER, reason: 'SKIPDATA', records: 1 }], leftOut: { SKIPDATA: 1 } },
      'not-met',
      '2014-10-20T10:00:00Z to 2014-11-03T10:00:00Z',
    ],
  ]
  it.each(table)('%s', (_, over, status, says) => {
    const found = criterion('completeness', [observe()], { ledgers: [ledger(over)] })
    expect(found.status).toBe(status)
    expect(found.reason.toLowerCase()).toContain(says.toLowerCase())
  })
  it('takes a capture of every session', () => {
    expect(criterion('completeness', [observe()], { sessions: [session(), session('s2')] })).toMatchObject({
      status: 'not-met',
      reason: 'No capture of s2.',
    })
  })
  it('takes rigs that lost no packet, by the records of their sessions', () => {
    const found = criterion('completeness', [observe()], { sessions: [{ ...session(), lost: 3 }] })
    expect(found).toMatchObject({ status: 'not-met', reason: 'By the record of s1, its rig lost 3 packets.' })
    expect(judged([observe()], { sessions: [{ ...session(), lost: 1 }] }).conclusion).toBe('inconclusive')
  })
})
