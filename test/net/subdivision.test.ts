import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { regionFacts, regionKeys } from '../../functions/net/cloud-regions.ts'
import { compareSubdivisions, currentSubdivision } from '../../functions/net/subdivision.ts'

describe('two subdivisions', () => {
  const table: readonly (readonly [a: string, b: string, expected: ReturnType<typeof compareSubdivisions>])[] = [
    ['CN-BJ', 'CN-11', 'same'],
    ['IN-TS', 'IN-TG', 'same'],
    ['CZ-10', 'CZ-PR', 'same'],
    ['ZA-GT', 'ZA-GP', 'same'],
    ['US-CA', 'US-OR', 'apart'],
    ['US-CA', 'CA-BC', 'apart'],
    ['FR-IDF', 'FR-PAC', 'apart'],
    ['FR-75', 'FR-13', 'apart'],
    ['IT-MI', 'IT-RM', 'apart'],
    ['GB-LND', 'GB-ENG', 'unclear'],
    ['GB-LND', 'GB-WSM', 'unclear'],
    ['FR-69', 'FR-69M', 'unclear'],
    ['IN-AP', 'IN-TG', 'unclear'],
    ['KE-01', 'KE-02', 'unclear'],
  ]
  it.each(table)('%s and %s: %s', (a, b, expected) => {
    expect(compareSubdivisions(a, b)).toBe(expected)
    expect(compareSubdivisions(b, a)).toBe(expected)
  })

  it('are the same in whatever way each is written, and the order does not matter', () => {
    const code = fc.stringMatching(/^(CN|GB|FR|IN|IT|ES|IE|US|UG)-[A-Z0-9]{1,3}$/)
    fc.assert(
      fc.property(code, code, (a, b) => {
        expect(compareSubdivisions(a, b)).toBe(compareSubdivisions(b, a))
        expect(compareSubdivisions(a, b)).toBe(compareSubdivisions(currentSubdivision(a), b))
        expect(compareSubdivisions(a, a)).toBe('same')
      }),
    )
  })

  it('of regions are written as the standard has them today', () => {
    for (const key of regionKeys) {
      const code = regionFacts(key)?.subdivision
      if (code != null) expect(currentSubdivision(code)).toBe(code)
    }
  })
})
