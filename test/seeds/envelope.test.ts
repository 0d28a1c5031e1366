import { createCipheriv, createDecipheriv } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import type { SeedKind } from '../../functions/model.ts'
import { SEED_KINDS } from '../../functions/net/seed-kinds.ts'
import { openEnvelope, sealEnvelope } from '../../functions/seeds/envelope.ts'
import { iv, key, otherKey, seeds } from './made-up.ts'

const sealed = sealEnvelope(seeds, key, iv)
const written = JSON.parse(Buffer.from(sealed).toString())
const bytes = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)))

/** An envelope of any plain text, as whoever has the key could write it. */
function envelopeOf(plain: string): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key.envelope, iv)
  cipher.setAAD(Buffer.from(key.id))
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
  return bytes({ ...written, ciphertext, tag: cipher.getAuthTag().toString('base64') })
}

describe('an envelope', () => {
  it('gives back what was sealed', () => {
    const anySeeds = fc.uniqueArray(
      fc.record({
        id: fc.stringMatching(/^[a-z]{1,9}$/),
        kind: fc.constantFrom(...(Object.keys(SEED_KINDS) as SeedKind[])),
        value: fc.string({ unit: 'grapheme' }),
      }),
      { selector: ({ id }) => id },
    )
    fc.assert(
      fc.property(anySeeds, (some) => {
        expect(openEnvelope(sealEnvelope(some, key, iv), key)).toEqual(some)
      }),
      { numRuns: 50 },
    )
  })

  it('is AES-256-GCM of canonical JSON, with the id of the key beside', () => {
    expect(written).toMatchObject({ v: 1, alg: 'A256GCM', key: key.id, iv: Buffer.from(iv).toString('base64') })
    const decipher = createDecipheriv('aes-256-gcm', key.envelope, iv)
    decipher.setAAD(Buffer.from(key.id))
    decipher.setAuthTag(Buffer.from(written.tag, 'base64'))
    const plain = decipher.update(written.ciphertext, 'base64', 'utf8') + decipher.final('utf8')
    expect(plain).toBe(
      '[{"id":"imei","kind":"imei","value":"001012345678902"},{"id":"phone","kind":"phone","value":"+12025550143"},{"id":"contact-name","kind":"contact-name","value":"Ann Example"}]',
    )
  })

  it('of any bytes, or with any member of it replaced, gives identifiers or says what is wrong', () => {
    const member = fc.constantFrom('v', 'alg', 'key', 'iv', 'ciphertext', 'tag', 'more')
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.tuple(member, fc.jsonValue()).map(([name, value]) => bytes({ ...written, [name]: value })),
      fc.nat(sealed.length).map((length) => sealed.slice(0, length)),
      fc.jsonValue().map((value) => envelopeOf(JSON.stringify(value))),
    )
    fc.assert(
      fc.property(any, (envelope) => {
        try {
          expect(Array.isArray(openEnvelope(envelope, key))).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          for (const { value } of seeds) expect(String(error)).not.toContain(value)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('of another key is told which is wanted and which was given', () => {
    expect(() => openEnvelope(sealed, otherKey, 's/seeds.json.enc')).toThrow(
      `s/seeds.json.enc was sealed with the seed key ${key.id}, and the one that is given is ${otherKey.id}: give that one`,
    )
  })

  it('that says it is of the given key, and is not, was altered', () => {
    expect(() => openEnvelope(bytes({ ...written, key: otherKey.id }), otherKey)).toThrow(
      'was altered since it was sealed',
    )
  })

  it('with any bit of its ciphertext, tag or vector changed is refused', () => {
    for (const part of ['ciphertext', 'tag', 'iv'] as const) {
      const raw = Buffer.from(written[part], 'base64')
      for (let bit = 0; bit < raw.length * 8; bit++) {
        const changed = Buffer.from(raw)
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const envelope = bytes({ ...written, [part]: changed.toString('base64') })
        expect(() => openEnvelope(envelope, key)).toThrow('was altered since it was sealed')
      }
    }
  })

  it.each<readonly [string, Uint8Array, string]>([
    ['no JSON', new Uint8Array([1, 2, 3]), 'is no envelope of identifiers'],
    ['a list', bytes([]), 'is an envelope of another version'],
    ['null', bytes(null), 'is no envelope of identifiers'],
    ['another version', bytes({ ...written, v: 2 }), 'is an envelope of another version'],
    ['another algorithm', bytes({ ...written, alg: 'none' }), 'is an envelope of another version'],
    ['a tag that is cut short', bytes({ ...written, tag: 'AAAAAA==' }), 'is a broken envelope'],
    ['a vector of another length', bytes({ ...written, iv: 'AAAAAA==' }), 'is a broken envelope'],
    ['no ciphertext', bytes({ ...written, ciphertext: undefined }), 'is a broken envelope'],
    ['a key that is no id', bytes({ ...written, key: 'K' }), 'is a broken envelope'],
    ['five megabytes', new Uint8Array(5e6), 'has 5000000 bytes, and no envelope of identifiers has so many'],
    ['text that is no JSON inside', envelopeOf('001012345678902'.slice(0, 3)), 'does not hold a list'],
    ['no list inside', envelopeOf('{}'), 'it is no list'],
    ['a number inside', envelopeOf('[1]'), 'number 1 lacks'],
    [
      'a kind of a later version',
      envelopeOf('[{"id":"a","kind":"eid","value":"b"}]'),
      'number 1 is of a kind that this',
    ],
    ['two of one id', envelopeOf(JSON.stringify([seeds[0], seeds[0]])), 'two have one id'],
  ])('of %s is told so', (_what, envelope, message) => {
    expect(() => openEnvelope(envelope, key)).toThrow(message)
    expect(() => openEnvelope(envelope, key)).toThrow(InputError)
  })
})
