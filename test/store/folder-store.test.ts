import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../functions/errors.ts'
import { FolderStore } from '../../functions/store/folder-store.ts'
import { PrefixedStore } from '../../functions/store/prefixed-store.ts'
import { parseReferenceKey, referenceKey } from '../../functions/store/reference-key.ts'
import { bytes, keepsTheContract } from '../support/store-contract.ts'

const fresh = () => new FolderStore(join(mkdtempSync(join(tmpdir(), 'store-')), 'not-yet-there'))

keepsTheContract('a folder', async () => fresh())
keepsTheContract('a prefix', async () => {
  const store = fresh()
  await store.write('other', bytes('x'))
  return new PrefixedStore(store, 'a b/c/')
})

describe('a folder of objects', () => {
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
    'refuses to read %j, which could lead out of it',
    async (key) => expect(fresh().read(key)).rejects.toThrow(InputError),
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
