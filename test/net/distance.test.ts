import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EARTH_RADIUS_KM, kmBetween } from '../../functions/net/distance.ts'

const at = (latitude: number, longitude: number) => ({ latitude, longitude })
const anywhere = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
})

describe('the distance between two points', () => {
  const quarter = (EARTH_RADIUS_KM * Math.PI) / 2
  it.each([
    ['none', at(1.35, 103.82), at(1.35, 103.82), 0],
    ['a quarter of the equator', at(0, 0), at(0, 90), quarter],
    ['pole to pole', at(90, 0), at(-90, 77), 2 * quarter],
    ['across the 180th meridian', at(0, 179.5), at(0, -179.5), quarter / 90],
    ['a metre', at(0, 0), at(0, 0.000009), 0.001],
    ['Beijing to San Jose', at(39.9, 116.4), at(37.34, -121.89), 9571],
    ['Singapore to Hong Kong', at(1.35, 103.82), at(22.3, 114.17), 2581],
  ])('%s', (_, a, b, km) => {
    expect(kmBetween(a, b)).toBeCloseTo(km, km > 100 && km % 1 === 0 ? -1 : 3)
  })

  it('is the same both ways, at most half the circumference, and never longer than by a third point', () => {
    fc.assert(
      fc.property(anywhere, anywhere, anywhere, (a, b, c) => {
        expect(kmBetween(a, b)).toBeCloseTo(kmBetween(b, a), 6)
        expect(kmBetween(a, b)).toBeLessThanOrEqual(2 * quarter + 1e-6)
        expect(kmBetween(a, b)).toBeLessThanOrEqual(kmBetween(a, c) + kmBetween(c, b) + 1e-6)
      }),
    )
  })
})
