import { describe, expect, it } from 'vitest'
import { countryName, isCountry } from '../../functions/net/country.ts'

describe('a country code', () => {
  it.each(['US', 'SG', 'CN', 'HK', 'TW', 'GB', 'SS', 'AX'])('%s is assigned', (code) =>
    expect(isCountry(code)).toBe(true),
  )
  it.each(['EU', 'AP', 'UK', 'XK', 'ZZ', 'us', 'USA', '', 'AN'])('%j is not', (code) =>
    expect(isCountry(code)).toBe(false),
  )
  it('has an English name', () => {
    expect(countryName('SG')).toBe('Singapore')
    expect(countryName('CN')).toBe('China')
    expect(countryName('EU')).toBe('EU')
    expect(countryName('not a code')).toBe('not a code')
  })
  it('is one of the 249 that ISO 3166-1 assigns', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
    expect(letters.flatMap((a) => letters.map((b) => a + b)).filter(isCountry)).toHaveLength(249)
  })
})
