import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import { FolderStore } from '../../functions/store/folder-store.ts'
import { parseReferenceKey, referenceKey } from '../../functions/store/reference-key.ts'

const bytes = (text: string) => Buffer.from(text)
const fresh = () => new FolderStore(join(mkdtempSync(join(tmpdir(), 'store-')), 'not-yet-there'))

describe('a folder of objects', () => {
  it('is empty before anything is written', async () => {
    expect(await fresh().list('')).toEqual([])
    await expect(fresh().read('a/b')).rejects.toThrow(InputError)
  })

  it('lists keys in order, by any prefix', async () => {
    const store = fresh()
    for (const key of ['b', 'a/b/c.json', 'a/d', 'ab/x']) await store.write(key, bytes(key))
    expect(await store.list('')).toEqual(['a/b/c.json', 'a/d', 'ab/x', 'b'])
    expect(await store.list('a/')).toEqual(['a/b/c.json', 'a/d'])
    expect(await store.list('a')).toEqual(['a/b/c.json', 'a/d', 'ab/x'])
    expect(await store.list('a/b/c')).toEqual(['a/b/c.json'])
    expect(await store.list('z/')).toEqual([])
    expect(Buffer.from(await store.read('a/b/c.json')).toString()).toBe('a/b/c.json')
  })

  it('replaces an object, unless it is asked to write only what is absent', async () => {
    const store = fresh()
    expect(await store.write('k', bytes('1'))).toBe(true)
    expect(await store.write('k', bytes('2'))).toBe(true)
    expect(await store.write('k', bytes('3'), { onlyIfAbsent: true })).toBe(false)
    expect(Buffer.from(await store.read('k')).toString()).toBe('2')
  })

  it('lets exactly one of several writers win where only what is absent is written', async () => {
    const store = fresh()
    const wins = await Promise.all(
      Array.from({ length: 20 }, (_, i) => store.write('k', bytes(String(i)), { onlyIfAbsent: true })),
    )
    expect(wins.filter(Boolean)).toHaveLength(1)
    expect(Buffer.from(await store.read('k')).toString()).toBe(String(wins.indexOf(true)))
  })

  it('leaves no unfinished file behind, and lists none that a crash left', async () => {
    const store = fresh()
    await store.write('a/k', bytes('1'))
    await store.write('a/k', bytes('2'), { onlyIfAbsent: true })
    expect(readdirSync(join(store.folder, 'a'))).toEqual(['k'])
    writeFileSync(join(store.folder, 'a', '.unfinished-1'), 'half')
    expect(await store.list('')).toEqual(['a/k'])
    expect(readFileSync(join(store.folder, 'a', 'k'), 'utf8')).toBe('1')
  })

  it.each(['', '/etc/passwd', '../x', 'a/../../x', 'a//b', 'a/./b', '.', 'a\\..\\b', 'a/\0'])(
    'refuses %j, which is no key',
    async (key) => {
      const store = fresh()
      await expect(store.write(key, bytes('x'))).rejects.toThrow(InputError)
      await expect(store.read(key)).rejects.toThrow(InputError)
      expect(await store.list('')).toEqual([])
    },
  )
})

describe('a key of reference data', () => {
  const sha256 = 'a'.repeat(64)
  it('holds source, date, hash and extension, there and back', () => {
    const key = { source: 'database/geolite2-city', date: '2026-06-05', sha256, extension: 'mmdb' }
    expect(referenceKey(key)).toBe(`database/geolite2-city/2026-06-05.${sha256}.mmdb`)
    expect(parseReferenceKey(referenceKey(key))).toEqual(key)
  })

  it.each([
    `ranges/aws/2026-06-05.${sha256}`,
    `ranges/aws/2026-6-5.${sha256}.json`,
    `ranges/aws/2026-06-05.${sha256.slice(1)}.json`,
    `ranges/aws/x/2026-06-05.${sha256}.json`,
    `ranges/../2026-06-05.${sha256}.json`,
    `other/aws/2026-06-05.${sha256}.json`,
    'ranges/aws/ip-ranges.json',
  ])('is not read from %s', (key) => expect(parseReferenceKey(key)).toBeNull())
})
