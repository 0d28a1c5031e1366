import { describe, expect, it } from 'vitest'
import type { Finding, Observation, Phase, Session } from '../../functions/model.ts'
import { ADDRESSES, declare, judged, location, locatorOf, observe, service, session } from './world.ts'

const place = { country: 'IN', city: 'New Delhi', latitude: 28.61, longitude: 77.21 }
const delhi = session('s1', { rig: { id: 'rig-delhi', clockErrorMs: 50, place } })
const FRANKFURT = '52.57.0.1'
const locator = locatorOf({
  [ADDRESSES.oregon]: location(ADDRESSES.oregon, 'proven', { country: 'US', cloud: 'aws:us-west-2' }),
  [ADDRESSES.singapore]: location(ADDRESSES.singapore, 'proven', { country: 'SG', cloud: 'aws:ap-southeast-1' }),
  [ADDRESSES.suspectedSingapore]: location(ADDRESSES.suspectedSingapore, 'suspected', { country: 'SG' }),
  [ADDRESSES.conflicted]: location(ADDRESSES.conflicted, 'conflicted'),
  [ADDRESSES.edge]: location(ADDRESSES.edge, 'edge'),
  [FRANKFURT]: location(FRANKFURT, 'proven', { country: 'DE', cloud: 'aws:eu-central-1' }),
})

function found(
  observations: readonly Partial<Observation>[],
  allow: readonly string[] = ['aws-calif', 'aws-sg'],
  {
    sessions = [delhi] as readonly Session[],
    standard = 'balanced' as 'balanced' | 'strict',
    phase = {} as Partial<Phase>,
  } = {},
): readonly Finding[] {
  const phases = [{ id: 'always', from: null, until: null, allow, deny: [], ...phase }]
  const places = [...declare().places, { id: 'india', country: 'IN' }, { id: 'nowhere', cloud: 'aws:nowhere-1' }]
  const declaration = { places, standard, services: [service('account', ['api.account.xiaomi.com'], { phases })] }
  return judged(observations.map(observe), { declaration, sessions, locator }).findings
}

const only = (findings: readonly Finding[]): Finding => {
  const [finding] = findings
  if (!finding || findings.length !== 1) throw new Error(`there are ${findings.length} findings`)
  return finding
}

const oregon = { remote: ADDRESSES.oregon, handshakeRttMs: 4 }
const singapore = { remote: ADDRESSES.singapore, handshakeRttMs: 4 }
/** Flows of somebody else's host, which are not judged, with a handshake that went as far as it should have. */
const farFrankfurt = {
  remote: FRANKFURT,
  names: [{ name: 'example.org', via: 'tls-sni' as const }],
  handshakeRttMs: 130,
}

