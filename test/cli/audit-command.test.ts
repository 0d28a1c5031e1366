import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { run } from '../../functions/cli/audit-command.ts'
import { root } from '../support/bundle.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

const example = join(root, 'examples/redmi-1s')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function audit(paths: readonly string[], options: Parameters<typeof run>[1]) {
  const terminal = memoryTerminal()
  const status = await run(paths, options, terminal)
  return { status, out: terminal.stdout, err: terminal.stderr }
}

const read = (name: string, file = 'report.json') => readFileSync(join(folder, name, file), 'utf8')
const sessions = readdirSync(example).filter((name) => name.startsWith('2014-'))

/** A campaign of some of the example's sessions, under its declaration, changed by `edit`. */
function campaign(name: string, of: readonly string[], edit: (declaration: string) => string = (text) => text): string {
  const path = join(folder, name)
  mkdirSync(path)
  cpSync(join(example, 'reference'), join(path, 'reference'), { recursive: true })
  for (const session of of) cpSync(join(example, session), join(path, session), { recursive: true })
  writeFileSync(join(path, 'declaration.yaml'), edit(readFileSync(join(example, 'declaration.yaml'), 'utf8')))
  return path
}

/** The declaration without the store, of which the two whole sessions see only the time before, asking for no more than they hold. */
function narrowed(text: string): string {
  const declaration = parse(text)
  declaration.services = declaration.services.filter(({ id }: { id: string }) => id !== 'e-commerce')
  declaration.migration.deadlines = declaration.migration.deadlines.filter(({ id }: { id: string }) => id !== 'D2')
  // Neither session is of a device that the claims of consent are about: no session would show that they were kept.
  for (const service of declaration.services) delete service.consent
  declaration.undeclaredHosts.vendorSuffixes = ['xiaomi.com', 'xiaomi.net', 'miui.com']
  return stringify({ ...declaration, coverage: { minSessions: 2, minRigs: 1, steps: [] } })
}
let strays = 0
function copyCapture(session: string, to: string): void {
  const [capture = ''] = readdirSync(join(session, 'captures'))
  cpSync(join(session, 'captures', capture), to)
}
const whole = ['2014-10-28-before-the-deadline', '2014-11-04-california-and-singapore']

