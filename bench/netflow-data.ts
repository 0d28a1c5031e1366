/** Makes the benchmark's datagrams: conversations of a household, both directions, as v5, v9 and IPFIX in turn. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Fits an Ethernet frame. */
const recordsPerDatagram = 28
const v5Record = 48
/** Addresses, ports, protocol, flags, bytes, packets, first and last: what every exporter's template has. */
const fields = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [6, 1],
  [1, 4],
  [2, 4],
] as const
const uptimes = [
  [22, 4],
  [21, 4],
] as const
const milliseconds = [
  [152, 8],
  [153, 8],
] as const
const start = 1_415_008_800
const uptime = 86_400_000

/** Fills in a record's ends and counts. @returns the offset behind them */
function writeFlow(buffer: Buffer, at: number, index: number): number {
  const conversation = index >>> 1
  const isAnswer = (index & 1) === 1
  const device = 0xc0a82b00 + 2 + (conversation % 200)
  const server = 0x17000000 + ((conversation * 2_654_435) & 0xffffff)
  const port = 32_768 + ((conversation * 7) & 0x3fff)
  buffer.writeUInt32BE(isAnswer ? server : device, at)
  buffer.writeUInt32BE(isAnswer ? device : server, at + 4)
  buffer.writeUInt16BE(isAnswer ? 443 : port, at + 8)
  buffer.writeUInt16BE(isAnswer ? port : 443, at + 10)
  buffer[at + 12] = 6
  buffer[at + 13] = 0x1b
  buffer.writeUInt32BE(60 + ((index * 977) & 0xffff), at + 14)
  buffer.writeUInt32BE(1 + (index & 63), at + 18)
  return at + 22
}

function v5Datagram(sequence: number, from: number, now: number): Buffer {
  const buffer = Buffer.alloc(24 + recordsPerDatagram * v5Record)
  buffer.writeUInt16BE(5, 0)
  buffer.writeUInt16BE(recordsPerDatagram, 2)
  buffer.writeUInt32BE(uptime, 4)
  buffer.writeUInt32BE(now, 8)
  buffer.writeUInt32BE(sequence * recordsPerDatagram, 16)
  const flow = Buffer.alloc(22)
  for (let i = 0; i < recordsPerDatagram; i++) {
    const at = 24 + i * v5Record
    writeFlow(flow, 0, from + i)
    flow.copy(buffer, at, 0, 8)
    flow.copy(buffer, at + 16, 18, 22)
    flow.copy(buffer, at + 20, 14, 18)
    buffer.writeUInt32BE(uptime - 5000, at + 24)
    buffer.writeUInt32BE(uptime - 1000, at + 28)
    flow.copy(buffer, at + 32, 8, 12)
    buffer[at + 37] = 0x1b
    buffer[at + 38] = 6
  }
  return buffer
}

function templateDatagram(version: 9 | 10, sequence: number, from: number, now: number): Buffer {
  const isIpfix = version === 10
  const all = [...fields, ...(isIpfix ? milliseconds : uptimes)]
  const header = isIpfix ? 16 : 20
  const templateLength = 8 + all.length * 4
  const recordLength = all.reduce((sum, [, length]) => sum + length, 0)
  const dataLength = 4 + Math.ceil((recordsPerDatagram * recordLength) / 4) * 4
  const buffer = Buffer.alloc(header + templateLength + dataLength)
  buffer.writeUInt16BE(version, 0)
  buffer.writeUInt16BE(isIpfix ? buffer.length : recordsPerDatagram + 1, 2)
  if (!isIpfix) buffer.writeUInt32BE(uptime, 4)
  buffer.writeUInt32BE(now, isIpfix ? 4 : 8)
  buffer.writeUInt32BE(isIpfix ? sequence * recordsPerDatagram : sequence, isIpfix ? 8 : 12)
  let at = header
  for (const value of [isIpfix ? 2 : 0, templateLength, 256, all.length, ...all.flat(), 256, dataLength])
    at = buffer.writeUInt16BE(value, at)
  for (let i = 0; i < recordsPerDatagram; i++) {
    at = writeFlow(buffer, at, from + i)
    for (const before of [5000, 1000])
      at = isIpfix
        ? buffer.writeBigUInt64BE(BigInt(now * 1000 - before), at)
        : buffer.writeUInt32BE(uptime - before, at)
  }
  return buffer
}

/** Every datagram, in order; `count` records in all, rounded up to whole datagrams. */
export function* datagrams(count: number): Generator<Buffer> {
  for (let index = 0; index * recordsPerDatagram < count; index++) {
    const now = start + Math.floor(index / 30)
    const sequence = Math.floor(index / 3)
    const from = index * recordsPerDatagram
    if (index % 3 === 0) yield v5Datagram(sequence, from, now)
    else yield templateDatagram(index % 3 === 1 ? 9 : 10, sequence, from, now)
  }
}

/** Writes them one behind the other, once. */
export function makeDatagrams(path: string, count: number): void {
  if (existsSync(path)) return
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(`${path}.part`, 'w')
  for (const datagram of datagrams(count)) writeSync(file, datagram)
  closeSync(file)
  renameSync(`${path}.part`, path)
}
