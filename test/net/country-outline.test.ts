import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { regionFacts, regionKeys } from '../../functions/net/cloud-regions.ts'
import { isCountry } from '../../functions/net/country.ts'
import { outlines } from '../../functions/net/country-outline/outlines.ts'
import { LONGEST_ARC_KM, readRings, writeRings } from '../../functions/net/country-outline/rings.ts'
import { kmToCountry, OUTLINE_ERROR_KM } from '../../functions/net/country-outline.ts'
import { kmBetween } from '../../functions/net/distance.ts'

describe('the distance to a country', () => {
  it.each([
    ['US', 'Ashburn', 39.04, -77.49],
    ['US', 'Honolulu', 21.31, -157.86],
    ['US', 'Anchorage', 61.22, -149.9],
    ['US', 'the Aleutians beyond the 180th meridian', 52.9, 173.2],
    ['FR', 'Réunion', -21.1, 55.5],
    ['RE', 'Réunion', -21.1, 55.5],
    ['FR', 'Cayenne', 4.92, -52.3],
    ['ES', 'Tenerife', 28.3, -16.5],
    ['PT', 'the Azores', 37.75, -25.67],
    ['SG', 'Singapore', 1.35, 103.82],
    ['HK', 'Hong Kong', 22.3, 114.17],
    ['MO', 'Macau', 22.2, 113.55],
    ['BH', 'Manama', 26.22, 50.59],
    ['MT', 'Valletta', 35.9, 14.51],
    ['TW', 'Taipei', 25.03, 121.57],
    ['SJ', 'Longyearbyen', 78.22, 15.64],
    ['BQ', 'Kralendijk', 12.15, -68.27],
    ['VA', 'the Vatican', 41.9, 12.45],
    ['FJ', 'Suva', -18.14, 178.44],
    ['RU', 'Chukotka beyond the 180th meridian', 66.3, -172],
    ['UA', 'Sevastopol', 44.6, 33.53],
    ['RU', 'Sevastopol', 44.6, 33.53],
    ['RS', 'Pristina', 42.66, 21.17],
    ['AQ', 'the South Pole', -90, 0],
  ])('%s is nothing from %s', (country, _, latitude, longitude) => {
    expect(kmToCountry(country, latitude, longitude)).toBe(0)
  })

  it.each([
    ['CN', 'Taipei', 25.03, 121.57, 120, 170],
    ['CN', 'Singapore', 1.35, 103.82, 700, 2000],
    ['US', 'Beijing', 39.9, 116.4, 3500, 4700],
    ['SG', 'Beijing', 39.9, 116.4, 4400, 4480],
    ['SG', 'Johor Bahru', 1.49, 103.74, 0, 3],
    ['US', 'London', 51.51, -0.13, 4300, 4800],
    ['DE', 'Singapore', 1.35, 103.82, 9700, 9850],
    ['ZA', 'Maseru, which South Africa surrounds', -29.32, 27.49, 0, 0],
    ['IE', 'Ashburn', 39.04, -77.49, 5150, 5300],
    ['NZ', 'Spain, by way of Tokelau', 40, -4, 16200, 16400],
  ])('%s is as far from %s as the map says', (country, _, latitude, longitude, least, most) => {
    const km = kmToCountry(country, latitude, longitude)
    expect(km).toBeGreaterThanOrEqual(least)
    expect(km).toBeLessThanOrEqual(most)
  })

  it.each(['ZZ', 'EU', 'XK', '', 'us', 'constructor'])('of %j, which has no outline, is not told', (code) => {
    expect(kmToCountry(code, 0, 0)).toBeNull()
  })

  it('is told of every country of ISO 3166-1', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
    const codes = letters.flatMap((a) => letters.map((b) => a + b)).filter(isCountry)
    expect(codes.filter((code) => kmToCountry(code, 0, 0) === null)).toEqual([])
    expect(Object.keys(outlines).filter((code) => !isCountry(code))).toEqual([])
  })

  it('is never more than that to a point of its land', () => {
    // Every twentieth point of Natural Earth's own lines, held against the code of a country on which the map is simple.
    const path = createRequire(import.meta.url).resolve('world-atlas/countries-10m.json')
    const map = JSON.parse(readFileSync(path, 'utf8'))
    const { scale, translate } = map.transform
    const lines = map.arcs.map((steps: [number, number][]) => {
      let [x, y] = [0, 0]
      return steps.map(([dx, dy]) => {
        x += dx
        y += dy
        return { longitude: x * scale[0] + translate[0], latitude: y * scale[1] + translate[1] }
      })
    })
    const numeric = {
      AU: '036',
      BR: '076',
      CN: '156',
      ID: '360',
      JP: '392',
      SG: '702',
      TW: '158',
      US: '840',
      NO: '578',
    }
    for (const [code, id] of Object.entries(numeric)) {
      const shapes = map.objects.countries.geometries.filter((geometry: { id?: string }) => geometry.id === id)
      const arcs: number[] = shapes.flatMap(({ arcs }: { arcs: unknown[] }) => arcs.flat(3))
      const points = arcs.flatMap((arc) => lines[arc < 0 ? ~arc : arc]).filter((_, i) => i % 20 === 0)
      expect(points.length, code).toBeGreaterThan(1)
      for (const { latitude, longitude } of points)
        expect(kmToCountry(code, latitude, longitude), `${code} ${latitude} ${longitude}`).toBe(0)
    }
  })

  it('falls by no more than the way that one has gone', () => {
    const anywhere = fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    })
    const country = fc.constantFrom('SG', 'HK', 'MT', 'CH', 'TW', 'IE')
    fc.assert(
      fc.property(country, anywhere, anywhere, (code, a, b) => {
        const [from, to] = [a, b].map(({ latitude, longitude }) => kmToCountry(code, latitude, longitude) ?? 0)
        expect(Math.abs((from ?? 0) - (to ?? 0))).toBeLessThanOrEqual(kmBetween(a, b) + OUTLINE_ERROR_KM + 1e-6)
      }),
    )
  })
})

describe('an outline', () => {
  it('has no longer arcs than a search counts with', () => {
    for (const [code, text] of Object.entries(outlines))
      for (const { corners } of readRings(text))
        for (const [i, corner] of corners.entries())
          expect(kmBetween(corner, corners.at(i - 1) ?? corner), code).toBeLessThan(LONGEST_ARC_KM)
  })

  it('is read as it was written', () => {
    const text = '100 50 3 -4 -10 0;-9000 4500'
    expect(writeRings(readRings(text))).toBe(text)
  })
})

describe('the facts of regions', () => {
  it('name points in the country that they name, or off its coast', () => {
    for (const key of regionKeys) {
      const facts = regionFacts(key)
      if (facts?.latitude == null || facts.longitude == null) continue
      expect(kmToCountry(facts.country, facts.latitude, facts.longitude), key).toBeLessThan(50)
    }
  })
})
