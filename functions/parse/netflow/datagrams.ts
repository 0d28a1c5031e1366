/**
 * Export datagrams: NetFlow v5, v9 (RFC 3954) and IPFIX (RFC 7011). What an exporter announces holds for its own datagrams,
 * told by its address and the number of its observation domain.
 */
import type { Micros, ParseAccount, ParseSink } from '../../model.ts'
import { FlowPairs } from '../flow-pairs.ts'
import { Gaps } from '../gaps.ts'
import { RecordAccount } from '../record-account.ts'
import { Domain, type PendingSet } from './exporter.ts'
import { FlowRecord, saysSampled } from './flow-record.ts'
import { DataRecord } from './record.ts'
import { Template } from './template.ts'
import { readOptionsTemplates, readTemplates, type TemplateSink } from './template-sets.ts'

export const V5 = 5
export const V9 = 9
export const IPFIX = 10

export const V5_HEADER = 24
export const V5_RECORD = 48
export const V9_HEADER = 20
export const IPFIX_HEADER = 16

export const MALFORMED = 'malformed-datagram'
const MALFORMED_SET = 'malformed-set'
export const TRUNCATED = 'truncated-datagram'
const NO_TEMPLATE = 'no-template'
const OPTIONS = 'options-record'

/** Bytes of data sets that wait for their template. */
const MOST_PENDING = 4 << 20
/** What such a set costs beside its bytes. */
const PENDING_COST = 128
/** Domains that are remembered: past this, the oldest is forgotten. */
const MOST_DOMAINS = 1 << 14
/** Numbers that the templates may take together; each costs a few bytes. */
const MOST_TEMPLATES = 1 << 22

/** A record of version 5, as a template of version 9 would describe it. */
const V5_TEMPLATE = new Template(
  // Addresses, next hop, interfaces, packets, bytes, first, last, ports, padding, flags, protocol, and what is not read.
  [
    [8, 4],
    [12, 4],
    [15, 4],
    [10, 2],
    [14, 2],
    [2, 4],
    [1, 4],
    [22, 4],
    [21, 4],
    [7, 2],
    [11, 2],
    [0, 1],
    [6, 1],
    [4, 1],
    [0, 9],
  ].map(([id = 0, length = 0]) => ({ enterprise: 0, id, length })),
  false,
)

export class Datagrams implements TemplateSink {
  /** How many were read, those included that broke off. */
  read = 0
  readonly records = new RecordAccount()
  readonly #pairs: FlowPairs
  readonly #flow = new FlowRecord()
  readonly #record = new DataRecord()
  readonly #lost = new Gaps('export datagrams lost')
  readonly #sampled = new Gaps('packets sampled by the exporter')
  readonly #domains = new Map<string, Domain>()
  #domain = new Domain()
  #domainKey = ''
  #templateNumbers = 0
  #pendingBytes = 0
  /** Of the datagram that is read: when it was sent, and how long its exporter had run then, in milliseconds. */
  #exportTime: Micros = 0
  #uptime = Number.NaN
  /** Its data records; NaN once one of its sets has no template. */
  #counted = 0

  constructor(sink: ParseSink) {
    this.#pairs = new FlowPairs(sink)
  }

  /**
   * Reads the datagram between `at` and `end`. What is whole in a broken one counts.
   *
   * @param exporter tells exporters apart
   * @param isCut whether it went on behind `end` when it was sent
   */
  take(bytes: Uint8Array, view: DataView, at: number, end: number, exporter: string, isCut: boolean): void {
    this.read++
    const version = end - at >= 2 ? view.getUint16(at) : 0
    let isWhole = false
    if (version === V5) isWhole = this.#takeV5(bytes, view, at, end, exporter, isCut)
    else if (version === V9) isWhole = this.#takeV9(bytes, view, at, end, exporter)
    else if (version === IPFIX) isWhole = this.#takeIpfix(bytes, view, at, end, exporter, isCut)
    if (!isWhole) this.records.leaveOut(isCut ? TRUNCATED : MALFORMED)
  }

