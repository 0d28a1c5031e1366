import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { surveyCampaign } from '../../functions/cli/campaign.ts'
import { run as flows } from '../../functions/cli/flows-command.ts'
import { KeyLogs } from '../../functions/cli/key-log.ts'
import { run as observe } from '../../functions/cli/observe-command.ts'
import { observeAll } from '../../functions/cli/observe-pool.ts'
import { recorded, requests, tlsServer } from '../parse/tls/bench.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

const opened = ['front.example', 'one.example']
let folder = ''
let capture = new Uint8Array()
let keyLog = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'domicile-keys-'))
  const bench = await recorded(tlsServer(), (port) => requests(port, ['one.example']))
  capture = new Uint8Array(bench.segments.pcap())
  keyLog = bench.keyLog
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

const sessionText = (captures: string) =>
  `apiVersion: domicile/v1\nkind: Session\nid: day-1\nrig: { id: rig-1, clockErrorMs: 5 }\ncaptures:\n${captures}`

const namesPrinted = (out: string) =>
  JSON.parse(out.split('\n')[0] ?? '').names.map(({ name }: { name: string }) => name)

test('flows: a key log opens the TLS of a capture, named by --keys or by its session', async () => {
  const path = file('flows/captures/a.pcap', capture)
  const keys = file('flows/captures/keys.log', keyLog)
  const session = file('flows/session.yaml', sessionText('  - { file: captures/a.pcap, keys: captures/keys.log }\n'))
  for (const [options, names] of [
    [{}, ['front.example']],
    [{ keys }, opened],
    [{ session }, opened],
  ] as const) {
    const terminal = memoryTerminal()
    expect(await flows([path], options, terminal)).toBe(0)
    expect(namesPrinted(terminal.stdout)).toEqual(names)
  }
})

test('observe: evidence that a key log had a part in has a key of its own', async () => {
  const path = file('observe/a.pcap', capture)
  const keys = file('observe/keys.log', keyLog)
  const other = file('observe/other.log', `# the same secrets\n${keyLog}`)
  const ids: string[][] = []
  for (const options of [{}, { keys }, { keys: other }]) {
    const out = join(folder, `observed-${ids.length}`)
    expect(await observe([path], { out, campaign: 'mi', ...options }, memoryTerminal())).toBe(0)
    ids.push(readdirSync(join(out, 'ledger')))
  }
  expect(new Set(ids.flat()).size).toBe(3)
})

const campaignOf = async (name: string, keys?: string) => {
  const given = {
    reading: keys === undefined ? {} : { keyLog: readFileSync(keys) },
    keyLog: keys ?? null,
    seedKey: null,
  }
  return await surveyCampaign([join(folder, name)], given, new KeyLogs(), () => {})
}

test('a campaign: the key log that a session names is no capture, and stands among the documents', async () => {
  file('listed/day-1/captures/a.pcap', capture)
  file('listed/day-1/captures/keys.log', keyLog)
  const session = '  - { file: captures/a.pcap, keys: captures/keys.log }\n'
  file('listed/day-1/session.yaml', sessionText(session))
  const { captures, documents } = await campaignOf('listed')
  expect(captures.map(({ source }) => source)).toEqual(['day-1/captures/a.pcap'])
  expect(documents.map(({ source }) => source)).toEqual(['day-1/session.yaml', 'day-1/captures/keys.log'])
  const [observed] = await observeAll(captures)
  expect(observed?.observations[0]?.names.map(({ name }) => name).sort()).toEqual(opened)
})

test('a campaign: --keys holds where a session names none, and the file is no capture wherever it lies', async () => {
  for (const name of ['loose', 'unlisted']) {
    file(`${name}/day-1/captures/a.pcap`, capture)
    const keys = relative(process.cwd(), file(`${name}/day-1/captures/keys.log`, keyLog))
    if (name === 'unlisted') file(`${name}/day-1/session.yaml`, sessionText('  - file: captures/a.pcap\n'))
    const { captures, documents } = await campaignOf(name, keys)
    expect(captures.map(({ source }) => source)).toEqual(['day-1/captures/a.pcap'])
    expect(documents.map(({ source }) => source)).toContain(keys)
    const [observed] = await observeAll(captures)
    expect(observed?.observations[0]?.names.map(({ name: host }) => host).sort()).toEqual(opened)
  }
})

test('a key log that is not there, or is none, is refused, and nothing of it is shown', async () => {
  file('absent/day-1/captures/a.pcap', capture)
  file('absent/day-1/session.yaml', sessionText('  - { file: captures/a.pcap, keys: captures/keys.log }\n'))
  await expect(campaignOf('absent')).rejects.toThrow('captures/keys.log is listed and not there')
  await expect(campaignOf('absent')).rejects.not.toThrow('captures/a.pcap is there and not listed')
  await expect(new KeyLogs().at(join(folder, 'nowhere.log'))).rejects.toThrow('there is no such key log')
  const secret = createHash('sha256').update('secret').digest('hex')
  const other = file('other.txt', `a note with ${secret}\n`)
  await expect(new KeyLogs().at(other)).rejects.toThrow(/is no key log: its lines have a label/)
  await expect(new KeyLogs().at(other)).rejects.not.toThrow(secret)
  expect(await new KeyLogs().at(file('empty.log', '# nothing was connected to\n'))).toHaveLength(27)
})

test('a folder among the captures of a session is called one', async () => {
  file('folder/day-1/captures/AWSLogs/a.pcap', capture)
  file('folder/day-1/session.yaml', sessionText('  - { file: captures/AWSLogs }\n'))
  await expect(campaignOf('folder')).rejects.toThrow(
    /complete: captures\/AWSLogs is a folder: list its files, or leave `captures` out$/,
  )
})

test('a key log that opens nothing is told of, and one that is packed is unpacked', async () => {
  const path = file('unused/a.pcap', capture)
  const other = file('unused/other.log', keyLog.replace(/^([A-Z_0-9]+) [0-9a-f]{64}/gm, `$1 ${'0'.repeat(64)}`))
  const packed = file('unused/keys.log.gz', gzipSync(keyLog))
  const warning = `domicile: no connection of ${path} was opened with the key log ${other}: is it of this run?\n`
  for (const [keys, says] of [
    [other, warning],
    [packed, ''],
  ] as const) {
    const terminals = [memoryTerminal(), memoryTerminal()] as const
    expect(await flows([path], { keys }, terminals[0])).toBe(0)
    expect(await observe([path], { out: join(folder, 'unused/out'), campaign: 'mi', keys }, terminals[1])).toBe(0)
    expect(terminals.map(({ stderr }) => stderr)).toEqual([says, says])
    expect(terminals[0].stdout).not.toContain('"opened"')
  }
})
