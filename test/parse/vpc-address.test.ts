import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalAddress, formatAddress } from '../../functions/net/address.ts'
import { readIPv4, readIPv6 } from '../../functions/parse/vpc-address.ts'

/** What the bytes of a text are read as; null where they are no address. */
function read(text: string): string | null {
  const bytes = new TextEncoder().encode(`${text} \n  `)
  const view = new DataView(bytes.buffer)
  const words = new Uint32Array(4)
  const end4 = readIPv4(view, 0, words, 0)
  const end = end4 < 0 ? readIPv6(bytes, view, 0, words, 0) : end4
  if (end < 0) return null
  expect(end).toBe(text.length)
  return formatAddress(end4 < 0 ? 6 : 4, words[0] ?? 0, words[1] ?? 0, words[2] ?? 0, words[3] ?? 0)
}

describe('an address in the bytes of a row', () => {
  it.each([
    '0.0.0.0',
    '255.255.255.255',
    '10.20.30.4',
    '::',
    '::1',
    '1::',
    'fe80::1:2',
    '::ffff:192.0.2.1',
    '1:2:3:4:5:6:7:8',
  ])('is read: %s', (text) => expect(read(text)).toBe(canonicalAddress(text)))

  it.each([
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1.2.3.1234',
    '01.2.3.4',
    '1..2.3',
    ':',
    ':1',
    '1:',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '1:2:3:4:5:6:7::8',
    'g::',
    '-',
  ])('is refused: %s', (text) => expect(read(text)).toBeNull())

  it('is what the text reader of addresses reads, for any address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        expect(read(text)).toBe(canonicalAddress(text))
      }),
    )
  })
})
