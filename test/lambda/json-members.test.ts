import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMembers } from '../../functions/lambda/json-members.ts'

/** Text in chunks of one length. */
async function* cut(text: string, length: number) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

describe('some members of an object', () => {
  it('are what they are when all is read, wherever the text is cut', async () => {
    const key = fc.oneof(fc.constantFrom('a', 'b', 'ü', '"', ',:', '{', '\\'), fc.string())
    const object = fc.dictionary(key, fc.jsonValue(), { maxKeys: 6 })
    const spaces = fc.constantFrom(undefined, 1)
    await fc.assert(
      fc.asyncProperty(
        object,
        fc.uniqueArray(key),
        fc.integer({ min: 1, max: 40 }),
        spaces,
        async (all, some, length, space) => {
          const wanted = new Set(some)
          const found = await readMembers(cut(JSON.stringify(all, null, space), length), wanted)
          const expected = Object.entries(all).filter(([name]) => wanted.has(name))
          expect(found).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(expected))))
        },
      ),
    )
  })

  it('are an error where they are no JSON', async () => {
    await expect(readMembers(cut('{"a":1,"b":[oops]}', 3), new Set(['b']))).rejects.toThrow(SyntaxError)
    expect(await readMembers(cut('{"a":1,"b":[oops]}', 3), new Set(['a']))).toEqual({ a: 1 })
  })
})
