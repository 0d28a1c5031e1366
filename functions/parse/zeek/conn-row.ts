/**
 * A row of conn.log as a flow: the originator is end A.
 * https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html
 */
import type { FlowBatch } from '../../model.ts'
import { readAddress } from '../address-bytes.ts'
import type { LogTimes } from '../log-time.ts'
import { fieldNumber } from './fields.ts'
import type { RowFields } from './row-fields.ts'

const ORIG_H = fieldNumber('id.orig_h')
const ORIG_P = fieldNumber('id.orig_p')
const RESP_H = fieldNumber('id.resp_h')
const RESP_P = fieldNumber('id.resp_p')
const PROTO = fieldNumber('proto')
const IP_PROTO = fieldNumber('ip_proto')
const DURATION = fieldNumber('duration')
const ORIG_BYTES = fieldNumber('orig_bytes')
const RESP_BYTES = fieldNumber('resp_bytes')
const CONN_STATE = fieldNumber('conn_state')
const MISSED_BYTES = fieldNumber('missed_bytes')
const HISTORY = fieldNumber('history')
const ORIG_PKTS = fieldNumber('orig_pkts')
const ORIG_IP_BYTES = fieldNumber('orig_ip_bytes')
const RESP_PKTS = fieldNumber('resp_pkts')
const RESP_IP_BYTES = fieldNumber('resp_ip_bytes')
const ORIG_L2 = fieldNumber('orig_l2_addr')
const RESP_L2 = fieldNumber('resp_l2_addr')
const TUNNEL_PARENTS = fieldNumber('tunnel_parents')

const [ICMP, TCP, UDP, ICMPV6] = [1, 6, 17, 58]
/** States of a connection whose originator sent a SYN; the others are told by the history alone. */
const OPENED: ReadonlySet<string> = new Set(['S0', 'S1', 'S2', 'S3', 'SF', 'REJ', 'RSTO', 'RSTR', 'RSTOS0'])

/**
 * Fills a row, every column of it: the batches of connections that wait are used again and again.
 *
 * @returns false where the ends or a counter cannot be read. Where the time cannot be told, the flow has none, and
 * `fields.timeFault` says why
 */
export function readConnRow(fields: RowFields, times: LogTimes, batch: FlowBatch, row: number): boolean {
  const family = addressAt(fields, ORIG_H, batch.addressA, row)
  if (family === 0 || addressAt(fields, RESP_H, batch.addressB, row) !== family) return false
  batch.family[row] = family

  const portA = fields.count(ORIG_P)
  const portB = fields.count(RESP_P)
  const packetsA = fields.count(ORIG_PKTS)
  const packetsB = fields.count(RESP_PKTS)
  const ipBytesA = fields.count(ORIG_IP_BYTES)
  const ipBytesB = fields.count(RESP_IP_BYTES)
  const dataA = fields.count(ORIG_BYTES)
  const dataB = fields.count(RESP_BYTES)
  const missed = fields.count(MISSED_BYTES)
  if (!(portA <= 65535 && portB <= 65535)) return false
  if (Number.isNaN(packetsA + packetsB + ipBytesA + ipBytesB + dataA + dataB + missed)) return false

  const protocol = protocolOf(fields, family)
  const hasPorts = protocol === TCP || protocol === UDP
  // Of TCP they are told from sequence numbers, which run on where bytes were missed.
  const isWhole = hasPorts && missed <= 0
  batch.protocol[row] = protocol
  batch.portA[row] = hasPorts ? portA : -1
  batch.portB[row] = hasPorts ? portB : -1
  batch.payloadA[row] = isWhole && dataA >= 0 && (ipBytesA < 0 || dataA <= ipBytesA) ? dataA : Number.NaN
  batch.payloadB[row] = isWhole && dataB >= 0 && (ipBytesB < 0 || dataB <= ipBytesB) ? dataB : Number.NaN
  batch.packetsA[row] = Math.max(packetsA, 0)
  batch.packetsB[row] = Math.max(packetsB, 0)
  batch.bytesA[row] = Math.max(ipBytesA >= 0 ? ipBytesA : dataA, 0)
  batch.bytesB[row] = Math.max(ipBytesB >= 0 ? ipBytesB : dataB, 0)
  batch.opener[row] = protocol === TCP ? openerOf(fields) : 0
  batch.names[row] = undefined
  batch.hidden[row] = fields.has(TUNNEL_PARENTS) && fields.list(TUNNEL_PARENTS).length > 0 ? 'tunnel' : undefined
  batch.macA[row] = hardwareAddress(fields, ORIG_L2)
  batch.macB[row] = hardwareAddress(fields, RESP_L2)
  batch.handshakeRttMs[row] = Number.NaN

  const start = fields.time(times)
  const duration = fields.interval(DURATION)
  batch.start[row] = start
  batch.end[row] = duration > 0 && start + duration < Number.MAX_SAFE_INTEGER ? start + duration : start
  return true
}

function addressAt(fields: RowFields, field: number, words: Uint32Array, row: number): number {
  if (!fields.has(field)) return 0
  return readAddress(fields.bytes, fields.from[field] as number, fields.end[field] as number, words, row * 4)
}

/** IANA's number. `proto` names three transports; newer logs have the number of the others in `ip_proto`. */
function protocolOf(fields: RowFields, family: number): number {
  const first = fields.first(PROTO) | 32
  if (first === 116) return TCP
  if (first === 105) return family === 4 ? ICMP : ICMPV6
  const unknown = first !== 117 || (fields.bytes[(fields.from[PROTO] as number) + 1] as number) === 110
  if (!unknown) return UDP
  const number = fields.count(IP_PROTO)
  return number >= 0 && number <= 255 ? number : -1
}

/**
 * Who sent the opening SYN. The history begins with it: a capital letter is the originator's, `h` a SYN-ACK, `^` says that
 * Zeek took the ends the other way round.
 */
function openerOf(fields: RowFields): number {
  if (!fields.has(HISTORY)) return OPENED.has(fields.word(CONN_STATE) ?? '') ? 1 : 0
  let at = fields.from[HISTORY] as number
  if (at < (fields.end[HISTORY] as number) && fields.bytes[at] === 94) at++
  if (at >= (fields.end[HISTORY] as number)) return 0
  const first = fields.bytes[at]
  if (first === 83 || first === 104) return 1
  return first === 115 || first === 72 ? 2 : 0
}

/** Six octets as two hex digits each, set apart by colons. @returns 0 where there are none */
function hardwareAddress(fields: RowFields, field: number): number {
  if (!fields.has(field)) return 0
  const { bytes } = fields
  const from = fields.from[field] as number
  if ((fields.end[field] as number) - from !== 17) return 0
  let value = 0
  for (let i = 0; i < 17; i++) {
    const c = bytes[from + i] as number
    if (i % 3 === 2) {
      if (c !== 58 && c !== 45) return 0
      continue
    }
    const letter = c | 32
    const digit = c >= 48 && c <= 57 ? c - 48 : letter >= 97 && letter <= 102 ? letter - 87 : -1
    if (digit < 0) return 0
    value = value * 16 + digit
  }
  return value
}
