import { expect, it } from 'vitest'
import { formatTime } from '../../functions/net/time.ts'

it.each([
  [0, '1970-01-01T00:00:00Z'],
  [1_414_771_200_000_000, '2014-10-31T16:00:00Z'],
  [1_414_771_200_000_250, '2014-10-31T16:00:00.000250Z'],
  [1_414_771_199_999_999, '2014-10-31T15:59:59.999999Z'],
  [-1, '1969-12-31T23:59:59.999999Z'],
  [7_258_118_399_000_000, '2199-12-31T23:59:59Z'],
])('%i microseconds are %s', (at, text) => {
  expect(formatTime(at)).toBe(text)
})
