import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { publisherOf } from '../../functions/locate/published/publishers.ts'
import { dayOf } from '../../functions/locate/snapshots.ts'
import type { RefreshContext } from '../../functions/reference/refresh-source.ts'
import { chosenSources, refreshSources } from '../../functions/reference/refresh-sources.ts'
import { SOURCES } from '../../functions/reference/sources.ts'
import { FolderStore } from '../../functions/store/folder-store.ts'
import { at, awsJson } from '../support/locating.ts'
import { mmdb } from '../support/mmdb.ts'
import { PublisherServer } from '../support/publisher-server.ts'

const block = (i: number) => `${20 + (i >> 8)}.${i & 255}.0.0/16`
const many = (count: number, from = 0) => Array.from({ length: count }, (_, i) => block(from + i))
const lines = (prefixes: readonly string[], form = (prefix: string) => prefix) =>
  Buffer.from(prefixes.map((prefix) => `${form(prefix)}\n`).join(''))
const json = (value: unknown) => Buffer.from(JSON.stringify(value))

/** A small file of every source's form. @param day YYYY-MM-DD, for those that say one */
const files: Readonly<Record<string, (prefixes: readonly string[], day: string) => Buffer>> = {
  'ranges/aws': (prefixes, day) =>
    awsJson(
      `${day}-00-00-00`,
      prefixes.map((prefix) => `${prefix} us-west-1 EC2`),
    ),
  'ranges/google': (prefixes, day) =>
    json({
      syncToken: String(Date.parse(day)),
      creationTime: `${day}T00:00:00.000000`,
      prefixes: prefixes.map((ipv4Prefix) => ({ ipv4Prefix, service: 'Google Cloud', scope: 'us-west1' })),
    }),
  'ranges/google-all': (prefixes, day) =>
    json({
      syncToken: String(Date.parse(day)),
      creationTime: `${day}T00:00:00.000000`,
      prefixes: prefixes.map((ipv4Prefix) => ({ ipv4Prefix })),
    }),
  'ranges/oracle': (prefixes, day) =>
    json({
      last_updated_timestamp: `${day}T00:00:00.000000`,
      regions: [{ region: 'us-ashburn-1', cidrs: prefixes.map((cidr) => ({ cidr, tags: ['OCI'] })) }],
    }),
  'ranges/cloudflare': (prefixes) =>
    json({ success: true, errors: [], messages: [], result: { etag: 'x', ipv4_cidrs: prefixes, ipv6_cidrs: [] } }),
  'ranges/fastly': (prefixes) => json({ addresses: prefixes, ipv6_addresses: [] }),
  'ranges/akamai': (prefixes) => lines(prefixes),
  'anycast/bgptools': (prefixes) => lines(prefixes.map((prefix) => prefix.replace('/16', '/24'))),
  ...Object.fromEntries(
    ['alibaba', 'tencent', 'huawei', 'ucloud'].map((name) => [
      `ranges/${name}`,
      (prefixes: readonly string[]) => lines(['Type,Address', ...prefixes.map((prefix) => `IPv4,${prefix}`)]),
    ]),
  ),
  ...Object.fromEntries(
    ['geofeed/aws', 'geofeed/google', 'ranges/digitalocean', 'ranges/linode'].map((name) => [
      name,
      (prefixes: readonly string[]) => lines(prefixes, (prefix) => `${prefix},US,US-CA,San Francisco,94107`),
    ]),
  ),
  ...Object.fromEntries(
    [
      ['', 'Public'],
      ['-china', 'China'],
      ['-government', 'AzureGovernment'],
    ].map(([suffix, cloud]) => [
      `ranges/azure${suffix}`,
      (prefixes: readonly string[]) =>
        json({
          changeNumber: 363,
          cloud,
          values: [
            {
              name: 'AzureCloud.westus',
              id: 'AzureCloud.westus',
              properties: {
                changeNumber: 50,
                region: 'westus',
                regionId: 1,
                platform: 'Azure',
                systemService: '',
                addressPrefixes: prefixes,
                networkFeatures: [],
              },
            },
          ],
        }),
    ]),
  ),
}
/** Sources whose publisher hands them out under the file's dated name. */
const azureFiles: Readonly<Record<string, string>> = {
  'ranges/azure': 'ServiceTags_Public_',
  'ranges/azure-china': 'ServiceTags_China_',
  'ranges/azure-government': 'ServiceTags_AzureGovernment_',
}
const names = chosenSources([]).map(({ source }) => source)
const bomb = gzipSync(Buffer.alloc(50_000_000))

