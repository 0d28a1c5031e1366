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
