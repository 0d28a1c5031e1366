/**
 * Suricata's EVE: JSON, an event a line, or an array of events.
 * https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
 */
import type { FlowBatch, Gap, Micros, ParseAccount, Parser, ParseSink } from '../../model.ts'
import { JsonRecords } from '../json-records.ts'
import { LogTimes, NO_ZONE, zoneMissing } from '../log-time.ts'
import { latin1 } from '../payload/flow-names.ts'
import { RecordAccount } from '../record-account.ts'
import { DnsEvents } from './dns.ts'
import { Drops } from './drops.ts'
import { EveEvent } from './event.ts'
import { eveField } from './fields.ts'
import { addAnswer, fillFlow, fillNetflow } from './flow-row.ts'
import { EveJoin, FLOW, NETFLOW, NETFLOW_PAIR } from './join.ts'
import { readAlertEnds, sayCounts, sayNames } from './say.ts'
import { Words } from './words.ts'

const EVENT_TYPE = eveField('event_type')
const TIMESTAMP = eveField('timestamp')
/** Events that are read; the most frequent first. */
const TYPES = new Words('flow', 'dns', 'tls', 'http', 'quic', 'alert', 'netflow', 'stats')
/** Kinds of events that are told apart in the account. */
const MOST_TYPES = 100

/**
 * Reads EVE. An event without a usable time makes a flow without times (NaN), and is counted among those left out.
 *
 * @throws InputError from `end` where the log is an array that breaks off, or times have no zone and none was given; all else has been
 * read then
 */
export class EveParser implements Parser {
  readonly #records: JsonRecords
  readonly #settled = new RecordAccount()
  readonly #event: EveEvent
  readonly #join: EveJoin
  readonly #dns: DnsEvents
  readonly #drops = new Drops()
  readonly #types = new Set<string>()
  readonly #ends = { isKnown: true }
  /** Line of the first time without zone; 0 where there is none. */
  #zoneless = 0
  #hasFlows = false
  /** Of events that are no flow events. */
  #others = 0
  #first: Micros = Number.POSITIVE_INFINITY
  #last: Micros = Number.NEGATIVE_INFINITY

  /** @param head the first bytes of the log, which tell how its records stand */
  constructor(sink: ParseSink, reading: { readonly timeZone?: string }, head: Uint8Array, join = new EveJoin(sink)) {
    this.#event = new EveEvent(new LogTimes(reading.timeZone))
    this.#join = join
    this.#dns = new DnsEvents(sink)
    this.#records = new JsonRecords(
      head,
      (bytes, from, end) => {
        const reason = this.#read(bytes, from, end)
        if (reason === null) this.#settled.used++
        else this.#settled.leaveOut(reason)
        if (reason === NO_ZONE && this.#zoneless === 0) this.#zoneless = this.#records.line
      },
      (reason) => this.#settled.leaveOut(reason),
    )
  }

  push(chunk: Uint8Array): void {
    this.#records.push(chunk)
  }

