import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Combinations } from '../../functions/locate/combinations.ts'

it('every sequence has a number of its own, and the same whenever it is asked for', () => {
  // Few values, so that sequences begin alike; more sequences than there is room for at first.
  const sequence = fc.array(fc.constantFrom(0, 1, 2, 3, 5, 2 ** 31, 2 ** 32 - 1), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fc.array(sequence, { minLength: 1, maxLength: 2000 }), (sequences) => {
      const combinations = new Combinations()
      const texts = new Map<number, string>()
      for (const steps of [...sequences, ...sequences]) {
        let number = -1
        for (const by of steps) number = combinations.step(number, by)
        const text = steps.join(' ')
        expect(texts.get(number) ?? text).toBe(text)
        texts.set(number, text)
      }
      expect(new Set(texts.values()).size).toBe(texts.size)
      expect(Math.max(...texts.keys())).toBeLessThanOrEqual(combinations.size)
    }),
    { numRuns: 50 },
  )
})

it('goes on from the first number after it is cleared', () => {
  const combinations = new Combinations()
  for (let by = 0; by < 5000; by++) expect(combinations.step(0, by)).toBe(by + 1)
  for (let by = 0; by < 5000; by++) expect(combinations.step(0, by)).toBe(by + 1)
  combinations.clear()
  expect(combinations.size).toBe(0)
  expect(combinations.step(0, 7)).toBe(1)
})
