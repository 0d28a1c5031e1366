/**
 * Joins EVE's events by their flow ids: flow and netflow events wait, a bounded number of them, for names that other events
 * give their flows, before or behind them. What no flow event comes for is a flow of its own.
 */
import type { FlowBatch, Gap, ParseSink } from '../../model.ts'
import { createFlowBatch } from '../flow-batch.ts'
import { clearRow, FlowWriter } from '../flow-writer.ts'
import { Gaps } from '../gaps.ts'
import { EveContent } from './content.ts'
import type { EveEvent } from './event.ts'
import { FlowIdSet, FlowIdTable, keyOf } from './flow-id.ts'
import { type Said, SaidOfFlows } from './said.ts'

const CAPACITY = 1024
/** Flows that wait, about 30 MB; beyond, those read first are handed on with the names that came before them. */
export const MOST_WAITING = 1 << 17

/** What a row was made of. */
export const FLOW = 1
export const NETFLOW = 2
/** Both directions of netflow. */
export const NETFLOW_PAIR = 3

/** Where a row waits. */
export interface Place {
  batch: FlowBatch
  row: number
  slot: number
}

export class EveJoin {
  readonly said: SaidOfFlows
  /** null where nobody asks. */
  readonly content: EveContent | null
  readonly #sink: ParseSink
  /** A ring: the batch that was begun n-th stands at n modulo its length. */
  readonly #ring: FlowBatch[] = []
  readonly #length: number
  #begun = 0
  #left = 0
  /** By slot, which is the place of the batch in the ring times CAPACITY, plus the row. */
  readonly #ids: FlowIdTable
  readonly #kinds: Uint8Array
  readonly #own: FlowWriter
  readonly #place: Place
  /** The flows that could not wait until the log ended; null as long as there is none. */
  #early: FlowIdSet | null = null
  readonly #late: Gaps

  constructor(sink: ParseSink, mostWaiting = MOST_WAITING) {
    this.#sink = sink
    this.content = EveContent.of(sink)
    this.#length = Math.max(1, Math.floor(mostWaiting / CAPACITY))
    this.#ids = new FlowIdTable(this.#length * CAPACITY)
    this.#kinds = new Uint8Array(this.#length * CAPACITY)
    this.#own = new FlowWriter(sink)
    const most = (this.#length * CAPACITY).toLocaleString('en')
    this.#late = new Gaps(`names that stand more than ${most} flows behind the flow that they are of`)
    this.said = new SaidOfFlows(mostWaiting, (said) => this.#handOnOwn(said))
    this.#place = { batch: createFlowBatch(1), row: 0, slot: 0 }
  }

  /** Begins a row, cleared, that waits by the id of its event. The place is overwritten by the next call. */
  begin(event: EveEvent, kind: number): Place {
    let batch = this.#begun === this.#left ? undefined : this.#ring[(this.#begun - 1) % this.#length]
    if (batch === undefined || batch.length === CAPACITY) {
      if (this.#begun - this.#left === this.#length) this.#handOnEarly()
      const at = this.#begun++ % this.#length
      batch = this.#ring[at] ?? createFlowBatch(CAPACITY)
      this.#ring[at] = batch
    }
    const place = this.#place
    place.batch = batch
    place.row = batch.length++
    place.slot = ((this.#begun - 1) % this.#length) * CAPACITY + place.row
    clearRow(batch, place.row)
    this.#ids.set(place.slot, event.id)
    this.#kinds[place.slot] = kind
    return place
  }

  /** Takes back the row that was begun last. */
  drop({ batch, slot }: Place): void {
    batch.length--
    this.#ids.clear(slot)
  }

  /** Where the flow of an event waits, by its id and ends, either way round; undefined where it does not. */
  find(event: EveEvent): Place | undefined {
    const slot = this.#ids.find(event.id)
    if (slot < 0) return undefined
    const place = this.#place
    place.row = slot % CAPACITY
    place.slot = slot
    place.batch = this.#ring[(slot - place.row) / CAPACITY] as FlowBatch
    return isSource(place, event, 0) || isSource(place, event, 4) ? place : undefined
  }

  /** Whether an event goes from end B of a row to its end A. */
  isAnswer(place: Place, event: EveEvent): boolean {
    return isSource(place, event, 4) && !isSource(place, event, 0)
  }

  kind({ slot }: Place): number {
    return this.#kinds[slot] as number
  }

  setKind({ slot }: Place, kind: number): void {
    this.#kinds[slot] = kind
  }

  /** Hands on whatever waits still, and what no flow event came for. */
  end(): void {
    while (this.#left < this.#begun) this.#handOnFirst()
    this.said.end()
    this.#own.flush()
  }

  /** What was said of flows that had been handed on before: their names are not on them. */
  gaps(): Gap[] {
    return this.#late.gaps()
  }

  #handOnEarly(): void {
    this.#early ??= new FlowIdSet()
    const at = this.#left % this.#length
    const { length } = this.#ring[at] as FlowBatch
    for (let row = 0; row < length; row++) this.#early.add(this.#ids.hash(at * CAPACITY + row))
    this.#handOnFirst()
  }

  #handOnFirst(): void {
    const at = this.#left++ % this.#length
    const batch = this.#ring[at] as FlowBatch
    for (let row = 0; row < batch.length; row++) {
      const slot = at * CAPACITY + row
      const key = this.said.isEmpty && this.content === null ? null : this.#ids.key(slot)
      this.#ids.clear(slot)
      if (key === null) continue
      this.content?.handOn(key, batch, row)
      const said = this.said.take(key, batch, row)
      if (said === undefined) continue
      batch.names[row] = said.names
      if (said.names === undefined) batch.hidden[row] = said.hidden
    }
    if (batch.length > 0) this.#sink.flows(batch)
    batch.length = 0
  }

  /** A flow of which only other events tell. */
  #handOnOwn(said: Said): void {
    // Those without a time are among the events that are left out.
    if (said.names !== undefined && !Number.isNaN(said.start) && this.#early?.has(said))
      this.#late.add(said.start, said.end)
    const row = this.#own.begin()
    const { batch } = this.#own
    for (let i = 0; i < 4; i++) {
      batch.addressA[row * 4 + i] = said.words[i] as number
      batch.addressB[row * 4 + i] = said.words[4 + i] as number
    }
    batch.family[row] = said.family
    batch.portA[row] = said.portA
    batch.portB[row] = said.portB
    batch.protocol[row] = said.protocol
    batch.packetsA[row] = said.packetsA
    batch.packetsB[row] = said.packetsB
    batch.bytesA[row] = said.bytesA
    batch.bytesB[row] = said.bytesB
    batch.start[row] = said.start
    batch.end[row] = said.end
    batch.names[row] = said.names
    if (said.names === undefined) batch.hidden[row] = said.hidden
    this.content?.handOn(keyOf(said.high, said.low), batch, row)
  }
}

/** Whether the event's end at `from` of its words is end A of a row, and the other end B. */
function isSource({ batch, row }: Place, { words, family, portA, portB, protocol }: EveEvent, from: 0 | 4): boolean {
  if (batch.protocol[row] !== protocol || batch.family[row] !== family) return false
  if (batch.portA[row] !== (from === 0 ? portA : portB) || batch.portB[row] !== (from === 0 ? portB : portA))
    return false
  for (let i = 0; i < 4; i++) {
    if (batch.addressA[row * 4 + i] !== words[from + i]) return false
    if (batch.addressB[row * 4 + i] !== words[4 - from + i]) return false
  }
  return true
}
