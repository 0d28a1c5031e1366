/** Builds export datagrams by hand, and runs parsers over bytes, for tests. */
import type { FlowBatch, Name, ParseAccount, Parser, ParseSink } from '../../functions/model.ts'
import { formatAddress } from '../../functions/net/address.ts'

export const u8 = (value: number) => [value & 255]
export const u16 = (value: number) => [(value >> 8) & 255, value & 255]
export const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)]
export const u64 = (value: number) => [...u32(Math.floor(value / 2 ** 32)), ...u32(value >>> 0)]
export const ip = (text: string) => text.split('.').map(Number)
export const text = (value: string) => [...new TextEncoder().encode(value)]

/** 3 November 2014, 10:00:00 UTC. */
export const NOW = 1_415_008_800

type Bytes = readonly number[]

export function v5(
  records: readonly Bytes[],
  { uptime = 3_600_000, sequence = 0, sampling = 0, now = NOW, count = records.length } = {},
): number[] {
  return [
    u16(5),
    u16(count),
    u32(uptime),
    u32(now),
    u32(0),
    u32(sequence),
    u16(0),
    u16(sampling),
    records.flat(),
  ].flat()
}

export interface V5Record {
  from?: string
  to?: string
  ports?: readonly [number, number]
  packets?: number
  bytes?: number
  first?: number
  last?: number
  protocol?: number
  flags?: number
}

export function v5Record({
  from = '192.168.1.5',
  to = '203.0.113.9',
  ports = [40_000, 443],
  packets = 1,
  bytes = 60,
  first = 3_590_000,
  last = 3_595_000,
  protocol = 6,
  flags = 0,
}: V5Record = {}): number[] {
  return [
    [ip(from), ip(to), ip('0.0.0.0'), u16(1), u16(2), u32(packets), u32(bytes), u32(first >>> 0), u32(last >>> 0)],
    [u16(ports[0]), u16(ports[1]), u8(0), u8(flags), u8(protocol), u8(0), u16(0), u16(0), u8(24), u8(24), u16(0)],
  ].flat(3)
}

const set = (id: number, body: Bytes) => [...u16(id), ...u16(body.length + 4), ...body]
const field = ([id, length, enterprise]: readonly number[]) =>
  enterprise === undefined
    ? [...u16(id ?? 0), ...u16(length ?? 0)]
    : [...u16((id ?? 0) | 0x8000), ...u16(length ?? 0), ...u32(enterprise)]

/** Fields are number, length, and enterprise where they have one. */
export type Fields = readonly (readonly number[])[]

export const v9Template = (id: number, fields: Fields) =>
  set(0, [...u16(id), ...u16(fields.length), ...fields.flatMap(field)])
export const template = (id: number, fields: Fields) =>
  set(2, [...u16(id), ...u16(fields.length), ...fields.flatMap(field)])
export const v9Options = (id: number, scope: Fields, fields: Fields) =>
  set(1, [...u16(id), ...u16(scope.length * 4), ...u16(fields.length * 4), ...[...scope, ...fields].flatMap(field)])
export const options = (id: number, scope: Fields, fields: Fields) =>
  set(3, [
    ...u16(id),
    ...u16(scope.length + fields.length),
    ...u16(scope.length),
    ...[...scope, ...fields].flatMap(field),
  ])
export const data = (id: number, ...records: readonly Bytes[]) => set(id, records.flat())

export function v9(sets: readonly Bytes[], { uptime = 3_600_000, sequence = 0, domain = 7, now = NOW } = {}): number[] {
  return [u16(9), u16(sets.length), u32(uptime), u32(now), u32(sequence), u32(domain), sets.flat()].flat()
}

export function ipfix(sets: readonly Bytes[], { sequence = 0, domain = 7, now = NOW } = {}): number[] {
  const body = sets.flat()
  return [u16(10), u16(body.length + 16), u32(now), u32(sequence), u32(domain), body].flat()
}

export interface Flow {
  a: string
  b: string
  protocol: number
  packets: readonly [number, number]
  bytes: readonly [number, number]
  start: number
  end: number
  opener: number
  macs: readonly [number, number]
  names?: readonly Name[]
}

export function flowsOf(batch: FlowBatch): Flow[] {
  const end = (row: number, addresses: Uint32Array, ports: Int32Array) => {
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = addresses.subarray(row * 4, row * 4 + 4)
    const port = ports[row] ?? -1
    return `${formatAddress(batch.family[row] ?? 0, w0, w1, w2, w3)}${port < 0 ? '' : `|${port}`}`
  }
  const at = (column: ArrayLike<number>, row: number) => column[row] ?? Number.NaN
  return Array.from({ length: batch.length }, (_, row) => {
    const names = batch.names[row]
    return {
      a: end(row, batch.addressA, batch.portA),
      b: end(row, batch.addressB, batch.portB),
      protocol: at(batch.protocol, row),
      packets: [at(batch.packetsA, row), at(batch.packetsB, row)],
      bytes: [at(batch.bytesA, row), at(batch.bytesB, row)],
      start: at(batch.start, row),
      end: at(batch.end, row),
      opener: at(batch.opener, row),
      macs: [at(batch.macA, row), at(batch.macB, row)],
      ...(names === undefined ? {} : { names }),
    }
  })
}

/** @param cuts lengths of the chunks, used in turn; the whole at once without any */
export function collect(
  bytes: readonly number[] | Uint8Array,
  open: (sink: ParseSink) => Parser,
  cuts: readonly number[] = [],
): { flows: Flow[]; account: ParseAccount; error: string | null } {
  const flows: Flow[] = []
  const parser = open({ answer: () => {}, flows: (batch) => void flows.push(...flowsOf(batch)) })
  const all = Uint8Array.from(bytes)
  let error: string | null = null
  try {
    for (let at = 0, turn = 0; at < all.length; turn++) {
      const length = cuts.length === 0 ? all.length : Math.max(1, cuts[turn % cuts.length] ?? 1)
      parser.push(all.slice(at, at + length))
      at += length
    }
    parser.end()
  } catch (thrown) {
    error = String(thrown)
  }
  return { flows, account: parser.account(), error }
}

export const accounted = ({ records, used, leftOut }: ParseAccount) =>
  records === used + Object.values(leftOut).reduce((sum, count) => sum + count, 0)
