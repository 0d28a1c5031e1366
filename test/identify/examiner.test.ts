import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Examiner } from '../../functions/identify/examiner.ts'
import type { Content, Seed, SeedKind } from '../../functions/model.ts'
import { content } from './made-content.ts'
import { madeSeeds } from './made-seeds.ts'
import { contentsOf, filesOf, harRequests, hasMaterial } from './material.ts'

const seed = (kind: SeedKind, value: string): Seed => ({ id: kind, kind, value })

function examined(given: Partial<Content> & { text?: string }, seeds: readonly Seed[] = madeSeeds) {
  const examiner = new Examiner(seeds)
  examiner.take(content({ ...given, ...(given.text === undefined ? {} : { bytes: Buffer.from(given.text) }) }))
  return examiner.examinedOf(1, true)
}

/** The same bytes in every run, as good as random: AES would do, and so does a chain of hashes. */
function noise(bytes: number): Buffer {
  const blocks: Buffer[] = []
  for (let i = 0; i * 64 < bytes; i++) blocks.push(createHash('sha512').update(`noise ${i}`).digest())
  return Buffer.concat(blocks).subarray(0, bytes)
}

describe('a hit', () => {
  it('says where it stands and shows nothing of anybody', () => {
    const body = '{"user":{"name":"Ann Other","imei":"001012345678903","n":[1,2]},"pin":4711}'
    expect(examined({ text: body, path: '/v1/users/4930123456/Ann' }).hits).toEqual([
      {
        seed: 'imei',
        kind: 'imei',
        part: 'body',
        method: 'POST',
        path: '/v1/users/*/Ann',
        field: 'user.imei',
        chain: [],
        offset: 36,
        excerpt: '•":{"name":"•","imei":"‹imei›","n":[•,•]},"pin":•}',
        count: 1,
      },
    ])
  })

  it('shows no planted value in a path or key', () => {
    const { hits } = examined({ text: '{"zoe_t_1981":"001012345678903"}', path: '/u/zoe_t_1981/001012345678903' })
    expect(hits.map(({ path, field }) => [path, field])).toEqual(
      [
        ['/u/*/*', '*'],
        ['/u/*/*', null],
      ].slice(0, hits.length),
    )
    expect(JSON.stringify(hits)).not.toMatch(/zoe_t|00101/)
  })

  it('is counted once for each time that it stands there', () => {
    expect(examined({ text: 'id=001012345678903&x=1' }).hits[0]?.count).toBe(1)
    expect(examined({ text: '["001012345678903"]\n,["001012345678903"]' }).hits.reduce((n, h) => n + h.count, 0)).toBe(
      2,
    )
  })

  it('is found where a stream is cut in the middle of it', () => {
    const examiner = new Examiner(madeSeeds)
    const stream = Buffer.from('.... zoe.testova@example.com ....')
    for (let i = 0; i < stream.length; i += 7)
      examiner.take(content({ part: 'stream', method: null, path: null, bytes: stream.subarray(i, i + 7) }))
    expect(examiner.examinedOf(1, true).hits).toMatchObject([{ seed: 'email', count: 1 }])
    examiner.forget(1)
    expect(examiner.examinedOf(1, true)).toEqual({ hits: [], opaque: [], read: false, missing: false })
  })

  it.each(['0010123456789042', '00-101234-567890-42', Buffer.from('imeisv=0010123456789042').toString('base64')])(
    'is an IMEI with its software version in place of the check digit: %s',
    (text) => {
      expect(examined({ text: `{"v":"${text}"}` }).hits).toMatchObject([{ seed: 'imei', count: 1 }])
    },
  )

  it('is the same in whatever order flows are read', () => {
    const examiner = new Examiner(madeSeeds)
    for (const flow of [1, 2, 1, 2]) examiner.take(content({ flow, bytes: Buffer.from('a=R58M1234XYZ') }))
    expect(examiner.examinedOf(1, true)).toEqual(examiner.examinedOf(2, true))
    expect(examiner.examinedOf(1, false).read).toBe(false)
  })
})

