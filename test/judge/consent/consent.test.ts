import { describe, expect, it } from 'vitest'
import { loadSession } from '../../../functions/declare/load.ts'
import type { Observation, Session, Verdict } from '../../../functions/model.ts'
import { observe, service } from '../world.ts'
import {
  ADDRESSES,
  account,
  capture,
  claim,
  cloud,
  examined,
  hit,
  judgedWith,
  MINUTE,
  ofConsent,
  others,
  rulings,
  run,
  SECOND,
  START,
  sent,
  startOf,
  steps,
  summary,
  type World,
} from './world.ts'

const identifiers: World = {
  claim: { before: 'forbid-identifiers', afterOptOut: { forbid: 'forbid-identifiers', graceMs: 0 } },
}

describe('contact before opting in, where the claim forbids it', () => {
  const table: readonly (readonly [title: string, given: Observation, expected: readonly string[]])[] = [
    ['in a step before is a violation', sent('boot'), ['consent-contact violation']],
    ['in the opt-in itself is agreed', sent('enable-cloud'), []],
    ['after opting in is agreed', sent('use'), []],
    ['in the opt-out, until it is over, is agreed', sent('disable-cloud'), []],
    ['after the grace of the opt-out is a violation', sent('after'), ['consent-opt-out violation']],
    [
      'within the grace is agreed',
      sent('after', { first: startOf('after') + MINUTE, last: startOf('after') + 2 * MINUTE }),
      [],
    ],
    [
      'within the error of the end of the grace is open',
      sent('after', { first: startOf('after') + 5 * MINUTE - SECOND / 2 }),
      ['consent-opt-out indeterminate'],
    ],
    [
      'of several flows, some within and some after the grace, is open',
      sent('after', { first: startOf('after') + MINUTE, last: startOf('after') + 10 * MINUTE, flows: 2 }),
      ['consent-opt-out indeterminate'],
    ],
    [
      'near to the opt-in is open, from the step before',
      sent('idle', { first: startOf('enable-cloud') - SECOND / 2, stepDoubt: true }),
      ['consent-contact indeterminate'],
    ],
    [
      'near to the opt-in is open, from the opt-in',
      sent('enable-cloud', { first: startOf('enable-cloud') + SECOND / 2, stepDoubt: true }),
      ['consent-contact indeterminate'],
    ],
    [
      'near to an edge that is none of the claim is a violation',
      sent('idle', { first: startOf('idle') + SECOND / 2, stepDoubt: true }),
      ['consent-contact violation'],
    ],
    [
      'before the first step is before',
      sent('boot', { step: null, first: START - MINUTE, last: START - MINUTE + SECOND }),
      ['consent-contact violation'],
    ],
    [
      'outside of all steps, of several flows around the opt-in, is open',
      sent('boot', { step: null, first: startOf('idle'), last: startOf('use'), flows: 3 }),
      ['consent-contact indeterminate'],
    ],
    [
      'by one flow that lasts into the opt-in is a violation: it began before',
      sent('idle', { last: startOf('use'), outlived: 1 }),
      ['consent-contact violation'],
    ],
    [
      'by several flows of a step that lasts into the opt-in is a violation: they began in the step',
      sent('idle', { last: startOf('use'), outlived: 1, flows: 9 }),
      ['consent-contact violation'],
    ],
    [
      'that was agreed and goes on after the opt-out and its grace is open',
      sent('use', { last: startOf('after') + 20 * MINUTE, outlived: 1 }),
      ['consent-opt-out indeterminate'],
    ],
    [
      'that was agreed and ends within the grace is nothing',
      sent('use', { last: startOf('after') + MINUTE, outlived: 1 }),
      [],
    ],
    ['attempted without any data is open', sent('boot', { payloadOut: 0 }), ['consent-contact indeterminate']],
    [
      'that only the remote attempted is none',
      sent('boot', { packetsOut: 0, bytesOut: 0, payloadOut: 0, protocol: 17 }),
      [],
    ],
    ['of an unknown end is open', sent('boot', { deviceKnown: false }), ['consent-contact indeterminate']],
    ['of bystanders is none', sent('boot', { bystander: true, deviceKnown: false }), []],
    ['at an address of the rig is open', sent('boot', { remote: '10.0.0.9' }), ['consent-contact indeterminate']],
    [
      'by a proxy of the rig is a violation',
      sent('boot', { remote: '10.0.0.9', names: [{ name: 'api.micloud.xiaomi.net', via: 'http-connect' }] }),
      ['consent-contact violation'],
    ],
    [
      'through a tunnel is a violation',
      sent('boot', { names: [{ name: 'api.micloud.xiaomi.net', via: 'tls-sni', inside: true }], hidden: 'tunnel' }),
      ['consent-contact violation'],
    ],
    [
      'of which a resolver only gives several names is open',
      sent('boot', {
        names: [
          { name: 'api.micloud.xiaomi.net', via: 'dns' },
          { name: 'cdn.example.org', via: 'dns' },
        ],
      }),
      ['consent-contact indeterminate'],
    ],
    [
      'named by somebody else at its address is open',
      sent('boot', {
        names: [
          { name: 'cdn.example.org', via: 'tls-sni' },
          { name: 'api.micloud.xiaomi.net', via: 'dns' },
        ],
      }),
      ['consent-contact indeterminate'],
    ],
    [
      'that only asks for its address is none',
      sent('boot', { names: [{ name: 'api.micloud.xiaomi.net', via: 'http-dns', asked: true }] }),
      [],
    ],
    ['with another service is none', sent('boot', { names: [{ name: 'api.account.xiaomi.com', via: 'tls-sni' }] }), []],
  ]
  it.each(table)('%s', (_, given, expected) => {
    expect(rulings(judgedWith([given]))).toEqual(expected)
  })

  it('fails the audit, and flows count by residency as they did', () => {
    const judgement = judgedWith([sent('boot', { flows: 7 })])
    expect(judgement.conclusion).toBe('fail')
    expect(judgement.summary.judged).toEqual({ compliant: 7, violation: 0, indeterminate: 0 })
    expect(summary(judgement)).toMatchObject({
      applies: true,
      verdict: 'violation',
      optedIn: '2014-11-03T11:00:00Z',
      optedOut: '2014-11-03T12:00:00Z',
      flows: { before: 7, agreed: 0, after: 0, doubtful: 0 },
      findings: ofConsent(judgement.findings).map(({ id }) => id),
    })
    expect(judgement.criteria.find(({ id }) => id === 'consent')).toMatchObject({
      status: 'not-met',
      reason: 'Not kept: “mi-cloud” in s1.',
    })
    expect(judgement.criteria.find(({ id }) => id === 'no-violation')).toMatchObject({ status: 'not-met' })
  })

  it('says what, where, at which step and before what', () => {
    const [finding] = ofConsent(judgedWith([sent('boot', { remote: ADDRESSES.beijing })]).findings)
    expect(finding?.reasons[0]).toBe(
      'api.micloud.xiaomi.net in China was contacted at step boot, before anybody had opted in by enable-cloud; by the declaration “mi-cloud” contacts nobody then.',
    )
    expect(finding).toMatchObject({ service: 'mi-cloud', phase: null, steps: ['boot'], sessions: ['s1'], settle: null })
  })

  it('a session that never ran the opt-in is before it throughout', () => {
    const never = steps.filter(({ id }) => id !== 'enable-cloud' && id !== 'disable-cloud')
    const judgement = judgedWith([sent('use')], { sessions: [run({ steps: never })] })
    expect(rulings(judgement)).toEqual(['consent-contact violation'])
    expect(summary(judgement).reason).toContain('the session never ran enable-cloud')
  })

  it('who opts in again has agreed again', () => {
    const again = [...steps, { id: 'enable-cloud', from: START + 180 * MINUTE, until: START + 210 * MINUTE }]
    const first = START + 200 * MINUTE
    const judgement = judgedWith([sent('enable-cloud', { first, last: first + SECOND })], {
      sessions: [run({ steps: again })],
    })
    expect(rulings(judgement)).toEqual([])
  })
})

