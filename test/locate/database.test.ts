import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SnapshotError } from '../../functions/errors.ts'
import { checkDatabase, openDatabase } from '../../functions/locate/database.ts'
import { readRecord } from '../../functions/locate/database-answer.ts'
import { Mmdb, metadataBytes, peekMetadata } from '../../functions/locate/mmdb.ts'
import { parseAddress } from '../../functions/net/address.ts'
import { database, databaseOf } from '../support/locating.ts'
import { mmdb } from '../support/mmdb.ts'

const material = new URL('../../../shared/material/mmdb/', import.meta.url)
const present = existsSync(material)
if (!present) console.warn(`skipped: MaxMind's test databases are not at ${material.pathname}`)

function address(ip: string) {
  const parsed = parseAddress(ip)
  if (!parsed) throw new Error(ip)
  return parsed
}

describe('a record', () => {
  it.each([
    [
      'flat',
      { country_code: 'US', state1: 'Oregon', city: 'Boardman' },
      'US',
      null,
      'Boardman',
      'Boardman, Oregon, US',
    ],
    ['flat with empty fields', { country_code: 'SG', state1: '', city: '' }, 'SG', null, null, 'SG'],
    [
      'a city of the same name as its state',
      { country_code: 'CN', state1: 'Beijing', city: 'Beijing' },
      'CN',
      null,
      'Beijing',
      'Beijing, CN',
    ],
    [
      'nested',
      {
        country: { iso_code: 'GB' },
        subdivisions: [{ iso_code: 'ENG', names: { en: 'England' } }, { iso_code: 'WBK' }],
        city: { names: { en: 'Boxford', de: 'X' } },
      },
      'GB',
      'GB-ENG',
      'Boxford',
      'Boxford, England, GB',
    ],
    [
      'a code beside the country',
      { country: 'US', region: 'Oregon', city: 'Boardman' },
      'US',
      null,
      'Boardman',
      'Boardman, Oregon, US',
    ],
    ['no country of ISO 3166-1', { country_code: 'EU' }, null, null, null, 'EU, which is no country of ISO 3166-1'],
    [
      'a block that is only registered',
      { registered_country: { iso_code: 'US' } },
      null,
      null,
      null,
      'no country, only where the block is registered (US)',
    ],
    [
      'another registration',
      { country: { iso_code: 'SG' }, registered_country: { iso_code: 'US' } },
      'SG',
      null,
      null,
      'SG',
    ],
    ['control characters', { country_code: 'US', city: 'A\u0000\u202eB\n' }, 'US', null, 'A B', 'A B, US'],
  ])('that is %s is read', (_, record, country, subdivision, city, words) =>
    expect(readRecord(record)).toEqual({ country, subdivision, city, point: null, words }),
  )

  it.each([
    ['flat', { country_code: 'SG', city: 'Singapore', latitude: 1.35, longitude: 103.82 }, 'Singapore, SG'],
    [
      'nested',
      {
        country: { iso_code: 'SG' },
        city: { names: { en: 'Singapore' } },
        location: { latitude: 1.35, longitude: 103.82 },
      },
      'Singapore, SG',
    ],
    ['text', { country_code: 'SG', city: 'Singapore', latitude: '1.35', longitude: '103.82' }, 'Singapore, SG'],
  ])('whose coordinates are %s has a point', (_, record, words) =>
    expect(readRecord(record)).toMatchObject({ point: { latitude: 1.35, longitude: 103.82 }, words }),
  )

  it.each([
    [{ country_code: 'US', city: '', latitude: 37.751, longitude: -97.822 }, 'US (no finer than the country)'],
    [
      { country_code: 'US', state1: 'Kansas', latitude: 38.5, longitude: -98.3 },
      'Kansas, US (no finer than the region)',
    ],
    [{ country_code: 'US', city: 'Nowhere', latitude: 91, longitude: 0 }, 'Nowhere, US'],
    [{ country_code: 'US', city: 'Nowhere', latitude: 'x', longitude: 0 }, 'Nowhere, US'],
  ])('of a middle or of nonsense has none: %j', (record, words) =>
    expect(readRecord(record)).toMatchObject({ point: null, words }),
  )

  it.each([[null], [undefined], ['US'], [7], [{}], [[]], [{ asn: 15169 }], [{ country: {} }], [{ country_code: 7 }]])(
    'that is %j says nothing',
    (record) => expect(readRecord(record)).toBeNull(),
  )
})