describe('what is no hit', () => {
  it.each([
    ['a number inside a longer one', 'n=90010123456789031&t=9120255501435'],
    ['the decimals of a fraction', '{"x":0.2025550143}'],
    ['a word inside a longer one', 'carrier=Exatel Mobiles&u=xzoe_t_19810'],
    ['an address inside another', 'to=anzoe.testova@example.com'],
    ['one half of a place', 'lat=12.9716&lon=11.5946'],
    ['the beginning of a hash', `h=${createHash('md5').update('001012345678903').digest('hex').slice(0, 31)}`],
    ['digits of a table', '0 0 1 0 1 2 3 4 5 6 7 8 9 0 3'],
  ])('%s', (_what, text) => {
    expect(examined({ text }).hits).toEqual([])
  })

  it('a name of three letters, but where it is the whole value', () => {
    const carriers = [seed('carrier', 'Vex')]
    expect(examined({ text: 'the vex of it, vexed; a vex' }, carriers).hits).toEqual([])
    expect(examined({ text: '{"operator":"VEX"}' }, carriers).hits).toHaveLength(1)
  })

  it('anything in 50 MB of random bytes, nor in their base64', { timeout: 120_000 }, () => {
    const examiner = new Examiner(madeSeeds, { salts: ['pepper'] })
    for (let i = 0; i < 50; i++) {
      const bytes = i < 40 ? randomBytes(2 ** 20) : noise(2 ** 20)
      examiner.take(content({ bytes: i % 5 === 4 ? Buffer.from(bytes.toString('base64')) : bytes }))
    }
    const { hits, opaque } = examiner.examinedOf(1, true)
    expect(hits).toEqual([])
    expect(opaque.map(({ looks }) => looks).sort()).toEqual(['base64', 'high-entropy'])
  })
})

describe('what cannot be read', () => {
  it.each([
    ['base64', { text: `token=${noise(48).toString('base64')}` }, 'token', 64],
    ['base64', { text: `k=aZ3/${noise(48).toString('base64')}` }, 'k', 68],
    ['hex', { text: JSON.stringify({ h: noise(20).toString('hex') }) }, 'h', 40],
    ['high-entropy', { bytes: noise(5000) }, null, 5000],
    ['undecodable', { bytes: Buffer.from('no gzip'), codings: ['gzip'] }, null, 7],
    ['undecodable', { bytes: noise(100), codings: ['zstd'] }, null, 100],
  ])('is told as %s', (looks, given, field, bytes) => {
    expect(examined(given).opaque).toMatchObject([{ looks, field, bytes, count: 1 }])
  })

  it.each([
    ['text in base64', { text: `x=${Buffer.from('a longer text that says nothing').toString('base64')}` }],
    ['gzip, stated or not', { bytes: gzipSync('{"a":1}'.repeat(99)) }],
    ['a picture', { bytes: Buffer.concat([Buffer.from('\xff\xd8\xff\xe0', 'latin1'), noise(3000)]) }],
    ['words, paths and names', { text: '/static/js/vendor/getElementsByTagName/com_example_android_vending_2' }],
    ['a file', { text: '/assets/img/Wikidata-logo_sister_2x@1.5x.png?from=24px-Vector_search_icon.svg' }],
    ['a UUID', { text: 'id=0b7e2f8c-9d13-4a65-8e21-5c7f3a9b4d60' }],
  ])('is not %s', (_what, given) => {
    expect(examined(given).opaque).toEqual([])
  })

  it('is told of a bomb and of what was cut off', () => {
    const bomb = gzipSync(Buffer.alloc(40 * 2 ** 20))
    expect(examined({ bytes: bomb, codings: ['gzip'] }).missing).toBe(true)
    expect(examined({ text: 'a', missing: 3 })).toMatchObject({ read: true, missing: true })
    const cut = gzipSync('{"x":"001012345678903"}').subarray(0, -6)
    expect(examined({ bytes: cut, codings: ['gzip'], missing: 6 }).hits).toHaveLength(1)
  })
})

describe.skipIf(!hasMaterial)('in real traffic (../shared/material is needed)', () => {
  it('no made-up identifier is found', { timeout: 60_000 }, () => {
    const examiner = new Examiner(madeSeeds, { salts: ['pepper'] })
    const files = [...filesOf('har'), ...filesOf('mitmproxy')]
    for (const bytes of files) examiner.take(content({ part: 'stream', bytes }))
    for (const request of harRequests()) for (const each of contentsOf(request, 1)) examiner.take(each)
    expect(files.length).toBeGreaterThan(30)
    expect(examiner.examinedOf(1, true).hits.length).toBe(0)
  })

  it('every value that is named as a seed is found where it stands', { timeout: 60_000 }, () => {
    const requests = harRequests()
    const values = requests.flatMap(({ cookies = [], queryString = [] }) => [...cookies, ...queryString])
    const named = [...new Set(values.map(({ value }) => value).filter((value) => /^[\w.-]{8,40}$/.test(value)))]
    const seeds = named.map((value, i): Seed => ({ id: `value-${i}`, kind: 'account', value }))
    const examiner = new Examiner(seeds)
    const found = new Set<string>()
    for (const [i, request] of requests.entries()) {
      for (const each of contentsOf(request, i + 1)) examiner.take(each)
      for (const hit of examiner.examinedOf(i + 1, true).hits) found.add(hit.seed)
      examiner.forget(i + 1)
    }
    expect(seeds.length).toBeGreaterThan(50)
    expect(seeds.filter(({ id }) => !found.has(id)).map(({ id }) => id)).toEqual([])
  })
})
