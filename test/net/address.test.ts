import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalAddress, formatAddress, parseAddress } from '../../functions/net/address.ts'

describe('an address', () => {
  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1::', '1::'],
    ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
    ['::ffff:102:304', '::ffff:1.2.3.4'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ])('%s is written %s', (text, canonical) => expect(canonicalAddress(text)).toBe(canonical))

  it.each([
    '',
    'foo',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4 ',
    '1.2.3.4/32',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    '::1%eth0',
    '[::1]',
    '12345::',
    '1.2.3.4::',
    '::1.2.3',
    '81.2.69.144.9',
  ])('is not read from %j', (text) => expect(parseAddress(text)).toBeNull())

  it('is read and refused as Node reads and refuses it', () => {
    const text = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.string({ unit: fc.constantFrom(':', '.', '0', '1', 'f', '2'), maxLength: 24 }),
    )
    fc.assert(
      fc.property(text, (ip) => {
        expect(parseAddress(ip)?.family ?? 0).toBe(isIP(ip))
      }),
      { numRuns: 5000 },
    )
  })

  it('keeps its words when it is written and read again', () => {
    const word = fc.oneof(fc.constant(0), fc.constant(0xffff), fc.nat(0xffffffff))
    fc.assert(
      fc.property(word, word, word, word, (w0, w1, w2, w3) => {
        expect(parseAddress(formatAddress(6, w0, w1, w2, w3))).toEqual({ family: 6, words: [w0, w1, w2, w3] })
        expect(parseAddress(formatAddress(4, w0, 0, 0, 0))).toEqual({ family: 4, words: [w0, 0, 0, 0] })
      }),
    )
  })
})
