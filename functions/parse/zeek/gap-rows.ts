/** Rows of capture_loss, stats and weird logs: when packets did not reach Zeek, or not whole. */
import type { Micros } from '../../model.ts'
import type { LogTimes } from '../log-time.ts'
import { fieldNumber } from './fields.ts'
import type { LogAccount } from './log-account.ts'
import type { RowFields } from './row-fields.ts'

const TS_DELTA = fieldNumber('ts_delta')
const PERCENT_LOST = fieldNumber('percent_lost')
const NAME = fieldNumber('name')
const PEER = fieldNumber('peer')
const PKTS_DROPPED = fieldNumber('pkts_dropped')

/** Zeek's `Stats::report_interval`, where no row before says when the time began that a row tells of. */
const STATS_INTERVAL: Micros = 5 * 60 * 1e6
/** Peers of a cluster whose last row is remembered. */
const MOST_PEERS = 256

/**
 * Names of weirds that say that bytes are missing: packets cut short, acknowledged data that was not seen, one direction
 * alone, and packets that Zeek threw away for their checksum. The others say that somebody spoke a protocol oddly.
 * https://docs.zeek.org/en/master/scripts/base/frameworks/notice/weird.zeek.html
 */
const MISSING =
  /truncat|incompletely_captured|captured_length|content_gap|_hole\b|above_hole|ack_above|split_routing|missing|^bad_(?:ip|tcp|udp|icmp|sctp)[a-z]*_checksum/i

/**
 * Takes a row that says how many packets were lost in the time before it. Where that cannot be read it is not known that
 * none were.
 */
export function readLossRow(fields: RowFields, times: LogTimes, log: LogAccount): void {
  const lost = percentage(fields.word(PERCENT_LOST) ?? fields.decimal(PERCENT_LOST))
  if (lost === 0) {
    log.settled.leaveOut('nothing-lost')
    return
  }
  const until = fields.time(times)
  const span = fields.interval(TS_DELTA)
  if (!Number.isNaN(until)) log.lost.add(span > 0 ? until - span : until, until)
  log.settled.leaveOut(lost > 0 ? lossReason(fields, until, 'capture-loss') : 'malformed-row')
}

/** A number, or as some Zeek versions write it: `40.000%`. */
function percentage(value: string | number): number {
  if (typeof value === 'number') return value
  return /^\d+(\.\d+)?([eE][+-]?\d+)?%?$/.test(value) ? Number(value.replace('%', '')) : Number.NaN
}

/** Takes a row that says how many packets were dropped since the row before it of the same process. */
export function readStatsRow(fields: RowFields, times: LogTimes, log: LogAccount): void {
  const dropped = fields.count(PKTS_DROPPED)
  const until = fields.time(times)
  const peer = fields.word(PEER) ?? ''
  const before = log.statsAt.get(peer) ?? Number.NaN
  if (!Number.isNaN(until) && (log.statsAt.has(peer) || log.statsAt.size < MOST_PEERS)) log.statsAt.set(peer, until)
  // Of packets that are read from a file it says nothing.
  if (dropped <= 0) {
    log.settled.leaveOut('zeek-stats-says-no-flow')
    return
  }
  if (!Number.isNaN(until)) log.dropped.add(before < until ? before : until - STATS_INTERVAL, until)
  log.settled.leaveOut(dropped > 0 ? lossReason(fields, until, 'packets-dropped') : 'malformed-row')
}

const lossReason = (fields: RowFields, at: Micros, reason: string) =>
  Number.isNaN(at) ? (fields.timeFault ?? 'no-time') : reason

/** Takes a row that says that something was odd. */
export function readWeirdRow(fields: RowFields, times: LogTimes, log: LogAccount): void {
  if (!MISSING.test(fields.word(NAME) ?? '')) {
    log.settled.leaveOut('weird')
    return
  }
  const at = fields.time(times)
  if (!Number.isNaN(at)) log.damaged.add(at, at)
  log.settled.leaveOut(Number.isNaN(at) ? (fields.timeFault ?? 'no-time') : 'weird-data-missing')
}