describe('identifiers before opting in', () => {
  const imei = examined({ hits: [hit()] })
  const opaque = {
    part: 'body',
    method: 'POST',
    path: '/x',
    field: 'd',
    looks: 'base64',
    bytes: 200,
    count: 1,
  } as const
  const table: readonly (readonly [title: string, given: Observation, expected: readonly string[]])[] = [
    ['found are a violation', sent('boot', { examined: imei }), ['consent-identifiers violation']],
    ['found after opting in are none', sent('use', { examined: imei }), []],
    ['found after opting out are a violation', sent('after', { examined: imei }), ['consent-opt-out violation']],
    [
      'not found where all was read: compliant',
      sent('boot', { examined: examined() }),
      ['consent-identifiers compliant'],
    ],
    ['not looked for: open', sent('boot'), ['consent-identifiers indeterminate']],
    [
      'in what was not read: open',
      sent('boot', { examined: examined({ whole: 0, unread: 1 }) }),
      ['consent-identifiers indeterminate'],
    ],
    [
      'in what was read in part: open',
      sent('boot', { examined: examined({ whole: 0, partly: 1 }) }),
      ['consent-identifiers indeterminate'],
    ],
    [
      'in flows of which nothing is said: open',
      sent('boot', { flows: 2, examined: examined() }),
      ['consent-identifiers indeterminate'],
    ],
    [
      'in what is opaque: open',
      sent('boot', { examined: examined({ opaque: [opaque] }) }),
      ['consent-identifiers indeterminate'],
    ],
    ['where no data left: compliant', sent('boot', { payloadOut: 0 }), ['consent-identifiers compliant']],
    [
      'found near to the opt-in: open',
      sent('idle', { first: startOf('enable-cloud') - SECOND / 2, stepDoubt: true, examined: imei }),
      ['consent-identifiers indeterminate'],
    ],
    [
      'not found near to the opt-in: compliant on either side',
      sent('idle', { first: startOf('enable-cloud') - SECOND / 2, stepDoubt: true, examined: examined() }),
      ['consent-identifiers compliant'],
    ],
    [
      'found in a flow that lasts into the opt-in: open, they may have been sent after it',
      sent('idle', { last: startOf('use'), outlived: 1, examined: imei }),
      ['consent-identifiers indeterminate'],
    ],
    [
      'found in flows of an unknown end: open',
      sent('boot', { deviceKnown: false, examined: imei }),
      ['consent-identifiers indeterminate'],
    ],
    [
      'found in a tunnel: open, which host behind it got them',
      sent('boot', {
        names: [{ name: 'api.micloud.xiaomi.net', via: 'tls-sni', inside: true }],
        hidden: 'tunnel',
        examined: imei,
      }),
      ['consent-identifiers indeterminate'],
    ],
  ]
  it.each(table)('%s', (_, given, expected) => {
    const judgement = judgedWith([given], identifiers)
    expect(rulings(judgement)).toEqual(expected)
    for (const finding of ofConsent(judgement.findings))
      expect(finding.settle === null).toBe(finding.verdict !== 'indeterminate')
  })

  it('are named by kind, place and encoding, and never by value', () => {
    const hits = [
      hit(),
      hit({ seed: 'phone-1', kind: 'phone', field: 'device.phone', chain: ['base64', 'md5-hex'], excerpt: '‹phone›' }),
    ]
    const [finding] = ofConsent(
      judgedWith([sent('boot', { remote: ADDRESSES.beijing, examined: examined({ hits }) })], identifiers).findings,
    )
    expect(finding?.reasons).toEqual([
      'The IMEI and the phone number went to api.micloud.xiaomi.net in China at step boot, before anybody had opted in by enable-cloud.',
      'The IMEI at step boot: in clear, as POST /pass/register device.imei.',
      'The phone number at step boot: encoded (base64 > md5-hex), as POST /pass/register device.phone.',
    ])
  })

  it('say of every step what was sent in it', () => {
    const found = (step: string, kind: 'imei' | 'phone') =>
      sent(step, { examined: examined({ hits: [hit({ kind, field: kind })] }) })
    const [finding, ...others] = ofConsent(
      judgedWith([found('boot', 'imei'), found('idle', 'phone')], identifiers).findings,
    )
    expect(others).toEqual([])
    expect(finding?.reasons).toEqual([
      expect.stringMatching(/^The IMEI went to .* at step boot, before/),
      expect.stringMatching(/^The phone number went to .* at step idle, before/),
    ])
  })

  it('that surely may have been sent before are a finding apart from flows near to the opt-in', () => {
    const near = sent('idle', { first: startOf('enable-cloud') - SECOND / 2, stepDoubt: true })
    const findings = ofConsent(judgedWith([sent('idle'), near], identifiers).findings)
    expect(findings.map(({ flows, reasons }) => [flows, reasons.length])).toEqual([
      [1, 1],
      [1, 2],
    ])
    expect(findings[0]?.reasons[0]).toContain('before anybody had opted in')
    expect(findings[1]?.reasons[1]).toContain('not known on which side of enable-cloud')
  })

  it('that nobody looked for: the session says whether there were any', () => {
    const reasonIn = (seeds?: Session['seeds']) =>
      ofConsent(judgedWith([sent('boot')], { ...identifiers, sessions: [run(seeds ? { seeds } : {})] }).findings)[0]
        ?.reasons[0]
    expect(reasonIn()).toContain('because no identifiers were planted: session.yaml has no seeds.')
    const planted = {
      key: '0'.repeat(16),
      envelope: 'seeds.json.enc',
      seeds: [{ id: 'imei-1', kind: 'imei' as const, commitments: [] }],
    }
    expect(reasonIn(planted)).toContain('because the key of the planted identifiers was not given (--seed-key).')
  })

  it('are a finding of their own where contact is forbidden as well', () => {
    expect(rulings(judgedWith([sent('boot', { examined: imei })]))).toEqual([
      'consent-contact violation',
      'consent-identifiers violation',
    ])
  })

  it('a contact that is forbidden says what is not known of them', () => {
    const [finding] = ofConsent(judgedWith([sent('boot', { examined: examined({ whole: 0, unread: 1 }) })]).findings)
    expect(finding?.reasons[1]).toContain('Whether identifiers were sent is not known: not everything could be read')
  })
})

