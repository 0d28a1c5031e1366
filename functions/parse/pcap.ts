/** Classic capture files: draft-ietf-opsawg-pcap, and the variant with longer record headers that old Linux kernels wrote. */
import { InputError } from '../errors.ts'
import type { CaptureReading, ParseAccount, Parser, ParseSink } from '../model.ts'
import { type Link, link } from './link-layer.ts'
import { PacketReader, type PacketTaker } from './packet-reader.ts'
import { RecordCutter, type RecordReader } from './record-cutter.ts'
import { Secrets } from './tls/secrets.ts'

const MICROSECONDS = 0xa1b2c3d4
const NANOSECONDS = 0xa1b23c4d
/** Microseconds, with eight more bytes in each record header (interface, protocol, type). */
const MODIFIED = 0xa1b2cd34

/** No capture holds longer packets of a link type that carries IP: libpcap's and Wireshark's own limit. */
export const LONGEST_PACKET = 262_144
/** The limit for the others, such as USB, whose packets are passed over. */
export const LONGEST_OTHER_PACKET = 128 * 1024 * 1024

/** Whether a file that begins like this is a classic capture. */
export function looksLikePcap(head: Uint8Array): boolean {
  if (head.length < 4) return false
  const view = new DataView(head.buffer, head.byteOffset)
  return [false, true].some((little) => [MICROSECONDS, NANOSECONDS, MODIFIED].includes(view.getUint32(0, little)))
}

export class PcapParser implements Parser, RecordReader {
  need = 24
  skip = 0
  readonly #cutter = new RecordCutter(this)
  readonly #packets: PacketTaker
  #headerRead = false
  #little = false
  #nanoseconds = false
  #recordHeader = 16
  /** Up to version 2.3 some writers stored the two lengths the other way round. */
  #lengthsMayBeSwapped = false
  #link: Link = link(-1)

  /** @param packets takes the packets, where they are not to become flows */
  constructor(sink: ParseSink, { keyLog }: CaptureReading = {}, packets?: PacketTaker) {
    this.#packets = packets ?? new PacketReader(sink, keyLog === undefined ? null : new Secrets(keyLog, false))
  }

  push(chunk: Uint8Array): void {
    try {
      this.#cutter.push(chunk)
    } catch (error) {
      this.#packets.finish()
      throw error
    }
  }

  end(): void {
    this.#packets.finish()
    if (!this.#headerRead) throw new InputError('the pcap file is cut short: it ends inside its header', { offset: 0 })
    this.#cutter.end('pcap file')
  }

  account(): ParseAccount {
    return this.#packets.account('pcap')
  }

  readRecords(bytes: Uint8Array, start: number, end: number, origin: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const little = this.#little
    const header = this.#recordHeader
    let at = start
    if (!this.#headerRead) {
      this.need = 24
      if (end - at < 24) return at
      this.#readHeader(view, at)
      return this.readRecords(bytes, at + 24, end, origin + 24)
    }
    while (end - at >= header) {
      let captured = view.getUint32(at + 8, little)
      let original = view.getUint32(at + 12, little)
      if (this.#lengthsMayBeSwapped && captured > original) [captured, original] = [original, captured]
      const limit = this.#link.unsupported === null ? LONGEST_PACKET : LONGEST_OTHER_PACKET
      if (captured > limit)
        throw new InputError(
          `a packet claims ${captured} captured bytes, more than the ${limit} that a packet may have: ` +
            'the file is damaged here',
          { offset: origin + at - start },
        )
      if (this.#link.unsupported !== null) {
        this.#packets.leaveOut(this.#link.unsupported)
        this.skip = captured
        return at + header
      }
      if (end - at - header < captured) {
        this.need = header + captured
        return at
      }
      const fraction = view.getUint32(at + 4, little)
      const time = view.getUint32(at, little) * 1e6 + (this.#nanoseconds ? Math.floor(fraction / 1000) : fraction)
      this.#packets.read(this.#link.layer, bytes, at + header, captured, original, time)
      at += header + captured
    }
    this.need = header
    return at
  }

  #readHeader(view: DataView, at: number): void {
    const magic = [false, true].map((little) => view.getUint32(at, little))
    this.#little = [MICROSECONDS, NANOSECONDS, MODIFIED].includes(magic[1] as number)
    const value = this.#little ? magic[1] : magic[0]
    this.#nanoseconds = value === NANOSECONDS
    this.#recordHeader = value === MODIFIED ? 24 : 16
    const major = view.getUint16(at + 4, this.#little)
    const minor = view.getUint16(at + 6, this.#little)
    if (major !== 2)
      throw new InputError(`pcap version ${major}.${minor} is not known; version 2.4 is read`, { offset: 4 })
    this.#lengthsMayBeSwapped = minor < 4
    // The upper bits hold the length of the frame check sequence; the link type is the lower 16.
    this.#link = link(view.getUint32(at + 20, this.#little) & 0xffff)
    this.#headerRead = true
  }
}
