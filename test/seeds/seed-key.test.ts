import { createHmac, hkdfSync } from 'node:crypto'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import { keyFileOf, readKeyFile, seedKeyOf } from '../../functions/seeds/seed-key.ts'
import { key, otherKey, secret } from './made-up.ts'

const hex = Buffer.from(secret).toString('hex')
const base64 = Buffer.from(secret).toString('base64')
const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const secretIn = (text: string) => {
  const read = readKeyFile(bytes(text), 'seed.key')
  return 'secret' in read ? Buffer.from(read.secret).toString('hex') : null
}

describe('a key file', () => {
  it.each([
    ['hex digits', hex],
    ['hex digits in capitals', hex.toUpperCase()],
    ['base64', base64],
    ['a line', `${hex}\n`],
    ['white space around', `\r\n\t ${base64} \r\n`],
    ['a byte order mark', `\ufeff${hex}`],
    ['what `rig key` writes', keyFileOf(secret)],
  ])('may be %s', (_what, text) => {
    expect(secretIn(text)).toBe(hex)
  })

  it('may hold what a key service has encrypted', () => {
    expect(readKeyFile(bytes('kms:AQIDBAUG\nBwgJ\n'), 'k')).toEqual({
      wrapped: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9]),
    })
  })

  it.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    [hex.slice(1), 'it has 63 hex digits, and a key has 64'],
    [`${hex}00`, 'it has 66 hex digits, and a key has 64'],
    [`${hex}\n${hex}`, 'it has more than one word, and a key is one'],
    [
      Buffer.from(secret.subarray(1)).toString('base64url'),
      'it is neither 64 hex digits nor base64 of 32 bytes (44 characters)',
    ],
    [`${Buffer.from(new Uint8Array(33).fill(251)).toString('base64')}`, 'its base64 is of 33 bytes, and a key has 32'],
    ['kms:', 'behind `kms:` stands no base64'],
    ['kms:!!', 'behind `kms:` stands no base64'],
    ['x'.repeat(20_000), 'it has 20000 bytes'],
  ])('that is none is told so without showing it: %j', (text, why) => {
    const read = () => readKeyFile(bytes(text), 'keys/seed.key')
    expect(read).toThrow(`keys/seed.key is no seed key: ${why}; \`domicile rig key -o seed.key\` makes one`)
  })
})

describe('any bytes in the place of a key file', () => {
  it('give 32 bytes, what a key service has encrypted, or an error that does not show them', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.stringMatching(/^[0-9a-f]{50,70}$/),
      fc.base64String({ minLength: 30, maxLength: 60 }),
      fc.base64String({ maxLength: 60 }).map((wrapped) => `kms:${wrapped}`),
    )
    fc.assert(
      fc.property(text, (written) => {
        try {
          const read = readKeyFile(bytes(written), 'k')
          expect('secret' in read ? read.secret.length === 32 : read.wrapped.length > 0).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          if (written.trim().length > 12) expect(String(error)).not.toContain(written.trim())
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a seed key', () => {
  it('is what HKDF with SHA-256 derives of its 32 bytes (RFC 5869)', () => {
    expect(key.id).toBe(Buffer.from(hkdfSync('sha256', secret, '', 'domicile/seeds/id/v1', 32)).toString('hex', 0, 8))
    expect(key.commitment.export().toString('hex')).toBe(
      Buffer.from(hkdfSync('sha256', secret, '', 'domicile/seeds/commitment/v1', 32)).toString('hex'),
    )
    expect(key.envelope.export().toString('hex')).toBe(
      Buffer.from(hkdfSync('sha256', secret, '', 'domicile/seeds/envelope/v1', 32)).toString('hex'),
    )
    // RFC 5869, sections 2.2 and 2.3, by hand: an empty salt is as many noughts as the hash has bytes.
    const extracted = createHmac('sha256', Buffer.alloc(32)).update(secret).digest()
    const expanded = createHmac('sha256', extracted).update('domicile/seeds/id/v1\x01').digest('hex')
    expect(key.id).toBe(expanded.slice(0, 16))
  })

  it('has an id of its own', () => {
    expect(otherKey.id).not.toBe(key.id)
    expect(key.id).toMatch(/^[0-9a-f]{16}$/)
  })

  it('shows nothing of itself where it is printed', () => {
    const shown = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key)
    for (const part of [hex, base64, key.commitment.export().toString('hex'), key.envelope.export().toString('base64')])
      expect(shown).not.toContain(part)
  })

  it('has 32 bytes', () => {
    expect(() => seedKeyOf(new Uint8Array(31))).toThrow('a seed key has 32 bytes, and this has 31')
  })
})
