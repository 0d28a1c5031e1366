import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ARRAY, JsonFields, NULL, OBJECT, TEXT, TRUE } from '../../functions/parse/json-fields.ts'

const paths = ['a', 'b/c', 'b/d', 'id.orig_h', 'z']

function read(text: string) {
  const fields = new JsonFields(paths)
  const bytes = Buffer.from(`..${text}..`)
  return { ok: fields.read(bytes, 2, bytes.length - 2), fields }
}

describe('chosen fields of JSON', () => {
  it('are found, whatever stands beside them', () => {
    const { ok, fields } = read(
      ' {"x":[{"a":"no"},1.5e3,"}"], "b" : {"c":"yes \\u00e9\\n","e":{}, "d":-12.5}, "a":42,"id.orig_h":"ü","z":null} ',
    )
    expect(ok).toBe(true)
    expect(fields.number(0)).toBe(42)
    expect(fields.text(1)).toBe('yes é\n')
    expect(fields.number(2)).toBe(-12.5)
    expect(fields.text(3)).toBe('ü')
    expect(fields.kinds[4]).toBe(NULL)
    expect(fields.text(0)).toBeNull()
    expect(fields.number(1)).toBeNaN()
  })

  it('are the last of a key that stands twice, in an escaped spelling, too', () => {
    const { fields } = read('{"a":1,"\\u0061":"two","b":{"c":"gone"},"b":{"d":3}}')
    expect(fields.text(0)).toBe('two')
    expect(fields.kinds[1]).toBe(0)
    expect(fields.number(2)).toBe(3)
  })

  it('are forgotten with the next object', () => {
    const fields = new JsonFields(['a'])
    const bytes = Buffer.from('{"a":true}{}')
    expect(fields.read(bytes, 0, 10)).toBe(true)
    expect(fields.kinds[0]).toBe(TRUE)
    expect(fields.read(bytes, 10, 12)).toBe(true)
    expect(fields.kinds[0]).toBe(0)
  })

  it('give arrays and objects whole', () => {
    const { fields } = read('{"a":[1,{"b":2}],"b":{"c":{"d":3}}}')
    expect(fields.kinds[0]).toBe(ARRAY)
    expect(fields.value(0)).toEqual([1, { b: 2 }])
    expect(fields.kinds[1]).toBe(OBJECT)
    expect(fields.value(1)).toEqual({ d: 3 })
    expect(fields.value(4)).toBeUndefined()
    expect(fields.kinds[3]).not.toBe(TEXT)
  })

  it('are those of every object of an array', () => {
    const fields = new JsonFields(paths)
    const found: (string | null)[] = []
    const all = (text: string) => {
      found.length = 0
      return fields.readArray(Buffer.from(text), 0, text.length, () => found.push(fields.text(0)))
    }
    expect(all('[ {"a":"x"}, 3, [{"a":"no"}], {"b":{"c":1}}, {"a":"y"} ]')).toBe(true)
    expect(found).toEqual(['x', null, 'y'])
    expect(all('[ ]')).toBe(true)
    expect(all('{"a":"x"}')).toBe(false)
    expect(all('[{"a":"x"} {"a":"y"}]')).toBe(false)
    expect(found).toEqual(['x'])
  })

  it.each([
    '',
    '[]',
    '{',
    '{"a"}',
    '{"a":}',
    '{"a":1',
    '{"a":1,}',
    '{"a":1}x',
    '{"a":"1}',
    '{"a":[1,2}',
    '{a:1}',
    '{"a":tru}',
    '{"a":"x\ny"}',
    `{"a":${'['.repeat(500)}${']'.repeat(500)}}`,
  ])('are none in what is no object: %s', (text) => {
    expect(read(text).ok).toBe(false)
  })

  it('are the same in an object that follows others, whatever keys these had, and however it is damaged', () => {
    const value = fc.oneof(
      fc.integer(),
      fc.constantFrom(null, true, 'x', 'a":1,"b', [1], [{ c: 1, d: 'no' }], { c: 'in', d: 4 }),
    )
    const object = fc.dictionary(fc.constantFrom('a', 'b', 'x', 'id.orig_h', 'z', 'longer "key"'), value)
    const line = fc
      .tuple(object, fc.constantFrom('', ' '), fc.option(fc.nat({ max: 90 }), { freq: 3 }))
      .map(([fields, blank, cut]) => {
        const text = JSON.stringify(fields).replaceAll(/([:,])/g, `$1${blank}`)
        return cut === null ? text : `${text.slice(0, cut)}}`
      })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 24 }), (lines) => {
        const paths = ['a', 'b/c', 'b/d', 'id.orig_h', 'z', 'b']
        const after = new JsonFields(paths)
        const bytes = Buffer.concat([Buffer.from(lines.join('\n')), Buffer.alloc(300, '\n')])
        let from = 0
        for (const text of lines) {
          const end = from + Buffer.byteLength(text)
          const alone = new JsonFields(paths)
          const ok = alone.read(Buffer.from(text), 0, end - from)
          expect(after.read(bytes, from, end)).toBe(ok)
          if (ok)
            expect(paths.map((_, field) => after.value(field))).toEqual(paths.map((_, field) => alone.value(field)))
          from = end + 1
        }
      }),
      { numRuns: 500 },
    )
  })
})
