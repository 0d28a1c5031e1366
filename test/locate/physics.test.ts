import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { excludedPlaces, heldAgainstLight, trustIn } from '../../functions/locate/physics.ts'
import type { Grade, Location, Place, Vantage } from '../../functions/model.ts'

const delhi: Vantage = { rig: 'rig-delhi', place: 'New Delhi', latitude: 28.61, longitude: 77.21 }
const oregon = stands({ cloud: 'aws:us-west-2', country: 'US', subdivision: 'US-OR', city: 'Boardman' })
const china = stands({ country: 'CN' }, 'corroborated')

function stands(over: Partial<Location>, grade: Grade = 'proven'): Location {
  const evidence = [{ date: '2026-01-01', rule: 'provider-range', says: 'there', source: 'ranges/aws', supports: true }]
  const nowhere = { country: null, subdivision: null, city: null, cloud: null }
  return { ip: '192.0.2.1', grade, ...nowhere, prefix: '192.0.2.0/24', evidence, ...over }
}

const measured = (location: Location, rttMs: number) =>
  heldAgainstLight(location, [{ vantage: delhi, port: 443, rttMs }])

describe('a handshake', () => {
  it('makes a place impossible that light cannot reach, in words, and leaves nothing of the location but evidence', () => {
    const { evidence, ...rest } = measured(oregon, 4)
    const nowhere = { country: null, subdivision: null, city: null, cloud: null, prefix: null }
    expect(rest).toEqual({ ip: '192.0.2.1', grade: 'conflicted', ...nowhere })
    expect(evidence.map(({ supports }) => supports)).toEqual([false, false])
    expect(evidence[1]).toMatchObject({ rule: 'physics', source: 'rig rig-delhi', date: null })
    expect(evidence[1]?.says).toMatch(
      /^A handshake of 4 ms from rig-delhi \(New Delhi\) cannot reach aws:us-west-2 \(Boardman, US-OR\), 11,\d\d0 km away: even in empty space light needs at least 7\d(\.\d)? ms for the way there and back, in fibre 11\d ms\.$/,
    )
  })

  it('that beats light in fibre lowers the grade by one, and keeps the place', () => {
    for (const [grade, lower] of [
      ['proven', 'corroborated'],
      ['corroborated', 'suspected'],
      ['suspected', 'suspected'],
    ] as const) {
      const doubted = measured({ ...oregon, grade }, 95)
      expect(doubted).toMatchObject({ grade: lower, cloud: 'aws:us-west-2', country: 'US' })
      expect(doubted.evidence[1]).toMatchObject({ rule: 'physics', supports: false })
      expect(doubted.evidence[1]?.says).toContain('is faster than fibre to aws:us-west-2')
    }
  })

  it('that a place admits is a fact that proves nothing', () => {
    const admitted = measured(stands({ cloud: 'aws:ap-southeast-1', country: 'SG' }, 'corroborated'), 62)
    expect(admitted.grade).toBe('corroborated')
    expect(admitted.evidence[1]).toMatchObject({ rule: 'physics', supports: true })
    expect(admitted.evidence[1]?.says).toContain('does not exclude aws:ap-southeast-1')
  })

  it('is not worth a word where it excludes nothing on Earth, where the place is the rig’s, or where there is none', () => {
    expect(measured(oregon, 250)).toBe(oregon)
    const india = stands({ country: 'IN' })
    expect(measured(india, 4)).toBe(india)
    for (const grade of ['edge', 'unknown', 'conflicted'] as const) {
      const nowhere = stands({}, grade)
      expect(measured(nowhere, 1)).toBe(nowhere)
    }
    expect(heldAgainstLight(oregon, [])).toBe(oregon)
  })

  it('excludes a country by its nearest land', () => {
    expect(measured(stands({ country: 'US' }), 4).grade).toBe('conflicted')
    expect(measured(stands({ country: 'US' }), 4).evidence[1]?.says).toContain('cannot reach United States, at least ')
    // The border is 300 km away.
    expect(measured(china, 4).grade).toBe('corroborated')
  })

  it('from another rig counts as much, in whatever order they come', () => {
    const portland: Vantage = { rig: 'rig-pdx', place: 'Portland', latitude: 45.5, longitude: -122.7 }
    const handshakes = [delhi, portland].map((vantage) => ({ vantage, port: 443, rttMs: 4 }))
    expect(heldAgainstLight(oregon, handshakes)).toEqual(heldAgainstLight(oregon, handshakes.toReversed()))
    expect(heldAgainstLight(oregon, handshakes).grade).toBe('conflicted')
  })

  it('that is slower never excludes more', () => {
    const rank: Partial<Record<Grade, number>> = { conflicted: 0, corroborated: 1, proven: 2 }
    const rtt = fc.double({ min: 0.01, max: 400, noNaN: true })
    fc.assert(
      fc.property(rtt, rtt, (a, b) => {
        const [fast, slow] = [Math.min(a, b), Math.max(a, b)].map((ms) => rank[measured(oregon, ms).grade] ?? 9)
        expect(fast).toBeLessThanOrEqual(slow ?? 0)
      }),
    )
  })
})

