/** What the payload reader knows of a flow: made when the first payload arrives, read when the flow is handed on. */
import type { Hidden, Name } from '../model.ts'
import type { Packet } from './packet.ts'
import type { PayloadFlow } from './payload/payload-reader.ts'

export class FlowPayload implements PayloadFlow {
  readonly protocol: number
  readonly family: number
  readonly addressA: readonly number[]
  readonly addressB: readonly number[]
  readonly portA: number
  readonly portB: number
  watch = true
  names: Name[] | undefined = undefined
  hidden: Hidden | undefined = undefined
  state: unknown = undefined

  /** @param fromA whether end A of the flow sent the packet */
  constructor(packet: Packet, fromA: boolean) {
    const from = [packet.from0 >>> 0, packet.from1 >>> 0, packet.from2 >>> 0, packet.from3 >>> 0]
    const to = [packet.to0 >>> 0, packet.to1 >>> 0, packet.to2 >>> 0, packet.to3 >>> 0]
    this.protocol = packet.protocol
    this.family = packet.family
    this.addressA = fromA ? from : to
    this.addressB = fromA ? to : from
    this.portA = fromA ? packet.portFrom : packet.portTo
    this.portB = fromA ? packet.portTo : packet.portFrom
  }
}
