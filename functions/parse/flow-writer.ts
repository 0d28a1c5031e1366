/** Fills batches of flows row by row, for formats of which a record is a flow, and hands them on. */
import type { FlowBatch, ParseSink } from '../model.ts'
import { createFlowBatch } from './flow-batch.ts'

const CAPACITY = 1024

export class FlowWriter {
  /** Where the row that {@link begin} returned is filled in. */
  readonly batch: FlowBatch = createFlowBatch(CAPACITY)
  readonly #sink: ParseSink

  constructor(sink: ParseSink) {
    this.#sink = sink
  }

  /** Begins a row of which nothing is known yet: no ports, no protocol, nothing sent, no times. @returns its number */
  begin(): number {
    const { batch } = this
    if (batch.length === CAPACITY) this.flush()
    const row = batch.length++
    clearRow(batch, row)
    return row
  }

  /** Takes back the row that was begun last. */
  drop(): void {
    this.batch.length--
  }

  /** Hands on what was written. */
  flush(): void {
    if (this.batch.length === 0) return
    this.#sink.flows(this.batch)
    this.batch.length = 0
  }
}

/** Makes a row one of which nothing is known yet: no ports, no protocol, nothing sent, no times. */
export function clearRow(batch: FlowBatch, row: number): void {
  batch.family[row] = 4
  const { addressA, addressB } = batch
  const first = row * 4
  addressA[first] = addressA[first + 1] = addressA[first + 2] = addressA[first + 3] = 0
  addressB[first] = addressB[first + 1] = addressB[first + 2] = addressB[first + 3] = 0
  batch.portA[row] = batch.portB[row] = -1
  batch.protocol[row] = -1
  batch.packetsA[row] = batch.packetsB[row] = batch.bytesA[row] = batch.bytesB[row] = 0
  batch.payloadA[row] = batch.payloadB[row] = Number.NaN
  batch.start[row] = batch.end[row] = Number.NaN
  batch.opener[row] = 0
  batch.macA[row] = batch.macB[row] = 0
  batch.handshakeRttMs[row] = Number.NaN
  batch.names[row] = undefined
  batch.hidden[row] = undefined
}
