import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SnapshotError } from '../../functions/errors.ts'
import { publisherOf } from '../../functions/locate/published/publishers.ts'
import { openReference } from '../../functions/reference/open-reference.ts'
import { PrefixCache } from '../../functions/reference/prefix-cache.ts'
import { FolderStore } from '../../functions/store/folder-store.ts'
import { referenceKey } from '../../functions/store/reference-key.ts'
import { at, awsJson } from '../support/locating.ts'

const sha256 = 'c'.repeat(64)
const day = 24 * 60 * 60

let scratch = ''
let folder = ''
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'prefix-cache-'))
  folder = join(scratch, 'home/cache/prefixes')
})
afterEach(() => rmSync(scratch, { recursive: true, force: true }))

const feed = Buffer.from('192.0.2.0/24,US,,,\n2001:db8::/32,SG,,,\nbad\n')
const parse = vi.fn(() => {
  const published = publisherOf('geofeed/any')?.parse(feed, 'feed')
  if (!published) throw new Error('feeds cannot be read')
  return published
})
beforeEach(() => parse.mockClear())

/** As the next command opens it. @returns how often it parsed */
function open(parsers = 'these'): number {
  const before = parse.mock.calls.length
  const { table, badLines } = new PrefixCache(folder, parsers).published('geofeed/any', sha256, parse)
  expect(table.find(4, 0xc0000201, 0, 0, 0)?.stated).toEqual({ country: 'US', subdivision: null, city: null })
  expect(table.find(6, 0x20010db8, 0, 0, 1)?.stated?.country).toBe('SG')
  expect(badLines).toMatchObject([{ line: 3 }])
  return parse.mock.calls.length - before
}
const names = () => readdirSync(folder)
const file = () => join(folder, names()[0] ?? 'none')
const modeOf = (path: string) => lstatSync(path).mode & 0o777

describe('the cache of prefix tables', () => {
  it('parses a file once, and keeps what it gave for nobody but the user', () => {
    expect([open(), open(), open()]).toEqual([1, 0, 0])
    expect(names()).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.prefixes$/)])
    expect([modeOf(folder), modeOf(join(scratch, 'home')), modeOf(file())]).toEqual([0o700, 0o700, 0o600])
  })

  it('parses anew what other parsers read, and keeps both', () => {
    expect([open('these'), open('those'), open('these'), open('those')]).toEqual([1, 1, 0, 0])
    expect(names()).toHaveLength(2)
  })

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['cut short', (bytes) => bytes.subarray(0, -1)],
    ['changed', (bytes) => bytes.fill(bytes[90] === 1 ? 2 : 1, 90, 91)],
    ['something else', () => Buffer.from('{"table": []}'.repeat(100))],
  ])('parses anew where what it kept is %s, and puts it right', (_, damage) => {
    open()
    writeFileSync(file(), damage(readFileSync(file())))
    expect([open(), open()]).toEqual([1, 0])
  })

  it('does not take what was kept of one file for another, whatever its name', () => {
    open()
    const kept = file()
    open('those')
    const [other = ''] = names().filter((name) => join(folder, name) !== kept)
    renameSync(join(folder, other), kept)
    expect(open()).toBe(1)
  })

  it.each<[string, () => void]>([
    ['a file that others may write', () => chmodSync(file(), 0o666)],
    ['a file that its group may write', () => chmodSync(file(), 0o620)],
    ['a folder that others may write', () => chmodSync(folder, 0o777)],
    [
      'a link to a file',
      () => {
        renameSync(file(), join(scratch, 'elsewhere'))
        symlinkSync(join(scratch, 'elsewhere'), join(folder, 'link'))
        const hash = createHash('sha256')
          .update(JSON.stringify(['geofeed/any', sha256, 'these']))
          .digest('hex')
        renameSync(join(folder, 'link'), join(folder, `${hash}.prefixes`))
      },
    ],
    [
      'a link to a folder',
      () => {
        renameSync(folder, join(scratch, 'elsewhere'))
        symlinkSync(join(scratch, 'elsewhere'), folder)
      },
    ],
  ])('does not use %s', (_, tamper) => {
    open()
    tamper()
    expect(open()).toBe(1)
  })

  it.skipIf(process.getuid?.() !== 0)(
    'does not use what another user owns (skipped where it cannot be given away)',
    () => {
      open()
      chownSync(file(), 65_534, 65_534)
      expect([open(), open()]).toEqual([1, 0])
      chownSync(folder, 65_534, 65_534)
      expect([open(), open()]).toEqual([1, 1])
    },
  )

  it('writes nothing into a folder that others may write', () => {
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, 0o777)
    expect([open(), names()]).toEqual([1, []])
  })

  it('does without where nothing can be written', () => {
    writeFileSync(join(scratch, 'home'), 'a file')
    expect([open(), open()]).toEqual([1, 1])
  })

  it('hands on what parsing throws, and keeps nothing then', () => {
    const broken = () => {
      throw new SnapshotError('feed', 'it is empty')
    }
    const cache = new PrefixCache(folder, 'these')
    expect(() => cache.published('geofeed/any', sha256, broken)).toThrow(SnapshotError)
    expect(() => names()).toThrow(/ENOENT/)
  })

  it('removes what was not used for 30 days, and no file that is not its own', () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const now = Date.now() / 1000
    const aged = (name: string, days: number) => {
      writeFileSync(join(folder, name), 'x')
      utimesSync(join(folder, name), now - days * day, now - days * day)
    }
    aged(`${'1'.repeat(64)}.prefixes`, 31)
    aged(`${'2'.repeat(64)}.prefixes`, 29)
    aged('.unfinished-00000000-0000-4000-8000-000000000000', 2)
    aged('.unfinished-00000000-0000-4000-8000-000000000001', 0)
    aged('notes.txt', 400)
    open()
    const left = names().filter((name) => lstatSync(join(folder, name)).size === 1)
    expect(left.sort()).toEqual([
      '.unfinished-00000000-0000-4000-8000-000000000001',
      `${'2'.repeat(64)}.prefixes`,
      'notes.txt',
    ])
  })

  it('counts as used what was opened', () => {
    open()
    utimesSync(file(), Date.now() / 1000 - 29 * day, Date.now() / 1000 - 29 * day)
    expect(open()).toBe(0)
    expect(Date.now() - lstatSync(file()).mtimeMs).toBeLessThan(day * 1000)
  })
})