  /** Hands on what is left, and gives up on templates that did not come. */
  finish(): void {
    for (const domain of this.#domains.values()) this.#close(domain)
    this.#domains.clear()
    this.#domainKey = ''
    this.#pairs.flush()
  }

  account(format: string): ParseAccount {
    const sampled = new Gaps('packets sampled by the exporter')
    for (const gap of this.#sampled.gaps()) sampled.add(gap.from, gap.until, gap.records)
    for (const domain of this.#domains.values()) noteSampled(domain, sampled)
    return this.records.account(format, [...this.#lost.gaps(), ...sampled.gaps()])
  }

  define(id: number, template: Template): void {
    const { templates, pending } = this.#domain
    this.withdraw(id)
    if (template.length === 0 || this.#templateNumbers + template.size > MOST_TEMPLATES) return
    templates.set(id, template)
    this.#templateNumbers += template.size
    const waiting = pending.get(id)
    if (waiting === undefined) return
    pending.delete(id)
    for (const set of waiting) this.#readPending(set, template)
  }

  withdraw(id: number): void {
    const { templates } = this.#domain
    // The numbers of the sets themselves withdraw all templates (RFC 7011, section 8.1).
    for (const each of id < 256 ? [...templates.keys()] : [id]) {
      this.#templateNumbers -= templates.get(each)?.size ?? 0
      templates.delete(each)
    }
  }

  #takeV5(bytes: Uint8Array, view: DataView, at: number, end: number, exporter: string, isCut: boolean): boolean {
    if (end - at < V5_HEADER) return false
    const count = view.getUint16(at + 2)
    const whole = Math.min(count, Math.floor((end - at - V5_HEADER) / V5_RECORD))
    if (whole < count && !isCut) return false
    this.#uptime = view.getUint32(at + 4)
    this.#exportTime = view.getUint32(at + 8) * 1e6 + Math.floor(view.getUint32(at + 12) / 1e3)
    const sequence = view.getUint32(at + 16)
    this.#enter(exporter, V5, view.getUint16(at + 20))
    // The lower 14 bits are the interval; the upper two say how packets were chosen.
    if ((view.getUint16(at + 22) & 0x3fff) > 1) this.#domain.isSampled = true
    this.#readData(V5_TEMPLATE, bytes, view, at + V5_HEADER, at + V5_HEADER + whole * V5_RECORD)
    this.#domain.follow(sequence, count, this.#exportTime, this.#lost)
    return whole === count
  }

  #takeV9(bytes: Uint8Array, view: DataView, at: number, end: number, exporter: string): boolean {
    if (end - at < V9_HEADER) return false
    this.#uptime = view.getUint32(at + 4)
    this.#exportTime = view.getUint32(at + 8) * 1e6
    const sequence = view.getUint32(at + 12)
    this.#enter(exporter, V9, view.getUint32(at + 16))
    this.#domain.follow(sequence, 1, this.#exportTime, this.#lost)
    return this.#readSets(bytes, view, at + V9_HEADER, end, false)
  }

  #takeIpfix(bytes: Uint8Array, view: DataView, at: number, end: number, exporter: string, isCut: boolean): boolean {
    if (end - at < IPFIX_HEADER) return false
    const length = view.getUint16(at + 2)
    if (length < IPFIX_HEADER || (length > end - at && !isCut)) return false
    this.#exportTime = view.getUint32(at + 4) * 1e6
    this.#uptime = Number.NaN
    const sequence = view.getUint32(at + 8)
    this.#enter(exporter, IPFIX, view.getUint32(at + 12))
    const isWhole = this.#readSets(bytes, view, at + IPFIX_HEADER, Math.min(end, at + length), true)
    this.#domain.follow(sequence, isWhole ? this.#counted : Number.NaN, this.#exportTime, this.#lost)
    return isWhole
  }

  /** Finds what is known of the domain that a datagram is of. */
  #enter(exporter: string, version: number, number: number): void {
    this.#counted = 0
    const key = `${version}/${number}/${exporter}`
    if (key === this.#domainKey) return
    let domain = this.#domains.get(key)
    if (domain === undefined) {
      domain = new Domain()
      this.#domains.set(key, domain)
      const [oldest] = this.#domains
      if (this.#domains.size > MOST_DOMAINS && oldest !== undefined) {
        this.#close(oldest[1])
        this.#domains.delete(oldest[0])
      }
    }
    this.#domain = domain
    this.#domainKey = key
  }

  /** @returns false where a set does not fit into the datagram */
  #readSets(bytes: Uint8Array, view: DataView, from: number, end: number, isIpfix: boolean): boolean {
    let at = from
    while (end - at >= 4) {
      const id = view.getUint16(at)
      const length = view.getUint16(at + 2)
      // Some exporters fill their datagrams up with zeros.
      if (id === 0 && length === 0) return true
      if (length < 4 || length > end - at) return false
      const setEnd = at + length
      if (id >= 256) this.#takeData(id, bytes, view, at + 4, setEnd)
      else if (id === (isIpfix ? 2 : 0)) {
        if (!readTemplates(view, at + 4, setEnd, isIpfix, this)) this.records.leaveOut(MALFORMED_SET)
      } else if (id === (isIpfix ? 3 : 1)) {
        if (!readOptionsTemplates(view, at + 4, setEnd, isIpfix, this)) this.records.leaveOut(MALFORMED_SET)
      } else this.records.leaveOut(MALFORMED_SET)
      at = setEnd
    }
    return true
  }

  #takeData(id: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const template = this.#domain.templates.get(id)
    if (template !== undefined) {
      this.#readData(template, bytes, view, at, end)
      return
    }
    this.#counted = Number.NaN
    const cost = end - at + PENDING_COST
    if (this.#pendingBytes + cost > MOST_PENDING) {
      this.records.leaveOut(NO_TEMPLATE)
      return
    }
    this.#pendingBytes += cost
    const set = { bytes: bytes.slice(at, end), exportTime: this.#exportTime, uptime: this.#uptime }
    const waiting = this.#domain.pending.get(id)
    if (waiting === undefined) this.#domain.pending.set(id, [set])
    else waiting.push(set)
  }

  #readPending({ bytes, exportTime, uptime }: PendingSet, template: Template): void {
    const [laterExport, laterUptime, counted] = [this.#exportTime, this.#uptime, this.#counted]
    this.#exportTime = exportTime
    this.#uptime = uptime
    this.#pendingBytes -= bytes.length + PENDING_COST
    this.#readData(template, bytes, new DataView(bytes.buffer), 0, bytes.length)
    this.#exportTime = laterExport
    this.#uptime = laterUptime
    this.#counted = counted
  }

  /** Reads records until less than the shortest one is left: the rest is padding. */
  #readData(template: Template, bytes: Uint8Array, view: DataView, from: number, end: number): void {
    const record = this.#record
    record.exportTime = this.#exportTime
    let at = from
    while (end - at >= template.length) {
      const next = record.read(template, bytes, view, at, end)
      if (next < 0) {
        // Records of varying length may be short enough for padding to look like the beginning of one.
        if (end - at > 3) this.records.leaveOut('malformed-record')
        return
      }
      at = next
      this.#counted++
      if (template.isOptions) this.#takeOptions(record)
      else this.#takeFlow(record, template)
    }
  }

  #takeOptions(record: DataRecord): void {
    this.records.leaveOut(OPTIONS)
    if (saysSampled(record)) this.#domain.isSampled = true
    const boot = record.bootTime()
    if (boot > 0) this.#domain.boot = boot
  }

