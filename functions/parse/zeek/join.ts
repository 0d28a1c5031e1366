/**
 * Joins Zeek's logs: rows of conn logs wait, a bounded number of them, for the names that rows of other logs give their
 * connections, before or after them, and answers for what conn logs say of tunnels.
 */
import type { FlowBatch, Micros, Name } from '../../model.ts'
import { createFlowBatch } from '../flow-batch.ts'
import { addName } from '../payload/flow-names.ts'
import { type AnsweredRow, HeldAnswers } from './held-answers.ts'
import type { LogAccount } from './log-account.ts'
import { addAt, NamesByUid, type Naming } from './names-by-uid.ts'
import { UidTable } from './uid-table.ts'

const CAPACITY = 1024
/** Connections that wait, about 55 MB; beyond, those read first are handed on with the names that came before them. */
export const MOST_WAITING = 1 << 18

/** Connections of one log that wait together. */
interface Waiting {
  readonly batch: FlowBatch
  log: LogAccount
}

export class ZeekJoin {
  readonly names: NamesByUid
  readonly answers: HeldAnswers
  /** A ring: the batch that was begun n-th stands at n modulo its length. */
  readonly #ring: (Waiting | undefined)[]
  #begun = 0
  #left = 0
  /** Uids of connections that wait; their slot is the place of their batch in the ring times CAPACITY, plus their row. */
  #uids: UidTable | null = null
  #connections = false
  /** The latest start of the connections that had to leave. */
  #leftUntil: Micros = Number.NEGATIVE_INFINITY
  #anyLeft = false

  constructor(mostWaiting = MOST_WAITING, names = new NamesByUid(), answers = new HeldAnswers()) {
    this.#ring = new Array(Math.ceil(mostWaiting / CAPACITY)).fill(undefined)
    this.names = names
    this.answers = answers
  }

  /** Whether any connection was read. */
  get hasConnections(): boolean {
    return this.#connections
  }

  /** Begins a connection of a log. @returns the batch in which it is the last row, to be filled in every column */
  begin(log: LogAccount): FlowBatch {
    let last = this.#begun === this.#left ? undefined : this.#ring[(this.#begun - 1) % this.#ring.length]
    if (last === undefined || last.log !== log || last.batch.length === CAPACITY) {
      if (this.#begun - this.#left === this.#ring.length) this.#leaveEarly()
      const place = this.#begun++ % this.#ring.length
      last = this.#ring[place] ?? { batch: createFlowBatch(CAPACITY), log }
      last.log = log
      this.#ring[place] = last
    }
    last.batch.length++
    return last.batch
  }

  /**
   * Lets the connection wait that was begun last, by the uid in `bytes`.
   *
   * @returns false where it waits already, by an earlier row: then the one of them stays that counts more, of one capture;
   * the first, of two
   */
  wait(bytes: Uint8Array, from: number, end: number): boolean {
    this.#connections = true
    const place = (this.#begun - 1) % this.#ring.length
    const { batch, log } = this.#ring[place] as Waiting
    const row = batch.length - 1
    // Most captures are no Zeek logs, and need no table.
    this.#uids ??= new UidTable(this.#ring.length * CAPACITY)
    const own = place * CAPACITY + row
    const slot = this.#uids.set(own, bytes, from, end)
    if (slot >= 0) {
      const earlier = slot % CAPACITY
      const before = this.#ring[(slot - earlier) / CAPACITY] as Waiting
      if (isSame(before.batch, earlier, batch, row)) {
        if (before.log.sink === log.sink && countedOf(batch, row) > countedOf(before.batch, earlier))
          copyCounts(batch, row, before.batch, earlier)
        this.#uids.clear(own)
        batch.length--
        return false
      }
    }
    return true
  }

  /** Takes answers, which are handed on before the connections that began after them; one of these may have left already. */
  answered(row: AnsweredRow): void {
    if (this.#anyLeft && !this.answers.isInTunnel(row))
      for (const { time, expires } of row.answers)
        if (time <= this.#leftUntil) row.log.late.add(time, Math.min(expires, this.#leftUntil))
    this.answers.hold(row, this.#isKnown)
  }

  readonly #isKnown = (uid: string): boolean => this.#uids?.has(uid) ?? false

  /** Hands on whatever waits still. */
  end(): void {
    this.answers.end()
    while (this.#left < this.#begun) this.#handOnFirst()
    if (this.#anyLeft) for (const naming of this.names.unfound()) addAt(naming, 'late')
  }

  #leaveEarly(): void {
    const { batch } = this.#ring[this.#left % this.#ring.length] as Waiting
    for (let row = 0; row < batch.length; row++)
      if ((batch.start[row] as number) > this.#leftUntil) this.#leftUntil = batch.start[row] as number
    this.#anyLeft = true
    this.answers.leaveUntil(this.#leftUntil, this.#isKnown)
    this.#handOnFirst()
  }

  #handOnFirst(): void {
    const place = this.#left++ % this.#ring.length
    const { batch, log } = this.#ring[place] as Waiting
    for (let row = 0; row < batch.length; row++) {
      const slot = place * CAPACITY + row
      const naming = this.names.empty ? undefined : this.names.find(this.#uids?.text(slot) ?? '', batch, row)
      this.#uids?.clear(slot)
      if (naming === undefined) continue
      const isInTunnel = batch.hidden[row] === 'tunnel'
      batch.names[row] = isInTunnel ? namesOf(naming)?.map((name) => ({ ...name, inside: true })) : namesOf(naming)
      if (naming.names === undefined && !isInTunnel) batch.hidden[row] = naming.hidden
      if (naming.lacksNames && !Number.isNaN(batch.start[row] as number))
        log.tooMany.add(batch.start[row] as number, batch.end[row] as number)
    }
    if (batch.length > 0) log.sink.flows(batch)
    batch.length = 0
  }
}

/** The hello of QUIC stands in both logs; it is one name. */
function namesOf({ names, quic }: Naming): readonly Name[] | undefined {
  if (!quic || names === undefined) return names
  const flow: { names: Name[] | undefined } = { names: undefined }
  for (const { name, via } of names) addName(flow, name, via === 'tls-sni' ? 'quic-sni' : via)
  return flow.names
}

/** Whether two rows are of the same ends: uids are told apart by Zeek's seed, which some fix. */
function isSame(a: FlowBatch, i: number, b: FlowBatch, j: number): boolean {
  if (a.portA[i] !== b.portA[j] || a.portB[i] !== b.portB[j] || a.protocol[i] !== b.protocol[j]) return false
  if (!Object.is(a.start[i], b.start[j])) return false
  for (let word = 0; word < 4; word++) {
    if (a.addressA[i * 4 + word] !== b.addressA[j * 4 + word]) return false
    if (a.addressB[i * 4 + word] !== b.addressB[j * 4 + word]) return false
  }
  return true
}

const countedOf = ({ packetsA, packetsB, bytesA, bytesB }: FlowBatch, row: number) =>
  (packetsA[row] as number) + (packetsB[row] as number) + (bytesA[row] as number) + (bytesB[row] as number)

/** What a connection that goes on changes. */
function copyCounts(from: FlowBatch, i: number, to: FlowBatch, j: number): void {
  to.packetsA[j] = from.packetsA[i] as number
  to.packetsB[j] = from.packetsB[i] as number
  to.bytesA[j] = from.bytesA[i] as number
  to.bytesB[j] = from.bytesB[i] as number
  to.payloadA[j] = from.payloadA[i] as number
  to.payloadB[j] = from.payloadB[i] as number
  to.end[j] = from.end[i] as number
  to.opener[j] = from.opener[i] as number
}
