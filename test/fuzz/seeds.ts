/** What the fuzzer begins with: made-up captures of every kind, and those of others where they are at hand. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import {
  enhancedPacket,
  ethernet,
  hex,
  interfaceDescription,
  ipv4,
  ipv6,
  join as joined,
  pcap,
  sectionHeader,
  tcp,
  udp,
} from '../parse/capture-builder.ts'

/** Larger ones are cut: many small inputs find more than few large ones. */
const LARGEST = 24 * 1024

const root = resolve(import.meta.dirname, '../..')
const material = resolve(root, '../shared/material')
const FOLDERS = ['pcap', 'vpcflow', 'zeek', 'suricata', 'netflow', 'har', 'mitmproxy', 'pcapdroid']

const text = (content: string) => new Uint8Array(Buffer.from(content))

export function seeds(): Uint8Array[] {
  const folders = [...FOLDERS.map((name) => join(material, name)), join(root, 'examples'), join(root, 'test/fixtures')]
  return [...madeUp(), ...folders.filter((folder) => existsSync(folder)).flatMap(filesOf)]
}

function filesOf(folder: string): Uint8Array[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .sort()
    .filter((path) => statSync(path).isFile() && !/\.(md|ts|mjs)$/.test(path))
    .map((path) => new Uint8Array(readFileSync(path)).slice(0, LARGEST))
}

function madeUp(): Uint8Array[] {
  const frames = [
    ethernet(0x0800, ipv4(tcp(1000, 443, 2, 100))),
    ethernet(0x0800, ipv4(tcp(1000, 80, 24, 101, 901, text('GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n')))),
    ethernet(0x86dd, ipv6(udp(1000, 53, hex('0001 0100 0001 0000 0000 0000 01610162 00 0001 0001')), 17)),
    ethernet(
      0x86dd,
      ipv6(
        udp(53, 1000, hex('0001 8180 0001 0001 0000 0000 01610162 00 0001 0001 c00c 0001 0001 0000003c 0004 c0000201')),
        17,
      ),
    ),
  ]
  const row = '2 123456789012 eni-0a 10.0.0.5 203.0.113.9 40000 443 6 10 1000 1600000000 1600000059 ACCEPT OK'
  const skipped = '2 123456789012 eni-0a - - - - - - - 1600000000 1600000060 - SKIPDATA'
  const flowLog = text(`${row}\n${skipped}\n`)
  const cells = row.split(' ')
  const columns =
    'version account_id interface_id srcaddr dstaddr srcport dstport protocol packets bytes start end action log_status'
  const parquet = parquetWriteBuffer({
    columnData: columns
      .split(' ')
      .map((name, i) =>
        ['srcport', 'dstport', 'protocol'].includes(name)
          ? { name, type: 'INT32' as const, data: Array(9).fill(Number(cells[i])) }
          : { name, type: 'STRING' as const, data: Array(9).fill(cells[i]) },
      ),
    codec: 'UNCOMPRESSED',
  })
  return [
    pcap(frames.map((bytes, i) => ({ bytes, time: i * 1000 }))),
    joined(sectionHeader(), interfaceDescription(1), ...frames.map((frame, i) => enhancedPacket(frame, BigInt(i)))),
    flowLog,
    new Uint8Array(gzipSync(flowLog)),
    zstdOf(flowLog),
    tarOf(flowLog),
    text(`2020-09-13T12:26:40.000Z ${row}\n`),
    text(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ id: '0', timestamp: 0, message: row }] })),
    text(`@timestamp,@message\n2020-09-13 12:26:40.000,${row}\n`),
    text('ts,src,dst\n2020-09-13T12:26:40Z,10.0.0.5,203.0.113.9\n1600000000,"2001:db8::1",2001:db8::2\n'),
    text('{"ts":1600000000.5,"src":"10.0.0.5","dst":"203.0.113.9"}\n'),
    new Uint8Array(parquet),
  ]
}

/** A frame of one raw block (RFC 8878). */
const zstdOf = (bytes: Uint8Array) =>
  joined(
    hex('28b52ffd 20'),
    Uint8Array.of(bytes.length, ((bytes.length << 3) | 1) & 255, (bytes.length >> 5) & 255, 0),
    bytes,
  )

function tarOf(bytes: Uint8Array): Uint8Array {
  const header = Buffer.alloc(512)
  header.write('a.log')
  header.write('0000644\0', 100)
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return joined(header, bytes, new Uint8Array(((512 - (bytes.length % 512)) % 512) + 1024))
}