describe('a host that services share', () => {
  const push = service('mi-push', ['*.micloud.xiaomi.net'])
  const asking = (before: 'forbid-contact' | 'forbid-identifiers') =>
    service('mi-push', ['*.micloud.xiaomi.net'], { consent: { since: null, optIn: 'boot', before } })

  it('is open by contact alone, where the other may be contacted', () => {
    const judgement = judgedWith([sent('boot')], { services: [cloud(), push] })
    expect(rulings(judgement)).toEqual(['consent-contact indeterminate'])
    expect(ofConsent(judgement.findings)[0]?.reasons[0]).toContain('the host is also one of “mi-push”')
  })
  it('is decided by an identifier', () => {
    const found = sent('boot', { examined: examined({ hits: [hit()] }) })
    expect(rulings(judgedWith([found], { services: [cloud(), push] }))).toEqual(['consent-identifiers violation'])
    const after = sent('after', { examined: examined({ hits: [hit()] }) })
    expect(rulings(judgedWith([after], { services: [cloud(), push] }))).toEqual(['consent-opt-out violation'])
  })
  it('is open with an identifier as well, where its user had agreed to the other', () => {
    const found = sent('idle', { examined: examined({ hits: [hit()] }) })
    const judgement = judgedWith([found], { services: [cloud(), asking('forbid-contact')] })
    expect(rulings(judgement)).toEqual(['consent-contact indeterminate', 'consent-identifiers indeterminate'])
    expect(
      ofConsent(judgement.findings)
        .flatMap(({ reasons }) => reasons)
        .join(),
    ).toContain('also one of “mi-push”, which its user had agreed to by then')
  })
  it('is contacted before one opt-in and after the other: only the former speaks of contact', () => {
    const late = service('mi-push', ['*.micloud.xiaomi.net'], {
      consent: { since: null, optIn: 'use', before: 'forbid-identifiers' },
    })
    const clean = sent('enable-cloud', { examined: examined() })
    const { consent } = judgedWith([clean], { services: [cloud({ optIn: 'idle' }), late] })
    expect(consent.map(({ service: id, verdict, reason }) => [id, verdict, reason.split(' ')[0]])).toEqual([
      ['mi-cloud', 'compliant', 'Nothing'],
      ['mi-push', 'compliant', 'All'],
    ])
  })
  it('is a violation of both, where neither may be contacted', () => {
    const both = service('mi-push', ['*.micloud.xiaomi.net'], { consent: claim })
    expect(rulings(judgedWith([sent('boot')], { services: [cloud(), both] }))).toEqual([
      'consent-contact violation',
      'consent-contact violation',
    ])
  })
  it.each(['forbid-contact', 'forbid-identifiers'] as const)(
    'is open, where the other has agreed or forbids identifiers alone (%s)',
    (before) => {
      const judgement = judgedWith([sent('idle')], { services: [cloud(), asking(before)] })
      expect(rulings(judgement)).toEqual(['consent-contact indeterminate'])
    },
  )
  it('by a claim that names it as shared is open by contact alone, and decided by an identifier', () => {
    const services = [account, cloud({ sharedHosts: ['api.account.xiaomi.com'] })]
    const names: Observation['names'] = [{ name: 'api.account.xiaomi.com', via: 'tls-sni' }]
    expect(rulings(judgedWith([sent('boot', { names })], { services }))).toEqual(['consent-contact indeterminate'])
    const found = sent('boot', { names, examined: examined({ hits: [hit()] }) })
    expect(rulings(judgedWith([found], { services }))).toEqual(['consent-identifiers violation'])
  })
  it('where a resolver gives names of two services, either may be meant', () => {
    const names: Observation['names'] = [
      { name: 'api.micloud.xiaomi.net', via: 'dns' },
      { name: 'api.account.xiaomi.com', via: 'dns' },
    ]
    const found = sent('boot', { names, examined: examined({ hits: [hit()] }) })
    expect(rulings(judgedWith([found], identifiers))).toEqual(['consent-identifiers indeterminate'])
  })
})

