import { expect, it } from 'vitest'
import { digestOf, shortIds } from '../../functions/judge/short-id.ts'

it('an id is eight digits, and longer where two would be the same', () => {
  const [a, b, c] = [`${'0'.repeat(8)}a${'0'.repeat(55)}`, `${'0'.repeat(8)}b${'0'.repeat(55)}`, '1'.repeat(64)]
  expect(shortIds('F', [c, b, a])).toEqual(
    new Map([
      [a, 'F-00000000a'],
      [b, 'F-00000000b'],
      [c, 'F-11111111'],
    ]),
  )
})

it('parts cannot run into one another', () => {
  expect(digestOf(['ab', 'c'])).not.toBe(digestOf(['a', 'bc']))
  expect(digestOf([null])).not.toBe(digestOf(['null']))
})
