import { expect, it } from 'vitest'
import { digestOf, shortIds } from '../../functions/judge/short-id.ts'

it('an id is eight digits, and longer where two would be the same', () => {
  const [a, b, c] = [`${'0'.repeat(8)}a${'0'.repeat(55)}`, `${'0'.repeat(8)}b${'0'.repeat(55)}`, '1'.repeat(64)]
  expect(shortIds('F', [c, b, a])).toEqual(['F-11111111', 'F-00000000b', 'F-00000000a'])
  expect(shortIds('F', [a, c, a])).toEqual(['F-00000000', 'F-11111111', 'F-00000000'])
})

it('parts cannot run into one another', () => {
  expect(digestOf(['ab', 'c'])).not.toBe(digestOf(['a', 'bc']))
  expect(digestOf([null])).not.toBe(digestOf(['null']))
})
