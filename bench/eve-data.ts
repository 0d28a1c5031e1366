/** The benchmark's EVE log: the same events and bytes in every run, made once and kept under bench/data. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Of every connection: a question and an answer of DNS, a hello, and the flow events of both. */
const connections = 100_000
export const events = connections * 5

const time = (i: number) => new Date(1_574_441_288_000 + i * 7).toISOString().replace('Z', '123+0000')

function* eventsOf(i: number): Generator<object> {
  const id = 1_000_000_000_000_000 + i * 7919
  const name = `h${i % 500}.example.com`
  const address = `203.0.${(i >> 8) & 255}.${i & 255}`
  const client = { src_ip: `192.168.7.${2 + (i % 9)}`, src_port: 32768 + (i % 28000) }
  const tls = { ...client, dest_ip: address, dest_port: 443, proto: 'TCP' }
  const dns = { ...client, dest_ip: '192.168.7.1', dest_port: 53, proto: 'UDP' }
  const event = (type: string, flow: number) => ({
    timestamp: time(i),
    flow_id: flow,
    in_iface: 'wlan0',
    event_type: type,
  })
  const answers = [
    { rrname: name, rrtype: 'CNAME', ttl: 300, rdata: 'c.cdn.example' },
    { rrname: 'c.cdn.example', rrtype: 'A', ttl: 60, rdata: address },
  ]
  yield { ...event('dns', id + 1), ...dns, dns: { type: 'query', id: i & 65535, rrname: name, rrtype: 'A', tx_id: 0 } }
  const about = { version: 2, type: 'answer', id: i & 65535, flags: '8180', qr: true, rd: true, ra: true }
  yield { ...event('dns', id + 1), ...dns, dns: { ...about, rrname: name, rrtype: 'A', rcode: 'NOERROR', answers } }
  const certificate = {
    subject: 'CN=*.example.com',
    issuerdn: 'C=US, O=Example CA, CN=Example',
    serial: '0F:D0:78:DD:48:F1',
  }
  yield { ...event('tls', id), ...tls, tls: { ...certificate, sni: name, version: 'TLS 1.2' } }
  for (const [flow, ends, app] of [
    [id, tls, 'tls'],
    [id + 1, dns, 'dns'],
  ] as const) {
    const counts = { pkts_toserver: 9, pkts_toclient: 7, bytes_toserver: 1200 + (i % 999), bytes_toclient: 5400 }
    const state = { start: time(i), end: time(i + 900), age: 6, state: 'closed', reason: 'timeout', alerted: false }
    const flags = {
      tcp_flags: '1b',
      tcp_flags_ts: '1b',
      tcp_flags_tc: '1b',
      syn: true,
      fin: true,
      psh: true,
      ack: true,
    }
    const tcp = ends === tls ? { tcp: { ...flags, state: 'closed' } } : {}
    yield { ...event('flow', flow), ...ends, app_proto: app, flow: { ...counts, ...state }, ...tcp }
  }
}

/** Makes the log where it is not there yet. @returns the paths of all events, and of the flow events alone */
export function eveData(): { readonly all: string; readonly flows: string } {
  const folder = join(import.meta.dirname, 'data')
  const paths = { all: join(folder, 'eve.v1.json'), flows: join(folder, 'eve-flows.v1.json') }
  if (existsSync(paths.all) && existsSync(paths.flows)) return paths
  mkdirSync(folder, { recursive: true })
  const lines: string[] = []
  for (let i = 0; i < connections; i++) for (const event of eventsOf(i)) lines.push(`${JSON.stringify(event)}\n`)
  const write = (path: string, text: string) => {
    writeFileSync(`${path}.part`, text)
    renameSync(`${path}.part`, path)
  }
  write(paths.all, lines.join(''))
  write(paths.flows, lines.filter((line) => line.includes('"event_type":"flow"')).join(''))
  return paths
}
