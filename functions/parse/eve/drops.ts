/** What stats events say was lost before Suricata could look at it. Counters run from its start, unless they are deltas. */
import type { Gap, Micros } from '../../model.ts'
import { Gaps } from '../gaps.ts'
import type { EveEvent } from './event.ts'
import { eveField } from './fields.ts'

const UPTIME = eveField('stats/uptime')
const COUNTERS = [
  eveField('stats/capture/kernel_drops'),
  eveField('stats/capture/kernel_ifdrops'),
  eveField('stats/capture/dpdk/imissed'),
  eveField('stats/capture/dpdk/no_mbufs'),
]

export class Drops {
  readonly #gaps = new Gaps('packets dropped before they were looked at, by stats events')
  #dropped = 0
  /** When they were counted last; NaN where they never were. */
  #at: Micros = Number.NaN

  /** @param at the event's time; NaN: then it tells nothing, and the next tells of its span too */
  add(event: EveEvent, at: Micros): void {
    if (Number.isNaN(at)) return
    let dropped = 0
    for (const counter of COUNTERS) dropped += Math.max(event.count(counter), 0) || 0
    const uptime = Math.max(event.count(UPTIME), 0) || 0
    const began = at - uptime * 1e6
    // Suricata was started again: it counts from 0.
    if (dropped < this.#dropped || !(began <= this.#at)) this.#dropped = 0
    const from = this.#at >= began && this.#at <= at ? this.#at : began
    if (dropped > this.#dropped) this.#gaps.add(from, at, dropped - this.#dropped)
    this.#dropped = dropped
    this.#at = at
  }

  gaps(): Gap[] {
    return this.#gaps.gaps()
  }
}
