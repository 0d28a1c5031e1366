/** A conversation inside a tunnel, as reading payloads knows it: only its names are of interest, not what it weighs. */
import type { Hidden, Name } from '../../model.ts'
import { ACK, type Packet, SYN } from '../packet.ts'
import type { PayloadFlow } from '../payload/payload-flow.ts'

export class InnerFlow implements PayloadFlow {
  watch = true
  names: Name[] | undefined = undefined
  hidden: Hidden | undefined = undefined
  lacksNames = false
  state: unknown = undefined
  opener = 0
  readonly protocol: number
  readonly family: number
  readonly addressA: readonly number[]
  readonly addressB: readonly number[]
  readonly portA: number
  readonly portB: number
  /** Initial sequence number of the SYN that opened it; NaN where none was seen. */
  #isn = Number.NaN

  /** Begins a conversation with a packet, whose sender is its end A. */
  constructor(packet: Packet) {
    this.protocol = packet.protocol
    this.family = packet.family
    this.addressA = fromOf(packet)
    this.addressB = toOf(packet)
    this.portA = packet.portFrom
    this.portB = packet.portTo
  }

  /** Sequence number of the first byte that an end said; NaN where it was not seen to open the connection. */
  firstSequence(fromA: boolean): number {
    return this.opener === (fromA ? 1 : 2) ? (this.#isn + 1) >>> 0 : Number.NaN
  }

  /** Which end sent a packet: 1 A, 2 B, 0 where it is of another conversation. */
  senderOf(packet: Packet): 0 | 1 | 2 {
    const { protocol, family, portFrom, portTo } = packet
    if (protocol !== this.protocol || family !== this.family) return 0
    const { addressA, addressB, portA, portB } = this
    if (portFrom === portA && portTo === portB && isFrom(packet, addressA) && isTo(packet, addressB)) return 1
    return portFrom === portB && portTo === portA && isFrom(packet, addressB) && isTo(packet, addressA) ? 2 : 0
  }

  /** Whether a packet opens another connection between the same ends (RFC 9293, section 3.4.1). */
  isReopenedBy(packet: Packet, sender: 1 | 2): boolean {
    return isOpening(packet) && this.opener === sender && this.#isn !== packet.sequence
  }

  /** Notes who opened the connection. */
  note(packet: Packet, sender: 1 | 2): void {
    if ((packet.tcpFlags & SYN) === 0 || this.opener !== 0) return
    this.opener = isOpening(packet) ? sender : 3 - sender
    if (isOpening(packet)) this.#isn = packet.sequence
  }
}

const isOpening = ({ tcpFlags }: Packet) => (tcpFlags & (SYN | ACK)) === SYN

const fromOf = ({ from0, from1, from2, from3 }: Packet) => [from0 >>> 0, from1 >>> 0, from2 >>> 0, from3 >>> 0]
const toOf = ({ to0, to1, to2, to3 }: Packet) => [to0 >>> 0, to1 >>> 0, to2 >>> 0, to3 >>> 0]

function isFrom({ from0, from1, from2, from3 }: Packet, address: readonly number[]): boolean {
  const [w0, w1, w2, w3] = address
  return from0 >>> 0 === w0 && from1 >>> 0 === w1 && from2 >>> 0 === w2 && from3 >>> 0 === w3
}

function isTo({ to0, to1, to2, to3 }: Packet, address: readonly number[]): boolean {
  const [w0, w1, w2, w3] = address
  return to0 >>> 0 === w0 && to1 >>> 0 === w1 && to2 >>> 0 === w2 && to3 >>> 0 === w3
}