describe('whom a claim is about', () => {
  const about = (over: World) => {
    const judgement = judgedWith([sent('boot')], over)
    return { ...summary(judgement), rulings: rulings(judgement), conclusion: judgement.conclusion }
  }
  const device = (over: object) => [run({ device: { addresses: [], ...over } })]
  const firmware: World['claim'] = { preconditions: { firmware: ['JHCMIBH*', 'exact'] } }
  const states: World['claim'] = { preconditions: { deviceStates: ['new', 'factory-reset'] } }

  it.each([
    ['JHCMIBH45.0', true],
    ['exact', true],
    ['exactly', false],
    ['JHBMIBH36.0', false],
  ])('firmware %s', (given, applies) => {
    const { rulings: found, ...got } = about({ claim: firmware, sessions: device({ firmware: given }) })
    expect(got.applies).toBe(applies)
    expect(found).toEqual(applies ? ['consent-contact violation'] : [])
    if (!applies)
      expect(got).toMatchObject({
        verdict: null,
        reason: expect.stringContaining(`was ${given}; the claim is about JHCMIBH*, exact`),
      })
  })
  it('a device that was updated without a reset, where the claim asks for one: not about it, and says so', () => {
    const got = about({ claim: states, sessions: device({ state: 'updated' }) })
    expect(got).toMatchObject({ applies: false, verdict: null, rulings: [] })
    expect(got.reason).toBe(
      'The device was updated and kept its data, without a factory reset; the claim is about devices that are new or factory-reset.',
    )
  })
  it.each([
    ['the firmware', firmware],
    ['the state', states],
  ] as const)('%s that is asked for and not stated leaves it open', (_, over) => {
    const got = about({ claim: over, sessions: device({}) })
    expect(got).toMatchObject({ applies: true, verdict: 'indeterminate', rulings: ['consent-contact indeterminate'] })
    expect(got.reason).toContain('session.yaml does not say')
  })
  it.each(['in-use', 'updated'] as const)(
    'on a device that was %s somebody may have agreed earlier, where the claim asks for no state',
    (state) => {
      expect(about({ sessions: device({ state }) })).toMatchObject({
        verdict: 'indeterminate',
        rulings: ['consent-contact indeterminate'],
      })
      const named = { preconditions: { deviceStates: [state] } }
      expect(about({ claim: named, sessions: device({ state }) })).toMatchObject({ verdict: 'violation' })
    },
  )
  it.each([
    ['before', START + MINUTE, false, []],
    ['too near to', START + SECOND / 2, true, ['consent-contact indeterminate']],
    ['after', START - MINUTE, true, ['consent-contact violation']],
  ] as const)('a session that began %s the claim', (_, since, applies, found) => {
    const got = about({ claim: { since } })
    expect(got.applies).toBe(applies)
    expect(got.rulings).toEqual(found)
  })
  it.each([
    ['nobody described', [], 'No session.yaml describes s1'],
    ['has no steps', [run({ steps: [] })], 'names no steps'],
    ['bears the id of another', [run(), run()], 'Several sessions bear the id s1'],
  ] as const)('a session that %s is open', (_, sessions, because) => {
    const got = about({ sessions })
    expect(got).toMatchObject({ applies: true, verdict: 'indeterminate', rulings: ['consent-contact indeterminate'] })
    expect(got.reason).toContain(because)
    expect(got.flows).toEqual({ before: 0, agreed: 0, after: 0, doubtful: 1 })
  })
  it('a session that nobody described, without any flow to the service, is open as well', () => {
    expect(summary(judgedWith([], { sessions: [] }))).toMatchObject({ verdict: 'indeterminate' })
  })
  it('a session that began with opting in, and has nothing claimed after it, has no time that is judged', () => {
    const sessions = [run({ steps: steps.slice(2) })]
    const { afterOptOut: _, ...only } = claim
    const services = [account, service('mi-cloud', ['*.micloud.xiaomi.net'], { consent: only })]
    expect(summary(judgedWith([sent('use')], { sessions, services }))).toMatchObject({ applies: false, verdict: null })
  })
  it('flows after an opt-out of which nothing is claimed are none of its business', () => {
    const { afterOptOut: _, ...only } = claim
    const services = [account, service('mi-cloud', ['*.micloud.xiaomi.net'], { consent: only })]
    const judgement = judgedWith([sent('after')], { services })
    expect(rulings(judgement)).toEqual([])
    expect(summary(judgement)).toMatchObject({ verdict: 'compliant', flows: { after: 1 } })
  })
})

