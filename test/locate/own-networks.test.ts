import { describe, expect, it } from 'vitest'
import { withoutOwnWord } from '../../functions/locate/own-networks.ts'
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

  it('leave the country where two databases of different origin say it too, and nothing finer', () => {
    const location = withoutOwnWord(stands([ranges, dbip, registries]), ['alibaba'])
    expect(location).toMatchObject({ grade: 'corroborated', country: 'US', subdivision: null, city: null, cloud: null })
    const opposed = { ...registries, supports: false }
    expect(withoutOwnWord(stands([ranges, dbip, opposed]), ['alibaba']).grade).toBe('suspected')
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
