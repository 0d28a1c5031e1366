import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { loadReference } from '../../functions/cli/load-reference.ts'
import { add } from '../../functions/cli/snapshots-command.ts'
import { list } from '../../functions/cli/snapshots-list-command.ts'
import { refresh } from '../../functions/cli/snapshots-refresh-command.ts'
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

  it.each(['ranges/nobody', 'database/../x', 'database/Upper', 'geofeed/../x', 'anycast/nobody', 'aws', ''])(
    'refuses the source %j',
    async (source) => {
      await expect(add(source, awsFile, { reference: folder() }, memoryTerminal())).rejects.toThrow(InputError)
    },
  )

  it('refuses the same bytes under another source, but with --force, and hears them as one voice then', async () => {
    const reference = folder()
    const own = file('feed.csv', Buffer.from('198.51.96.0/24,US,US-CA,San Jose,\n'))
    const date = '2025-09-18'
    await add('geofeed/aws', own, { reference, date }, memoryTerminal())
    await expect(add('geofeed/another', own, { reference, date }, memoryTerminal())).rejects.toThrow(
      /the same bytes are kept as geofeed\/aws .*--force/,
    )
    await add('geofeed/another', own, { reference, date, force: true }, memoryTerminal())
    const { evidence } = (await loadReference(reference, {}, { databases: false })).locate('198.51.96.1', at(date))
    expect(evidence.map(({ source }) => source)).toEqual(['geofeed/aws'])
    await add('geofeed/aws', own, { reference, date: '2025-10-18' }, memoryTerminal())
  })

  it('asks for the lower case of a feed that is written otherwise', async () => {
    const added = add('geofeed/Netflix', awsFile, { reference: folder() }, memoryTerminal())
    await expect(added).rejects.toThrow(/did you mean geofeed\/netflix\?/)
  })

  it('adds several whole snapshots each by its own date', async () => {
    const reference = folder()
    const later = file('later.json', awsJson('2015-01-02-00-00-00', ['54.176.0.0/12 us-west-1 EC2']))
    expect(await add('ranges/aws', [awsFile, later], { reference }, memoryTerminal())).toBe(0)
    const days = readdirSync(join(reference, 'ranges/aws')).map((name) => name.slice(0, 10))
    expect(days).toEqual(['2014-11-01', '2015-01-02'])
  })

  it('does not take a feed of which more than a fifth cannot be read, but with --force', async () => {
    const reference = folder()
    const half = file('half.csv', Buffer.from('198.51.96.0/24,US,,,\nnonsense,US,,,\n198.51.97.0/24,US,,,\n'))
    const options = { reference, date: '2025-09-18' }
    await expect(add('geofeed/aws', half, options, memoryTerminal())).rejects.toThrow(
      /1 of its 3 lines cannot be read, the first being line 2: .*--force/,
    )
    expect(readdirSync(reference)).toEqual([])
    expect(await add('geofeed/aws', half, { ...options, force: true }, memoryTerminal())).toBe(0)
  })

  it('leaves hidden files alone, wherever in the folder they lie', async () => {
    const reference = folder()
    await add('ranges/aws', awsFile, { reference }, memoryTerminal())
    for (const name of ['.DS_Store', '._ip-ranges.json', 'ranges/.DS_Store', 'ranges/aws/.DS_Store'])
      writeFileSync(join(reference, name), 'of a desktop')
    mkdirSync(join(reference, 'database'))
    writeFileSync(join(reference, 'database/.DS_Store'), 'of a desktop')
    const { snapshots } = await loadReference(reference, {}, { databases: false })
    expect(snapshots).toHaveLength(1)
    expect(await list({ reference }, memoryTerminal())).toBe(0)
  })

  const usable = [1, 2, 3, 4, 5].map((i) => `198.51.${i}.0/24,US,,,\n`).join('')
  const feed = file('feed.csv', Buffer.from(`# ours\n192.0.2.0/24,US,US-CA,San Jose,\nnonsense,US,,,\n${usable}`))

  it('takes the date of a feed from --date or its name, never from the clock, and shows the lines it cannot use', async () => {
    const reference = folder()
    await expect(add('geofeed/aws', feed, { reference }, memoryTerminal())).rejects.toThrow(/--date YYYY-MM-DD/)
    const terminal = memoryTerminal()
    expect(await add('geofeed/aws', feed, { reference, date: '2025-09-18' }, terminal)).toBe(0)
    expect(terminal.stdout).toMatch(/^geofeed\/aws of 2025-09-18 \(says --date; 6 prefixes\) added: /)
    expect(terminal.stderr).toMatch(/feed\.csv: 1 line says nothing usable and is left out\n {2}line 3: /)
    const named = file('aws-geofeed__2025-09-19.csv', Buffer.from('192.0.2.0/24,US,,,\n'))
    await add('geofeed/aws', named, { reference }, memoryTerminal())
    expect(readdirSync(join(reference, 'geofeed/aws')).map((name) => name.slice(0, 10))).toEqual([
      '2025-09-18',
      '2025-09-19',
    ])
  })

  it.each([
    ['2025-02-30', /write a day/],
    ['yesterday', /write a day/],
    ['2999-01-01', /still to come/],
  ])('refuses --date %s', async (date, message) => {
    await expect(add('geofeed/aws', feed, { reference: folder(), date }, memoryTerminal())).rejects.toThrow(message)
  })

  it('refuses a file that says a day to come', async () => {
    const future = file('future.json', awsJson('2099-01-01-00-00-00', ['54.176.0.0/12 us-west-1 EC2']))
    for (const options of [{}, { date: '2099-01-01' }])
      await expect(add('ranges/aws', future, { reference: folder(), ...options }, memoryTerminal())).rejects.toThrow(
        /still to come/,
      )
    const named = file('feed__2099-01-01.csv', Buffer.from('192.0.2.0/24,US,,,\n'))
    await expect(add('geofeed/aws', named, { reference: folder() }, memoryTerminal())).rejects.toThrow(/still to come/)
  })

  it('refuses a --date that is not the one of the file', async () => {
    const reference = folder()
    await expect(add('ranges/aws', awsFile, { reference, date: '2014-11-02' }, memoryTerminal())).rejects.toThrow(
      /--date says 2014-11-02, and the file itself 2014-11-01/,
    )
    expect(await add('ranges/aws', awsFile, { reference, date: '2014-11-01' }, memoryTerminal())).toBe(0)
    expect(readdirSync(join(reference, 'ranges/aws'))).toHaveLength(1)
  })

  it("takes the date of Azure's ranges from the name that Microsoft gives them", async () => {
    const reference = folder()
    const properties = { changeNumber: 1, region: 'westus', regionId: 1, platform: 'Azure', systemService: '' }
    const value = { name: 'AzureCloud.westus', id: 'AzureCloud.westus' }
    const tags = {
      changeNumber: 1,
      cloud: 'Public',
      values: [{ ...value, properties: { ...properties, addressPrefixes: ['13.64.0.0/16'], networkFeatures: [] } }],
    }
    const path = file('ServiceTags_Public_20241216.json', Buffer.from(JSON.stringify(tags)))
    const terminal = memoryTerminal()
    await add('ranges/azure', path, { reference }, terminal)
    expect(terminal.stdout).toContain(
      'ranges/azure of 2024-12-16 (says the name that its publisher gave it; 1 prefix) added',
    )
    await expect(add('ranges/azure', path, { reference, date: '2024-12-17' }, memoryTerminal())).rejects.toThrow(
      /leave --date out/,
    )
  })

  it('unpacks gzip, and refuses what is cut or meant to fill the memory', async () => {
    const reference = folder()
    const packed = gzipSync(awsJson('2014-11-01-00-00-00', ['54.176.0.0/12 us-west-1 EC2']))
    await add('ranges/aws', file('ip-ranges.json.gz', packed), { reference }, memoryTerminal())
    await add('ranges/aws', awsFile, { reference }, memoryTerminal())
    expect(readdirSync(join(reference, 'ranges/aws'))).toEqual([expect.stringMatching(/^2014-11-01\..*\.json$/)])
    const cut = file('cut.json.gz', packed.subarray(0, -10))
    await expect(add('ranges/aws', cut, { reference }, memoryTerminal())).rejects.toThrow(/cut short/)
  })

  it('keeps a list of several files as one', async () => {
    const reference = folder()
    const parts = [
      file('v4.csv', Buffer.from('1.1.1.0/24,1.1.1.1')),
      file('v6.csv', Buffer.from('2001:db8::/48,2001:db8::1\n')),
    ]
    const terminal = memoryTerminal()
    await add('anycast/bgptools', parts, { reference, date: '2026-08-22' }, terminal)
    expect(terminal.stdout).toContain('2 prefixes) added')
  })

  it('refuses files of different days as one snapshot, and each keeps its own day', async () => {
    const reference = folder()
    const parts = [
      file('anycatch-v4__2026-08-20.csv', Buffer.from('1.1.1.0/24,1.1.1.1\n')),
      file('anycatch-v6__2026-08-22.csv', Buffer.from('2620:fe::/48,2620:fe::fe\n')),
    ]
    await expect(add('anycast/bgptools', parts, { reference }, memoryTerminal())).rejects.toThrow(
      /v4__2026-08-20\.csv is of 2026-08-20 \(says its name\), and .*v6__2026-08-22\.csv is of 2026-08-22.*Add each by itself/,
    )
    expect(readdirSync(reference)).toEqual([])
    await expect(
      add(
        'anycast/bgptools',
        [parts[0] ?? '', file('v6.csv', Buffer.from('2620:fe::/48\n'))],
        { reference },
        memoryTerminal(),
      ),
    ).rejects.toThrow(/v6\.csv: nothing in it says of which day it is/)
    const stamped = (time: string, prefix: string) =>
      file('feed.csv', Buffer.from(`# last updated (rfc3339): ${time}\n${prefix},US,,,\n`))
    const [late, early] = [
      stamped('2026-08-22T16:00:00Z', '192.0.2.0/24'),
      stamped('2026-08-22T04:00:00Z', '198.51.100.0/24'),
    ]
    await add('geofeed/x', [late, early], { reference }, memoryTerminal())
    const later = stamped('2026-08-23T04:00:00Z', '198.51.100.0/24')
    await expect(add('geofeed/x', [late, later], { reference }, memoryTerminal())).rejects.toThrow(/of one day/)
    const { snapshots } = await loadReference(reference, {}, { databases: false })
    expect(snapshots).toMatchObject([{ source: 'geofeed/x', date: '2026-08-22' }])
  })

  const cloudflare = file('ips.txt', Buffer.from('104.16.0.0/13\n173.245.48.0/20\n'))
  const nobodys = file('list.txt', Buffer.from('192.0.2.0/24\n198.51.100.0/24\n'))

  it.each([
    [
      'ranges/akamai',
      cloudflare,
      /does not look like ranges\/akamai: by its addresses it is ranges\/cloudflare.*--force/,
    ],
    [
      'ranges/akamai',
      nobodys,
      /does not look like ranges\/akamai: it has no address of the blocks.*23\.32\.0\.0\/11.*--force/,
    ],
    ['geofeed/google', file('aws.csv', Buffer.from('52.0.0.0/16,US,,,\n')), /by its addresses it is geofeed\/aws/],
    [
      'geofeed/x',
      file('torn.csv', Buffer.from('192.0.2.0/24,US,,,\n198.51.100.0/2')),
      /cut short.*--force|lines are bad/,
    ],
    [
      'geofeed/x',
      file('cut.csv', Buffer.from('192.0.2.0/24,US,,,,\n198.51.100.0/24,US,US-CA,S')),
      /cut short.*--force/,
    ],
  ])('refuses as %s what is not, and says how it is taken all the same', async (source, path, message) => {
    const reference = folder()
    await expect(add(source, path, { reference, date: '2026-08-22' }, memoryTerminal())).rejects.toThrow(message)
    expect(readdirSync(reference)).toEqual([])
  })

  it('takes it where somebody is sure, and what follows is held against that', async () => {
    const reference = folder()
    expect(await add('ranges/akamai', nobodys, { reference, date: '2026-08-22', force: true }, memoryTerminal())).toBe(
      0,
    )
    const akamai = file('akamai.txt', Buffer.from('23.32.0.0/11\n'))
    await expect(add('ranges/akamai', akamai, { reference, date: '2026-08-23' }, memoryTerminal())).rejects.toThrow(
      /has 0 % of its IPv4 addresses in common with the newest snapshot/,
    )
  })

  it('refuses another file of an instant that is kept, so that the folder can still be opened', async () => {
    const reference = folder()
    await add('ranges/aws', awsFile, { reference }, memoryTerminal())
    const again = file('ip-ranges.json', awsJson('2014-11-01-00-00-00', ['54.176.0.0/12 us-west-1 S3']))
    for (const force of [{}, { force: true }] as const)
      await expect(add('ranges/aws', again, { reference, ...force }, memoryTerminal())).rejects.toThrow(
        /same instant with other content is kept already \(.*2014-11-01.*\).*remove that file and add this/,
      )
    // Of another hour of that day both count.
    const later = file('ip-ranges.json', awsJson('2014-11-01-05-00-00', ['54.176.0.0/12 us-west-1 S3']))
    await add('ranges/aws', later, { reference }, memoryTerminal())
    expect((await loadReference(reference, {}, { databases: false })).snapshots).toHaveLength(2)
    const [v4, other, v6] = ['1.1.1.0/24\n', '8.8.8.0/24\n1.1.1.0/24\n', '2620:fe::/48\n'].map((text, i) =>
      file(`list${i}.txt`, Buffer.from(text)),
    )
    const date = '2026-08-22'
    await add('anycast/bgptools', v4 ?? '', { reference, date }, memoryTerminal())
    await add('anycast/bgptools', v6 ?? '', { reference, date }, memoryTerminal())
    await expect(add('anycast/bgptools', other ?? '', { reference, date }, memoryTerminal())).rejects.toThrow(
      /same day/,
    )
    await loadReference(reference, {}, { databases: false })
  })

  it('names the source that was probably meant', async () => {
    for (const source of ['ranges/awss', 'aws', 'AWS'])
      await expect(add(source, awsFile, { reference: folder() }, memoryTerminal())).rejects.toThrow(
        /did you mean ranges\/aws\?/,
      )
  })

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
    expect(snapshots[3]).toMatchObject({ records: 1, badLines: 0, error: null })
  })

  it.each(['', 'nowhere'])('says what to do before anything was added (in %j)', async (below) => {
    const reference = join(folder(), below)
    const human = memoryTerminal()
    expect(await list({ reference }, human)).toBe(0)
    expect(human.stderr).toMatch(
      /nothing is kept in .* yet.*`domicile snapshots refresh -r .*`.*`domicile snapshots add/,
    )
    const json = memoryTerminal()
    expect(await list({ reference, json: true }, json)).toBe(0)
    const { snapshots } = JSON.parse(json.stdout) as { snapshots: { source: string }[] }
    expect(snapshots.filter(({ source }) => !source.startsWith('database/'))).toEqual([])
  })

  it('names what is broken and lists the rest', async () => {
    const reference = folder()
    await add('ranges/aws', awsFile, { reference }, memoryTerminal())
    await add('database/city', cityFile, { reference }, memoryTerminal())
    const [name = ''] = readdirSync(join(reference, 'ranges/aws'))
    writeFileSync(join(reference, 'ranges/aws', name), '{}')
    writeFileSync(join(reference, 'ranges/aws/ip-ranges.json'), '{}')
    const terminal = memoryTerminal()
    expect(await list({ reference }, terminal)).toBe(2)
    expect(terminal.stdout).toContain('database/city ')
    expect(terminal.stdout).not.toContain('ranges/aws')
    expect(terminal.stderr).toContain(name)
    expect(terminal.stderr).toMatch(/ip-ranges\.json: its name is not/)
    const json = memoryTerminal()
    expect(await list({ reference, json: true }, json)).toBe(2)
    const { snapshots } = JSON.parse(json.stdout) as { snapshots: { error: string | null }[] }
    expect(snapshots.filter(({ error }) => error !== null)).toHaveLength(2)
  })
})

describe('snapshots refresh', () => {
  const now = () => Date.parse('2014-11-20T00:00:00Z')
  const answers = (bytes: Buffer) => async () => new Response(new Uint8Array(bytes))
  const oracle = async (url: string | URL | Request) =>
    String(url).includes('oracle') ? new Response('busy', { status: 503 }) : new Response(new Uint8Array(aws))
  const aws = awsJson('2014-11-18-00-00-00', ['54.176.0.0/12 us-west-1 EC2'])

  it('says a line a source, and 2 where one failed', async () => {
    const reference = folder()
    const terminal = memoryTerminal()
    const world = { fetch: oracle, now }
    expect(await refresh(['ranges/aws', 'ranges/oracle'], { reference }, terminal, world)).toBe(2)
    expect(terminal.stdout).toMatch(
      /^ranges\/aws {5}added {4} {1,2}of 2014-11-18 \(says the file itself\), 1 prefix, the first snapshot\nranges\/oracle {2}failed .*503/,
    )
    expect(terminal.stderr).toContain('1 of 2 sources failed; the snapshots that they had stay')
    const again = memoryTerminal()
    expect(await refresh(['ranges/aws'], { reference }, again, world)).toBe(0)
    expect(again.stdout).toMatch(/unchanged {2}of 2014-11-18, 1 prefix, 1 before/)
  })

  it('fetches from where --from or the environment says, also a feed that no table knows', async () => {
    const reference = folder()
    const terminal = memoryTerminal({
      env: { DOMICILE_REFRESH_FROM: 'ranges/aws=https://env.example/a\n ranges/oracle=https://env.example/o' },
    })
    const asked: string[] = []
    const fetch = async (url: string | URL | Request) => {
      asked.push(String(url))
      return new Response('192.0.2.0/24,US,,,\n')
    }
    const from = ['ranges/oracle=https://option.example/o', 'geofeed/netflix=https://netflix.example/feed.csv']
    const chosen = ['ranges/aws', 'ranges/oracle', 'geofeed/netflix']
    await refresh(chosen, { reference, from }, terminal, { fetch, now })
    expect(asked).toEqual(['https://env.example/a', 'https://option.example/o', 'https://netflix.example/feed.csv'])
    expect(readdirSync(reference)).toEqual(['geofeed'])
  })

  it('prints one JSON document', async () => {
    const terminal = memoryTerminal()
    await refresh(['ranges/aws'], { reference: folder(), json: true }, terminal, { fetch: answers(aws), now })
    expect(JSON.parse(terminal.stdout)).toMatchObject({
      sources: [{ source: 'ranges/aws', outcome: 'added', prefixes: 1 }],
    })
  })

  it('says where there is no network, source by source, and what stays', async () => {
    const reference = folder()
    await refresh(['ranges/aws'], { reference }, memoryTerminal(), { fetch: answers(aws), now })
    const offline = async () => {
      const cause = Object.assign(new Error('getaddrinfo ENOTFOUND x'), { code: 'ENOTFOUND' })
      throw new TypeError('fetch failed', { cause })
    }
    const terminal = memoryTerminal()
    expect(await refresh(['ranges/aws', 'ranges/google'], { reference }, terminal, { fetch: offline, now })).toBe(2)
    expect(terminal.stdout).toMatch(
      /^ranges\/aws .*the host is not found: is there a network here.*; its snapshot of 2014-11-18 stays\nranges\/google .*the host is not found.*; there is no snapshot of it yet\n$/,
    )
    expect(terminal.stdout).not.toMatch(/fetch failed|getaddrinfo/)
  })

  it('refuses another file of an instant that is kept', async () => {
    const reference = folder()
    await refresh(['ranges/aws'], { reference }, memoryTerminal(), { fetch: answers(aws), now })
    const again = awsJson('2014-11-18-00-00-00', ['54.176.0.0/12 us-west-1 S3'])
    const terminal = memoryTerminal()
    expect(await refresh(['ranges/aws'], { reference }, terminal, { fetch: answers(again), now })).toBe(2)
    expect(terminal.stdout).toMatch(/same instant with other content is kept already/)
    await loadReference(reference, {}, { databases: false })
  })

  it('says of a first list without a length that nothing shows that it is whole', async () => {
    const feed = Buffer.from('192.0.2.0/24,US,,,\n')
    const from = ['geofeed/x=https://feed.example/x']
    const terminal = memoryTerminal()
    await refresh(['geofeed/x'], { reference: folder(), from }, terminal, { fetch: answers(feed), now })
    expect(terminal.stdout).toMatch(/the first snapshot; nothing shows that it is whole/)
  })

  it.each([
    [
      ['ranges/aws'],
      { from: ['geofeed/x=https://x.example/'] },
      /geofeed\/x is, which is not among the sources to fetch/,
    ],
    [[], { from: ['geofeed/x=https://x.example/'] }, /no source is named: `domicile snapshots refresh geofeed\/x`/],
    [
      ['geofeed/x'],
      { from: ['geofeed/x=https://x.example/', 'geofeed/x=https://y.example/'] },
      /says twice where geofeed\/x is/,
    ],
    [['ranges/awss'], {}, /did you mean ranges\/aws\?/],
    [['ranges/nobody'], {}, /nobody is known to publish "ranges\/nobody"/],
    [[], { from: ['ranges/aws'] }, /write SOURCE=URL/],
    [[], { from: ['ranges/nobody=https://x.example/'] }, /there is no source/],
    [[], { from: ['ranges/aws=nowhere'] }, /write SOURCE=URL/],
  ])('refuses %j with %j', async (names, options, message) => {
    await expect(refresh(names, { reference: folder(), ...options }, memoryTerminal())).rejects.toThrow(message)
  })
})