describe('silence', () => {
  const silent = (over: World = {}, given: readonly Observation[] = []) =>
    summary(judgedWith([sent('use'), ...given], over))
  const gap = (from: number) => ({ from, until: from + SECOND, reason: 'lost', records: 3 })
  const bare = { firmware: 'x' }
  /** The session as it is read from its file, with its runs of the capturing tool, as minutes from its start. */
  const recordedWith = (...runs: readonly (readonly [from: number, until: number, ended?: string])[]) => {
    const text = (at: number) => new Date(at / 1000).toISOString()
    const document = {
      ...{ apiVersion: 'domicile/v1', kind: 'Session', id: 's1', rig: { id: 'rig-1', clockErrorMs: 1000 } },
      device: { addresses: ['192.168.1.7'] },
      steps: steps.map(({ id, from, until }) => ({ id, from: text(from), until: text(until) })),
      captureRuns: runs.map(([from, until, ended = 'stopped'], i) => ({
        ...{ file: `captures/${i}.pcapng`, ended, packets: 9 },
        ...{ from: text(START + from * MINUTE), until: text(START + until * MINUTE) },
      })),
    }
    const { session: read, faults } = loadSession(JSON.stringify(document), 'session.yaml')
    if (!read) throw new Error(JSON.stringify(faults))
    return judgedWith([sent('use')], { sessions: [read] })
  }
  const whole = (judgement: ReturnType<typeof judgedWith>) => judgement.criteria.find(({ id }) => id === 'completeness')

  it('is compliant where the captures are whole and the device sent to others', () => {
    expect(silent()).toMatchObject({ applies: true, verdict: 'compliant', findings: [] })
    expect(silent().reason).toBe(
      'Nothing went to its hosts before enable-cloud and after disable-cloud, while the captures were whole and the device sent to others.',
    )
  })
  const open: readonly (readonly [title: string, over: World, because: string])[] = [
    ['without a capture', { ledgers: [] }, 'there is no capture of the session'],
    [
      'with a gap before opting in',
      { ledgers: [capture({ gaps: [gap(START + MINUTE)] })] },
      'has a gap from 2014-11-03T10:01:00Z',
    ],
    ['with a gap after opting out', { ledgers: [capture({ gaps: [gap(START + 170 * MINUTE)] })] }, 'has a gap'],
    [
      'of a capture that broke off',
      { ledgers: [capture({ error: 'byte 9', last: START + 20 * MINUTE })] },
      'only in part',
    ],
    [
      'of a capture that could not be read',
      { ledgers: [capture({ error: 'byte 0', first: null, last: null })] },
      'only in part',
    ],
    ['of records that were left out', { ledgers: [capture({ leftOut: { 'cut off': 4 } })] }, 'were left out'],
    [
      'of captures that begin too late',
      { ledgers: [capture({ first: START + 59 * MINUTE })] },
      'no capture spans the time from 2014-11-03T10:00:00Z on',
    ],
    [
      'of captures with a hole in between',
      { ledgers: [capture({ last: START + MINUTE }), capture({ first: START + 55 * MINUTE })] },
      'no capture spans the time from 2014-11-03T10:01:00Z on',
    ],
    ['of a rig that lost packets', { sessions: [run({ lost: 3 })] }, 'the rig lost packets'],
    ['of a device that sent nothing at all', { others: false }, 'not seen to send anything'],
  ]
  it.each([
    [
      'paused',
      [
        [-1, 7],
        [7.5, 181],
      ],
      'captured nothing from 2014-11-03T10:07:00Z to 2014-11-03T10:07:30Z (its capture had been stopped)',
    ],
    [
      'started again in the same second',
      [
        [-1, 7, 'died'],
        [7.01, 181],
      ],
      'captured nothing from 2014-11-03T10:07:00Z to 2014-11-03T10:07:00.600000Z (its capture ended by itself)',
    ],
    [
      'begun too late',
      [[2, 181]],
      'captured nothing from 2014-11-03T10:00:00Z to 2014-11-03T10:02:00Z (its capture had not begun)',
    ],
    [
      'over too early',
      [[-1, 175]],
      'captured nothing from 2014-11-03T12:55:00Z to 2014-11-03T13:00:00Z (its capture had been stopped)',
    ],
    [
      'killed while the next ran',
      [
        [-1, 7, 'killed'],
        [6, 181],
      ],
      'may lack packets of about 2014-11-03T10:07:00Z (its capture had to be killed)',
    ],
  ] as const)('of a rig whose capture was %s proves nothing, and its session is not whole', (_, runs, words) => {
    const judgement = recordedWith(...runs)
    expect(summary(judgement).verdict).toBe('indeterminate')
    expect(summary(judgement).reason).toContain(`and that proves nothing: by its record, the rig ${words}.`)
    expect(whole(judgement)).toMatchObject({ status: 'not-met', reason: `By the record of s1, its rig ${words}.` })
    expect(judgement.conclusion).not.toBe('pass')
  })
  it('of a rig that captured from before the first step until after the last is evidence', () => {
    expect(summary(recordedWith([-1, 90], [90, 181])).verdict).toBe('compliant')
    expect(whole(recordedWith([-1, 90], [90, 181]))?.status).toBe('met')
  })
  it('of a rig that paused while it was agreed is evidence, though the session is not whole', () => {
    const judgement = recordedWith([-1, 100], [101, 181])
    expect(summary(judgement).verdict).toBe('compliant')
    expect(whole(judgement)?.status).toBe('not-met')
  })
  it.each(open)('%s proves nothing', (_, over, because) => {
    const got = silent(over)
    expect(got.verdict).toBe('indeterminate')
    expect(got.reason).toContain(because)
  })
  it.each([
    ['with a gap while it was agreed', { ledgers: [capture({ gaps: [gap(startOf('use') + MINUTE)] })] }],
    ['of records left out that hold no flow', { ledgers: [capture({ leftOut: { 'not IP: ARP': 4 } })] }],
    [
      'of a capture that broke off after the session',
      { ledgers: [capture({ error: 'cut short', last: START + 200 * MINUTE })] },
    ],
  ] as const)('%s is compliant', (_, over) => {
    expect(silent(over).verdict).toBe('compliant')
  })
  it('beside flows that hide whom they were for proves nothing', () => {
    const hidden = sent('boot', { names: [], hidden: 'tls-without-sni' })
    expect(silent({}, [hidden])).toMatchObject({
      verdict: 'indeterminate',
      reason: expect.stringContaining('hide whom they were for'),
    })
    expect(silent({}, [{ ...hidden, deviceKnown: false }])).toMatchObject({ verdict: 'indeterminate' })
    const near = { first: startOf('enable-cloud') - SECOND / 2, stepDoubt: true as const }
    expect(silent({}, [{ ...hidden, ...near, step: 'idle' }])).toMatchObject({ verdict: 'indeterminate' })
    expect(silent({}, [sent('use', { names: [], hidden: 'quic' })])).toMatchObject({ verdict: 'compliant' })
    expect(silent({}, [{ ...hidden, payloadOut: 0 }])).toMatchObject({ verdict: 'compliant' })
    expect(silent({}, [sent('boot', { names: [], hidden: null, protocol: 17, port: 123 })])).toMatchObject({
      verdict: 'compliant',
    })
  })
  it('where only others than the device sent proves nothing', () => {
    const foreign = others.map((one) => ({ ...one, bystander: true as const, deviceKnown: false }))
    expect(silent({ others: false }, foreign)).toMatchObject({ verdict: 'indeterminate' })
  })
  it('needs the device in the time that is judged', () => {
    const late = others.filter(({ step }) => step !== 'boot' && step !== 'idle')
    expect(silent({ others: false }, late)).toMatchObject({ verdict: 'indeterminate' })
    expect(silent({ others: false }, others)).toMatchObject({ verdict: 'compliant' })
  })
  it('is worth nothing where contact is read and clean but the capture has a gap', () => {
    const clean = sent('boot', { examined: examined() })
    expect(summary(judgedWith([clean], identifiers))).toMatchObject({
      verdict: 'compliant',
      reason: expect.stringContaining('was read'),
    })
    expect(summary(judgedWith([clean], { ...identifiers, ledgers: [capture({ gaps: [gap(START)] })] }))).toMatchObject({
      verdict: 'indeterminate',
    })
  })
  it('of a device of which it does not matter says so of nothing else', () => {
    expect(silent({ sessions: [run({ device: { addresses: [], ...bare } })] }).verdict).toBe('compliant')
  })
})

