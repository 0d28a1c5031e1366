/** The columns of stored observations: names and types are a contract with everybody who queries them. */
import type { SchemaElement } from 'hyparquet'
import type { Examined, Hidden, Name, Observation } from '../model.ts'
import { protocolName } from '../net/protocol.ts'

type Type = 'text' | 'int32' | 'int64' | 'double' | 'boolean' | 'timestamp'

/** A value as Parquet takes it. */
export type Cell = string | number | bigint | boolean | null

export interface Column {
  readonly name: string
  readonly type: Type
  readonly nullable?: true
  readonly cell: (observation: Observation) => Cell
}

/** Counters are INT64; a sum of absurd counters stops at the largest double below its end. */
const largestCounter = 2 ** 63 - 1024
const counter = (value: number) => BigInt(Math.min(value, largestCounter))

/** The host of the flows: of the names that are no mere question, nor of somebody behind a tunnel, the surest. */
const hostOf = ({ names }: Observation) => names.find(({ asked, inside }) => !asked && !inside)

const namesText = (names: readonly Name[]) =>
  JSON.stringify(
    names.map(({ name, via, asked, inside }) => ({
      name,
      via,
      ...(asked ? { asked } : {}),
      ...(inside ? { inside } : {}),
    })),
  )

/** Ids of the seeds that were found, for queries: `imei phone`. */
const seedsText = ({ hits }: Examined) => [...new Set(hits.map(({ seed }) => seed))].sort().join(' ')

export const columns: readonly Column[] = [
  { name: 'session', type: 'text', cell: (o) => o.session },
  { name: 'step', type: 'text', nullable: true, cell: (o) => o.step },
  { name: 'hour', type: 'timestamp', cell: (o) => BigInt(o.hour) },
  { name: 'host', type: 'text', nullable: true, cell: (o) => hostOf(o)?.name ?? null },
  { name: 'via', type: 'text', nullable: true, cell: (o) => hostOf(o)?.via ?? null },
  { name: 'names', type: 'text', cell: (o) => namesText(o.names) },
  { name: 'remote', type: 'text', cell: (o) => o.remote },
  { name: 'port', type: 'int32', nullable: true, cell: (o) => o.port },
  { name: 'protocol', type: 'int32', cell: (o) => o.protocol },
  { name: 'proto', type: 'text', nullable: true, cell: (o) => (o.protocol < 0 ? null : protocolName(o.protocol)) },
  { name: 'flows', type: 'int64', cell: (o) => counter(o.flows) },
  { name: 'packets_out', type: 'int64', cell: (o) => counter(o.packetsOut) },
  { name: 'packets_in', type: 'int64', cell: (o) => counter(o.packetsIn) },
  { name: 'bytes_out', type: 'int64', cell: (o) => counter(o.bytesOut) },
  { name: 'bytes_in', type: 'int64', cell: (o) => counter(o.bytesIn) },
  {
    name: 'payload_out',
    type: 'int64',
    nullable: true,
    cell: (o) => (o.payloadOut === null ? null : counter(o.payloadOut)),
  },
  { name: 'first', type: 'timestamp', cell: (o) => BigInt(o.first) },
  { name: 'last', type: 'timestamp', cell: (o) => BigInt(o.last) },
  { name: 'handshake_rtt_ms', type: 'double', nullable: true, cell: (o) => o.handshakeRttMs },
  { name: 'hidden', type: 'text', nullable: true, cell: (o) => o.hidden },
  { name: 'device_known', type: 'boolean', cell: (o) => o.deviceKnown },
  { name: 'bystander', type: 'boolean', cell: (o) => o.bystander ?? false },
  { name: 'step_doubt', type: 'boolean', cell: (o) => o.stepDoubt ?? false },
  { name: 'outlived', type: 'int64', cell: (o) => counter(o.outlived ?? 0) },
  { name: 'seeds', type: 'text', nullable: true, cell: (o) => (o.examined ? seedsText(o.examined) : null) },
  { name: 'examined', type: 'text', nullable: true, cell: (o) => (o.examined ? JSON.stringify(o.examined) : null) },
  { name: 'capture', type: 'text', cell: (o) => o.capture },
]

/** https://github.com/apache/parquet-format/blob/master/LogicalTypes.md */
const elementOf: Readonly<Record<Type, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  // Readers of either annotation know that the microseconds are UTC.
  timestamp: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
}

export const schema: SchemaElement[] = [
  { name: 'observation', num_children: columns.length },
  ...columns.map(
    ({ name, type, nullable }): SchemaElement => ({
      name,
      ...elementOf[type],
      repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED',
    }),
  ),
]

/** A row of the file, its cells by their column. INT64 and timestamps are bigint, timestamps in microseconds. */
export type Row = Readonly<Record<string, Cell | undefined>>

/** The observation that a row holds. */
export function observationOf(row: Row): Observation {
  const text = (name: string) => String(row[name])
  const number = (name: string) => Number(row[name])
  const textOrNull = (name: string) => (row[name] == null ? null : text(name))
  const numberOrNull = (name: string) => (row[name] == null ? null : number(name))
  return {
    session: text('session'),
    step: textOrNull('step'),
    hour: number('hour'),
    names: JSON.parse(text('names')) as readonly Name[],
    hidden: textOrNull('hidden') as Hidden | null,
    deviceKnown: row.device_known === true,
    ...(row.bystander === true ? { bystander: true as const } : {}),
    remote: text('remote'),
    port: numberOrNull('port'),
    protocol: number('protocol'),
    flows: number('flows'),
    packetsOut: number('packets_out'),
    packetsIn: number('packets_in'),
    bytesOut: number('bytes_out'),
    bytesIn: number('bytes_in'),
    payloadOut: numberOrNull('payload_out'),
    first: number('first'),
    last: number('last'),
    handshakeRttMs: numberOrNull('handshake_rtt_ms'),
    ...(row.step_doubt === true ? { stepDoubt: true as const } : {}),
    ...(number('outlived') > 0 ? { outlived: number('outlived') } : {}),
    ...(row.examined == null ? {} : { examined: JSON.parse(text('examined')) as Examined }),
    capture: text('capture'),
  }
}
