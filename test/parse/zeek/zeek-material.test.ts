/** Zeek's logs and captures that nobody on this project made, against what Zeek says of them. Skipped where they are absent. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { accounted, type SeenFlow, see } from '../capture-builder.ts'

const MATERIAL = '../shared/material'
const isHere = existsSync(join(MATERIAL, 'zeek'))
const text = (path: string) => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString()

/** Rows of a log in columns, taken apart in the plainest way. */
function rowsOf(log: string): Record<string, string>[] {
  let fields: string[] = []
  const rows: Record<string, string>[] = []
  for (const line of log.split('\n')) {
    if (line.startsWith('#fields\t')) fields = line.split('\t').slice(1)
    else if (line !== '' && !line.startsWith('#'))
      rows.push(Object.fromEntries(line.split('\t').map((value, i) => [fields[i] ?? '', value])))
  }
  return rows
}

const count = (value: string | undefined) => (value === undefined || value === '-' ? 0 : Number(value))

/** What a row of conn.log says of a flow, in the same words. */
function said(row: Record<string, string>): string {
  const ports = row.proto === 'tcp' || row.proto === 'udp'
  const end = (which: 'orig' | 'resp') =>
    `${canonical(row[`id.${which}_h`] ?? '')}${ports ? `|${row[`id.${which}_p`]}` : ''}`
  const bytes = (which: 'orig' | 'resp') =>
    count(row[`${which}_ip_bytes`] === '-' ? row[`${which}_bytes`] : row[`${which}_ip_bytes`])
  return `${end('orig')} ${end('resp')} ${count(row.orig_pkts)} ${count(row.resp_pkts)} ${bytes('orig')} ${bytes('resp')}`
}

const canonical = (ip: string) => (ip.includes(':') ? new URL(`http://[${ip}]`).hostname.slice(1, -1) : ip)
const canonicalEnds = (ends: string) => ends.replace(/[^ |]*:[^ |]*/g, (ip) => canonical(ip))
const flowSaid = ({ ends, packets, bytes }: SeenFlow) =>
  `${canonicalEnds(ends)} ${packets.join(' ')} ${bytes.join(' ')}`

const files = isHere ? readdirSync(join(MATERIAL, 'zeek')).map((name) => join(MATERIAL, 'zeek', name)) : []

