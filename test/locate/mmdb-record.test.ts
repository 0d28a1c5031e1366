import { describe, expect, it } from 'vitest'
import { RecordReader } from '../../functions/locate/mmdb-record.ts'

/** Reads a value from hex, which begins where pointers count from. */
const read = (hex: string, at = 0) => {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex')
  return new RecordReader(bytes, 0).read(at)
}

describe('a value of a record', () => {
  it.each([
    ['a text', '42 5553', 'US'],
    ['a text of 80 bytes', `5d 33 ${'61'.repeat(80)}`, 'a'.repeat(80)],
    ['a text of 300 bytes', `5e 000f ${'61'.repeat(300)}`, 'a'.repeat(300)],
    ['a text of 65,822 bytes', `5f 000001 ${'61'.repeat(65822)}`, 'a'.repeat(65822)],
    ['a double', '68 4049000000000000', 50],
    ['a float', '04 08 42480000', 50],
    ['an array', '02 04 4161 4162', ['a', 'b']],
    ['a map', 'e1 4161 4162', { a: 'b' }],
    [
      'a map of coordinates, and of values that are passed over',
      'e8 4161 68 0000000000000000 4162 01 07 4163 a2 0001 4164 02 02 0001 4165 04 08 00000000 4166 81 ff 4167 01 01 00 4168 4178',
      { a: 0, b: null, c: null, d: null, e: 0, f: null, g: null, h: 'x' },
    ],
  ])('that is %s is read', (_, hex, expected) => expect(read(hex)).toEqual(expected))

  it.each([
    ['2 bytes', 0, '20 06'],
    ['3 bytes', 2048, '28 0000'],
    ['4 bytes', 526_336, '30 000000'],
    ['5 bytes', 7, '38 00000007'],
  ])('is found by a pointer of %s', (_, target, pointer) => {
    const at = target || 6
    const bytes = Buffer.alloc(at + 20)
    bytes.write('425553', at, 'hex')
    bytes.write(pointer.replace(' ', ''), at + 3, 'hex')
    expect(new RecordReader(bytes, 0).read(at + 3)).toBe('US')
  })

  it.each([
    ['ends after its file', '43 5553'],
    ['has a size that ends after its file', '5f 00'],
    ['is an array longer than its file', '1f 04 ffffff 4161'],
    ['is a map whose key is no text', 'e1 a1 01 4161'],
    ['is of a type that is not in use', '01 05 00'],
    ['is a double of four bytes too many', '6c 000000000000000000000000'],
    ['points to itself', '20 00'],
    ['points behind its file', '20 ff'],
    ['has 131,357 values', `1f 04 010000 ${'0007'.repeat(131_357)}`],
    ['holds itself', 'e1 4161 20 00'],
    ['nests 600 deep', `${'01 04'.repeat(600)} 4161`],
  ])('that %s is refused', (_, hex) => expect(() => read(hex)).toThrow(RangeError))
})
