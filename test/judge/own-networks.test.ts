import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../functions/model.ts'
import { ADDRESSES, judged, location, locatorOf, observe } from './world.ts'

const dbip: Evidence = { date: '2014-11-01', rule: 'database', says: 'there', source: 'database/dbip', supports: true }
const registries: Evidence = { ...dbip, source: 'database/geo-whois-asn-country' }
/** Snapshots on both sides of the packet. */
const aws = ['2014-11-01', '2014-11-05'].flatMap((date) =>
  location('', 'proven').evidence.map((piece) => ({ ...piece, date })),
)

function only(
  cloud: string,
  country: string,
  evidence: readonly Evidence[],
  ownNetworks = ['aws'],
  handshakeRttMs = 300,
) {
  const ip = ADDRESSES.singapore
  const locator = locatorOf({ [ip]: location(ip, 'proven', { cloud, country, evidence: [...aws, ...evidence] }) })
  const [finding] = judged([observe({ remote: ip, handshakeRttMs })], {
    declaration: { ownNetworks },
    locator,
  }).findings
  if (!finding) throw new Error('there is a finding')
  return finding
}

describe("the vendor's own networks", () => {
  it('acquit nobody by what they publish', () => {
    expect(only('aws:ap-southeast-1', 'SG', [], []).verdict).toBe('compliant')
    const { verdict, location, reasons } = only('aws:ap-southeast-1', 'SG', [])
    expect([verdict, location.grade]).toEqual(['indeterminate', 'suspected'])
    expect(reasons[0]).toContain('only suspected')
    const country = only('aws:ap-southeast-1', 'SG', [dbip, registries])
    expect([country.verdict, country.location]).toMatchObject(['indeterminate', { grade: 'corroborated', cloud: null }])
  })

  it('admit what they publish against the vendor', () => {
    const { verdict, location, reasons } = only('aws:us-west-2', 'US', [])
    expect([verdict, location.grade]).toEqual(['violation', 'suspected'])
    expect(reasons[0]).toContain("By the vendor's own published networks, 54.169.0.1 stands in aws:us-west-2")
  })

  it('are not said to publish what only a name below their suffix says', () => {
    const ip = ADDRESSES.unknown
    const names = [
      { name: 'api.account.xiaomi.com', via: 'tls-sni' as const },
      { name: 'account-1.us-west-2.elb.amazonaws.com', via: 'dns-cname' as const },
    ]
    const [finding] = judged([observe({ remote: ip, names, handshakeRttMs: null })], {
      declaration: { ownNetworks: ['aws'] },
    }).findings
    expect(finding?.verdict).toBe('violation')
    expect(finding?.reasons[0]).toContain(
      `By a name that the vendor's own network has for it, ${ip} stands in aws:us-west-2`,
    )
  })
})
