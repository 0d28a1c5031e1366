/** The ends of the connection that a row is of: uids alone do not tell connections apart where Zeek's seed is fixed. */
import type { FlowBatch } from '../../model.ts'
import { readAddress } from '../address-bytes.ts'
import { fieldNumber } from './fields.ts'
import type { RowFields } from './row-fields.ts'
import { LONGEST_UID } from './uid-table.ts'

const UID = fieldNumber('uid')
const ORIG_H = fieldNumber('id.orig_h')
const ORIG_P = fieldNumber('id.orig_p')
const RESP_H = fieldNumber('id.resp_h')
const RESP_P = fieldNumber('id.resp_p')

/** The uid of a row, empty where it has none by which logs can be joined. */
export function uidOf(fields: RowFields): string {
  const uid = fields.word(UID)
  return uid === null || uid.length > LONGEST_UID ? '' : uid
}

/** Originator and responder; undefined and -1 where the row does not say. */
export interface RowEnds {
  readonly addresses: readonly [Uint32Array | undefined, Uint32Array | undefined]
  readonly ports: readonly [number, number]
}

export const rowEnds = (fields: RowFields): RowEnds => ({
  addresses: [addressOf(fields, ORIG_H), addressOf(fields, RESP_H)],
  ports: [portOf(fields, ORIG_P), portOf(fields, RESP_P)],
})

function addressOf(fields: RowFields, field: number): Uint32Array | undefined {
  if (!fields.has(field)) return undefined
  const words = new Uint32Array(4)
  const family = readAddress(fields.bytes, fields.from[field] as number, fields.end[field] as number, words, 0)
  return family === 0 ? undefined : words
}

/** A port of 0 is none: TCP and UDP have no connections there. */
const portOf = (fields: RowFields, field: number) => fields.count(field) || -1

/** Whether two rows say nothing different of their ends. */
export function mayBeSame(a: RowEnds, b: RowEnds): boolean {
  for (const end of [0, 1] as const) {
    const [one, other] = [a.addresses[end], b.addresses[end]]
    if (one && other && one.some((word, i) => word !== other[i])) return false
    if (a.ports[end] >= 0 && b.ports[end] >= 0 && a.ports[end] !== b.ports[end]) return false
  }
  return true
}

/** The same, also where they stand the other way round. */
export const mayBeEither = ({ addresses: [from, to], ports: [fromPort, toPort] }: RowEnds, other: RowEnds): boolean =>
  mayBeSame({ addresses: [from, to], ports: [fromPort, toPort] }, other) ||
  mayBeSame({ addresses: [to, from], ports: [toPort, fromPort] }, other)

/** Whether a flow may have these ends; its own may stand the other way round, because Zeek found out later who began. */
export const mayBeOf = (ends: RowEnds, batch: FlowBatch, row: number): boolean =>
  (isAt(ends, 0, batch.addressA, batch.portA, row) && isAt(ends, 1, batch.addressB, batch.portB, row)) ||
  (isAt(ends, 0, batch.addressB, batch.portB, row) && isAt(ends, 1, batch.addressA, batch.portA, row))

function isAt({ addresses, ports }: RowEnds, end: 0 | 1, words: Uint32Array, portOfRow: Int32Array, row: number) {
  const address = addresses[end]
  if (ports[end] >= 0 && ports[end] !== portOfRow[row]) return false
  if (address === undefined) return true
  for (let i = 0; i < 4; i++) if (address[i] !== words[row * 4 + i]) return false
  return true
}
