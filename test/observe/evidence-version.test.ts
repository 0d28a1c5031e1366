import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { EVIDENCE_VERSION } from '../../functions/observe/keys.ts'
import { exampleInput } from '../audit/example.ts'

/** Of the evidence of the Redmi 1S example, by EVIDENCE_VERSION. What has once stood here with a version stays with it. */
const fingerprints: Readonly<Record<number, string>> = {
  2: '599d8410f3d0a2305820202318824db64a2c4a33c293a02ce11566ab9dee12ac',
  3: 'd5fa55fb68b3b363c3c1bf0c0dfaf5d95aabf7e7027d244fda506b9e484c47ce',
  4: 'd5fa55fb68b3b363c3c1bf0c0dfaf5d95aabf7e7027d244fda506b9e484c47ce',
  5: 'd5fa55fb68b3b363c3c1bf0c0dfaf5d95aabf7e7027d244fda506b9e484c47ce',
  6: 'b52436bae892111f1279325287d5f6438d99a1bc16b99bc46a7f7f6fdbe19f52',
}

test('evidence that comes out otherwise has another version, and so another key', async () => {
  const { ledgers, observations } = await exampleInput()
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([ledgers, observations]))
    .digest('hex')
  expect(
    fingerprint,
    'what is made of the same bytes has changed: raise EVIDENCE_VERSION in functions/observe/keys.ts, and add its fingerprint',
  ).toBe(fingerprints[EVIDENCE_VERSION])
})