describe('a handshake that excludes every allowed place', () => {
  it('is a violation, and says so with rig, milliseconds and distances', () => {
    const { verdict, reasons, location, settle } = only(found([oregon]))
    expect([verdict, location.grade, location.country, settle]).toEqual(['violation', 'conflicted', null, null])
    expect(reasons[0]).toMatch(
      /^It is impossible that 54\.68\.0\.1 stands in any place that phase “always” of “account” allows: a handshake of 4 ms from rig-delhi \(New Delhi\) reaches no farther than 690 km at the speed of light, and aws-calif \(aws:us-west-1\) is 12,\d\d0 km away, aws-sg \(aws:ap-southeast-1\) is 4,1\d0 km away\.$/,
    )
    expect(reasons[1]).toMatch(
      /^No handshake of rig-delhi \(New Delhi\) on port 443 with a region farther away shows that nothing on the way answers in the stead of others\. Faster than light, .*: aws:us-west-2, 11,\d\d0 km away, 4 ms on port 443\.$/,
    )
    expect(reasons[2]).toContain('cannot reach aws:us-west-2')
  })

  it('is one whatever is known of the address, under either standard', () => {
    for (const remote of [ADDRESSES.suspectedSingapore, ADDRESSES.conflicted, ADDRESSES.unknown])
      for (const standard of ['balanced', 'strict'] as const)
        expect(only(found([{ remote, handshakeRttMs: 4 }], undefined, { standard })).verdict).toBe('violation')
  })

  it('is none where an allowed place is within reach, or not known', () => {
    for (const more of ['india', 'nowhere']) {
      const { verdict, location, reasons } = only(found([oregon], ['aws-calif', 'aws-sg', more]))
      expect([verdict, location.grade]).toEqual(['indeterminate', 'conflicted'])
      expect(reasons[0]).toContain('54.68.0.1 cannot stand where it is said to: A handshake of 4 ms')
    }
  })

  it('is none where an edge answers: what stands behind it may be allowed', () => {
    const edge = { remote: ADDRESSES.edge, handshakeRttMs: 4 }
    for (const observations of [[edge], [edge, farFrankfurt]]) {
      const { verdict, location, reasons, settle } = only(found(observations))
      expect([verdict, location.grade]).toEqual(['indeterminate', 'edge'])
      expect(reasons[0]).toContain('the place behind it is not observable')
      expect(reasons[1]).toMatch(
        /^The connection ended no farther than 690 km from rig-delhi \(New Delhi\), at an edge outside of every place that phase “always” of “account” allows: a handshake of 4 ms/,
      )
      expect(settle).toContain('origin behind this edge')
    }
    const name = { name: 'd111.cloudfront.net', via: 'dns-cname' as const }
    const names = [{ name: 'api.account.xiaomi.com', via: 'tls-sni' as const }, name]
    expect(only(found([{ ...oregon, remote: ADDRESSES.unknown, names }])).verdict).toBe('indeterminate')
    // A region that ranges prove is no edge, whatever name a resolver gives.
    expect(only(found([{ ...oregon, names }])).verdict).toBe('violation')
  })

  it('says nothing of a phase that only denies', () => {
    const finding = only(found([oregon], [], { phase: { allow: null, deny: ['beijing'] } }))
    expect([finding.verdict, finding.location.grade]).toEqual(['indeterminate', 'conflicted'])
  })
})

describe('a rig that may not see the remote answer', () => {
  it('convicts nobody of whom a provider publishes an allowed place, until another handshake vouches for it', () => {
    const { verdict, location, reasons } = only(found([singapore]))
    expect([verdict, location.grade]).toEqual(['indeterminate', 'conflicted'])
    expect(reasons.at(-1)).toContain('no handshake of the same rig with a farther region on the same port')
    const vouched = only(found([singapore, farFrankfurt]))
    expect(vouched.verdict).toBe('violation')
    expect(vouched.reasons[1]).toMatch(
      /^Handshakes of rig-delhi \(New Delhi\) on port 443 with regions farther away show .*: aws:eu-central-1, 6,1\d0 km away, 130 ms on port 443\. Faster than light, .*: aws:ap-southeast-1, 4,1\d0 km away, 4 ms on port 443\.$/,
    )
  })

  it('is vouched for by handshakes on the same port only, with the address or another', () => {
    expect(only(found([singapore, { ...farFrankfurt, port: 5222 }])).verdict).toBe('indeterminate')
    const push = { ...singapore, port: 5222 }
    const both = found([singapore, push, { ...farFrankfurt, port: 5222 }])
    expect(both.map(({ verdict }) => verdict)).toEqual(['violation', 'violation'])
  })

  it('is not believed where regions far apart are impossible alike', () => {
    const proxied = { ...farFrankfurt, handshakeRttMs: 4 }
    for (const one of [oregon, { remote: ADDRESSES.edge, handshakeRttMs: 4 }]) {
      const other = one === oregon ? [] : [oregon]
      const finding = found([one, proxied, ...other]).find(({ remote }) => remote.ip === one.remote)
      expect(finding?.verdict).toBe('indeterminate')
      const doubt = finding?.reasons.findIndex((reason) => reason.includes('a proxy of a mobile carrier')) ?? -1
      expect(doubt).toBeGreaterThan(0)
      expect(finding?.reasons.slice(doubt + 1)).toEqual([
        expect.stringMatching(/^From rig-delhi .* Faster than light, .*: aws:/),
      ])
    }
  })
})

