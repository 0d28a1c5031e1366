/** Flows as columns: made once by a parser, filled and handed on again and again, so that no flow costs an object. */
import type { FlowBatch, Hidden, Name } from '../model.ts'

/** An empty batch with room for `capacity` flows; names and hidden are undefined until they are set. */
export function createFlowBatch(capacity: number): FlowBatch {
  return {
    length: 0,
    capacity,
    family: new Uint8Array(capacity),
    addressA: new Uint32Array(capacity * 4),
    addressB: new Uint32Array(capacity * 4),
    portA: new Int32Array(capacity),
    portB: new Int32Array(capacity),
    protocol: new Int16Array(capacity),
    packetsA: new Float64Array(capacity),
    packetsB: new Float64Array(capacity),
    bytesA: new Float64Array(capacity),
    bytesB: new Float64Array(capacity),
    payloadA: new Float64Array(capacity).fill(Number.NaN),
    payloadB: new Float64Array(capacity).fill(Number.NaN),
    start: new Float64Array(capacity),
    end: new Float64Array(capacity),
    opener: new Uint8Array(capacity),
    macA: new Float64Array(capacity),
    macB: new Float64Array(capacity),
    handshakeRttMs: new Float64Array(capacity).fill(Number.NaN),
    names: new Array<readonly Name[] | undefined>(capacity).fill(undefined),
    hidden: new Array<Hidden | undefined>(capacity).fill(undefined),
    content: new Float64Array(capacity),
    unreadA: new Float64Array(capacity),
    unreadB: new Float64Array(capacity),
  }
}

/** Makes end A of a flow end B. */
export function turnFlow(batch: FlowBatch, row: number): void {
  for (let i = row * 4; i < row * 4 + 4; i++) swap(batch.addressA, batch.addressB, i)
  swap(batch.portA, batch.portB, row)
  swap(batch.packetsA, batch.packetsB, row)
  swap(batch.bytesA, batch.bytesB, row)
  swap(batch.payloadA, batch.payloadB, row)
  swap(batch.macA, batch.macB, row)
  const opener = batch.opener[row] as number
  batch.opener[row] = opener === 0 ? 0 : 3 - opener
}

function swap(left: Uint32Array | Int32Array | Float64Array, right: typeof left, at: number): void {
  const kept = left[at] as number
  left[at] = right[at] as number
  right[at] = kept
}
