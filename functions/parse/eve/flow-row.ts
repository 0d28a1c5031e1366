/**
 * Flow and netflow events as rows. The source is the client: Suricata turns a flow whose first packet it did not see.
 * Packets are counted as whole frames, with what the link layer puts around IP.
 */
import type { FlowBatch } from '../../model.ts'
import { TRUE } from '../json-fields.ts'
import { latin1 } from '../payload/flow-names.ts'
import type { EveEvent } from './event.ts'
import { eveField } from './fields.ts'

const TCP_SYN = eveField('tcp/syn')
const TCP_ACK = eveField('tcp/ack')
const TCP_FLAGS = eveField('tcp/tcp_flags')
/** RFC 9293, section 3.1. */
const SYN = 0x02
const ACK = 0x10
const SRC_MACS = eveField('ether/src_macs')
const DEST_MACS = eveField('ether/dest_macs')
const PKTS_TOSERVER = eveField('flow/pkts_toserver')
const PKTS_TOCLIENT = eveField('flow/pkts_toclient')
const BYTES_TOSERVER = eveField('flow/bytes_toserver')
const BYTES_TOCLIENT = eveField('flow/bytes_toclient')
const START = eveField('flow/start')
const END = eveField('flow/end')
const PKTS = eveField('netflow/pkts')
const BYTES = eveField('netflow/bytes')
const NETFLOW_START = eveField('netflow/start')
const NETFLOW_END = eveField('netflow/end')

/**
 * Fills a row that has been cleared with the event whose ends have been read.
 *
 * @returns false where a counter is no number. Where the time cannot be told, the flow has none, and `event.timeFault` says why
 */
export function fillFlow(event: EveEvent, batch: FlowBatch, row: number): boolean {
  const packetsA = event.count(PKTS_TOSERVER)
  const packetsB = event.count(PKTS_TOCLIENT)
  const bytesA = event.count(BYTES_TOSERVER)
  const bytesB = event.count(BYTES_TOCLIENT)
  if (Number.isNaN(packetsA + packetsB + bytesA + bytesB)) return false
  fillEnds(event, batch, row)
  // The flags are those of both ends together: a SYN, or one that answers it, was the client's doing.
  batch.opener[row] = event.json.kinds[TCP_SYN] === TRUE ? 1 : 0
  batch.packetsA[row] = Math.max(packetsA, 0)
  batch.packetsB[row] = Math.max(packetsB, 0)
  batch.bytesA[row] = Math.max(bytesA, 0)
  batch.bytesB[row] = Math.max(bytesB, 0)
  batch.macA[row] = onlyAddress(event, SRC_MACS)
  batch.macB[row] = onlyAddress(event, DEST_MACS)
  fillTimes(event, batch, row, START, END)
  return true
}

/** As {@link fillFlow}; a netflow event tells of one direction. */
export function fillNetflow(event: EveEvent, batch: FlowBatch, row: number): boolean {
  const packets = event.count(PKTS)
  const bytes = event.count(BYTES)
  if (Number.isNaN(packets + bytes)) return false
  fillEnds(event, batch, row)
  batch.opener[row] = opened(event) ? 1 : 0
  batch.packetsA[row] = Math.max(packets, 0)
  batch.bytesA[row] = Math.max(bytes, 0)
  fillTimes(event, batch, row, NETFLOW_START, NETFLOW_END)
  return true
}

/** Adds to a row what its end B sent, as a netflow event states it. @returns false where a counter is no number */
export function addAnswer(event: EveEvent, batch: FlowBatch, row: number): boolean {
  const packets = event.count(PKTS)
  const bytes = event.count(BYTES)
  if (Number.isNaN(packets + bytes)) return false
  batch.packetsB[row] = Math.max(packets, 0)
  batch.bytesB[row] = Math.max(bytes, 0)
  if (batch.opener[row] === 0 && opened(event)) batch.opener[row] = 2
  return true
}

function fillEnds(event: EveEvent, batch: FlowBatch, row: number): void {
  const { words } = event
  for (let i = 0; i < 4; i++) {
    batch.addressA[row * 4 + i] = words[i] as number
    batch.addressB[row * 4 + i] = words[4 + i] as number
  }
  batch.family[row] = event.family
  batch.portA[row] = event.portA
  batch.portB[row] = event.portB
  batch.protocol[row] = event.protocol
}

/**
 * Whether the source of a netflow event sent the opening SYN, and nothing after it. Flags are those of all its packets: an end
 * that sent SYN and ACK may have opened the connection or answered.
 */
function opened(event: EveEvent): boolean {
  const { kinds } = event.json
  const stated = Number.parseInt(event.json.text(TCP_FLAGS) ?? '', 16)
  if (Number.isNaN(stated)) return kinds[TCP_SYN] === TRUE && kinds[TCP_ACK] !== TRUE
  return (stated & (SYN | ACK)) === SYN
}

function fillTimes(event: EveEvent, batch: FlowBatch, row: number, startField: number, endField: number): void {
  const end = event.time(endField)
  const start = event.time(startField)
  batch.start[row] = Number.isNaN(start) ? end : start
  batch.end[row] = Math.max(end, start)
  if (!Number.isNaN(batch.start[row] as number)) event.timeFault = null
  if (Number.isNaN(batch.end[row] as number)) batch.end[row] = batch.start[row] as number
}

/** The hardware address of an array that holds one; 0 where it holds none or several. */
function onlyAddress(event: EveEvent, field: number): number {
  if (!event.has(field)) return 0
  const { from, end } = event.json
  const text = latin1(event.bytes, from[field] as number, end[field] as number)
  const octets = /^\[\s*"((?:[0-9a-f]{2}:){5}[0-9a-f]{2})"\s*\]$/i.exec(text)?.[1]
  return octets === undefined ? 0 : Number.parseInt(octets.replaceAll(':', ''), 16)
}
