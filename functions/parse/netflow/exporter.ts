/** What is known of an observation domain, the part of an exporter that numbers its templates and datagrams by itself. */
import type { Micros } from '../../model.ts'
import type { Gaps } from '../gaps.ts'
import type { Template } from './template.ts'

/** Beyond this a sequence number has gone back, not forward: the exporter began anew, or datagrams came in another order. */
const BACKWARDS = 2 ** 31

/** A data set that came before its template. */
export interface PendingSet {
  readonly bytes: Uint8Array
  readonly exportTime: Micros
  readonly uptime: number
}

export class Domain {
  readonly templates = new Map<number, Template>()
  /** By the template that they wait for. */
  readonly pending = new Map<number, PendingSet[]>()
  /** When the exporter started, as IPFIX says it in options (systemInitTimeMilliseconds); NaN where it does not. */
  boot: Micros = Number.NaN
  isSampled = false
  /** Span and number of its flow records. */
  first: Micros = Number.POSITIVE_INFINITY
  last: Micros = Number.NEGATIVE_INFINITY
  records = 0
  #expected = Number.NaN
  #lastExport: Micros = Number.NaN

  /**
   * Compares a datagram's sequence number with what the one before announced.
   *
   * @param counted what the number counts in this datagram: records, or 1 for itself; NaN where that is not known
   */
  follow(sequence: number, counted: number, exportTime: Micros, lost: Gaps): void {
    const missing = (sequence - this.#expected) >>> 0
    if (!Number.isNaN(this.#expected) && missing > 0 && missing < BACKWARDS)
      lost.add(this.#lastExport, exportTime, missing)
    this.#expected = Number.isNaN(counted) ? Number.NaN : (sequence + counted) >>> 0
    this.#lastExport = exportTime
  }

  note(start: Micros, end: Micros): void {
    this.records++
    if (start < this.first) this.first = start
    if (end > this.last) this.last = end
  }
}