describe('what handshakes exclude of places', () => {
  const of = (places: readonly Omit<Place, 'id'>[], rttMs: number) =>
    excludedPlaces(
      places.map((place, i) => ({ id: `p${i}`, ...place })),
      [{ vantage: delhi, port: 443, rttMs }],
    )

  it('is every one of them, or nothing', () => {
    expect(of([{ cloud: 'aws:us-west-1' }, { cloud: 'aws:ap-southeast-1' }], 4)).toHaveLength(2)
    expect(of([{ cloud: 'aws:us-west-1' }, { country: 'IN' }], 4)).toBeNull()
    expect(of([{ cloud: 'aws:us-west-1' }, { cloud: 'aws:ap-southeast-1' }], 40)).toBeNull()
    expect(of([], 4)).toBeNull()
  })

  it('cannot be a place of which no coordinates are known', () => {
    expect(of([{ cloud: 'aws:nowhere-1' }], 1)).toBeNull()
    expect(of([{ cloud: 'aws:us-west-1', zones: ['aws:us-west-1-none-1'] }], 1)).toBeNull()
  })

  it('counts a region as near as the nearest of its zones, a subdivision as near as its country', () => {
    const [region] = of([{ cloud: 'aws:us-east-1' }], 4) ?? []
    const [zones] = of([{ cloud: 'aws:us-east-1', zones: ['aws:us-east-1-bos-1'] }], 4) ?? []
    expect(zones?.km).toBeLessThan(region?.km ?? 0)
    expect(of([{ subdivision: 'IN-KA' }], 4)).toBeNull()
    expect(of([{ subdivision: 'US-CA' }], 4)).toHaveLength(1)
  })
})

describe('trust in a rig', () => {
  const handshake = { vantage: delhi, port: 80, rttMs: 4 }
  const controls = (of: Readonly<Record<string, number>>, vantage = delhi, port = 80) =>
    Object.entries(of).map(([region, rttMs]) => ({ vantage, port, region, rttMs }))

  it('is open where nothing else was measured, or only near places', () => {
    expect(trustIn(handshake, []).word).toBe('open')
    expect(trustIn(handshake, controls({ 'aws:us-west-2': 4 })).word).toBe('open')
    expect(trustIn(handshake, controls({ 'aws:ap-southeast-1': 70 }, { ...delhi, rig: 'other' })).word).toBe('open')
  })

  it('is vouched for by a farther region that took as long as it must', () => {
    expect(trustIn(handshake, controls({ 'aws:us-west-2': 4, 'aws:ap-southeast-1': 70 })).word).toBe('vouched')
  })

  it('names what it rests on, the farthest region first, with its distance', () => {
    const of = controls({ 'aws:ap-southeast-1': 70, 'aws:us-west-2': 4, 'aws:eu-central-1': 130 })
    const { farther, impossible } = trustIn(handshake, of)
    expect(farther.map(({ control, km }) => [control.region, Math.round(km / 100)])).toEqual([
      ['aws:eu-central-1', 61],
      ['aws:ap-southeast-1', 41],
    ])
    expect(impossible.map(({ control }) => control.region)).toEqual(['aws:us-west-2'])
  })

  it('is open where another port alone reached farther, which a proxy on this one would not touch', () => {
    const direct = controls({ 'aws:ap-southeast-1': 70 }, delhi, 5222)
    expect(trustIn(handshake, direct).word).toBe('open')
    expect(trustIn(handshake, [...direct, ...controls({ 'aws:us-west-2': 4 }, delhi, 443)]).word).toBe('open')
    expect(trustIn({ ...handshake, port: 5222 }, direct).word).toBe('vouched')
  })

  it('is lost where regions far apart answer alike, on whatever ports', () => {
    const proxied = [...controls({ 'aws:us-west-2': 4 }), ...controls({ 'aws:eu-central-1': 5 }, delhi, 443)]
    expect(trustIn({ ...handshake, port: 8080 }, proxied).word).toBe('answered')
  })

  it('is lost where regions far apart answer alike', () => {
    expect(trustIn(handshake, controls({ 'aws:us-west-2': 4, 'aws:eu-central-1': 5 })).word).toBe('answered')
    const mixed = { 'aws:us-west-2': 4, 'aws:eu-central-1': 5, 'aws:ap-southeast-1': 70 }
    expect(trustIn(handshake, controls(mixed)).word).toBe('answered')
  })
})