let publisher: PublisherServer
let store: FolderStore
let now = at('2026-11-20T12:00:00Z')
beforeEach(async () => {
  publisher = await PublisherServer.start()
  store = new FolderStore(mkdtempSync(join(tmpdir(), 'reference-')))
  now = at('2026-11-20T12:00:00Z')
})
afterEach(() => {
  publisher.stop()
  rmSync(store.folder, { recursive: true })
})

const context = (): RefreshContext => ({
  store,
  fetch: globalThis.fetch,
  now: () => now,
  userAgent: 'domicile/test',
  overrides: new Map(names.map((source) => [source, publisher.url(`/${source}`)])),
  limits: { answerMs: 1000, stallMs: 1000, totalMs: 5000, bytes: 1_000_000 },
})
const refresh = async (...chosen: string[]) =>
  await refreshSources(chosenSources(chosen.length > 0 ? chosen : names), context())

/** Publishes every source as of a day. */
function publishAll(prefixes: readonly string[], day: string): void {
  for (const source of names) publish(source, prefixes, day)
}
function publish(source: string, prefixes: readonly string[], day: string): void {
  const file = files[source]?.(prefixes, day) ?? Buffer.alloc(0)
  const dated = azureFiles[source]
  if (dated === undefined) {
    publisher.serve(`/${source}`, file, { date: new Date(`${day}T10:00:00Z`).toUTCString() })
    return
  }
  const name = `${dated}${day.replaceAll('-', '')}.json`
  const page = `<!DOCTYPE html><a href="/download/1/2/${name}">Download</a><a href="https://evil.example/${name.replace('2026', '2029')}">`
  publisher.serve(`/${source}`, Buffer.from(page), { 'content-type': 'text/html' })
  publisher.serve(`/download/1/2/${name}`, file)
}

/** Every object, and its content. */
const contents = async () =>
  await Promise.all((await store.list('')).map(async (key) => [key, Buffer.from(await store.read(key)).toString()]))

describe('the table of sources', () => {
  it('names each once, with a parser, encrypted, and cites its publisher', () => {
    expect(new Set(SOURCES.map(({ source }) => source)).size).toBe(SOURCES.length)
    for (const { source, urls, isDatabase, documentation, followedBy = [] } of SOURCES) {
      expect([source, isDatabase === true || publisherOf(source) !== null]).toEqual([source, true])
      for (const url of [...urls(new Date('2026-01-15')), ...followedBy, documentation]) expect(url).toMatch(/^https:/)
    }
    expect(Object.keys(files).sort()).toEqual([...names].sort())
  })

  it('falls back to the database of last month', () => {
    const [database] = chosenSources(['database/dbip-city'])
    expect(database?.urls(new Date('2026-01-01T00:00:00Z'))).toEqual([
      'https://download.db-ip.com/free/dbip-city-lite-2026-01.mmdb.gz',
      'https://download.db-ip.com/free/dbip-city-lite-2025-12.mmdb.gz',
    ])
  })
})

