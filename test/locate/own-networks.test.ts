import { describe, expect, it } from 'vitest'
import { withoutOwnWord } from '../../functions/locate/own-networks.ts'
import { refiner } from '../../functions/locate/refine.ts'
import type { Evidence, Location } from '../../functions/model.ts'

const piece = (source: string, rule = 'database', supports = true): Evidence => {
  return { date: '2026-01-01', rule, says: `${source} says so`, source, supports }
}
const ranges = piece('ranges/alibaba', 'provider-range')
const dbip = piece('database/dbip-city')
const registries = piece('database/geo-whois-asn-country')

function stands(evidence: readonly Evidence[], over: Partial<Location> = {}): Location {
  const place = { country: 'US', subdivision: 'US-CA', city: 'San Mateo', cloud: 'alibaba:us-west-1' }
  return { ip: '192.0.2.1', grade: 'proven', ...place, prefix: '192.0.2.0/24', evidence, ...over }
}

describe("the vendor's own networks", () => {
  it('carry nothing alone: what they say is a suspicion', () => {
    for (const evidence of [[ranges], [ranges, dbip], [ranges, dbip, piece('database/dbip-country')]]) {
      const location = withoutOwnWord(stands(evidence), ['alibaba'])
      expect(location).toMatchObject({ grade: 'suspected', cloud: 'alibaba:us-west-1', country: 'US' })
      expect(location.evidence.at(-1)).toMatchObject({ rule: 'own-network', source: 'ranges/alibaba', supports: false })
      expect(location.evidence.at(-1)?.says).toContain("is the vendor's word")
    }
    expect(withoutOwnWord(stands([piece('geofeed/alibaba', 'geofeed'), registries]), ['alibaba']).grade).toBe(
      'suspected',
    )
  })

  it('are a provider whichever of its clouds the declaration names', () => {
    const azure = { ...stands([piece('ranges/azure', 'provider-range')]), cloud: 'azure:westus' }
    for (const own of ['azure', 'azure-china', 'azure-government'])
      expect(refiner.refine(azure, { handshakes: [], names: [], ownNetworks: [own] }).grade).toBe('suspected')
  })

  it('leave the country where two databases of different origin say it too, and nothing finer', () => {
    const location = withoutOwnWord(stands([ranges, dbip, registries]), ['alibaba'])
    expect(location).toMatchObject({ grade: 'corroborated', country: 'US', subdivision: null, city: null, cloud: null })
    const opposed = { ...registries, supports: false }
    expect(withoutOwnWord(stands([ranges, dbip, opposed]), ['alibaba']).grade).toBe('suspected')
  })

  it('are not vouched for by databases of another time than the packet', () => {
    const later = (source: string, date: string) => ({ ...piece(source), date })
    const corroborated = (evidence: readonly Evidence[]) =>
      withoutOwnWord(stands(evidence, { grade: 'corroborated' }), ['alibaba']).grade
    // On both sides of the packet, so that it was seen between New Year and May.
    const around = [ranges, { ...ranges, date: '2026-05-01' }]
    expect(corroborated([...around, dbip, registries])).toBe('corroborated')
    expect(corroborated([...around, dbip, later('database/geo-whois-asn-country', '2026-08-01')])).toBe('suspected')
    // Where the only list is far away, nothing tells when the packet was; builds on both sides of it still do.
    expect(corroborated([ranges, dbip, registries])).toBe('suspected')
    const both = (source: string) => [later(source, '2024-01-01'), later(source, '2026-12-01')]
    expect(corroborated([ranges, ...both('database/dbip-city'), ...both('database/geo-whois-asn-country')])).toBe(
      'corroborated',
    )
    expect(corroborated([ranges, ...both('database/dbip-city'), dbip])).toBe('suspected')
    const apart = (source: string) => [later(source, '2022-01-01'), later(source, '2026-12-01')]
    expect(corroborated([ranges, ...apart('database/dbip-city'), ...apart('database/geo-whois-asn-country')])).toBe(
      'suspected',
    )
    // What one list alone proves was seen within 35 days of it.
    const old = ['database/dbip-city', 'database/geo-whois-asn-country'].map((source) => later(source, '2025-06-01'))
    expect(withoutOwnWord(stands([ranges, ...old]), ['alibaba']).grade).toBe('suspected')
  })

  it('are not vouched for by two databases of which nothing tells that their makers are two', () => {
    const unknown = [piece('database/city'), piece('database/country')]
    expect(withoutOwnWord(stands([ranges, ...unknown]), ['alibaba']).grade).toBe('suspected')
    expect(withoutOwnWord(stands([ranges, dbip, piece('database/city')]), ['alibaba']).grade).toBe('suspected')
  })

  it('are not vouched for by the list of another provider that names no region', () => {
    const stated = { ...stands([ranges, piece('ranges/linode', 'provider-range')]), cloud: null }
    expect(withoutOwnWord(stated, ['alibaba']).grade).toBe('suspected')
  })

  it('are not vouched for by a feed, which anybody may publish under any name', () => {
    const location = stands([ranges, piece('geofeed/somebody', 'geofeed')])
    expect(withoutOwnWord(location, ['alibaba']).grade).toBe('suspected')
  })

  it('change nothing where the location rests on somebody else, or decides nothing anyway', () => {
    for (const [location, own] of [
      [stands([ranges]), []],
      [stands([ranges]), ['aws']],
      [stands([ranges], { grade: 'conflicted' }), ['alibaba']],
      [stands([dbip, registries], { cloud: null, subdivision: null, city: null, grade: 'corroborated' }), ['alibaba']],
    ] as const)
      expect(withoutOwnWord(location, own)).toBe(location)
  })
})
