import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadReference } from '../../functions/cli/load-reference.ts'
import { add, list } from '../../functions/cli/snapshots-command.ts'
import { InputError, SnapshotError } from '../../functions/errors.ts'
import { at, awsJson } from '../support/locating.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'
import { mmdb } from '../support/mmdb.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'snapshots-'))
function file(name: string, bytes: Buffer): string {
  const path = join(folder(), name)
  writeFileSync(path, bytes)
  return path
}
const awsFile = file('ip-ranges.json', awsJson('2014-11-01-00-00-00', ['54.176.0.0/12 us-west-1 EC2']))
const built = Date.parse('2014-11-02T03:04:05Z') / 1000
const cityFile = file(
  'city.mmdb',
  mmdb({ '93.184.216.0/24': { country_code: 'NL' } }, { built, type: 'GeoLite2-City' }),
)

describe('snapshots add', () => {
  it('keeps a file under its own date and hash, once', async () => {
    const reference = folder()
    const terminal = memoryTerminal()
    expect(await add('ranges/aws', awsFile, { reference }, terminal)).toBe(0)
    expect(await add('ranges/aws', awsFile, { reference }, terminal)).toBe(0)
    expect(readdirSync(join(reference, 'ranges/aws'))).toEqual([
      expect.stringMatching(/^2014-11-01\.[0-9a-f]{64}\.json$/),
    ])
    expect(terminal.stdout).toMatch(/added.*\n.*was there already/)
  })

  it('makes the folder that the environment names', async () => {
    const reference = join(folder(), 'deep', 'reference')
    await add('database/city', cityFile, {}, memoryTerminal({ env: { DOMICILE_REFERENCE: reference } }))
    expect(readdirSync(join(reference, 'database/city'))).toEqual([expect.stringMatching(/^2014-11-02\..*\.mmdb$/)])
  })

  it('makes ranges and databases known to the locator', async () => {
    const reference = folder()
    await add('ranges/aws', awsFile, { reference }, memoryTerminal())
    await add('database/city', cityFile, { reference }, memoryTerminal())
    const locator = await loadReference(reference, {}, { databases: false })
    expect(locator.locate('54.183.1.1', at('2014-11-03'))).toMatchObject({ grade: 'proven', cloud: 'aws:us-west-1' })
    expect(locator.locate('93.184.216.34', at('2014-11-03'))).toMatchObject({ grade: 'suspected', country: 'NL' })
    expect(locator.snapshots).toMatchObject([
      { source: 'database/city', date: '2014-11-02', attribution: { url: 'https://www.maxmind.com' } },
      { source: 'ranges/aws', date: '2014-11-01' },
    ])
  })

  it.each([
    ['ranges/aws', 'is a database', cityFile],
    ['database/city', 'is JSON', awsFile],
    ['ranges/aws', 'is empty', file('empty', Buffer.alloc(0))],
    ['database/x', 'is empty', file('empty', Buffer.alloc(0))],
  ])('refuses as %s a file that %s, and keeps nothing', async (source, _, path) => {
    const reference = folder()
    await expect(add(source, path, { reference }, memoryTerminal())).rejects.toThrow(SnapshotError)
    expect(readdirSync(reference)).toEqual([])
  })

  it.each(['ranges/nobody', 'database/../x', 'database/Upper', 'geofeed/aws', 'aws', ''])(
    'refuses the source %j',
    async (source) => {
      await expect(add(source, awsFile, { reference: folder() }, memoryTerminal())).rejects.toThrow(InputError)
    },
  )

  it('says that a file is not there', async () => {
    await expect(add('ranges/aws', '/nowhere/x.json', { reference: folder() }, memoryTerminal())).rejects.toThrow(
      /no such file/,
    )
  })
})

describe('a reference folder', () => {
  const taken = async () => {
    const reference = folder()
    await add('ranges/aws', awsFile, { reference }, memoryTerminal())
    const [name = ''] = readdirSync(join(reference, 'ranges/aws'))
    return { reference, path: join(reference, 'ranges/aws', name) }
  }

  it('is refused where a snapshot was changed after it was taken in', async () => {
    const { reference, path } = await taken()
    writeFileSync(path, awsJson('2014-11-01-00-00-00', ['54.176.0.0/12 us-west-2 EC2']))
    await expect(loadReference(reference, {}, { databases: false })).rejects.toThrow(/it was changed/)
    await expect(add('ranges/aws', awsFile, { reference }, memoryTerminal())).rejects.toThrow(/remove it/)
  })

  it('is refused where it holds a file that was not added as a snapshot', async () => {
    const { reference } = await taken()
    writeFileSync(join(reference, 'ranges/aws/ip-ranges.json'), '{}')
    await expect(loadReference(reference, {}, { databases: false })).rejects.toThrow(/snapshots add/)
  })

  it.each(['ip-ranges.json', 'aws/ip-ranges.json', 'city.mmdb'])(
    'refuses %s where nothing would read it',
    async (name) => {
      const misplaced = mkdtempSync(join(tmpdir(), 'misplaced-'))
      mkdirSync(join(misplaced, 'aws'))
      writeFileSync(join(misplaced, 'README.md'), 'whence these come')
      await loadReference(misplaced, {}, { databases: false })
      writeFileSync(join(misplaced, name), '{}')
      await expect(loadReference(misplaced, {}, { databases: false })).rejects.toThrow(
        /nothing reads it there.*snapshots add/,
      )
    },
  )

  it('must be there where it is asked for, and need not where it is not', async () => {
    await expect(loadReference('/nowhere', {}, { databases: false })).rejects.toThrow(/no folder of reference data/)
    await expect(loadReference(undefined, { DOMICILE_REFERENCE: '/nowhere' }, { databases: false })).rejects.toThrow(
      InputError,
    )
    if (!existsSync('reference'))
      expect((await loadReference(undefined, {}, { databases: false })).snapshots).toEqual([])
  })
})

describe('snapshots list', () => {
  it('lists what an audit would rest on, with age, size and hash, the packaged databases among them', async () => {
    const reference = folder()
    await add('ranges/aws', awsFile, { reference }, memoryTerminal())
    const json = memoryTerminal()
    expect(await list({ reference, json: true }, json)).toBe(0)
    const { snapshots } = JSON.parse(json.stdout) as { snapshots: Record<string, unknown>[] }
    expect(snapshots.map(({ source }) => source)).toEqual([
      'database/dbip-city',
      'database/dbip-city',
      'database/geo-whois-asn-country',
      'ranges/aws',
    ])
    for (const snapshot of snapshots) {
      expect(snapshot.sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(snapshot.ageDays).toBeGreaterThan(0)
    }
    expect(snapshots[0]).toMatchObject({ attribution: { text: 'IP Geolocation by DB-IP', url: 'https://db-ip.com' } })
    const human = memoryTerminal()
    await list({ reference }, human)
    for (const { sha256 } of snapshots) expect(human.stdout).toContain(sha256)
  })
})
