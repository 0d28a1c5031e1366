/** Packets in, flows and names out: takes each packet through its layers, and accounts for every one. */
import type { Gap, Micros, ParseAccount, ParseSink } from '../model.ts'
import { ContentReader } from './content/content-reader.ts'
import type { Layer } from './ether-type.ts'
import { FlowTable } from './flow-table.ts'
import { Fragments } from './fragments.ts'
import { GapSpan, Gaps } from './gaps.ts'
import { readIp } from './ip.ts'
import { LATER_FRAGMENT, Packet, WHOLE } from './packet.ts'
import { PayloadReader } from './payload/payload-reader.ts'
import type { Secrets } from './tls/secrets.ts'

/** What a capture's container hands its packets to; see {@link PacketReader} for its methods. */
export interface PacketTaker {
  read(layer: Layer, bytes: Uint8Array, at: number, captured: number, original: number, time: Micros): void
  leaveOut(reason: string): void
  dropped(records: number): void
  finish(): void
  account(format: string): ParseAccount
}

/** How the reasons begin of packets in which there is something that cannot be read. */
const UNREADABLE = 'not readable'

export class PacketReader implements PacketTaker {
  /** Packets read. */
  records = 0
  /** Earliest and latest time of a packet that has a usable one; infinite before the first. */
  first = Number.POSITIVE_INFINITY
  last = Number.NEGATIVE_INFINITY
  readonly #packet = new Packet()
  readonly #sink: ParseSink
  readonly #secrets: Secrets | null
  readonly #flows: FlowTable
  /** Flows of packets of which it is not known when they were: they are shown, and not judged. */
  #untimed: FlowTable | null = null
  readonly #leftOut = new Map<string, number>()
  readonly #dropped = new Gaps('packets dropped while capturing')
  /** What a radio heard and cannot be read may be anybody's, the device's as well. */
  readonly #unread = new GapSpan('packets that cannot be read: encrypted on the air, or in pieces')
  /** From the first to the last packet of which a part is missing in which names would have been looked for. */
  readonly #cut = new GapSpan('packets cut short where names were looked for')
  readonly #fragments = new Fragments((packet) => {
    if (this.#flows.carry(packet)) this.#torn.add(packet.time, packet.time)
  })
  /** For what is said in packets, whether or not names are looked for there; null where nobody asks. */
  readonly #pieces: Fragments | null
  readonly #torn = new Gaps('fragments missing where names were looked for')
  #used = 0

  /** @param secrets those of TLS connections; null where none can be opened */
  constructor(sink: ParseSink, secrets: Secrets | null) {
    this.#sink = sink
    this.#secrets = secrets
    const content = sink.content ? new ContentReader((said) => sink.content?.(said), secrets) : null
    this.#flows = new FlowTable(sink, new PayloadReader((answer) => sink.answer(answer), secrets), content)
    this.#pieces = content === null ? null : new Fragments((packet) => this.#flows.say(packet))
  }

  /**
   * Takes one packet.
   *
   * @param captured its bytes in the capture, from `at` on
   * @param original its length on the wire
   * @param time NaN where the capture has none
   */
  read(layer: Layer, bytes: Uint8Array, at: number, captured: number, original: number, time: Micros): void {
    const packet = this.#packet
    packet.bytes = bytes
    packet.at = at
    packet.end = at + captured
    packet.wireEnd = at + Math.max(original, captured)
    const untimed = untimedReason(time)
    packet.time = untimed === '' ? time : 0
    packet.macFrom = -1
    packet.macTo = -1
    packet.layers = 0
    this.records++
    if (untimed === '') {
      if (time < this.first) this.first = time
      if (time > this.last) this.last = time
    }
    let reason = layer(packet)
    if (reason === '') reason = readIp(packet)
    if (reason === '' && untimed === '') {
      this.#used++
      const whole = packet.fragment === WHOLE ? null : this.#putTogether(packet)
      if (this.#flows.add(packet)) this.#cut.add(time)
      if (whole !== null) this.#flows.carry(whole)
      if (this.#pieces !== null && packet.fragment !== WHOLE) this.#say(this.#pieces, packet)
      return
    }
    if (reason === '') {
      this.#untimed ??= new FlowTable(untimedSink(this.#sink), new PayloadReader(() => {}))
      this.#untimed.add(packet)
      reason = untimed
    }
    if (untimed === '' && reason.startsWith(UNREADABLE)) this.#unread.add(time)
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + 1)
  }

  /** The packet that a fragment makes whole, where it does and somebody may want to read it. */
  #putTogether(fragment: Packet): Packet | null {
    if (fragment.fragment === LATER_FRAGMENT || this.#flows.reads(fragment)) return this.#fragments.take(fragment)
    this.#fragments.pass(fragment)
    return null
  }

  #say(pieces: Fragments, fragment: Packet): void {
    const whole = pieces.take(fragment)
    if (whole !== null) this.#flows.say(whole)
  }

  /** Counts a packet of which not even the bytes are looked at. */
  leaveOut(reason: string): void {
    this.records++
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + 1)
  }

  /** Notes that packets are missing somewhere in what was read so far. */
  dropped(records: number): void {
    if (this.first <= this.last) this.#dropped.add(this.first, this.last, records)
  }

  /** Hands on the flows that are still open. */
  finish(): void {
    this.#fragments.finish()
    this.#pieces?.finish()
    this.#flows.finish()
    this.#untimed?.finish()
  }

  account(format: string): ParseAccount {
    const leftOut = Object.fromEntries([...this.#leftOut].sort(([a], [b]) => (a < b ? -1 : 1)))
    const opened = this.#secrets?.opened
    const account = { format, records: this.records, used: this.#used, leftOut, gaps: this.#gaps() }
    return opened === undefined ? account : { ...account, opened }
  }

  #gaps(): Gap[] {
    const spans = [this.#dropped, this.#unread, this.#flows.lackingNames, this.#torn, this.#cut]
    return spans.flatMap((span) => span.gaps())
  }
}

/** Why a packet's time cannot be used, the same as of a flow log's rows; an empty text where it can. */
function untimedReason(time: Micros): string {
  // Beyond this, microseconds are not exact, and no rig's clock stands there.
  if (Math.abs(time) <= Number.MAX_SAFE_INTEGER) return ''
  return Number.isNaN(time) ? 'no-time' : 'time-out-of-range'
}

/** Hands flows on without times; what resolvers answered at no time is of no use. */
function untimedSink(sink: ParseSink): ParseSink {
  return {
    flows(batch) {
      for (const column of [batch.start, batch.end, batch.handshakeRttMs]) column.fill(Number.NaN, 0, batch.length)
      sink.flows(batch)
    },
    answer: () => {},
  }
}
