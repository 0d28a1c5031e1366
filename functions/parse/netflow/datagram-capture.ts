/** Packet captures of export datagrams on their way to a collector, by UDP. */
import { InputError } from '../../errors.ts'
import type { Micros, ParseAccount, ParseSink } from '../../model.ts'
import type { Layer } from '../ether-type.ts'
import { readIp } from '../ip.ts'
import { Packet, WHOLE } from '../packet.ts'
import type { PacketTaker } from '../packet-reader.ts'
import { NO_SFLOW } from './datagram-file.ts'
import { Datagrams } from './datagrams.ts'
import { hasPlausibleHeader, isSflow } from './looks-like-netflow.ts'

const UDP = 17

const NOT_NETFLOW = 'not-netflow'
const SFLOW = 'sflow-datagram'
const FRAGMENT = 'fragmented-datagram'

export class DatagramCapture implements PacketTaker {
  readonly #datagrams: Datagrams
  readonly #packet = new Packet()
  #view: DataView = new DataView(new ArrayBuffer(0))
  /** The bytes that the view is on: those of many packets. */
  #viewOf: Uint8Array = new Uint8Array(0)
  #exporter = ''
  #exporterWords = [0, 0, 0, 0]
  #sflow = 0

  constructor(sink: ParseSink) {
    this.#datagrams = new Datagrams(sink)
  }

  read(layer: Layer, bytes: Uint8Array, at: number, captured: number, original: number, time: Micros): void {
    const packet = this.#packet
    packet.bytes = bytes
    packet.at = at
    packet.end = at + captured
    packet.wireEnd = at + Math.max(original, captured)
    packet.time = Number.isNaN(time) ? 0 : time
    packet.macFrom = packet.macTo = -1
    packet.layers = 0
    const reason = layer(packet) || readIp(packet)
    if (reason !== '') this.leaveOut(reason)
    else this.#takePacket(bytes)
  }

  leaveOut(reason: string): void {
    this.#datagrams.records.leaveOut(reason)
  }

  /** Packets that the capture lost are missed by their sequence numbers. */
  dropped(): void {}

  /** @throws InputError where nothing in the capture was a datagram */
  finish(): void {
    this.#datagrams.finish()
    if (this.#datagrams.read > 0) return
    if (this.#sflow > 0) throw new InputError(NO_SFLOW)
    throw new InputError(
      'the capture holds no NetFlow or IPFIX datagrams: to see its own packets, read it without a format',
    )
  }

  account(): ParseAccount {
    return this.#datagrams.account('netflow')
  }

  #takePacket(bytes: Uint8Array): void {
    const { payloadAt: at, payloadEnd: end, protocol, fragment, isCut } = this.#packet
    const view = this.#viewOn(bytes)
    if (protocol !== UDP || at >= end) this.leaveOut(NOT_NETFLOW)
    else if (isSflow(view, at, end)) {
      this.#sflow++
      this.leaveOut(SFLOW)
    } else if (!hasPlausibleHeader(view, at, end)) this.leaveOut(NOT_NETFLOW)
    else if (fragment !== WHOLE) {
      this.#datagrams.read++
      this.leaveOut(FRAGMENT)
    } else this.#datagrams.take(bytes, view, at, end, this.#exporterOf(), isCut)
  }

  #viewOn(bytes: Uint8Array): DataView {
    if (bytes !== this.#viewOf) {
      this.#viewOf = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    }
    return this.#view
  }

  /** The sender's address, made text only where it is another than the last datagram's. */
  #exporterOf(): string {
    const { from0, from1, from2, from3 } = this.#packet
    const last = this.#exporterWords
    if (this.#exporter !== '' && last[0] === from0 && last[1] === from1 && last[2] === from2 && last[3] === from3)
      return this.#exporter
    this.#exporterWords = [from0, from1, from2, from3]
    this.#exporter = this.#exporterWords.join('.')
    return this.#exporter
  }
}
