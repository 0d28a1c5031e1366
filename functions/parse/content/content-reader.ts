/** Hands on what is said in the packets of a capture. It reads for itself: what becomes of flows and names does not depend on it. */
import type { Content, FlowBatch, Micros } from '../../model.ts'
import type { Packet } from '../packet.ts'
import { SYN } from '../packet.ts'
import type { Budget } from '../payload/held-segments.ts'
import type { Secrets } from '../tls/secrets.ts'
import type { ReadingFor } from './content-reading.ts'
import { FlowContent, type FlowEnds } from './flow-content.ts'
import { SaidFlow, Speaker } from './speaker.ts'
import { TunnelContents } from './tunnel-content.ts'

/** Bytes that are kept of all flows together: segments that wait for others, and messages in progress. */
const BUDGET = 33_554_432
const TCP = 6
const UDP = 17

/** What is said in a flow, until it is over. */
export interface Said {
  readonly flow: SaidFlow
  readonly content: FlowContent
}

/** Reads payloads in the order in which they were captured. Bounded memory: each flow and all of them together. */
export class ContentReader implements ReadingFor {
  readonly budget: Budget = { left: BUDGET }
  readonly secrets: Secrets | null
  time: Micros = 0
  flows = 0
  readonly #take: (content: Content) => void
  readonly #tunnels = TunnelContents.of(this)

  /**
   * @param take takes what is said
   * @param secrets those of TLS connections, which others may read too; null where none can be opened
   */
  constructor(take: (content: Content) => void, secrets: Secrets | null) {
    this.#take = take
    this.secrets = secrets?.shared() ?? null
  }

  take(content: Content): void {
    this.#take(content)
  }

  begin(ends: FlowEnds): Said {
    const flow = new SaidFlow(this)
    const speakers = [new Speaker(flow, true), new Speaker(flow, false)] as const
    return { flow, content: new FlowContent(ends, speakers, this, this.#tunnels) }
  }

  /** Takes what a packet carries, which is no fragment. */
  read({ content }: Said, packet: Packet, fromA: boolean): void {
    const { protocol, bytes, payloadAt, payloadEnd } = packet
    this.time = packet.time
    if (protocol === TCP) {
      // A SYN takes a number of its own, before the bytes that it may carry (RFC 7413).
      const sequence = (packet.sequence + ((packet.tcpFlags & SYN) !== 0 ? 1 : 0)) >>> 0
      const cut = Math.max(0, packet.payloadBytes - (payloadEnd - payloadAt))
      content.segment(fromA, sequence, bytes, payloadAt, payloadEnd, cut)
    } else if (protocol === UDP) content.datagram(fromA, bytes, payloadAt, payloadEnd)
    else if (packet.tunnel !== 0) content.tunnelled(fromA, packet.tunnel, bytes, payloadAt, payloadEnd)
  }

  /** The flow is over, and stands in a batch: says there what could be read of it. */
  close({ flow, content }: Said, batch: FlowBatch, row: number): void {
    content.close()
    const isTcp = batch.protocol[row] === TCP
    const [a, b] = content.speakers
    batch.content[row] = flow.number
    batch.unreadA[row] = a.unread + (isTcp ? 0 : untaken(batch.payloadA[row], content.taken(true)))
    batch.unreadB[row] = b.unread + (isTcp ? 0 : untaken(batch.payloadB[row], content.taken(false)))
  }
}

/** Bytes that were sent in datagrams and not captured, or in pieces of which some are missing. */
function untaken(sent = 0, taken = 0): number {
  return Math.max(0, sent - taken)
}
