/**
 * Zeek's logs, in columns and as JSON, one or several after another in any order.
 * https://docs.zeek.org/en/master/log-formats.html
 */
import type { ParseAccount, Parser, ParseSink } from '../../model.ts'
import { ABSENT, JsonFields, NULL } from '../json-fields.ts'
import { LineCutter } from '../line-cutter.ts'
import { LogTimes, NO_ZONE, zoneMissing } from '../log-time.ts'
import { latin1 } from '../payload/flow-names.ts'
import { Columns } from './columns.ts'
import { readConnRow } from './conn-row.ts'
import { ALIASED, FIELDS, fieldNumber, JSON_PATHS, logOfFields, logOfPath, type ZeekLog } from './fields.ts'
import { readLossRow, readStatsRow, readWeirdRow } from './gap-rows.ts'
import { ZeekJoin } from './join.ts'
import { LogAccount } from './log-account.ts'
import { readDnsRow, readNamingRow } from './naming-rows.ts'
import { rowEnds, uidOf } from './row-ends.ts'
import { RowFields } from './row-fields.ts'

/** Rows with every field are below 10 kB; a longer line than this is none. */
const LONGEST_LINE = 1 << 18
/** Names of logs that are told apart in the account. */
const MOST_PATHS = 100

const HASH = 35
const BRACE = 123
const PATH = fieldNumber('_path')
const UID = fieldNumber('uid')
const ORIG_H = fieldNumber('id.orig_h')

/**
 * Reads Zeek logs. Connections are handed on when all that are read together have ended ({@link ZeekJoin}), so that rows that
 * name them may stand before or behind them. A connection without a usable time is handed on as a flow without times (NaN),
 * and counted among those left out.
 *
 * @throws InputError from `push` where a header names a separator that no row can have; from `end` where a time states no zone
 * and the reading names none
 */
export class ZeekParser implements Parser {
  readonly #join: ZeekJoin
  readonly #isAlone: boolean
  readonly #log: LogAccount
  readonly #times: LogTimes
  readonly #lines = new LineCutter(
    (bytes, from, end) => this.#line(bytes, from, end),
    () => this.#log.settled.leaveOut('line-too-long'),
    LONGEST_LINE,
  )
  readonly #columns = new Columns()
  readonly #json = new JsonFields(JSON_PATHS)
  readonly #jsonRow = new RowFields(this.#json)
  readonly #paths = new Set<string>()
  /** The line of the first time without a zone that could not be told, 0 where there was none. */
  #zoneless = 0

  /** @param join of the logs that are read with this one, whose owner ends it; undefined where it is read alone */
  constructor(sink: ParseSink, reading: { readonly timeZone?: string }, join?: ZeekJoin) {
    this.#isAlone = join === undefined
    this.#join = join ?? new ZeekJoin()
    this.#log = new LogAccount(sink)
    this.#times = new LogTimes(reading.timeZone)
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  end(): void {
    this.#lines.end()
    if (this.#isAlone) this.#join.end()
    if (this.#zoneless > 0) throw zoneMissing(this.#zoneless)
  }

  account(): ParseAccount {
    return this.#log.account(this.#join.hasConnections, this.#join.answers.anyTunnel)
  }

  #line(bytes: Uint8Array, from: number, end: number): void {
    const first = from === end ? -1 : (bytes[from] as number)
    if (first === HASH) this.#columns.header(latin1(bytes, from, end), this.#lines.line)
    else if (first === BRACE) this.#jsonLine(bytes, from, end)
    else if (first >= 0) {
      const { log, path, row } = this.#columns
      if (log === null) this.#log.settled.leaveOut('row-before-header')
      // Rows that tell nothing are not taken apart.
      else if (log === 'other') this.#leaveOther(path)
      else if (this.#columns.read(bytes, from, end)) this.#row(log, row)
      else this.#log.settled.leaveOut('malformed-row')
    }
  }

  #jsonLine(bytes: Uint8Array, from: number, end: number): void {
    const row = this.#jsonRow
    row.bytes = bytes
    if (!this.#json.read(bytes, from, end)) {
      this.#log.settled.leaveOut('malformed-row')
      return
    }
    const { kinds } = row
    // Zeek itself writes no null, so most rows are passed over at once.
    for (let at = kinds.indexOf(NULL); at >= 0 && at < FIELDS; at = kinds.indexOf(NULL, at + 1)) kinds[at] = ABSENT
    if (kinds[ORIG_H] === ABSENT)
      for (const [alias, field] of ALIASED.entries())
        if (kinds[FIELDS + alias] !== ABSENT) rename(row, FIELDS + alias, field)
    const path = row.word(PATH)
    const log = path === null ? logOfFields(kinds) : logOfPath(path)
    if (log === 'other') this.#leaveOther(path ?? '')
    else this.#row(log, row)
  }

  #row(log: Exclude<ZeekLog, 'other'>, row: RowFields): void {
    row.timeFault = null
    if (log === 'conn') this.#connection(row)
    else if (log === 'dns') readDnsRow(row, this.#times, this.#log, this.#join)
    else if (log === 'capture_loss') readLossRow(row, this.#times, this.#log)
    else if (log === 'stats') readStatsRow(row, this.#times, this.#log)
    else if (log === 'weird') readWeirdRow(row, this.#times, this.#log)
    else readNamingRow(log, row, this.#times, this.#log, this.#join)
    if (row.timeFault === NO_ZONE && this.#zoneless === 0) this.#zoneless = this.#lines.line
  }

  #connection(fields: RowFields): void {
    const { settled } = this.#log
    const batch = this.#join.begin(this.#log)
    if (!readConnRow(fields, this.#times, batch, batch.length - 1)) {
      batch.length--
      settled.leaveOut('malformed-row')
      return
    }
    if (batch.hidden[batch.length - 1] === 'tunnel') this.#join.answers.tunnelled(uidOf(fields), rowEnds(fields))
    const end = fields.has(UID) ? (fields.end[UID] as number) : 0
    if (!this.#join.wait(fields.bytes, fields.from[UID] as number, end)) settled.leaveOut('same-connection')
    else if (fields.timeFault !== null) settled.leaveOut(fields.timeFault)
    else settled.used++
  }

  /** Paths are few and Zeek's own; what else may stand there does not enter the account. */
  #leaveOther(path: string): void {
    const known = this.#paths.has(path) || (this.#paths.size < MOST_PATHS && /^[a-z0-9_]{1,40}$/.test(path))
    if (known) this.#paths.add(path)
    this.#log.settled.leaveOut(known ? `zeek-${path}-says-no-flow` : 'zeek-log-says-no-flow')
  }
}

/** Puts what stands in one field into another. */
function rename({ kinds, from, end }: RowFields, source: number, target: number): void {
  kinds[target] = kinds[source] as number
  from[target] = from[source] as number
  end[target] = end[source] as number
}