describe.skipIf(!isHere)(`logs of ${MATERIAL}/zeek (skipped where the folder is absent)`, () => {
  test('are accounted for, every one, without an error', async () => {
    for (const path of files) {
      const { read } = await see(readFileSync(path))
      expect(read, path).toMatchObject({ format: 'zeek', error: null })
      expect(read.records, path).toBe(accounted(read))
      const lines = text(path).split('\n')
      expect(read.records, path).toBe(lines.filter((line) => line !== '' && !line.startsWith('#')).length)
    }
  })

  test('of connections give a flow a row, and the same row twice gives one', async () => {
    for (const path of files.filter((name) => /conn/.test(name) && /#fields/.test(text(name).slice(0, 500)))) {
      const rows = rowsOf(text(path)).filter((row) => 'conn_state' in row)
      const { flows } = await see(readFileSync(path))
      expect(flows.map(flowSaid).sort(), path).toEqual(
        [...new Set(rows.map((row) => JSON.stringify(row)))].map((row) => said(JSON.parse(row))).sort(),
      )
    }
  })

  test('say the same in columns and as JSON', async () => {
    for (const path of files.filter((name) => name.includes('zeek-default_'))) {
      const columns = await see(readFileSync(path))
      const json = await see(readFileSync(path.replace('default', 'json').replace('.log.gz', '.json.gz')))
      const { sha256: _, size: __, ...read } = columns.read
      expect(json, path).toMatchObject({ flows: columns.flows, answers: columns.answers, read })
    }
  })
})

const GRE = 'Zeek has the connections inside of GRE and none of the tunnel; a capture has the tunnel'
const CHECKSUM = 'Zeek counts no packets whose checksum is wrong'
const FILTER = 'Zeek was told to leave packets out'

/** Baselines whose connections differ from what the capture holds, those inside of tunnels set aside, and why. */
const DIFFERS: Readonly<Record<string, string>> = {
  'zeek__cisco-fabric-path.pcap core.cisco-fabric-path': 'Zeek has no ports of SCTP',
  'zeek__communityid_sctp.pcap core.unknown-ip-protocol': 'Zeek has no ports of SCTP',
  'zeek__erspanI.pcap core.erspanI': GRE,
  'zeek__erspanIII.pcap core.erspanIII': GRE,
  'zeek__ldap_missing_krbtgt_ldap_request.pcapng scripts.base.protocols.ldap.sasl-signed-clear-2':
    'Zeek counts a segment larger than the link carries, and not its bytes',
  'zeek__tunnels_gre-aruba-amsdu.pcap core.tunnels.gre-aruba-amsdu': GRE,
  'zeek__tunnels_gre-pptp.pcap core.tunnels.gre-pptp': GRE,
  'zeek__tunnels_gre-sample.pcap core.skip_analyzer': GRE,
  'zeek__tunnels_gre-sample.pcap core.tunnels.gre': GRE,
  'zeek__tunnels_gre-within-gre.pcap core.tunnels.gre-in-gre': GRE,
  'zeek__tunnels_gtp_gtp1_gn_normal_incl_fragmentation.pcap core.tunnels.gtp.outer_ip_frag':
    'Zeek puts fragments together; a capture counts those without ports apart',
  'zeek__tunnels_vxlan-encapsulated-igmp-v2.pcap core.tunnels.vxlan-unknown-internal-packet': CHECKSUM,
  'zeek__vntag_vlan_sandwich_clean.pcap core.vntag-in-vlan': CHECKSUM,
  'zeek__wikipedia.pcap core.pcap.dynamic-filter': FILTER,
  'zeek__wikipedia.pcap core.pcap.read-trace-with-filter': FILTER,
  'zeek__wikipedia.pcap scripts.base.frameworks.analyzer.request-analyzer': 'Zeek was told not to count packets',
}

const ORACLE = join(MATERIAL, 'oracle', 'zeek')
const baselines = existsSync(ORACLE)
  ? readdirSync(ORACLE).flatMap((capture) =>
      readdirSync(join(ORACLE, capture))
        .map((name) => ({ capture, name, path: join(ORACLE, capture, name, 'conn.log') }))
        .filter(
          ({ path }) =>
            existsSync(path) &&
            /#fields.*\torig_ip_bytes/.test(readFileSync(path, 'utf8')) &&
            /\tid\.orig_h/.test(readFileSync(path, 'utf8')),
        ),
    )
  : []

describe.skipIf(baselines.length === 0)(`Zeek's baselines of ${ORACLE} (skipped where the folder is absent)`, () => {
  test('are read as they stand', async () => {
    for (const { path } of baselines) {
      const { flows, read } = await see(readFileSync(path))
      const rows = rowsOf(readFileSync(path, 'utf8'))
      // Their times are blotted out.
      expect(read, path).toMatchObject({ format: 'zeek', records: rows.length, error: null })
      expect(flows.map(flowSaid), path).toEqual(rows.map(said))
    }
  })

  test('have the flows of the capture: ends, packets, IP bytes', { timeout: 120_000 }, async () => {
    const differs: string[] = []
    for (const { capture, name, path } of baselines) {
      const packets = await see(readFileSync(join(MATERIAL, 'pcap', capture)))
      const log = await see(new TextEncoder().encode(outermost(readFileSync(path, 'utf8'))))
      if (sums(packets.flows).join() !== sums(log.flows).join()) differs.push(`${capture} ${name}`)
    }
    expect(differs).toEqual(Object.keys(DIFFERS))
    expect(baselines.length).toBeGreaterThan(50)
  })
})

/** A log without its connections inside of tunnels. */
function outermost(log: string): string {
  let column = -1
  return log
    .split('\n')
    .filter((line) => {
      if (line.startsWith('#fields')) column = line.split('\t').indexOf('tunnel_parents') - 1
      return line.startsWith('#') || column < 0 || !/^C/.test(line.split('\t')[column] ?? '')
    })
    .join('\n')
}

/** Flows summed by their ends, whichever began: Zeek ends a connection where the capture goes on with the same ports. */
function sums(flows: readonly SeenFlow[]): readonly string[] {
  const byEnds = new Map<string, number[]>()
  for (const { ends, protocol, packets, bytes } of flows) {
    const [a = '', b = ''] = canonicalEnds(ends).split(' ')
    const swap = a > b
    const key = `${protocol} ${swap ? `${b} ${a}` : `${a} ${b}`}`
    const counts = [...packets, ...bytes]
    const [packetsA = 0, packetsB = 0, bytesA = 0, bytesB = 0] = swap
      ? [counts[1], counts[0], counts[3], counts[2]]
      : counts
    const sum = byEnds.get(key) ?? [0, 0, 0, 0]
    byEnds.set(
      key,
      [packetsA, packetsB, bytesA, bytesB].map((value, i) => value + (sum[i] ?? 0)),
    )
  }
  return [...byEnds].map(([key, counts]) => `${key} ${counts.join(' ')}`).sort()
}