  end(): void {
    this.#records.end()
    this.#join.end()
    this.#records.assertWhole()
    if (this.#zoneless > 0) throw zoneMissing(this.#zoneless)
  }

  account(): ParseAccount {
    return this.#settled.account('eve', [...this.#drops.gaps(), ...this.#unseen(), ...this.#join.gaps()])
  }

  /** Without flow events only what raised another event is in the log. */
  #unseen(): Gap[] {
    if (this.#hasFlows || this.#first > this.#last) return []
    const reason = 'no flow events in the log: what raised no other event is not in it'
    return [{ from: this.#first, until: this.#last, reason, records: this.#others }]
  }

  /** @returns why the record is left out, null where it is used */
  #read(bytes: Uint8Array, from: number, end: number): string | null {
    const event = this.#event
    if (!event.read(bytes, from, end) || !event.isText(EVENT_TYPE)) return 'malformed-record'
    const type = event.word(EVENT_TYPE, TYPES)
    if (type === 'flow') return this.#flow(event)
    if (type === 'netflow') return this.#netflow(event)
    const at = event.time(TIMESTAMP)
    if (type === 'dns') return this.#answer(event, at)
    if (type === 'stats') {
      this.#drops.add(event, at)
      this.#seen(at)
    } else if (type !== null) return this.#other(event, type, at)
    const { json } = event
    return this.#reasonOf(latin1(bytes, json.from[EVENT_TYPE] as number, json.end[EVENT_TYPE] as number))
  }

  #flow(event: EveEvent): string | null {
    if (!event.readFlowId()) return 'no-flow-id'
    if (!event.readEnds()) return 'malformed-record'
    this.#hasFlows = true
    const waiting = this.#join.find(event)
    const isNetflow = waiting !== undefined && this.#join.kind(waiting) !== FLOW
    if (isNetflow) {
      // The flow event tells all that the netflow events told, and in one.
      const records = isTimed(waiting) ? (this.#join.kind(waiting) === NETFLOW_PAIR ? 2 : 1) : 0
      if (!fillFlow(event, waiting.batch, waiting.row)) return 'malformed-record'
      // Those without a time were left out when they came.
      this.#settled.used -= records
      if (records > 0) this.#settled.leaveOut('netflow-beside-flow', records)
      this.#join.setKind(waiting, FLOW)
      return event.timeFault
    }
    const earlier = waiting === undefined ? Number.NaN : (waiting.batch.start[waiting.row] as number)
    const place = this.#join.begin(event, FLOW)
    if (!fillFlow(event, place.batch, place.row)) {
      this.#join.drop(place)
      return 'malformed-record'
    }
    if (place.batch.start[place.row] !== earlier) return event.timeFault
    this.#join.drop(place)
    return 'same-flow'
  }

  #netflow(event: EveEvent): string | null {
    if (!event.readFlowId()) return 'no-flow-id'
    if (!event.readEnds()) return 'malformed-record'
    this.#hasFlows = true
    const waiting = this.#join.find(event)
    if (waiting !== undefined && this.#join.kind(waiting) === FLOW) return 'netflow-beside-flow'
    const isAlone = waiting !== undefined && this.#join.kind(waiting) === NETFLOW && isTimed(waiting)
    if (isAlone && this.#join.isAnswer(waiting, event)) {
      if (!addAnswer(event, waiting.batch, waiting.row)) return 'malformed-record'
      this.#join.setKind(waiting, NETFLOW_PAIR)
      return null
    }
    const earlier = waiting === undefined ? Number.NaN : (waiting.batch.start[waiting.row] as number)
    const place = this.#join.begin(event, NETFLOW)
    if (!fillNetflow(event, place.batch, place.row)) {
      this.#join.drop(place)
      return 'malformed-record'
    }
    if (place.batch.start[place.row] !== earlier) return event.timeFault
    // Of a flow that began then, this direction has been told.
    this.#join.drop(place)
    return 'same-flow'
  }

  #answer(event: EveEvent, at: Micros): string | null {
    this.#seen(at)
    if (!event.readEnds()) return 'malformed-record'
    if (event.readFlowId()) this.#join.content?.addQuestion(event, at)
    return Number.isNaN(at) ? event.timeFault : this.#dns.read(event, at)
  }

  /** An event about a flow. */
  #other(event: EveEvent, type: string, at: Micros): string | null {
    this.#seen(at)
    if (!event.readFlowId()) return 'no-flow-id'
    const ends = this.#ends
    ends.isKnown = true
    if (!(type === 'alert' ? readAlertEnds(event, ends) : event.readEnds())) return 'malformed-record'
    const fault = event.timeFault
    const said = this.#join.said.of(event)
    sayNames(event, said)
    sayCounts(event, said, at, ends.isKnown)
    // An alert repeats what the event of its protocol has.
    if (type !== 'alert') this.#join.content?.add(event, at)
    return fault
  }

  #seen(at: Micros): void {
    this.#others++
    if (at < this.#first) this.#first = at
    if (at > this.#last) this.#last = at
  }

  /** Types are few and Suricata's own; what else may stand there does not enter the account. */
  #reasonOf(type: string): string {
    const isKnown = this.#types.has(type) || (this.#types.size < MOST_TYPES && /^[a-z0-9_]{1,40}$/.test(type))
    if (isKnown) this.#types.add(type)
    return isKnown ? `eve-${type}-says-no-flow` : 'eve-event-says-no-flow'
  }
}

/** Whether the row says when it was. */
const isTimed = ({ batch, row }: { readonly batch: FlowBatch; readonly row: number }) =>
  !Number.isNaN(batch.start[row] as number)