describe('reference data that is opened with the cache', () => {
  const aws = awsJson('2014-11-01-00-00-00', [
    '54.176.0.0/12 us-west-1 EC2',
    '54.183.0.0/16 us-west-1 S3',
    '2600:1f1c::/36 us-west-1 EC2',
  ])
  const keyOf = (source: string, bytes: Uint8Array, extension: string) =>
    referenceKey({ source, date: '2014-11-01', sha256: createHash('sha256').update(bytes).digest('hex'), extension })

  it('says the same of every address as without, the first time and later', async () => {
    const store = new FolderStore(join(scratch, 'reference'))
    await store.write(keyOf('ranges/aws', aws, 'json'), aws)
    await store.write(keyOf('geofeed/any', feed, 'csv'), feed)
    const without = await openReference(store, { databases: false })
    for (let run = 0; run < 2; run++) {
      const locator = await openReference(store, { databases: false, prefixCache: new PrefixCache(folder, 'these') })
      expect(locator.snapshots).toEqual(without.snapshots)
      for (const ip of ['54.183.1.1', '54.177.0.9', '2600:1f1c::1', '192.0.2.7', '2001:db8::7', '198.51.100.1', '::'])
        for (const time of ['2014-10-01', '2014-11-03', '2020-01-01'])
          expect(JSON.stringify(locator.locate(ip, at(time)))).toBe(JSON.stringify(without.locate(ip, at(time))))
    }
    expect(names()).toHaveLength(2)
    expect(await store.list('')).toHaveLength(2)
  })

  it('is still held against the hash in its name', async () => {
    const store = new FolderStore(join(scratch, 'reference'))
    const key = keyOf('ranges/aws', aws, 'json')
    await store.write(key, aws)
    const prefixCache = new PrefixCache(folder, 'these')
    await openReference(store, { databases: false, prefixCache })
    await store.write(key, Buffer.concat([aws, Buffer.from('\n')]))
    await expect(openReference(store, { databases: false, prefixCache })).rejects.toThrow(/it was changed/)
  })
})
