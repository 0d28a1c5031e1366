/** One event of EVE, its fields as they are asked for: overwritten by the next. */
import type { Micros } from '../../model.ts'
import { protocolNumber } from '../../net/protocol.ts'
import { readAddress } from '../address-bytes.ts'
import { ABSENT, JsonFields, NUMBER, TEXT } from '../json-fields.ts'
import { type LogTimes, NO_TIME } from '../log-time.ts'
import { latin1 } from '../payload/flow-names.ts'
import { EVE_FIELDS, eveField } from './fields.ts'
import { FlowId } from './flow-id.ts'
import type { Words } from './words.ts'

const FLOW_ID = eveField('flow_id')
const SRC_IP = eveField('src_ip')
const SRC_PORT = eveField('src_port')
const DEST_IP = eveField('dest_ip')
const DEST_PORT = eveField('dest_port')
const PROTO = eveField('proto')

const TCP = 6
const UDP = 17
/** TCP, UDP, DCCP, SCTP, UDP-Lite; -1, because an event that names no protocol may name ports. */
const WITH_PORTS: ReadonlySet<number> = new Set([-1, TCP, UDP, 33, 132, 136])
/** Names of protocols that are remembered: a log has few. */
const MOST_PROTOCOLS = 300

export class EveEvent {
  readonly json = new JsonFields(EVE_FIELDS)
  readonly id = new FlowId()
  /** Four words of the source's address, then four of the destination's; an IPv4 address stands in the first. */
  readonly words = new Uint32Array(8)
  family = 0
  /** -1 where the protocol has none, or the event names none. */
  portA = -1
  portB = -1
  protocol = -1
  bytes: Uint8Array = new Uint8Array(0)
  /** Why the last time could not be read, null where it could. */
  timeFault: string | null = null
  readonly #times: LogTimes
  readonly #protocols = new Map<string, number>()

  constructor(times: LogTimes) {
    this.#times = times
  }

  /** @returns false where the bytes are no JSON object */
  read(bytes: Uint8Array, from: number, end: number): boolean {
    this.bytes = bytes
    return this.json.read(bytes, from, end)
  }

  has(field: number): boolean {
    return this.json.kinds[field] !== ABSENT
  }

  isText(field: number): boolean {
    return this.json.kinds[field] === TEXT
  }

  /** Which of some words stands in a field as text; null where none does. */
  word<W extends string>(field: number, words: Words<W>): W | null {
    const { from, end } = this.json
    return this.isText(field) ? words.read(this.bytes, from[field] as number, end[field] as number) : null
  }

  /** @returns false where the event belongs to no flow */
  readFlowId(): boolean {
    const { kinds, from, end } = this.json
    const kind = kinds[FLOW_ID]
    return (
      (kind === NUMBER || kind === TEXT) && this.id.read(this.bytes, from[FLOW_ID] as number, end[FLOW_ID] as number)
    )
  }

  /** Reads addresses, ports and protocol; the destination is end B. @returns false where they cannot be read */
  readEnds(source = SRC_IP, sourcePort = SRC_PORT, destination = DEST_IP, destinationPort = DEST_PORT): boolean {
    const { from, end } = this.json
    if (!this.isText(source) || !this.isText(destination)) return false
    const { bytes, words } = this
    this.family = readAddress(bytes, from[source] as number, end[source] as number, words, 0)
    if (this.family === 0) return false
    if (readAddress(bytes, from[destination] as number, end[destination] as number, words, 4) !== this.family)
      return false
    this.protocol = this.#protocol()
    this.portA = this.portB = -1
    if (!WITH_PORTS.has(this.protocol)) return true
    this.portA = this.count(sourcePort)
    this.portB = this.count(destinationPort)
    return this.portA <= 0xffff && this.portB <= 0xffff
  }

  /** A counter, -1 where the event has none; NaN where it is no whole number. */
  count(field: number): number {
    if (!this.has(field)) return -1
    const value = this.json.number(field)
    return value >= 0 && value < Number.MAX_SAFE_INTEGER && value % 1 === 0 ? value : Number.NaN
  }

  /** @returns NaN where there is no usable time (see {@link timeFault}) */
  time(field: number): Micros {
    this.timeFault = NO_TIME
    if (!this.isText(field)) return Number.NaN
    const { from, end } = this.json
    const time = this.#times.read(this.bytes, from[field] as number, end[field] as number)
    this.timeFault = this.#times.fault
    return time
  }

  #protocol(): number {
    if (!this.isText(PROTO)) return -1
    const { from, end } = this.json
    const at = from[PROTO] as number
    const length = (end[PROTO] as number) - at
    if (length === 3) {
      const first = this.bytes[at]
      if (first === 84 && this.bytes[at + 1] === 67) return TCP
      if (first === 85 && this.bytes[at + 1] === 68) return UDP
    }
    const name = latin1(this.bytes, at, end[PROTO] as number)
    const known = this.#protocols.get(name)
    if (known !== undefined) return known
    const number = protocolNumber(name)
    if (this.#protocols.size < MOST_PROTOCOLS && length < 40) this.#protocols.set(name, number)
    return number
  }
}
