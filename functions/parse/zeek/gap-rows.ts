/** Rows of capture_loss and weird logs: when packets did not reach Zeek, or not whole. */
import type { LogTimes } from '../log-time.ts'
import { fieldNumber } from './fields.ts'
import type { LogAccount } from './log-account.ts'
import type { RowFields } from './row-fields.ts'

const TS_DELTA = fieldNumber('ts_delta')
const PERCENT_LOST = fieldNumber('percent_lost')
const NAME = fieldNumber('name')

/**
 * Names of weirds that say that bytes are missing: packets cut short, acknowledged data that was not seen, one direction
 * alone, and packets that Zeek threw away for their checksum. The others say that somebody spoke a protocol oddly.
 * https://docs.zeek.org/en/master/scripts/base/frameworks/notice/weird.zeek.html
 */
const MISSING =
  /truncat|incompletely_captured|captured_length|content_gap|_hole\b|above_hole|ack_above|split_routing|missing|^bad_(?:ip|tcp|udp|icmp|sctp)[a-z]*_checksum/i

/** Takes a row that says how many packets were lost in the time before it. */
export function readLossRow(fields: RowFields, times: LogTimes, log: LogAccount): void {
  const lost = fields.decimal(PERCENT_LOST)
  if (!(lost > 0)) {
    log.settled.leaveOut(lost === 0 ? 'nothing-lost' : 'malformed-row')
    return
  }
  const until = fields.time(times)
  if (Number.isNaN(until)) {
    log.settled.leaveOut(fields.timeFault ?? 'no-time')
    return
  }
  const span = fields.interval(TS_DELTA)
  log.lost.add(span > 0 ? until - span : until, until)
  log.settled.leaveOut('capture-loss')
}

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
