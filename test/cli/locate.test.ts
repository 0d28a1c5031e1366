import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../functions/cli/locate-command.ts'
import { ageWords } from '../../functions/cli/locate-table.ts'
import { noAddress } from '../../functions/cli/no-address.ts'
import { add } from '../../functions/cli/snapshots-command.ts'
import { InputError } from '../../functions/errors.ts'
import type { Location } from '../../functions/model.ts'
import { awsJson } from '../support/locating.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

const reference = mkdtempSync(join(tmpdir(), 'locate-'))
const options = { reference, at: '2014-11-03' }
const locations = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Location)

beforeAll(async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'ranges-')), 'ip-ranges.json')
  writeFileSync(
    path,
    awsJson('2014-11-01-00-00-00', [
      '54.176.0.0/12 us-west-1 EC2',
      '54.222.0.0/19 cn-north-1 AMAZON',
      '52.84.0.0/15 GLOBAL CLOUDFRONT',
      '54.169.0.0/16 ap-southeast-1 EC2',
    ]),
  )
  await add('ranges/aws', path, { reference }, memoryTerminal())
})

describe('locate', () => {
  it('gives a JSON line an address, in the order in which they were asked', async () => {
    const terminal = memoryTerminal()
    expect(await run(['54.222.0.1', '10.0.0.1', '2400:3200::1'], { ...options, json: true }, terminal)).toBe(0)
    expect(locations(terminal.stdout)).toMatchObject([
      { ip: '54.222.0.1', grade: 'proven', cloud: 'aws:cn-north-1', country: 'CN', prefix: '54.222.0.0/19' },
      { ip: '10.0.0.1', grade: 'unknown', country: null },
      { ip: '2400:3200::1', country: 'CN', cloud: null, subdivision: null, city: null },
    ])
  })

  it('says on every JSON line which time was asked about', async () => {
    const terminal = memoryTerminal()
    await run(['54.222.0.1', '10.0.0.1'], { reference, json: true, at: '2014-11-03T10:00:00+02:00' }, terminal)
    const times = terminal.stdout.trimEnd().split('\n')
    expect(times.map((line) => JSON.parse(line).at)).toEqual(['2014-11-03T08:00:00Z', '2014-11-03T08:00:00Z'])
  })

  it('opens only the snapshots that count for the time', async () => {
    const kept = mkdtempSync(join(tmpdir(), 'locate-'))
    for (const day of ['01', '02', '03', '04']) {
      const path = join(mkdtempSync(join(tmpdir(), 'ranges-')), 'ip-ranges.json')
      writeFileSync(path, awsJson(`2014-11-${day}-00-00-00`, ['54.222.0.0/19 cn-north-1 AMAZON']))
      await add('ranges/aws', path, { reference: kept }, memoryTerminal())
    }
    const folder = join(kept, 'ranges/aws')
    const last = readdirSync(folder).sort().at(-1) ?? ''
    writeFileSync(join(folder, last), 'broken, and not read')
    const terminal = memoryTerminal()
    expect(await run(['54.222.0.1'], { reference: kept, at: '2014-10-31', json: true }, terminal)).toBe(0)
    expect(locations(terminal.stdout)).toMatchObject([{ cloud: 'aws:cn-north-1' }])
    await expect(run(['54.222.0.1'], { reference: kept, at: '2014-11-03' }, terminal)).rejects.toThrow(/was changed/)
  })

  it('reads addresses from stdin, wherever its chunks are cut', async () => {
    const text = '54.222.0.1\r\n\n  54.183.1.1\n52.84.0.1'
    for (const size of [1, 7, 100]) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.slice(i * size, (i + 1) * size),
      )
      const terminal = memoryTerminal({ stdin: chunks })
      expect(await run(['-'], { ...options, json: true }, terminal)).toBe(0)
      expect(locations(terminal.stdout).map(({ cloud, grade }) => cloud ?? grade)).toEqual([
        'aws:cn-north-1',
        'aws:us-west-1',
        'edge',
      ])
    }
  })

  it('names what is no address, goes on with the others, and ends with status 2', async () => {
    const terminal = memoryTerminal()
    expect(await run(['foo', '54.222.0.1', '1.2.3.4/24'], { ...options, json: true }, terminal)).toBe(2)
    expect(locations(terminal.stdout)).toHaveLength(1)
    expect(terminal.stderr).toMatch(/"foo" is no IP address/)
    expect(terminal.stderr).toMatch(/"1.2.3.4\/24" is no IP address/)
  })

  it('tells a person the answer first, then why, what speaks against it, and what would settle it', async () => {
    const terminal = memoryTerminal()
    await run(['54.222.0.1', '54.183.1.1', '52.84.0.1', '10.0.0.1'], { reference, at: '2016-01-01' }, terminal)
    const [beijing = '', , edge = '', local = ''] = terminal.stdout.split(/^(?=\d)/m)
    expect(beijing).toMatch(
      /^54\.222\.0\.1 {2}Beijing, CN-BJ, China \(CN\) · aws:cn-north-1\n {2}corroborated at 2016-01-01T00:00:00Z by 54\.222\.0\.0\/19: decides under\s+`standard: balanced`, not under `strict`\n\n {2}Supports it\n/,
    )
    expect(beijing).toMatch(/ provider-range {2}ranges\/aws +2014-11-01 {2}14 months before\n {6}AWS: the ranges/)
    expect(beijing).toMatch(/Supports its country, and no more\n {4}database .* 10 years after\n/)
    expect(beijing).toMatch(/Does not support it\n {4}time .*\n {6}There is no snapshot/)
    expect(beijing).toMatch(/What would settle it\n {4}.*35\s+days/)
    const titles = ['Supports it', 'Supports its country', 'Does not', 'What would settle', 'Snapshots that']
    const places = titles.map((title) => beijing.indexOf(`\n  ${title}`))
    expect(places.every((place) => place > 0)).toBe(true)
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    expect(edge).toMatch(/edge[\s\S]*Supports it[\s\S]*CloudFront[\s\S]*What would settle it/)
    expect(local).toMatch(/^10\.0\.0\.1 {2}no place on the Internet\n {2}unknown at .*: there is nothing to locate\n/)
    expect(local).not.toMatch(/settle|Snapshots/)
  })

  it('says a city that is its country once', async () => {
    const terminal = memoryTerminal()
    await run(['54.169.0.1'], { reference, at: '2014-11-03' }, terminal)
    expect(terminal.stdout).toMatch(/^54\.169\.0\.1 {2}Singapore \(SG\) · aws:ap-southeast-1\n/)
  })

  it('names the files that the evidence is in by their hash, of the family of the address alone', async () => {
    const [file = ''] = readdirSync(join(reference, 'ranges/aws'))
    const [, hash = ''] = file.split('.')
    const table = memoryTerminal()
    await run(['54.222.0.1'], { reference, at: '2014-11-03' }, table)
    expect(table.stdout).toMatch(new RegExp(`ranges/aws {22}2014-11-01 {2}2 days before +${hash.slice(0, 12)}\\n`))
    const json = memoryTerminal()
    await run(['54.222.0.1', '::ffff:54.222.0.1', '2400:3200::1', '10.0.0.1'], { ...options, json: true }, json)
    const lines = json.stdout.trimEnd().split('\n')
    const [v4, mapped, v6, local] = lines.map((line) => JSON.parse(line).snapshots as Record<string, unknown>[])
    expect(v4).toContainEqual({ source: 'ranges/aws', date: '2014-11-01', ageDays: 2, sha256: hash })
    const dbipOf = (cited: typeof v4) => cited?.filter(({ source }) => source === 'database/dbip-city') ?? []
    expect([dbipOf(v4).length, dbipOf(v6).length]).toEqual([1, 1])
    expect(dbipOf(v4)).not.toEqual(dbipOf(v6))
    expect(mapped).toEqual(v4)
    expect(local).toEqual([])
  })

  it('tells programs what would settle it, as it tells a person', async () => {
    const terminal = memoryTerminal()
    await run(['54.222.0.1', '52.84.0.1'], { ...options, json: true }, terminal)
    const settle = terminal.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).settle)
    expect(settle).toEqual([null, expect.stringContaining('origin behind it')])
  })

  it('folds long sentences to 80 columns, and never a word', async () => {
    const terminal = memoryTerminal()
    await run(['54.222.0.1', '54.183.1.1', '52.84.0.1', '64:ff9b::36b7:101'], { reference, at: '2016-01-01' }, terminal)
    for (const line of terminal.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it.each([
    ['2014-11-01', '2014-11-01', 'the same day'],
    ['2014-10-31', '2014-11-01', '1 day before'],
    ['2014-11-03', '2014-11-01', '2 days after'],
    ['2013-11-01', '2014-11-01', '12 months before'],
    ['2018-02-01', '2014-11-01', '39 months after'],
    ['2026-06-05', '2014-11-01', '12 years after'],
  ])('says of a snapshot of %s and a packet of %s that it is %s', (date, at, words) =>
    expect(ageWords(date, Date.parse(at) * 1000 + 3600e6)).toBe(words),
  )

  it('tells programs how many days each snapshot is older than the packet', async () => {
    const terminal = memoryTerminal()
    await run(['54.222.0.1'], { reference, json: true, at: '2014-11-03T10:00:00+02:00' }, terminal)
    const [location] = locations(terminal.stdout)
    expect(location?.evidence[0]).toMatchObject({ source: 'ranges/aws', date: '2014-11-01', ageDays: 2 })
    expect(location?.evidence.at(-1)).toMatchObject({ rule: 'database', ageDays: expect.any(Number) })
  })

  it('says in words that light cannot have come from Oregon to Delhi and back in 4 ms', async () => {
    const terminal = memoryTerminal()
    const seen = { rig: '28.61,77.21', handshake: '4' }
    await run(['54.183.1.1'], { reference, at: '2014-11-03', ...seen }, terminal)
    expect(terminal.stdout).toMatch(/^ {2}conflicted at /m)
    expect(terminal.stdout.replace(/\s+/g, ' ')).toMatch(/A handshake of 4 ms .* aws:us-west-1 .* km away/)
    await run(['54.183.1.1'], { reference, at: '2014-11-03', json: true, ...seen, handshake: '250' }, terminal)
    expect(JSON.parse(terminal.stdout.split('\n').at(-2) ?? '')).toMatchObject({
      grade: 'proven',
      cloud: 'aws:us-west-1',
    })
  })

  it('holds a name that a resolver gave against the ranges', async () => {
    const terminal = memoryTerminal()
    const name = ['my.eu-west-1.elb.amazonaws.com']
    await run(['54.183.1.1'], { reference, at: '2014-11-03', json: true, name }, terminal)
    expect(locations(terminal.stdout)[0]?.grade).toBe('conflicted')
  })

  it.each([
    [{ rig: '28.61,77.21' }, /belong together/],
    [{ handshake: '4' }, /belong together/],
    [{ rig: 'Delhi', handshake: '4' }, /such as 28\.61,77\.21/],
    [{ rig: '91,0', handshake: '4' }, /such as 28\.61,77\.21/],
    [{ rig: '1,2,3', handshake: '4' }, /such as 28\.61,77\.21/],
    [{ rig: '28.61,77.21', handshake: '0' }, /above 0/],
    [{ rig: '28.61,77.21', handshake: '4ms' }, /above 0/],
  ])('refuses %j', async (seen, message) => {
    const asked = run(['54.183.1.1'], { reference, ...seen }, memoryTerminal())
    await expect(asked).rejects.toThrow(message)
  })

  it('is as of now where no time is given, and refuses a time that is none', async () => {
    const terminal = memoryTerminal()
    await run(['54.222.0.1'], { reference, json: true }, terminal)
    expect(locations(terminal.stdout)[0]?.grade).toBe('corroborated')
    await expect(run(['54.222.0.1'], { reference, at: 'yesterday' }, terminal)).rejects.toThrow(InputError)
  })

  it('says what was seen and changes nothing', async () => {
    const terminal = memoryTerminal()
    const seen = { rig: '28.61,77.21', handshake: '290', name: ['www.example.com'] }
    await run(['54.183.1.1'], { ...options, ...seen }, terminal)
    expect(terminal.stdout.replace(/\s+/g, ' ')).toMatch(
      /Was seen, and changes nothing A handshake of 290 ms from 28\.61,77\.21 excludes nothing of it\. www\.example\.com: not a name under a provider's suffix/,
    )
    const json = memoryTerminal()
    const name = ['my.eu-west-1.elb.amazonaws.com']
    await run(['54.183.1.1'], { ...options, json: true, name }, json)
    expect(JSON.parse(json.stdout)).not.toHaveProperty('unmoved')
  })

  it('speaks of the time that was asked about, because there is no packet', async () => {
    const terminal = memoryTerminal()
    await run(['54.222.0.1'], { reference, at: '2016-01-01' }, terminal)
    expect(terminal.stdout).not.toContain('the packet')
    expect(terminal.stdout.replace(/\s+/g, ' ')).toContain('the time asked about')
  })

  it('takes comments on stdin, counts its lines in errors, and says where there is no address', async () => {
    const terminal = memoryTerminal({ stdin: ['# mine\n\n54.222.0.1 # Beijing\nfoo\n'] })
    expect(await run(['-'], { ...options, json: true }, terminal)).toBe(2)
    expect(locations(terminal.stdout)).toHaveLength(1)
    expect(terminal.stderr).toBe('domicile locate: line 4: "foo" is no IP address; write one such as 54.222.0.1\n')
    for (const stdin of [[], ['\n# nothing\n']]) {
      const empty = memoryTerminal({ stdin })
      expect(await run(['-'], options, empty)).toBe(2)
      expect(empty.stderr).toMatch(/no address on stdin/)
    }
  })

  it.each([
    ['54.68.0.1/24', 'a prefix; write 54.68.0.1 alone'],
    ['54.68.0.1:443', 'an address with a port; write 54.68.0.1 alone'],
    ['https://54.68.0.1', 'a URL; write 54.68.0.1 alone'],
    ['https://54.68.0.1:8443/x', 'a URL; write 54.68.0.1 alone'],
    ['https://[2400:3200::1]:443/', 'a URL; write 2400:3200::1 alone'],
    ['[2400:3200::1]:443', 'an address with a port; write 2400:3200::1 alone'],
  ])('names the mistake in %s', (text, what) => {
    expect(noAddress(text)).toBe(`"${text}" is no IP address but ${what}`)
  })

  it.each([
    ['2025-02-30', /there is no day 2025-02-30/],
    ['2025-02-20T25:00', /no such time of day/],
  ])('says what is wrong with --at %s', async (at, message) => {
    await expect(run(['54.222.0.1'], { reference, at }, memoryTerminal())).rejects.toThrow(message)
  })

  it('says which half of --rig is out of its bounds', async () => {
    const asked = (rig: string) => run(['54.222.0.1'], { reference, rig, handshake: '4' }, memoryTerminal())
    await expect(asked('128.61,77.21')).rejects.toThrow(/128\.61 is no latitude/)
    await expect(asked('28.61,277.21')).rejects.toThrow(/277\.21 is no longitude/)
  })
})
