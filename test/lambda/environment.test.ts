import { expect, test } from 'vitest'
import {
  EVIDENCE_BUCKET,
  INTAKE_BUCKET,
  MAX_CAPTURE_BYTES,
  readEnvironment,
  readNumber,
} from '../../functions/lambda/environment.ts'

test('the variables that were asked for are read, and no others', () => {
  const read = readEnvironment([INTAKE_BUCKET], { INTAKE_BUCKET: 'intake', EVIDENCE_BUCKET: 'evidence' })
  expect(read).toEqual({ INTAKE_BUCKET: 'intake' })
})

test('every missing variable is named at once; an empty one is missing', () => {
  expect(() => readEnvironment([INTAKE_BUCKET, EVIDENCE_BUCKET], { EVIDENCE_BUCKET: '' })).toThrow(
    'the variables INTAKE_BUCKET, EVIDENCE_BUCKET are not set',
  )
  expect(() => readEnvironment([INTAKE_BUCKET], {})).toThrow('the variable INTAKE_BUCKET is not set')
})

test('a number is a whole number greater than 0', () => {
  expect(readNumber(MAX_CAPTURE_BYTES, 7, {})).toBe(7)
  expect(readNumber(MAX_CAPTURE_BYTES, 7, { MAX_CAPTURE_BYTES: '5368709120' })).toBe(5_368_709_120)
  expect(() => readNumber(MAX_CAPTURE_BYTES, undefined, {})).toThrow('the variable MAX_CAPTURE_BYTES is not set')
  for (const text of ['5 GiB', '-1', '0', '1.5', '1e9', 'NaN', '99999999999999999999'])
    expect(() => readNumber(MAX_CAPTURE_BYTES, 7, { MAX_CAPTURE_BYTES: text })).toThrow(
      /MAX_CAPTURE_BYTES is .* no whole number/,
    )
})
