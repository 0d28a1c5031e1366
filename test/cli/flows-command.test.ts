import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../functions/cli/flows-command.ts'
import type { Terminal } from '../../functions/cli/terminal.ts'
import {
  enhancedPacket,
  ethernet,
  hex,
  interfaceDescription,
  ipv4,
  join,
  option,
  pcap,
  sectionHeader,
  tcp,
  udp,
} from '../parse/capture-builder.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(joinPath(tmpdir(), 'domicile-flows-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, bytes: Uint8Array): string {
  const path = joinPath(folder, name)
  writeFileSync(path, bytes)
  return path
}

async function flows(files: readonly string[], options = {}, interactive = false) {
  let out = ''
  let err = ''
  const terminal: Terminal = {
    out: async (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    interactive,
    color: false,
    stdin: (async function* () {})(),
    env: {},
  }
  const status = await run(files, options, terminal)
  const lines = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  return { status, err, lines }
}

const START = 1_414_800_000e6
const conversation = pcap([
  { time: START, bytes: ethernet(0x0800, ipv4(tcp(50000, 443, 2, 100))) },
  {
    time: START + 30_500,
    bytes: ethernet(0x0800, ipv4(tcp(443, 50000, 18, 900, 101), { from: '192.0.2.1', to: '10.0.0.1' })),
  },
  { time: START + 31_000, bytes: ethernet(0x0806, new Uint8Array(28)) },
])

test('a flow is one line, and the file one more that accounts for it', async () => {
  const path = file('a.pcap', conversation)
  const { status, err, lines } = await flows([path])
  expect(status).toBe(0)
  expect(err).toBe('')
  expect(lines).toEqual([
    {
      source: path,
      proto: 'tcp',
      initiator: { ip: '10.0.0.1', port: 50000 },
      responder: { ip: '192.0.2.1', port: 443 },
      device: expect.toSatisfy((device) => device === null || device === 'initiator'),
      packets: [1, 1],
      bytes: [40, 40],
      start: '2014-11-01T00:00:00Z',
      end: '2014-11-01T00:00:00.030500Z',
      names: [],
      handshakeRttMs: 30.5,
    },
    {
      ledger: {
        source: path,
        format: 'pcap',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        size: conversation.length,
        records: 3,
        used: 2,
        leftOut: { 'not IP: ARP': 1 },
        error: null,
        flows: 1,
        gaps: [],
      },
    },
  ])
})

test('ports of protocols that have none are null, and a protocol that few know is a number', async () => {
  const path = file('gre.pcap', pcap([{ bytes: ipv4(new Uint8Array(8), { protocol: 47 }) }], { linkType: 101 }))
  const { lines } = await flows([path])
  expect(lines[0]).toMatchObject({
    proto: 47,
    initiator: { port: null },
    responder: { port: null },
    handshakeRttMs: null,
  })
})

test('a file that cannot be read does not stop the others, and the exit status says so', async () => {
  const good = file('good.pcap', conversation)
  const bad = file('bad.pcap', conversation.subarray(0, conversation.length - 5))
  const missing = joinPath(folder, 'missing.pcap')
  const { status, err, lines } = await flows([missing, folder, bad, good])
  expect(status).toBe(2)
  expect(err.split('\n').filter(Boolean)).toEqual([
    expect.stringContaining(`${missing}: there is no such file`),
    expect.stringContaining(`${folder}: it is a folder: name the files in it`),
    expect.stringMatching(/bad\.pcap: byte 164: the pcap file is cut short/),
  ])
  expect(
    lines.filter(({ ledger }) => ledger).map(({ ledger }) => [ledger.source, ledger.records, ledger.error === null]),
  ).toEqual([
    [missing, 0, false],
    [folder, 0, false],
    [bad, 2, false],
    [good, 3, true],
  ])
})

test('a session tells which end is the device', async () => {
  const path = file('device.pcap', conversation)
  const session = file(
    'session.yaml',
    Buffer.from(`apiVersion: domicile/v1
kind: Session
id: redmi-1
rig: { id: rig-1, clockErrorMs: 5 }
device: { addresses: ["02:00:00:00:00:02"] }
`),
  )
  const { lines } = await flows([path], { session })
  expect(lines[0]).toMatchObject({ device: 'responder' })
})

test('a VPC flow log without a header is read by the order of fields that is given', async () => {
  const path = file('flow.log', Buffer.from('10.0.0.1 192.0.2.1 1000 443 6 3 180 1414800000 1414800060\n'))
  const { status, lines } = await flows([path], {
    format: 'srcaddr dstaddr srcport dstport protocol packets bytes start end',
  })
  expect(status).toBe(0)
  expect(lines[0]).toMatchObject({ proto: 'tcp', packets: [3, 0], bytes: [180, 0], start: '2014-11-01T00:00:00Z' })
})

test('progress shows only to a person', async () => {
  const path = file('p.pcap', pcap([{ bytes: ipv4(udp(1, 2), { protocol: 17 }) }], { linkType: 101 }))
  expect((await flows([path], {}, true)).err).toContain('1 of 1')
  expect((await flows([path])).err).toBe('')
})

test('times are written in microseconds, also before 1970; a time that no clock has is none', async () => {
  const bytes = ipv4(udp(1, 2), { protocol: 17 })
  const described = interfaceDescription(101, option(14, hex('f6ffffff ffffffff')))
  const path = file(
    'times.pcapng',
    join(
      sectionHeader(),
      described,
      enhancedPacket(bytes, 9_000_001n),
      sectionHeader(),
      described,
      enhancedPacket(bytes, 2n ** 63n),
    ),
  )
  const { lines } = await flows([path])
  expect(lines.slice(0, 2).map(({ start }) => start)).toEqual(['1969-12-31T23:59:59.000001Z', null])
  expect(lines[2].ledger.leftOut).toEqual({ 'time-out-of-range': 1 })
})

test('--columns reads a log of any shape, and faults in it are told before anything is read', async () => {
  const path = file('any.csv', Buffer.from('when;from;to\n2014-11-01T09:00:05;192.168.7.2;203.0.113.5\n'))
  const columns = 'start=when,initiatorIp=from,responderIp=to'
  const { status, lines } = await flows([path], { columns, timeZone: 'Asia/Kolkata' })
  expect(status).toBe(0)
  expect(lines[0]).toMatchObject({ start: '2014-11-01T03:30:05Z', responder: { ip: '203.0.113.5', port: null } })
  expect((await flows([path], { columns })).lines.at(-1).ledger.error).toMatch(/^line 2: .*timeZone .*--time-zone/)
  for (const [wrong, message] of [
    ['start=when,initatorIp=from', /no word initatorIp; did you mean `initiatorIp`/],
    ['start=when,initiatorIp=from', /^--columns lacks `responderIp`/],
    [`${columns},startUnit=msec`, /startUnit is one of s, ms, us, ns, and not msec/],
    [`${columns},start=x`, /names start twice/],
    [`${columns},name`, /"name" is no word with its column/],
  ] as const)
    await expect(flows([path], { columns: wrong })).rejects.toThrow(message)
})
