import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../functions/net/address.ts'
import { readAddress } from '../../functions/parse/address-bytes.ts'

const texts = [
  ...['1.2.3.4', '255.255.255.255', '0.0.0.0', '01.2.3.4', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1..2.3', '', '1.2.3.4 '],
  ...[
    '::',
    '::1',
    '1::',
    '2001:DB8::1:2',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    ':1::2',
    '1:2:3',
    '12345::',
  ],
  ...[
    '::ffff:1.2.3.4',
    '1:2:3:4:5:6:1.2.3.4',
    '1:2:3:4:5:6:7:1.2.3.4',
    '1::2::3',
    'fe80::1%eth0',
    '1:',
    ':',
    ':::',
    'g::',
    '::1.2.3.4:5',
  ],
]

describe('addresses in bytes', () => {
  it.each(texts)('are those of the text: %s', (text) => {
    const words = new Uint32Array(5)
    // What stands behind the end does not belong to it.
    const bytes = Buffer.from(`1${text}1:f.`)
    const family = readAddress(bytes, 1, 1 + Buffer.byteLength(text), words, 1)
    const expected = parseAddress(text)
    expect(family).toBe(expected?.family ?? 0)
    if (expected) expect([...words.subarray(1)]).toEqual(expected.words)
  })
})
