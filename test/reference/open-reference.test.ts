import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SnapshotError } from '../../functions/errors.ts'
import { daysOfDates } from '../../functions/reference/list-snapshots.ts'
import { openReference } from '../../functions/reference/open-reference.ts'
import { FolderStore } from '../../functions/store/folder-store.ts'
import { MissingObjectError } from '../../functions/store/missing-object.ts'
import { PrefixedStore } from '../../functions/store/prefixed-store.ts'
import { referenceKey } from '../../functions/store/reference-key.ts'
import { at, awsJson } from '../support/locating.ts'
import { mmdb } from '../support/mmdb.ts'

const built = Date.parse('2014-11-02T03:04:05Z') / 1000
const city = mmdb({ '93.184.216.0/24': { country_code: 'NL' } }, { built, type: 'GeoLite2-City' })
const ranges = awsJson('2014-11-01-00-00-00', ['54.176.0.0/12 us-west-1 EC2'])

const keyOf = (source: string, date: string, bytes: Uint8Array, extension: string) =>
  referenceKey({ source, date, sha256: createHash('sha256').update(bytes).digest('hex'), extension })
const cityKey = keyOf('database/city', '2014-11-02', city, 'mmdb')
const rangesKey = keyOf('ranges/aws', '2014-11-01', ranges, 'json')

let folder = ''
let cacheFolder = ''
/** Objects that are no files of a folder, as a bucket's are none. */
let store: PrefixedStore
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reference-'))
  cacheFolder = join(folder, 'cache')
  store = new PrefixedStore(new FolderStore(join(folder, 'bucket')), 'reference/')
  await store.write(rangesKey, ranges)
  await store.write(cityKey, city)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (rest: { readonly keys?: readonly string[] } = {}) =>
  openReference(store, { databases: false, cacheFolder, ...rest })

describe('reference data of a store that is no folder', () => {
  it('locates as that of a folder does', async () => {
    const onDisk = await openReference(new FolderStore(join(folder, 'bucket/reference')), { databases: false })
    const locator = await open()
    for (const ip of ['54.183.1.1', '93.184.216.34', '192.0.2.1'])
      expect(locator.locate(ip, at('2014-11-03'))).toEqual(onDisk.locate(ip, at('2014-11-03')))
    expect(locator.snapshots).toEqual(onDisk.snapshots)
  })

  it('copies a database once, under its hash', async () => {
    await open()
    const [name] = readdirSync(cacheFolder)
    expect(readdirSync(cacheFolder)).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.mmdb$/)])
    expect(cityKey).toContain(name)
    await Promise.all([open(), open()])
    expect(readdirSync(cacheFolder)).toEqual([name])
  })

  it('copies it again where the copy is not whole', async () => {
    await open()
    writeFileSync(join(cacheFolder, readdirSync(cacheFolder)[0] ?? ''), city.subarray(0, 100))
    expect((await open()).locate('93.184.216.34', at('2014-11-03'))).toMatchObject({ country: 'NL' })
  })

  it('refuses a copy that was changed, when it is asked', async () => {
    await open()
    const changed = Buffer.from(city)
    changed[10] = (changed[10] ?? 0) ^ 1
    writeFileSync(join(cacheFolder, readdirSync(cacheFolder)[0] ?? ''), changed)
    const locator = await open()
    expect(() => locator.locate('93.184.216.34', at('2014-11-03'))).toThrow(/it was changed/)
  })

  it.each([
    ['database', () => cityKey, Buffer.from(city).fill(0, 0, 4)],
    ['ranges', () => rangesKey, Buffer.from('{}')],
  ])('refuses %s that are not what their name says, and keeps no copy', async (_, key, bytes) => {
    await store.write(key(), bytes)
    await expect(open()).rejects.toThrow(SnapshotError)
    if (key() === cityKey) expect(readdirSync(cacheFolder)).toEqual([])
  })

  it('opens the snapshots that are named and no other', async () => {
    expect((await open({ keys: [rangesKey] })).snapshots).toMatchObject([{ source: 'ranges/aws' }])
    expect(readdirSync(folder)).toEqual(['bucket'])
    await expect(open({ keys: [rangesKey.replace('2014', '2015')] })).rejects.toThrow(MissingObjectError)
    await expect(open({ keys: ['ranges/aws/ip-ranges.json'] })).rejects.toThrow(/its name is not/)
  })
})

describe('two snapshots of one source and instant', () => {
  it('are refused, both named, because nothing tells which counts', async () => {
    const other = awsJson('2014-11-01-00-00-00', ['54.176.0.0/12 cn-north-1 EC2'])
    const otherKey = keyOf('ranges/aws', '2014-11-01', other, 'json')
    await store.write(otherKey, other)
    await expect(open()).rejects.toThrow(otherKey)
    await expect(open()).rejects.toThrow(rangesKey)
  })
})

describe('a list that its publisher splits by family', () => {
  it.each([
    ['of one day', '2014-11-02', '2014-11-02'],
    ['of two days', '2014-11-01', '2014-11-03'],
  ])('counts for both, its files being %s', async (_, day4, day6) => {
    const [ipv4, ipv6] = [Buffer.from('1.1.8.0/24,1.1.8.8\n'), Buffer.from('2001:500:1::/48,2001:500:1::53\n')]
    const lists = new PrefixedStore(new FolderStore(join(folder, 'lists')), '')
    await lists.write(keyOf('anycast/bgptools', day4, ipv4, 'csv'), ipv4)
    await lists.write(keyOf('anycast/bgptools', day6, ipv6, 'csv'), ipv6)
    for (const time of ['2014-10-01', '2014-11-02', '2014-12-01'])
      for (const ip of ['1.1.8.1', '2001:500:1::2']) {
        const days = daysOfDates([time])
        const locator = await openReference(lists, { databases: false, cacheFolder, days })
        const { grade, evidence } = locator.locate(ip, at(time))
        expect([time, ip, grade, evidence.map(({ source }) => source)]).toEqual([
          time,
          ip,
          'edge',
          ['anycast/bgptools'],
        ])
      }
  })
})