describe('domicile audit', () => {
  it('gives the same bytes of every output when it is run again', async () => {
    expect((await audit([example], { out: join(folder, 'once') })).status).toBe(1)
    expect((await audit([example], { out: join(folder, 'again') })).status).toBe(1)
    for (const file of ['report.json', 'report.html', 'findings.csv', 'inventory.csv', 'manifest.json'])
      expect(read('again', file)).toBe(read('once', file))
  })

  it('gives the same report whatever the order of the captures', async () => {
    const captures = sessions
      .flatMap((session) =>
        readdirSync(join(example, session, 'captures')).map((file) => join(example, session, 'captures', file)),
      )
      .sort()
    const options = { declaration: join(example, 'declaration.yaml'), reference: join(example, 'reference') }
    await audit(captures, { ...options, out: join(folder, 'sorted') })
    await audit([...captures].reverse(), { ...options, out: join(folder, 'reversed') })
    const middle = Math.floor(captures.length / 2)
    await audit([...captures.slice(middle), ...captures.slice(0, middle)], { ...options, out: join(folder, 'rotated') })
    expect(read('reversed')).toBe(read('sorted'))
    expect(read('rotated')).toBe(read('sorted'))
  })

  it('passes, with status 0, where everything that was declared was seen to hold', async () => {
    const path = campaign('clean', whole, narrowed)
    const { status, out } = await audit([path], { out: join(folder, 'clean-report') })
    expect(out).toMatch(/^PASS/)
    expect(status).toBe(0)
  })

  it('says which reference it used where that is not the campaign’s, has no ranges, and is far from the packets', async () => {
    const path = campaign('unfit', whole, narrowed)
    const empty = mkdtempSync(join(folder, 'empty-'))
    const { err } = await audit([path], { reference: empty, out: join(folder, 'unfit-report') })
    expect(err).toMatch(
      /^domicile audit: located by .*empty-.*: the campaign's own .*reference was set aside; it holds no provider's ranges, .*; the evidence nearest to the packets \(database\/\S+ of 20\S+\) is \d\d years after them\. .*docs\/snapshots\.md\n$/,
    )
    const own = await audit([path], { reference: join(path, 'reference'), out: join(folder, 'unfit-report') })
    expect(own.err).toBe('')
  })

  it('is inconclusive, with status 3, where the same evidence is less than the declaration asks for', async () => {
    const path = campaign('thin', ['2014-11-04-california-and-singapore'])
    expect((await audit([path], { out: join(folder, 'thin-report') })).status).toBe(3)
  })

  it('judges the rest where a capture is broken, and does not let the audit pass', async () => {
    const path = campaign('broken', whole, narrowed)
    const session = join(path, '2014-11-04-california-and-singapore')
    writeFileSync(join(session, 'captures', 'broken.pcap'), 'this is no capture')
    const manifest = join(session, 'session.yaml')
    const text = readFileSync(manifest, 'utf8')
    writeFileSync(manifest, text.replace(/captures:\n/, 'captures:\n  - { file: captures/broken.pcap }\n'))
    const { status } = await audit([path], { out: join(folder, 'broken-report') })
    const report: { ledger: { source: string; error: string | null }[]; criteria: { id: string; status: string }[] } =
      JSON.parse(read('broken-report'))
    expect(report.ledger.find(({ source }) => source.endsWith('broken.pcap'))?.error).toMatch(/byte 0/)
    expect(status).toBe(3)
  })

  it('counts a capture once that was uploaded twice, and says so', async () => {
    const path = campaign('twice', whole, narrowed)
    const [session = ''] = whole
    const [capture = ''] = readdirSync(join(path, session, 'captures'))
    await audit([path], { out: join(folder, 'once-report') })
    cpSync(join(path, session, 'captures', capture), join(path, session, 'captures', `copy-of-${capture}`))
    const manifest = join(path, session, 'session.yaml')
    const listed = `captures:\n  - { file: captures/copy-of-${capture} }\n`
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/captures:\n/, listed))
    await audit([path], { out: join(folder, 'twice-report') })
    type Accounts = { summary: { flows: number }; ledger: { leftOut: Record<string, number> }[] }
    const [one, two]: Accounts[] = [JSON.parse(read('once-report')), JSON.parse(read('twice-report'))]
    expect(two?.summary.flows).toBe(one?.summary.flows)
    const reasons = two?.ledger.flatMap(({ leftOut }) => Object.keys(leftOut)) ?? []
    expect(reasons.filter((reason) => reason.startsWith('the same capture as'))).toHaveLength(1)
  })

  it('writes what it read and wrote, with hashes, into the manifest', async () => {
    await audit([example], { out: join(folder, 'listed') })
    const manifest: Record<'captures' | 'documents' | 'outputs' | 'snapshots', { name: string; size: number }[]> =
      JSON.parse(read('listed', 'manifest.json'))
    expect(manifest.captures).toHaveLength(11)
    expect(manifest.documents.map(({ name }) => name)).toEqual(
      [
        'declaration.yaml',
        ...sessions.map((s) => `${s}/session.yaml`),
        ...sessions.filter((s) => s.startsWith('2014-08')).map((s) => `${s}/seeds.json.enc`),
      ].sort(),
    )
    expect(manifest.outputs.map(({ name }) => name)).toEqual([
      'findings.csv',
      'inventory.csv',
      'report.html',
      'report.json',
    ])
    expect(manifest.snapshots.length).toBeGreaterThan(2)
  })

  it('prints report.json on stdout with --json', async () => {
    const { out } = await audit([example], { out: join(folder, 'json'), json: true })
    expect(out).toBe(read('json'))
  })

  it.each([
    ['a path that is not there', () => ['nowhere'], {}, /nowhere is not there/],
    ['no declaration', () => [join(example, sessions[0] ?? '', 'captures')], {}, /no declaration.*-d/],
    ['a wrong --as-of', () => [example], { asOf: 'yesterday' }, /--as-of yesterday.*2014-11-03/],
    ['an impossible --as-of', () => [example], { asOf: '2014-02-30' }, /--as-of 2014-02-30/],
  ])('says what to do about %s', async (_what, paths, options, message) => {
    await expect(audit(paths(), { out: join(folder, 'never'), ...options })).rejects.toThrow(message)
  })

  it('refuses a session whose captures are not those that it lists', async () => {
    const path = campaign('unlisted', ['2014-11-04-california-and-singapore'])
    writeFileSync(join(path, '2014-11-04-california-and-singapore/captures/late.pcap'), 'x')
    await expect(audit([path], { out: join(folder, 'never') })).rejects.toThrow(/late\.pcap is there and not listed/)
  })

  it.each([
    [
      'whose session.yaml is spelt another way',
      (path: string) => renameSync(join(path, 'session.yaml'), join(path, 'session.yml')),
    ],
    ['beside the sessions', (path: string) => copyCapture(path, join(path, '..', 'loose'))],
    ['in a session, but not among its captures', (path: string) => copyCapture(path, join(path, 'aside.bin'))],
  ])('refuses a campaign with a capture %s: left out in silence it could turn the verdict', async (_where, stray) => {
    const path = campaign(`stray-${strays++}`, whole)
    stray(join(path, whole[1] ?? ''))
    await expect(audit([path], { out: join(folder, 'never') })).rejects.toThrow(/belong to no session: /)
  })

  it('says where the report cannot be written, and why', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    await expect(audit([example], { out: file })).rejects.toThrow(
      `writing the report to ${file}: there is a file of that name`,
    )
  })

  it.each([
    ['hidden', '.b.pcap'],
    ['a backup', 'c.pcap~'],
    ['in a hidden folder', '.kept/d.pcap'],
  ])('refuses a capture that is %s among the captures: it was left out without a word', async (_what, name) => {
    const path = campaign(`litter-${strays++}`, whole)
    copyCapture(join(path, whole[1] ?? ''), join(path, whole[1] ?? '', 'captures', name))
    const audited = audit([path], { out: join(folder, 'never') })
    await expect(audited).rejects.toThrow(/named as files that desktops and editors leave behind: .*Rename/)
  })

  it('passes over what desktops and editors leave behind', async () => {
    const path = campaign('tidy', whole)
    for (const name of ['.DS_Store', '._a.pcap', 'notes.txt~', 'Thumbs.db', '.empty'])
      writeFileSync(join(path, whole[1] ?? '', 'captures', name), name === '.empty' ? '' : 'Bud1')
    await audit([path], { out: join(folder, 'tidy-report') })
    expect(JSON.parse(read('tidy-report')).ledger).toHaveLength(whole.length)
  })

  describe('of two folders', () => {
    const two = (name: string, edit: (text: string) => string) => [
      campaign(`${name}-a`, whole.slice(0, 1)),
      campaign(`${name}-b`, whole.slice(1), edit),
    ]
    it('takes one declaration', async () => {
      await audit(
        two('same', (text) => text),
        { out: join(folder, 'same-report') },
      )
      expect(JSON.parse(read('same-report')).sessions).toHaveLength(whole.length)
    })
    it('refuses two that differ, unless -d says by which', async () => {
      const paths = two('differ', (text) => text.replace('version: 1', 'version: 2'))
      await expect(audit(paths, { out: join(folder, 'never') })).rejects.toThrow(/differ, .*: name it with -d/)
      const declaration = join(paths[1] ?? '', 'declaration.yaml')
      await audit(paths, { out: join(folder, 'differ-report'), declaration })
      expect(JSON.parse(read('differ-report')).declaration.version).toBe(2)
    })
    it('refuses two sessions of one name', async () => {
      const paths = [campaign('one-a', whole), campaign('one-b', whole)]
      await expect(audit(paths, { out: join(folder, 'never') })).rejects.toThrow(/two sessions .* are called/)
    })
  })

  it('refuses two sessions of one name', async () => {
    const [first = ''] = sessions
    const path = campaign('doubled', [first])
    cpSync(join(example, first), join(path, 'copy'), { recursive: true })
    await expect(audit([path], { out: join(folder, 'never') })).rejects.toThrow(/two sessions .* are called/)
  })
})