describe('the criterion of consent', () => {
  const status = (given: readonly Observation[], over: World = {}) =>
    judgedWith(given, over).criteria.find(({ id }) => id === 'consent')
  it('is not there where nothing is claimed', () => {
    expect(status([sent('boot')], { services: [account] })).toBeUndefined()
  })
  it('is met where every claim was seen to be kept', () => {
    expect(status([sent('use')])).toMatchObject({
      status: 'met',
      reason: 'Kept wherever it was claimed: “mi-cloud” in s1.',
    })
  })
  it('is undecided where something is open, and the audit passes no more', () => {
    expect(status([sent('boot', { payloadOut: 0 })])).toMatchObject({ status: 'undecided' })
    expect(judgedWith([sent('boot', { payloadOut: 0 })]).conclusion).toBe('inconclusive')
  })
  it('is undecided where no session shows anything', () => {
    const got = status([], { claim: { since: START + 900 * MINUTE } })
    expect(got).toMatchObject({
      status: 'undecided',
      reason: 'No session shows that the claim was kept of “mi-cloud”.',
    })
  })
})

describe('findings of consent', () => {
  it('are one a session', () => {
    const second = sent('boot', { session: 's2', capture: 'b'.repeat(64) })
    const { findings } = judgedWith([sent('boot'), second], {
      sessions: [run(), run({ id: 's2' })],
      ledgers: [capture(), capture({ session: 's2', sha256: 'b'.repeat(64) })],
    })
    expect(
      ofConsent(findings)
        .flatMap(({ sessions }) => sessions)
        .sort(),
    ).toEqual(['s1', 's2'])
  })
  it('are waived as others are, and stay violations', () => {
    const waiver = {
      id: 'W1',
      rule: 'consent-contact',
      match: { service: 'mi-cloud' },
      reason: 'known',
      owner: 'a',
      approver: 'b',
      expires: START + 1e15,
    }
    const judgement = judgedWith([sent('boot')], { declaration: { waivers: [waiver] } })
    expect(ofConsent(judgement.findings)).toMatchObject([{ waiver: 'W1', verdict: 'violation' satisfies Verdict }])
    expect(judgement.conclusion).toBe('fail')
  })
  it('rest on locations of the judgement', () => {
    const judgement = judgedWith([observe({ ...sent('boot'), remote: ADDRESSES.oregon })])
    const ids = judgement.locations.map(({ id }) => id)
    for (const { location } of judgement.findings) expect(ids).toContain(location.id)
  })
})
