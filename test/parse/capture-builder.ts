/** Tiny captures, byte by byte, so that every field can also be wrong. */
import type { FlowBatch, NameAnswer } from '../../functions/model.ts'
import { formatAddress } from '../../functions/net/address.ts'
import { type CaptureRead, readCapture } from '../../functions/parse/read-capture.ts'

/** A packet of a capture; `original` is its length on the wire where a snap length cut it. */
export interface CapturedPacket {
  readonly bytes: Uint8Array
  /** Microseconds. */
  readonly time?: number
  readonly original?: number
}

export const hex = (text: string) => new Uint8Array(Buffer.from(text.replace(/\s+/g, ''), 'hex'))
export const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

const be16 = (n: number) => Uint8Array.of((n >>> 8) & 255, n & 255)
const be32 = (n: number) => Uint8Array.of((n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255)

/** Numbers of 16 and 32 bits in a byte order. */
export function numbers(little: boolean): { u16: (n: number) => Uint8Array; u32: (n: number) => Uint8Array } {
  return {
    u16: (n) => (little ? be16(n).reverse() : be16(n)),
    u32: (n) => (little ? be32(n).reverse() : be32(n)),
  }
}

export const tcp = (
  from: number,
  to: number,
  flags = 0x10,
  sequence = 1,
  acknowledged = 1,
  payload: Uint8Array = new Uint8Array(0),
) =>
  join(
    be16(from),
    be16(to),
    be32(sequence),
    be32(acknowledged),
    Uint8Array.of(0x50, flags),
    hex('ffff 0000 0000'),
    payload,
  )

export const udp = (from: number, to: number, payload: Uint8Array = new Uint8Array(4)) =>
  join(be16(from), be16(to), be16(8 + payload.length), be16(0), payload)

export interface IPv4Fields {
  readonly from?: string
  readonly to?: string
  readonly protocol?: number
  readonly options?: Uint8Array
  readonly length?: number
  readonly fragment?: number
}

const quad = (text: string) => Uint8Array.from(text.split('.').map(Number))

export function ipv4(payload: Uint8Array, fields: IPv4Fields = {}): Uint8Array {
  const options = fields.options ?? new Uint8Array(0)
  return join(
    Uint8Array.of(0x45 + options.length / 4, 0),
    be16(fields.length ?? 20 + options.length + payload.length),
    hex('1234'),
    be16(fields.fragment ?? 0),
    Uint8Array.of(64, fields.protocol ?? 6),
    be16(0),
    quad(fields.from ?? '10.0.0.1'),
    quad(fields.to ?? '192.0.2.1'),
    options,
    payload,
  )
}

/** From 2001:db8::1 to 2001:db8::2. */
export function ipv6(payload: Uint8Array, nextHeader = 6, length = payload.length): Uint8Array {
  const address = (last: number) => join(hex('20010db8 00000000 00000000'), be32(last))
  return join(hex('60000000'), be16(length), Uint8Array.of(nextHeader, 64), address(1), address(2), payload)
}

/** An Ethernet frame from 02:00:00:00:00:01 to 02:00:00:00:00:02. */
export const ethernet = (type: number, payload: Uint8Array) =>
  join(hex('020000000002 020000000001'), be16(type), payload)

export interface PcapShape {
  readonly little?: boolean
  readonly magic?: number
  readonly linkType?: number
}

export function pcap(packets: readonly CapturedPacket[], shape: PcapShape = {}): Uint8Array {
  const { u16, u32 } = numbers(shape.little ?? true)
  const magic = shape.magic ?? 0xa1b2c3d4
  const fraction = (time: number) => (magic === 0xa1b23c4d ? (time % 1e6) * 1000 : time % 1e6)
  const more = magic === 0xa1b2cd34 ? new Uint8Array(8) : new Uint8Array(0)
  return join(
    join(u32(magic), u16(2), u16(4), u32(0), u32(0), u32(65535), u32(shape.linkType ?? 1)),
    ...packets.map(({ bytes, time = 1_414_800_000e6, original = bytes.length }) =>
      join(u32(Math.floor(time / 1e6)), u32(fraction(time)), u32(bytes.length), u32(original), more, bytes),
    ),
  )
}

/** A pcapng block around a body, which is padded. */
export function block(type: number, body: Uint8Array, little = true): Uint8Array {
  const { u32 } = numbers(little)
  const padded = join(body, new Uint8Array((4 - (body.length % 4)) % 4))
  return join(u32(type), u32(12 + padded.length), padded, u32(12 + padded.length))
}

export const sectionHeader = (little = true) => {
  const { u16, u32 } = numbers(little)
  return block(0x0a0d0d0a, join(u32(0x1a2b3c4d), u16(1), u16(0), hex('ffffffffffffffff')), little)
}

/** @param options options as bytes, without the one that ends them */
export const interfaceDescription = (linkType = 1, options = new Uint8Array(0), snapLength = 0, little = true) => {
  const { u16, u32 } = numbers(little)
  return block(1, join(u16(linkType), u16(0), u32(snapLength), options, options.length > 0 ? u32(0) : options), little)
}

export const option = (code: number, value: Uint8Array, little = true) => {
  const { u16 } = numbers(little)
  return join(u16(code), u16(value.length), value, new Uint8Array((4 - (value.length % 4)) % 4))
}

export const enhancedPacket = (bytes: Uint8Array, ticks: bigint, interfaceId = 0, little = true) => {
  const { u32 } = numbers(little)
  const high = Number(ticks >> 32n)
  const low = Number(ticks & 0xffff_ffffn)
  return block(6, join(u32(interfaceId), u32(high), u32(low), u32(bytes.length), u32(bytes.length), bytes), little)
}

/** A flow as tests compare it. */
export interface SeenFlow {
  readonly ends: string
  readonly protocol: number
  readonly packets: readonly [number, number]
  readonly bytes: readonly [number, number]
  readonly payload: readonly [number, number]
  readonly start: number
  readonly end: number
  readonly opener: number
  readonly macs: readonly [number, number]
  readonly rtt: number
  readonly names: readonly string[]
}

export interface SeenCapture {
  readonly flows: SeenFlow[]
  readonly answers: NameAnswer[]
  readonly read: CaptureRead
}

/** Reads bytes, given in chunks that end at `cuts`. */
export async function see(bytes: Uint8Array, cuts: readonly number[] = []): Promise<SeenCapture> {
  const flows: SeenFlow[] = []
  const answers: NameAnswer[] = []
  const read = await readCapture(
    chunksOf(bytes, cuts),
    {},
    {
      answer: (answer) => answers.push(answer),
      flows: (batch) => flows.push(...rowsOf(batch)),
    },
  )
  return { flows, answers, read }
}

async function* chunksOf(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    if (cut > bytes.length) break
    // A copy, so that nothing can look beyond the chunk.
    yield bytes.slice(at, cut)
    at = cut
  }
  yield bytes.slice(at)
}

