/** What holds for every store, whatever is behind it. */
import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import { MissingObjectError } from '../../functions/store/missing-object.ts'
import type { ObjectStore } from '../../functions/store/object-store.ts'

export const bytes = (text: string) => Buffer.from(text)
const textOf = (read: Uint8Array) => Buffer.from(read).toString()
const sha256 = (read: Uint8Array) => createHash('sha256').update(read).digest('hex')

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Uint8Array[] = []
  for await (const chunk of chunks) copies.push(new Uint8Array(chunk))
  return Buffer.concat(copies)
}

/**
 * @param fresh gives an empty store
 * @param conditional false where the server is known not to hold to conditions of a write
 */
export function keepsTheContract(name: string, fresh: () => Promise<ObjectStore>, conditional = true): void {
  describe(`${name}, as every store,`, () => {
    it('is empty before anything is written', async () => {
      const store = await fresh()
      expect(await store.list('')).toEqual([])
      expect(await store.listFacts('')).toEqual([])
      expect(await store.listReplaced('')).toEqual([])
      expect(await store.facts('a/b')).toBeNull()
      await expect(store.read('a/b')).rejects.toThrow(MissingObjectError)
      await expect(collect(store.open('a/b'))).rejects.toThrow(/^reading .*a\/b from .*there is no such object$/)
    })

    it('lists keys in order, by any prefix', async () => {
      const store = await fresh()
      for (const key of ['b', 'a/b/c.json', 'a/d', 'ab/x']) await store.write(key, bytes(key))
      expect(await store.list('')).toEqual(['a/b/c.json', 'a/d', 'ab/x', 'b'])
      expect(await store.list('a/')).toEqual(['a/b/c.json', 'a/d'])
      expect(await store.list('a')).toEqual(['a/b/c.json', 'a/d', 'ab/x'])
      expect(await store.list('a/b/c')).toEqual(['a/b/c.json'])
      expect(await store.list('z/')).toEqual([])
      expect(textOf(await store.read('a/b/c.json'))).toBe('a/b/c.json')
    })

    it('keeps keys of any characters apart', async () => {
      const store = await fresh()
      const keys = [
        'a b/c+d.json',
        'a%20b/c%2Bd.json',
        'a+b',
        'Überwachung/रेडमी/小米 1S.pcap',
        '😀/x',
        "it's (1)!*~@:,;=&$?#.gz",
        'line\nfeed\u0001',
        'date=2014-10-31/x',
      ].sort()
      for (const key of keys) await store.write(key, bytes(key))
      expect(await store.list('')).toEqual(keys)
      expect((await store.listFacts('')).map(({ key }) => key)).toEqual(keys)
      for (const key of keys) {
        expect(textOf(await store.read(key))).toBe(key)
        expect(await store.list(key)).toContain(key)
        expect((await store.facts(key))?.size).toBe(Buffer.byteLength(key))
      }
    })

    it('replaces an object, unless it is asked to write only what is absent', async () => {
      const store = await fresh()
      expect(await store.write('k', bytes('1'))).toBe(true)
      expect(await store.write('k', bytes('2'))).toBe(true)
      expect(await store.write('k', bytes('3'), { onlyIfAbsent: true })).toBe(false)
      expect(await store.write('l', bytes('4'), { onlyIfAbsent: true, contentType: 'text/plain' })).toBe(true)
      expect(textOf(await store.read('k'))).toBe('2')
      expect(textOf(await store.read('l'))).toBe('4')
    })

    // Where the server does not promise it, there is nothing to test.
    if (conditional)
      it('lets exactly one of several writers win where only what is absent is written', async () => {
        const store = await fresh()
        const wins = await Promise.all(
          Array.from({ length: 20 }, (_, i) => store.write('k', bytes(String(i)), { onlyIfAbsent: true })),
        )
        expect(wins.filter(Boolean)).toHaveLength(1)
        expect(textOf(await store.read('k'))).toBe(String(wins.indexOf(true)))
      })

    it('gives each content of a key a version of its own, the same in every listing', async () => {
      const store = await fresh()
      await store.write('a', bytes('1'))
      const first = await store.facts('a')
      expect(first).toMatchObject({ key: 'a', size: 1 })
      expect(textOf(await store.read('a', first?.version))).toBe('1')
      await store.write('a', bytes('2'))
      const second = await store.facts('a')
      expect(second?.version).not.toBe(first?.version)
      expect(await store.listFacts('')).toEqual([second])
      expect(textOf(await store.read('a', second?.version))).toBe('2')
    })

    if (conditional)
      it('replaces the version that is named and no other', async () => {
        const store = await fresh()
        expect(await store.write('k', bytes('0'), { onlyIfVersion: 'none' })).toBe(false)
        await store.write('k', bytes('1'))
        const first = (await store.facts('k'))?.version ?? ''
        expect(await store.write('k', bytes('2'), { onlyIfVersion: first })).toBe(true)
        expect(await store.write('k', bytes('3'), { onlyIfVersion: first })).toBe(false)
        expect(textOf(await store.read('k'))).toBe('2')
      })

    it('does not give another content for a version that is not there', async () => {
      const store = await fresh()
      await store.write('a', bytes('1'))
      for (const version of ['no such version', createHash('md5').update('0').digest('hex')]) {
        await expect(store.read('a', version)).rejects.toThrow(MissingObjectError)
        await expect(collect(store.open('a', version))).rejects.toThrow(/version .* of it is not there/)
      }
    })

    it('keeps no bytes as well as many, whole or in pieces', { timeout: 120_000 }, async () => {
      const store = await fresh()
      expect(await store.write('empty', [])).toBe(true)
      expect(await collect(store.open('empty'))).toHaveLength(0)
      expect(await store.facts('empty')).toMatchObject({ size: 0 })
      const many = randomBytes(37 << 20)
      const pieces = [many.subarray(0, 1), many.subarray(1, 1), many.subarray(1, 20 << 20), many.subarray(20 << 20)]
      expect(await store.write('many', pieces, { onlyIfAbsent: true })).toBe(true)
      expect(await store.write('many', pieces, { onlyIfAbsent: true })).toBe(false)
      expect(await store.facts('many')).toMatchObject({ size: many.length })
      expect(sha256(await store.read('many'))).toBe(sha256(many))
      expect(sha256(await collect(store.open('many')))).toBe(sha256(many))
    })

    it('can be read in part and left', async () => {
      const store = await fresh()
      await store.write('k', randomBytes(3 << 20))
      for await (const chunk of store.open('k')) {
        expect(chunk.length).toBeGreaterThan(0)
        break
      }
    })

    it.each(['', '/etc/passwd', '../x', 'a/../../x', 'a//b', 'a/./b', '.', 'a\\..\\b', 'a/\0', 'a/'])(
      'refuses to write %j, which is no key',
      async (key) => {
        const store = await fresh()
        await expect(store.write(key, bytes('x'))).rejects.toThrow(InputError)
        expect(await store.list('')).toEqual([])
      },
    )
  })
}