describe('a refresh', () => {
  it('keeps every source under its date, says what was there before, and changes nothing the second time', async () => {
    publishAll(many(10), '2026-11-18')
    for (const result of await refresh())
      expect(result).toMatchObject({ outcome: 'added', date: '2026-11-18', prefixes: 10, prefixesBefore: null })
    const kept = await contents()
    for (const result of await refresh()) expect(result).toMatchObject({ outcome: 'unchanged', prefixesBefore: 10 })
    expect(await contents()).toEqual(kept)
    publishAll(many(11), '2026-11-19')
    for (const result of await refresh())
      expect(result).toMatchObject({ outcome: 'added', date: '2026-11-19', prefixes: 11, prefixesBefore: 10 })
    expect(await contents()).toHaveLength(2 * names.length)
    expect(new Set(publisher.agents)).toEqual(new Set(['domicile/test']))
  })

  const faults: readonly [string, (source: string) => RequestListener | Buffer, RegExp][] = [
    ['stalls before it answers', () => () => {}, /no answer came within 1 s/],
    [
      'stalls in the middle',
      (source) => (_, response) => void response.write(files[source]?.(many(10), '2026-11-19').subarray(0, 50)),
      /it stopped in the middle/,
    ],
    [
      'breaks off',
      (source) => (_, response) => {
        const file = files[source]?.(many(10), '2026-11-19') ?? Buffer.alloc(0)
        response.writeHead(200, { 'content-length': file.length }).write(file.subarray(0, 60))
        setTimeout(() => response.destroy(), 20)
      },
      /it broke off before its end/,
    ],
    [
      'says that half of it is all',
      (source) => (_, response) => {
        const file = files[source]?.(many(10), '2026-11-19') ?? Buffer.alloc(0)
        response.socket?.end(
          Buffer.concat([
            Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${file.length - 15}\r\nconnection: close\r\n\r\n`),
            file,
          ]),
        )
      },
      /JSON|ends in the middle of a line|line \d+ is not|its last line does not end/,
    ],
    [
      'says no length, and ends in the middle of a line',
      (source) => (_, response) => {
        const file = files[source]?.(many(10), '2026-11-19') ?? Buffer.alloc(0)
        const head = Buffer.from('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n')
        response.socket?.end(Buffer.concat([head, file.subarray(0, -5)]))
      },
      /JSON|ends in the middle of a line|line \d+ is not|its last line does not end/,
    ],
    ['is empty', () => Buffer.alloc(0), /the answer is empty/],
    ['answers with a web page', () => Buffer.from('\n<!DOCTYPE html><p>Sorry'), /web page|has no link/],
    ['answers 500', () => (_, response) => response.writeHead(500).end(), /the answer is 500/],
    ['answers 404', () => (_, response) => response.writeHead(404).end(), /the answer is 404/],
    ['answers 429', () => (_, response) => response.writeHead(429).end(), /the answer is 429/],
    [
      'redirects to another host',
      () => (_, response) => response.writeHead(302, { location: 'https://evil.example/x' }).end(),
      /which is another host/,
    ],
    [
      'redirects in circles',
      (source) => (_, response) => response.writeHead(301, { location: `/${source}` }).end(),
      /redirected more than 3 times/,
    ],
    ['never ends', () => endless, /it is longer than 1000000 bytes/],
    ['is a gzip bomb', () => bomb, /unpacks to more than 1 MB/],
    [
      'is gzip that was cut',
      (source) => gzipSync(files[source]?.(many(10), '2026-11-19') ?? '').subarray(0, -12),
      /gzip/,
    ],
    ['has lost a fifth', (source) => files[source]?.(many(7), dayOf(now)) ?? Buffer.alloc(0), /cannot vanish/],
    [
      'lists other addresses',
      (source) => files[source]?.(many(10, 500), dayOf(now)) ?? Buffer.alloc(0),
      /it leaves out 100 % of the IPv4 addresses/,
    ],
    ['is of another form', () => json({ hello: 1 }), /./],
    ['is no text', () => Buffer.from([0, 255, 254, 1, 2, 3]), /./],
  ]
  it.each(faults)(
    'refuses a source that %s, whichever it is, and takes all others',
    async (_, answer, message) => {
      publishAll(many(10), '2026-11-18')
      await refresh()
      const kept = await contents()
      // Every source is the faulty one once, several at a time: the others have to be taken all the same.
      for (let turn = 0; turn < 3; turn++) {
        const faulty = names.filter((_, i) => i % 3 === turn)
        const day = `2026-11-${19 + turn}`
        now = at(`${day}T12:00:00Z`)
        publishAll(many(11 + turn), day)
        for (const source of faulty) fail(source, answer(source))
        for (const result of await refresh()) {
          if (!faulty.includes(result.source)) expect(result).toMatchObject({ outcome: 'added', date: day })
          else if (result.outcome !== 'failed') expect.fail(`${result.source} was ${result.outcome}`)
          else expect(result.error).toMatch(message)
        }
      }
      expect(await contents()).toEqual(expect.arrayContaining(kept))
    },
    60_000,
  )

  it('refuses a file that is older than the newest snapshot', async () => {
    publishAll(many(10), '2026-11-18')
    await refresh()
    const kept = await contents()
    publishAll(many(10).reverse().slice(1), '2026-11-17')
    for (const result of await refresh())
      expect(result).toMatchObject({
        outcome: 'failed',
        error: expect.stringMatching(/older than the newest snapshot/),
      })
    expect(await contents()).toEqual(kept)
  })

  it('refuses the file of another provider where the files themselves tell', async () => {
    publishAll(many(10), '2026-11-18')
    await refresh()
    const swapped: readonly (readonly [string, string])[] = [
      ['ranges/aws', 'ranges/google'],
      ['ranges/google', 'ranges/oracle'],
      ['ranges/oracle', 'ranges/fastly'],
      ['ranges/azure', 'ranges/azure-china'],
      ['ranges/fastly', 'ranges/aws'],
      ['ranges/cloudflare', 'ranges/google'],
      ['anycast/bgptools', 'geofeed/aws'],
      ['ranges/akamai', 'ranges/linode'],
    ]
    for (const [source, other] of swapped) fail(source, files[other]?.(many(10), '2026-11-19') ?? Buffer.alloc(0))
    for (const [source] of swapped) expect(await refresh(source)).toMatchObject([{ source, outcome: 'failed' }])
  })

  it('refuses a file of days to come', async () => {
    publish('ranges/aws', many(10), '2026-11-25')
    expect(await refresh('ranges/aws')).toMatchObject([{ outcome: 'failed', error: expect.stringMatching(/to come/) }])
  })

  it('takes a list that lost no more than a fifth', async () => {
    publish('ranges/aws', many(10), '2026-11-18')
    await refresh('ranges/aws')
    publish('ranges/aws', many(8), '2026-11-19')
    expect(await refresh('ranges/aws')).toMatchObject([{ outcome: 'added', prefixes: 8, prefixesBefore: 10 }])
  })

  it('unpacks gzip', async () => {
    publisher.serve('/ranges/aws', gzipSync(files['ranges/aws']?.(many(3), '2026-11-18') ?? ''))
    expect(await refresh('ranges/aws')).toMatchObject([{ outcome: 'added', date: '2026-11-18' }])
    expect((await contents())[0]?.[1]).toContain('createDate')
  })

  it('holds a file against the newest of a day, and reads no other', async () => {
    for (const day of ['2026-11-16', '2026-11-17', '2026-11-18']) {
      publish('ranges/aws', many(10), day)
      await refresh('ranges/aws')
    }
    const read: string[] = []
    const counting = Object.create(store, {
      read: {
        value: async (key: string) => {
          read.push(key)
          return await store.read(key)
        },
      },
    }) as FolderStore
    publish('ranges/aws', many(10), '2026-11-19')
    await refreshSources(chosenSources(['ranges/aws']), { ...context(), store: counting })
    expect(read).toEqual([expect.stringContaining('2026-11-18')])
  })

  it('dates a list that says nothing by its last change, and where the server says none by the answer', async () => {
    const file = files['geofeed/aws']?.(many(3), '') ?? Buffer.alloc(0)
    publisher.serve('/geofeed/aws', file, { 'last-modified': 'Tue, 10 Nov 2026 01:02:03 GMT' })
    expect(await refresh('geofeed/aws')).toMatchObject([
      { date: '2026-11-10', datedBy: expect.stringMatching(/changed last/) },
    ])
    publisher.serve(
      '/geofeed/aws',
      lines(many(4), (prefix) => `${prefix},US,,,`),
      { date: 'Thu, 19 Nov 2026 01:02:03 GMT' },
    )
    expect(await refresh('geofeed/aws')).toMatchObject([{ date: '2026-11-19', datedBy: 'when it was fetched' }])
  })

  it('keeps an unchanged list that says no date again after a week', async () => {
    for (const [day, outcome] of [
      ['2026-11-01', 'added'],
      ['2026-11-02', 'unchanged'],
      ['2026-11-07', 'unchanged'],
      ['2026-11-08', 'added'],
      ['2026-11-09', 'unchanged'],
    ] as const) {
      now = at(`${day}T12:00:00Z`)
      publish('geofeed/aws', many(3), day)
      expect(await refresh('geofeed/aws')).toMatchObject([{ outcome }])
    }
    expect((await store.list('')).map((key) => key.slice(0, 22))).toEqual([
      'geofeed/aws/2026-11-01',
      'geofeed/aws/2026-11-08',
    ])
  })

  it('keeps it again after a week also where the server says that it was changed long before', async () => {
    const file = files['geofeed/aws']?.(many(3), '') ?? Buffer.alloc(0)
    for (const [day, outcome, date] of [
      ['2026-10-01', 'added', '2026-09-20'],
      ['2026-10-02', 'added', '2026-10-02'],
      ['2026-10-08', 'unchanged', '2026-10-02'],
      ['2026-10-09', 'added', '2026-10-09'],
    ] as const) {
      now = at(`${day}T12:00:00Z`)
      publisher.serve('/geofeed/aws', file, {
        'last-modified': 'Sun, 20 Sep 2026 01:02:03 GMT',
        date: new Date(now / 1000).toUTCString(),
      })
      expect(await refresh('geofeed/aws')).toMatchObject([{ outcome, date }])
    }
  })

  it("refuses another publisher's list of the same form", async () => {
    for (const [source, text] of [
      ['ranges/akamai', '104.16.0.0/13\n'],
      ['geofeed/google', '52.0.0.0/16,US,,,\n'],
      ['ranges/linode', '104.131.0.0/18,US,US-NY,New York,\n'],
    ] as const) {
      publisher.serve(`/${source}`, Buffer.from(text))
      expect(await refresh(source)).toMatchObject([
        { outcome: 'failed', error: expect.stringMatching(/does not look like/), kept: null },
      ])
    }
  })

  it('refuses a first list that the publisher itself cut in the middle of its last line', async () => {
    const whole = files['geofeed/aws']?.(many(3), '') ?? Buffer.alloc(0)
    publisher.serve('/geofeed/aws', whole.subarray(0, -12))
    expect(await refresh('geofeed/aws')).toMatchObject([
      { outcome: 'failed', error: expect.stringMatching(/it was cut short/) },
    ])
  })

  it('keeps the first of a day of a list that says no date', async () => {
    publish('geofeed/aws', many(10), '2026-11-18')
    await refresh('geofeed/aws')
    publish('geofeed/aws', many(11), '2026-11-18')
    expect(await refresh('geofeed/aws')).toMatchObject([{ outcome: 'unchanged' }])
    expect(await store.list('')).toHaveLength(1)
  })

  it('says which snapshot is broken where nothing can be held against it', async () => {
    publish('ranges/aws', many(10), '2026-11-18')
    await refresh('ranges/aws')
    const [key = ''] = await store.list('ranges/')
    await store.write(key, Buffer.from('{}'))
    publish('ranges/aws', many(10), '2026-11-19')
    expect(await refresh('ranges/aws')).toMatchObject([{ outcome: 'failed', error: expect.stringContaining(key) }])
  })

  it('puts a list of two files together, and takes neither where one is missing', async () => {
    const source = chosenSources(['anycast/bgptools'])[0]
    if (!source) throw new Error('there is no such source')
    const parts = { ...source, urls: () => [publisher.url('/v4')], followedBy: [publisher.url('/v6')] }
    const both = async () => await refreshSources([parts], { ...context(), overrides: new Map() })
    const date = { date: new Date(now / 1000).toUTCString() }
    publisher.serve('/v4', Buffer.from('1.1.1.0/24,1.1.1.1'), date)
    expect(await both()).toMatchObject([{ outcome: 'failed', error: expect.stringMatching(/404/) }])
    publisher.serve('/v6', Buffer.from('2001:db8::/48,2001:db8::1\n'), date)
    expect(await both()).toMatchObject([{ outcome: 'added', prefixes: 2 }])
    expect((await contents())[0]?.[1]).toBe('1.1.1.0/24,1.1.1.1\n2001:db8::/48,2001:db8::1\n')
  })

  it('fetches a database, and the one of last month where there is none of this', async () => {
    const built = Date.parse('2026-10-02T00:00:00Z') / 1000
    publisher.serve('/last', gzipSync(mmdb({ '93.184.216.0/24': { country_code: 'NL' } }, { built })))
    const source = {
      ...(chosenSources(['database/dbip-city'])[0] ?? expect.fail()),
      urls: () => [publisher.url('/this'), publisher.url('/last')],
    }
    const [result] = await refreshSources([source], { ...context(), overrides: new Map() })
    expect(result).toMatchObject({ outcome: 'added', date: '2026-10-02', datedBy: 'the file itself' })
    expect(dayOf(now)).toBe('2026-11-20')
  })
})

const endless: RequestListener = (_, response) => {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
  }
  response.on('drain', more)
  more()
}

function fail(source: string, answer: RequestListener | Buffer): void {
  if (Buffer.isBuffer(answer)) publisher.serve(`/${source}`, answer, { date: new Date(now / 1000).toUTCString() })
  else publisher.answers.set(`/${source}`, answer)
}