function rowsOf(batch: FlowBatch): SeenFlow[] {
  const end = (row: number, addresses: Uint32Array, ports: Int32Array) => {
    const words = addresses.subarray(row * 4, row * 4 + 4)
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words
    const port = ports[row] ?? -1
    return `${formatAddress(batch.family[row] ?? 0, w0, w1, w2, w3)}${port < 0 ? '' : `|${port}`}`
  }
  return Array.from({ length: batch.length }, (_, row) => ({
    ends: `${end(row, batch.addressA, batch.portA)} ${end(row, batch.addressB, batch.portB)}`,
    protocol: batch.protocol[row] ?? -1,
    packets: [batch.packetsA[row] ?? 0, batch.packetsB[row] ?? 0],
    bytes: [batch.bytesA[row] ?? 0, batch.bytesB[row] ?? 0],
    payload: [batch.payloadA[row] ?? 0, batch.payloadB[row] ?? 0],
    start: batch.start[row] ?? 0,
    end: batch.end[row] ?? 0,
    opener: batch.opener[row] ?? 0,
    macs: [batch.macA[row] ?? 0, batch.macB[row] ?? 0],
    rtt: batch.handshakeRttMs[row] ?? 0,
    names: (batch.names[row] ?? []).map(({ name }) => name),
  }))
}

/** Records that the ledger accounts for. */
export const accounted = ({ used, leftOut }: CaptureRead) =>
  used + Object.values(leftOut).reduce((sum, count) => sum + count, 0)