describe('a database', () => {
  it('finds the most specific network, in IPv4 and IPv6', () => {
    const db = database('database/x', '2026-01-01', {
      '10.0.0.0/8': { country_code: 'US' },
      '10.1.0.0/16': { country_code: 'SG' },
      '2001:db8::/32': { country_code: 'CN' },
    })
    const find = (ip: string) => {
      const found = db.find(address(ip))
      return found && [found.prefix, found.answer?.country]
    }
    expect(find('10.1.2.3')).toEqual(['10.1.0.0/16', 'SG'])
    expect(find('10.128.2.3')).toEqual(['10.128.0.0/9', 'US'])
    expect(find('2001:db8:ffff::1')).toEqual(['2001:db8::/32', 'CN'])
    expect(find('11.0.0.0')).toBeNull()
    expect(find('2001:db9::')).toBeNull()
  })

  it('says the same for all addresses of a network, and has one piece of evidence each way', () => {
    const db = database('database/x', '2026-01-01', {
      '10.1.0.0/16': { country_code: 'SG' },
      '10.2.0.0/16': { country_code: 'SG' },
      '2001:db8::/32': { country_code: 'CN' },
    })
    for (const [one, other] of [
      ['10.1.2.3', '10.1.255.255'],
      ['2001:db8::1', '2001:db8:1::'],
    ] as const) {
      const found = db.find(address(one))
      const neighbour = db.find(address(other))
      expect(found).not.toBeNull()
      expect([neighbour?.prefix, neighbour?.length]).toEqual([found?.prefix, found?.length])
      expect(neighbour?.answer).toBe(found?.answer)
      expect(neighbour?.evidence(true)).toEqual(found?.evidence(true))
      expect(found?.evidence(true)).toBe(found?.evidence(true))
      expect(found?.evidence(true)).toEqual({ ...found?.evidence(false), supports: true })
    }
    expect(db.find(address('10.2.2.3'))?.prefix).not.toBe(db.find(address('10.1.2.3'))?.prefix)
  })

  it('of IPv4 alone has nothing on IPv6', () => {
    const db = database('database/x', '2026-01-01', { '32.0.0.0/3': { country_code: 'US' } }, { ipVersion: 4 })
    expect(db.families).toEqual([4])
    expect(db.find(address('2001:db8::1'))).toBeNull()
    expect(db.find(address('32.1.1.1'))?.answer?.country).toBe('US')
  })

  it('tells when it was built by the end of its file', () => {
    const bytes = mmdb({ '10.0.0.0/8': { country_code: 'US' } }, { built: 1_790_000_000, ipVersion: 4 })
    expect(peekMetadata(bytes)).toEqual({ built: 1_790_000_000e6, ipVersion: 4 })
    expect(new Mmdb(bytes, 'x').built).toBe(1_790_000_000e6)
  })

  it.each([
    ['empty', Buffer.alloc(0)],
    ['of zeros', Buffer.alloc(1000)],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['cut off in front', mmdb({ '10.0.0.0/8': { country_code: 'US' } }, { built: 1e9 }).subarray(300)],
    ['cut off at the end', mmdb({ '10.0.0.0/8': { country_code: 'US' } }, { built: 1e9 }).subarray(0, -60)],
    ['of no date', mmdb({ '10.0.0.0/8': { country_code: 'US' } }, { built: 0 })],
    ['of the year 10000', mmdb({ '10.0.0.0/8': { country_code: 'US' } }, { built: 253402300800 })],
    ['of a time beyond all dates', mmdb({ '10.0.0.0/8': { country_code: 'US' } }, { built: 2 ** 45 })],
  ])('that is %s is refused', (_, bytes) => {
    expect(() => checkDatabase(bytes, 'file.mmdb')).toThrow(SnapshotError)
    expect(() =>
      openDatabase({ source: 'x', bytes, facts: () => ({ source: 'x', date: '', sha256: '', size: 0 }) }),
    ).toThrow(SnapshotError)
  })

  it('that is damaged is to be downloaded again, and its message has nothing of the reader’s insides', () => {
    const whole = mmdb({ '10.0.0.0/8': { country_code: 'US' } }, { built: 1e9 })
    const deep = Buffer.concat([whole.subarray(0, whole.lastIndexOf('MaxMind.com') + 11), Buffer.alloc(20_000, 0x20)])
    for (const bytes of [deep, Buffer.from('no database')])
      expect(() => checkDatabase(bytes, 'file.mmdb')).toThrow(
        /^file\.mmdb: .*the file is damaged \(its metadata cannot be read\): download it again, if it is a \.mmdb file$/,
      )
  })

  it.each([253402300800, 2 ** 45])(
    'whose end says a time that no date has (%i) does not tell when it was built',
    (built) => {
      expect(peekMetadata(mmdb({ '10.0.0.0/8': { country_code: 'US' } }, { built }))).toBeNull()
    },
  )

  it('that names no countries is not taken in', () => {
    const asn = mmdb({ '10.0.0.0/8': { autonomous_system_number: 15169 } }, { built: 1e9 })
    expect(() => checkDatabase(asn, 'asn.mmdb')).toThrow(/none names a country/)
  })

  it('answers or gives nothing, in bounded time, whatever byte of it is damaged', () => {
    const bytes = mmdb(
      {
        '10.0.0.0/8': { country: { iso_code: 'US' }, subdivisions: [{ iso_code: 'CA' }] },
        '2001:db8::/32': { country_code: 'CN' },
      },
      { built: 1e9 },
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (damage) => {
          const copy = Buffer.from(bytes)
          for (const [i, value] of damage) copy[i] = value
          peekMetadata(copy)
          try {
            const db = databaseOf('database/x', copy)
            for (const ip of ['10.1.1.1', '2001:db8::1', '255.255.255.255']) db.find(address(ip))
          } catch (error) {
            expect(error).toBeInstanceOf(SnapshotError)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('is not held up by records made of pointers to pointers', () => {
    // Each of these arrays points twice at the one before: 2^40 values, if each were decoded anew.
    const parts = [Buffer.from([0x41, 0x78])]
    const places = [0]
    let length = 2
    for (let i = 0; i < 40; i++) {
      const target = places.at(-1) ?? 0
      const pointer = Buffer.from([0x20 | (target >> 8), target & 255])
      parts.push(Buffer.concat([Buffer.from([2, 4]), pointer, pointer]))
      places.push(length)
      length += 6
    }
    const top = places.at(-1) ?? 0
    const record = Buffer.concat([
      ...parts,
      Buffer.from([0xe1, 0x44]),
      Buffer.from('city'),
      Buffer.from([0x20 | (top >> 8), top & 255]),
    ])
    const bytes = mmdb({ '10.0.0.0/8': record }, { built: 1e9, ipVersion: 4 })
    // The record begins after the parts that it points to.
    const node = new Mmdb(bytes, 'x')
    const pointerTo = node.nodeCount + 16 + length
    for (let i = 0; i < node.nodeCount * 6; i += 3)
      if (bytes.readUIntBE(i, 3) === node.nodeCount + 16) bytes.writeUIntBE(pointerTo, i, 3)
    const damaged = new Mmdb(bytes, 'x')
    const { city } = damaged.decode(damaged.find(address('10.1.1.1'))?.record ?? 0) as { city: unknown[] }
    expect(city).toHaveLength(2)
    expect(databaseOf('database/x', bytes).find(address('10.1.1.1'))).toBeNull()
  })
})

const testData = present ? readdirSync(new URL('test-data/', material)) : []
const badData = present
  ? readdirSync(new URL('bad-data/', material)).flatMap((folder) =>
      readdirSync(new URL(`bad-data/${folder}/`, material)).map((name) => `bad-data/${folder}/${name}`),
    )
  : []
const probes = [
  '1.1.1.1',
  '2.125.160.216',
  '81.2.69.142',
  '89.160.20.112',
  '216.160.83.56',
  '2001:218::1',
  '2a02:f300::',
  '::1.1.1.1',
  '255.255.255.255',
]

describe.skipIf(!present)("MaxMind's test databases", () => {
  it.each([...testData.map((name) => `test-data/${name}`), ...badData])(
    '%s gives answers, nothing, or a SnapshotError',
    (name) => {
      const bytes = readFileSync(new URL(name, material))
      const started = performance.now()
      try {
        const db = databaseOf('database/x', bytes)
        for (const ip of probes) db.find(address(ip))
        checkDatabase(bytes, name)
      } catch (error) {
        expect(error).toBeInstanceOf(SnapshotError)
      }
      expect(performance.now() - started).toBeLessThan(2000)
    },
  )

  it.each(badData)('%s is not taken in', (name) => {
    expect(() => checkDatabase(readFileSync(new URL(name, material)), name)).toThrow(SnapshotError)
  })

  it.each(['GeoIP2-City-Test', 'GeoIP2-Country-Test', 'GeoLite2-City-Test', 'GeoIP2-Enterprise-Shield-Test'])(
    '%s is taken in, and its tail tells its date',
    (name) => {
      const bytes = readFileSync(new URL(`test-data/${name}.mmdb`, material))
      checkDatabase(bytes, name)
      expect(peekMetadata(bytes.subarray(-metadataBytes))?.built).toBe(new Mmdb(bytes, name).built)
    },
  )

  it('answers as the source of GeoIP2-City says, for every network of it', () => {
    const db = databaseOf('database/city', readFileSync(new URL('test-data/GeoIP2-City-Test.mmdb', material)))
    type Source = Record<string, { country?: { iso_code?: string }; city?: { names?: { en?: string } } }>
    const sources = JSON.parse(readFileSync(new URL('source-data/GeoIP2-City-Test.json', material), 'utf8')) as Source[]
    let compared = 0
    for (const entry of sources)
      for (const [network, record] of Object.entries(entry)) {
        const [ip = ''] = network.replace(/^::(?=\d+\.)/, '').split('/')
        // The database aliases 2002::/16 and Teredo to IPv4, which the source does not list.
        const found = db.find(address(ip))
        expect(found?.answer?.country ?? null, network).toBe(record.country?.iso_code ?? null)
        expect(found?.answer?.city ?? null, network).toBe(record.city?.names?.en ?? null)
        compared++
      }
    expect(compared).toBeGreaterThan(200)
  })
})