describe('what is no handshake with the remote', () => {
  const grade = (observation: Partial<Observation>, sessions: readonly Session[] = [delhi]) =>
    only(found([{ ...oregon, ...observation }], undefined, { sessions })).location.grade

  it('is one that the remote opened, one of no time, one of unknown ends, and none', () => {
    for (const ignored of [
      { port: null },
      { handshakeRttMs: 0 },
      { handshakeRttMs: -1 },
      { handshakeRttMs: Number.NaN },
      { handshakeRttMs: null },
      { deviceKnown: false },
    ])
      expect(grade(ignored)).toBe('proven')
    expect(grade({})).toBe('conflicted')
  })

  it('is one of a rig of which only the country is known, or of two sessions of one id in two places', () => {
    const rig = { id: 'rig-delhi', clockErrorMs: 50, place: { country: 'IN' } }
    expect(grade({}, [session('s1', { rig })])).toBe('proven')
    const moved = { ...delhi, rig: { ...delhi.rig, place: { ...place, latitude: 1 } } }
    expect(grade({}, [delhi, moved])).toBe('proven')
    expect(grade({}, [moved, delhi])).toBe('proven')
    expect(grade({}, [delhi, delhi])).toBe('conflicted')
  })
})

describe('handshakes of an address', () => {
  it('belong to all its flows at that time, whichever was measured', () => {
    const findings = found([
      oregon,
      { ...oregon, port: 80, handshakeRttMs: null },
      { ...oregon, port: 8080, handshakeRttMs: 300 },
    ])
    expect(findings.map(({ location }) => location.grade)).toEqual(['conflicted', 'conflicted', 'conflicted'])
    expect(new Set(findings.map(({ location }) => location.id)).size).toBe(1)
  })

  it('list flows of unknown host that would stand in no denied place, where their own makes the place impossible', () => {
    const nameless = { remote: ADDRESSES.singapore, names: [] }
    const [listed] = found([
      { ...nameless, handshakeRttMs: 4 },
      { ...nameless, handshakeRttMs: 90 },
    ])
    expect([listed?.rule, listed?.verdict, listed?.location.grade, listed?.flows]).toEqual([
      'unknown-host',
      'indeterminate',
      'conflicted',
      1,
    ])
    expect(found([{ ...nameless, handshakeRttMs: 90 }])).toEqual([])
  })
})

describe('names that a resolver gave for an address', () => {
  const elb = (region: string) => ({
    name: `account-1234567890.${region}.elb.amazonaws.com`,
    via: 'dns-cname' as const,
  })
  const host = { name: 'api.account.xiaomi.com', via: 'tls-sni' as const }

  it('corroborate a region that nothing else tells, which decides under the balanced standard and not under the strict', () => {
    const observation = { remote: ADDRESSES.unknown, names: [host, elb('us-west-1')], handshakeRttMs: null }
    const balanced = only(found([observation]))
    expect([balanced.verdict, balanced.location.grade, balanced.location.cloud]).toEqual([
      'compliant',
      'corroborated',
      'aws:us-west-1',
    ])
    expect(only(found([observation], undefined, { standard: 'strict' })).verdict).toBe('indeterminate')
  })

  it('are about the address, for all its flows', () => {
    const named = { ...singapore, handshakeRttMs: null, names: [host, elb('us-west-1')] }
    const finding = only(found([named, { ...named, names: [host] }]))
    expect([finding.verdict, finding.location.grade, finding.flows]).toEqual(['indeterminate', 'conflicted', 2])
  })

  it('are held against light as well', () => {
    const observation = { remote: ADDRESSES.unknown, names: [host, elb('us-west-1')], handshakeRttMs: 4 }
    expect(only(found([observation], ['india'])).location.grade).toBe('conflicted')
  })
})
