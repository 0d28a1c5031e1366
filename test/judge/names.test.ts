import { describe, expect, it } from 'vitest'
import { createLocator } from '../../functions/locate/locator.ts'
import { at, ranges } from '../support/locating.ts'
import { judged, observe, service } from './world.ts'

/** As AWS listed it, before the packet and after it: EC2 in Oregon, and in California. */
const aws = ['2014-10-30', '2014-11-10'].map((day) =>
  ranges(day, ['54.68.0.0/14 us-west-2 EC2', '54.183.0.0/16 us-west-1 EC2']),
)
/** In a block of the zone in Los Angeles of today, which these lists did not have yet. */
const UNLISTED = '70.224.192.1'

function verdictOf(remote: string, name: string, terms: { allow: readonly string[] | null; deny?: readonly string[] }) {
  const names = [
    { name: 'api.account.xiaomi.com', via: 'tls-sni' as const },
    { name, via: 'dns-cname' as const },
  ]
  const phase = { id: 'only', from: null, until: null, deny: [], source: 'S1', ...terms }
  const places = [
    { id: 'us', country: 'US' },
    { id: 'china', country: 'CN' },
    { id: 'california', subdivision: 'US-CA' },
    { id: 'oregon', cloud: 'aws:us-west-2' },
    { id: 'los-angeles', cloud: 'aws:us-west-2-lax-1' },
    { id: 'aws-calif', cloud: 'aws:us-west-1' },
  ]
  const declaration = { places, services: [service('mi-account', ['api.account.xiaomi.com'], { phases: [phase] })] }
  const first = at('2014-11-03T10:00:00Z')
  const locator = createLocator({ ranges: aws, databases: [] })
  const [finding] = judged([observe({ remote, names, first, handshakeRttMs: null })], { declaration, locator }).findings
  return finding?.verdict
}

describe("a provider's name alone", () => {
  const name = 'ec2-70-224-192-1.us-west-2.compute.amazonaws.com'
  const verdict = (allow: readonly string[] | null, deny: readonly string[] = []) =>
    verdictOf(UNLISTED, name, { allow, deny })

  it('does not tell a region from its zones, which have such names too', () => {
    for (const place of ['oregon', 'los-angeles', 'california']) {
      expect(verdict([place])).toBe('indeterminate')
      expect(verdict(null, [place])).toBe('indeterminate')
    }
  })

  it('decides where the region and its zones are alike', () => {
    expect(verdict(['us'])).toBe('compliant')
    expect(verdict(null, ['china'])).toBe('compliant')
    expect(verdict(null, ['us'])).toBe('violation')
    expect(verdict(['aws-calif'])).toBe('violation')
  })
})

describe('the name of a content network', () => {
  it('takes away no violation that lists on both sides prove', () => {
    for (const name of ['d111111abcdef8.cloudfront.net', 'api.azurefd.net'])
      expect(verdictOf('54.68.0.1', name, { allow: ['aws-calif'] })).toBe('violation')
  })

  it('makes an edge of what nothing proves, and an edge is never compliant', () => {
    const name = 'd111111abcdef8.cloudfront.net'
    expect(verdictOf(UNLISTED, name, { allow: ['us'] })).toBe('indeterminate')
    expect(verdictOf(UNLISTED, name, { allow: null, deny: ['china'] })).toBe('indeterminate')
  })
})