  #takeFlow(record: DataRecord, template: Template): void {
    const flow = this.#flow
    const domain = this.#domain
    // IPFIX has no uptime in its header: that follows from when the exporter started.
    const uptime =
      Number.isNaN(this.#uptime) && domain.boot > 0 ? ((this.#exportTime - domain.boot) / 1e3) >>> 0 : this.#uptime
    const reason = flow.read(record, template, uptime)
    if (reason !== '') {
      this.records.leaveOut(reason)
      return
    }
    if (saysSampled(record)) domain.isSampled = true
    const untimed = flow.untimed()
    this.#pairs.add(flow.line)
    if (untimed === '') {
      domain.note(flow.line.start, flow.line.end)
      this.records.used++
    } else this.records.leaveOut(untimed)
  }

  #close(domain: Domain): void {
    noteSampled(domain, this.#sampled)
    for (const waiting of domain.pending.values()) {
      this.records.leaveOut(NO_TEMPLATE, waiting.length)
      for (const { bytes } of waiting) this.#pendingBytes -= bytes.length + PENDING_COST
    }
    domain.pending.clear()
    for (const template of domain.templates.values()) this.#templateNumbers -= template.size
    domain.templates.clear()
  }
}

/** Sampling sees a part of the packets, and so of the conversations: of all that time not everything is known. */
function noteSampled(domain: Domain, gaps: Gaps): void {
  if (domain.isSampled && domain.records > 0) gaps.add(domain.first, domain.last, domain.records)
}
