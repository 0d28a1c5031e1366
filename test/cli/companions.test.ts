import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CaptureFile, unassignedSession } from '../../functions/cli/campaign.ts'
import { companionGroups } from '../../functions/cli/companions.ts'
import { run } from '../../functions/cli/flows-command.ts'
import { observeAll } from '../../functions/cli/observe-pool.ts'
import type { Terminal } from '../../functions/cli/terminal.ts'
import { columnsOf, conn, dns, http, jsonOf, ssl } from '../parse/zeek/logs.ts'

const phone = conn('C1')
const web = conn('C2', { 'id.orig_p': 40002, 'id.resp_h': '198.51.100.8' })
const logs: Readonly<Record<string, string>> = {
  'conn.log': columnsOf('conn', [phone, web]),
  'ssl.log': columnsOf('ssl', [ssl(phone, 'api.example.com'), ssl(conn('C9'), 'lost.example.com')]),
  'http.log': jsonOf([http(phone, 'GET', 'www.example.com', '/')]),
  'dns.log': columnsOf('dns', [dns('edge.example.com', ['198.51.100.8'])]),
}

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'companions-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, text: string | Uint8Array) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function flows(files: readonly string[]) {
  let out = ''
  const terminal: Terminal = {
    out: async (text) => {
      out += text
    },
    err: () => {},
    interactive: false,
    color: false,
    stdin: (async function* () {})(),
    env: {},
  }
  const status = await run(files, {}, terminal)
  const lines = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  return {
    status,
    flows: lines.filter((line) => !line.ledger),
    ledgers: Object.fromEntries(
      lines.flatMap(({ ledger }) => (ledger ? [[ledger.source.slice(folder.length + 1), ledger]] : [])),
    ),
  }
}

describe('files are read together', () => {
  const groups = (names: readonly string[]) =>
    companionGroups(names.map((path) => ({ path, reading: {} }))).map((group) => group.map(({ path }) => path))

  test.each<[string, string[], string[][]]>([
    [
      'where their names differ in the log alone',
      ['a/conn.log', 'a/ssl.log.gz', 'a/x509.log'],
      [['a/ssl.log.gz', 'a/conn.log'], ['a/x509.log']],
    ],
    [
      'of the same span of a rotation',
      ['conn.02:00:00-03:00:00.log.gz', 'ssl.02:00:00-03:00:00.log.gz', 'ssl.03:00:00-04:00:00.log.gz'],
      [['ssl.02:00:00-03:00:00.log.gz', 'conn.02:00:00-03:00:00.log.gz'], ['ssl.03:00:00-04:00:00.log.gz']],
    ],
    ['of the same folder', ['a/conn.log', 'b/ssl.log'], [['a/conn.log'], ['b/ssl.log']]],
    [
      'with the same beginning',
      ['rig1_conn.json', 'rig2_dns.json', 'rig1_dns.json'],
      [['rig1_dns.json', 'rig1_conn.json'], ['rig2_dns.json']],
    ],
    [
      'those that ended before those that were open',
      ['open_conn.log', 'conn.log', 'dns.log'],
      [['dns.log', 'conn.log', 'open_conn.log']],
    ],
    ['and captures of packets never', ['conn.pcap', 'dns.pcap'], [['conn.pcap'], ['dns.pcap']]],
  ])('%s', (_, names, expected) => {
    expect(groups(names)).toEqual(expected)
  })

  test('only where they are read in the same way', () => {
    const files = [
      { path: 'conn.log', reading: {} },
      { path: 'ssl.log', reading: { timeZone: 'Asia/Shanghai' } },
    ]
    expect(companionGroups(files)).toHaveLength(2)
  })
})

test('logs beside each other name the flows of conn.log, in whatever order they are given, each with a ledger of its own', async () => {
  const paths = Object.entries(logs).map(([name, text]) => write(name, text))
  const inOrder = await flows(paths)
  expect(await flows(paths.reverse())).toEqual(inOrder)
  expect(inOrder.status).toBe(0)
  expect(
    inOrder.flows.map(({ source, names }) => [
      source.slice(folder.length + 1),
      names.map(({ name }: { name: string }) => name),
    ]),
  ).toEqual([
    ['conn.log', ['api.example.com', 'www.example.com']],
    ['conn.log', ['edge.example.com']],
  ])
  expect(inOrder.ledgers).toMatchObject({
    'conn.log': { records: 2, used: 2, flows: 2 },
    'ssl.log': { records: 2, used: 1, leftOut: { 'no-conn-row': 1 }, flows: 0 },
    'http.log': { records: 1, used: 1 },
    'dns.log': { records: 1, used: 1 },
  })
  const others = ['ssl.log', 'http.log', 'dns.log'].map((name) => inOrder.ledgers[name].sha256).sort()
  expect(inOrder.ledgers['conn.log'].readWith).toEqual(others)
})

test('a companion that is not there, or damaged, does not stop the others', async () => {
  const paths = [
    write('conn.log', logs['conn.log'] ?? ''),
    write('ssl.log.gz', gzipSync(logs['ssl.log'] ?? '').subarray(0, 40)),
    join(folder, 'dns.log'),
  ]
  const seen = await flows(paths)
  expect(seen.status).toBe(2)
  expect(seen.flows).toHaveLength(2)
  expect(seen.ledgers['dns.log']).toMatchObject({
    format: 'unknown',
    sha256: null,
    error: expect.stringContaining('no such file'),
  })
  expect(seen.ledgers['ssl.log.gz'].error).not.toBeNull()
})

test('a connection of conn.log that stands in open_conn.log, too, is one flow, that of conn.log', async () => {
  const open = conn('C1', { duration: 0.1, orig_ip_bytes: 50 })
  const seen = await flows([
    write('open_conn.log', columnsOf('conn', [open])),
    write('conn.log', columnsOf('conn', [phone])),
  ])
  expect(seen.flows).toMatchObject([{ source: join(folder, 'conn.log'), bytes: [560, 1110] }])
  expect(seen.ledgers['open_conn.log']).toMatchObject({ used: 0, leftOut: { 'same-connection': 1 } })
})

test('an audit reads them together in each session', async () => {
  const files = ['one', 'two'].flatMap((id) => {
    const session = { ...unassignedSession, id }
    return Object.entries(logs).map(([name, text]): CaptureFile => {
      return { path: write(name, text), source: name, size: text.length, session, reading: {} }
    })
  })
  const alone = await observeAll(files)
  expect(alone.map(({ ledger }) => `${ledger.session} ${ledger.source} ${ledger.used}`)).toEqual([
    'one conn.log 2',
    'one ssl.log 1',
    'one http.log 1',
    'one dns.log 1',
    'two conn.log 2',
    'two ssl.log 1',
    'two http.log 1',
    'two dns.log 1',
  ])
  expect(alone[0]?.observations.flatMap(({ names }) => names.map(({ name }) => name)).sort()).toEqual([
    'api.example.com',
    'edge.example.com',
    'www.example.com',
  ])
})
