/** pcapng capture files: draft-ietf-opsawg-pcapng. */
import { InputError } from '../errors.ts'
import type { CaptureReading, ParseAccount, Parser, ParseSink } from '../model.ts'
import { PacketReader, type PacketTaker } from './packet-reader.ts'
import { LONGEST_OTHER_PACKET, LONGEST_PACKET } from './pcap.ts'
import { type CaptureInterface, readDrops, readInterface, readOldDrops, readStatistics } from './pcapng-interface.ts'
import { RecordCutter, type RecordReader } from './record-cutter.ts'
import { Secrets } from './tls/secrets.ts'

const SECTION_HEADER = 0x0a0d0d0a
const BYTE_ORDER = 0x1a2b3c4d
const INTERFACE_DESCRIPTION = 1
const PACKET = 2
const SIMPLE_PACKET = 3
const INTERFACE_STATISTICS = 5
const ENHANCED_PACKET = 6
const DECRYPTION_SECRETS = 10

/** Blocks that stand among the packets as records of their own. */
const RECORDS_OF_OTHER_KINDS: ReadonlyMap<number, string> = new Map([
  [9, 'not a packet: systemd journal entry'],
  [0x204, 'not a packet: sysdig event'],
  [0x208, 'not a packet: sysdig event'],
  [0x216, 'not a packet: sysdig event'],
  [0x221, 'not a packet: sysdig event'],
  [0xbad, 'not a packet: custom block'],
  [0x4000_0bad, 'not a packet: custom block'],
])

/** Descriptions of interfaces and statistics are a few hundred bytes; this is far beyond any. */
const LONGEST_DESCRIPTION = 1 << 20
/** The secrets of TLS connections, as key logs have them: "TLSK" (section 4.7). */
const TLS_KEY_LOG = 0x544c534b
/** Some 15,000 connections. */
const LONGEST_SECRETS = 1 << 24
/** Beside its packet a block holds its own fields and options. */
const LONGEST_OPTIONS = 1 << 17
/** No capture has more; each costs memory. */
const MAX_INTERFACES = 1 << 16

/** Whether a file that begins like this is a pcapng capture. */
export function looksLikePcapng(head: Uint8Array): boolean {
  return head.length >= 4 && new DataView(head.buffer, head.byteOffset).getUint32(0) === SECTION_HEADER
}

export class PcapngParser implements Parser, RecordReader {
  need = 12
  skip = 0
  readonly #cutter = new RecordCutter(this)
  readonly #packets: PacketTaker
  readonly #secrets: Secrets
  /** Of the section that is read. */
  #little = false
  #interfaces: CaptureInterface[] = []
  #inSection = false

  /** @param packets takes the packets, where they are not to become flows */
  constructor(sink: ParseSink, { keyLog }: CaptureReading = {}, packets?: PacketTaker) {
    this.#secrets = new Secrets(keyLog, true)
    this.#packets = packets ?? new PacketReader(sink, this.#secrets)
  }

  push(chunk: Uint8Array): void {
    try {
      this.#cutter.push(chunk)
    } catch (error) {
      this.#finish()
      throw error
    }
  }

  end(): void {
    this.#finish()
    if (!this.#inSection) throw new InputError('the pcapng file is cut short: it ends inside its header', { offset: 0 })
    this.#cutter.end('pcapng file')
  }

  account(): ParseAccount {
    return this.#packets.account('pcapng')
  }

  readRecords(bytes: Uint8Array, start: number, end: number, origin: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = start
    while (this.skip === 0 && end - at >= 12) {
      const length = this.#readBlock(bytes, view, at, end, origin + at - start)
      if (length === 0) return at
      at += length
    }
    this.need = 12
    return at
  }

  /** Reads the block at `at` and returns how many bytes it took; 0 where it is not whole, `need` then says what it takes. */
  #readBlock(bytes: Uint8Array, view: DataView, at: number, end: number, offset: number): number {
    const type = view.getUint32(at, this.#little)
    if (type === SECTION_HEADER) return this.#readSectionHeader(view, at, end, offset)
    if (!this.#inSection) throw new InputError('the pcapng file does not begin with a section header', { offset })
    const length = view.getUint32(at + 4, this.#little)
    checkLength(length, 12, offset)
    const other = RECORDS_OF_OTHER_KINDS.get(type)
    if (other !== undefined) this.#packets.leaveOut(other)
    else if (type === ENHANCED_PACKET || type === PACKET) return this.#readPacket(bytes, view, at, end, length, offset)
    else if (type === SIMPLE_PACKET) return this.#readSimplePacket(bytes, view, at, end, length, offset)
    else if (type === DECRYPTION_SECRETS) return this.#readSecrets(bytes, view, at, end, length, offset)
    else if (type === INTERFACE_DESCRIPTION || type === INTERFACE_STATISTICS) {
      if (length > LONGEST_DESCRIPTION)
        throw new InputError(`a block of type ${type} claims ${length} bytes: the file is damaged here`, { offset })
      if (!this.#isWhole(view, at, end, length, offset)) return 0
      this.#readDescription(type, bytes, at, length, offset)
      return length
    }
    this.skip = length - 12
    return 12
  }

  #readDescription(type: number, bytes: Uint8Array, at: number, length: number, offset: number): void {
    if (type === INTERFACE_DESCRIPTION) {
      if (this.#interfaces.length === MAX_INTERFACES)
        throw new InputError(`a section has more than ${MAX_INTERFACES} interfaces: the file is damaged here`, {
          offset,
        })
      this.#interfaces.push(readInterface(bytes, at, length, this.#little, offset))
      return
    }
    const { interfaceId, dropped } = readStatistics(bytes, at, length, this.#little)
    const described = this.#interfaces[interfaceId]
    // The counters run on: the last that was written holds.
    if (described !== undefined) described.dropped = Math.max(described.dropped, dropped)
  }

  #readSecrets(bytes: Uint8Array, view: DataView, at: number, end: number, length: number, offset: number): number {
    checkLength(length, 20, offset)
    if (end - at < 16) {
      this.need = 16
      return 0
    }
    const size = view.getUint32(at + 12, this.#little)
    if (view.getUint32(at + 8, this.#little) !== TLS_KEY_LOG || length > LONGEST_SECRETS) {
      if (length > LONGEST_SECRETS) this.#packets.leaveOut('not a packet: more than 16 MiB of secrets in one block')
      this.skip = length - 16
      return 16
    }
    if (!this.#isWhole(view, at, end, length, offset)) return 0
    this.#secrets.add(bytes.subarray(at + 16, at + 16 + Math.min(size, length - 20)))
    return length
  }

  #readSectionHeader(view: DataView, at: number, end: number, offset: number): number {
    if (end - at < 16) {
      this.need = 16
      return 0
    }
    const little = view.getUint32(at + 8, true) === BYTE_ORDER
    if (!little && view.getUint32(at + 8, false) !== BYTE_ORDER)
      throw new InputError('a section header has no byte-order magic: the file is damaged here', { offset })
    const length = view.getUint32(at + 4, little)
    checkLength(length, 28, offset)
    const major = view.getUint16(at + 12, little)
    const minor = view.getUint16(at + 14, little)
    // 1.2 was written by mistake and means 1.0 (section 4.1).
    if (major !== 1 || (minor !== 0 && minor !== 2))
      throw new InputError(`pcapng version ${major}.${minor} is not known; version 1.0 is read`, { offset })
    this.#closeSection()
    this.#little = little
    this.#interfaces = []
    this.#inSection = true
    this.skip = length - 16
    return 16
  }

  #readPacket(bytes: Uint8Array, view: DataView, at: number, end: number, length: number, offset: number): number {
    const little = this.#little
    checkLength(length, 32, offset)
    if (end - at < 28) {
      this.need = 28
      return 0
    }
    // The old Packet Block holds a 16-bit interface and a count of drops in place of the 32-bit interface.
    const old = view.getUint32(at, little) === PACKET
    const described = this.#interface(old ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little), offset)
    const captured = view.getUint32(at + 20, little)
    const original = view.getUint32(at + 24, little)
    checkCaptured(captured, length - 32, described, offset)
    if (described.link.unsupported !== null) {
      this.#packets.leaveOut(described.link.unsupported)
      this.skip = length - 28
      return 28
    }
    if (length > captured + LONGEST_OPTIONS)
      throw new InputError(`a packet's block claims ${length} bytes: the file is damaged here`, { offset })
    if (!this.#isWhole(view, at, end, length, offset)) return 0
    described.droppedBefore += old
      ? readOldDrops(view, at, little)
      : readDrops(view, at + 28 + ((captured + 3) & ~3), at + length - 4, little)
    const time = described.time(view.getUint32(at + 12, little), view.getUint32(at + 16, little))
    this.#packets.read(described.link.layer, bytes, at + 28, captured, original, time)
    return length
  }

  /** A packet of the first interface, without a time. */
  #readSimplePacket(
    bytes: Uint8Array,
    view: DataView,
    at: number,
    end: number,
    length: number,
    offset: number,
  ): number {
    checkLength(length, 16, offset)
    const described = this.#interface(0, offset)
    const original = view.getUint32(at + 8, this.#little)
    const snapLength = described.snapLength === 0 ? original : Math.min(original, described.snapLength)
    const captured = Math.min(snapLength, length - 16)
    checkCaptured(captured, length - 16, described, offset)
    if (described.link.unsupported !== null) {
      this.#packets.leaveOut(described.link.unsupported)
      this.skip = length - 12
      return 12
    }
    if (length > captured + LONGEST_OPTIONS)
      throw new InputError(`a packet's block claims ${length} bytes: the file is damaged here`, { offset })
    if (!this.#isWhole(view, at, end, length, offset)) return 0
    this.#packets.read(described.link.layer, bytes, at + 12, captured, original, Number.NaN)
    return length
  }

  #interface(id: number, offset: number): CaptureInterface {
    const described = this.#interfaces[id]
    if (described === undefined)
      throw new InputError(`a packet is of interface ${id}, which the section does not describe`, { offset })
    return described
  }

  /** Whether the whole block is there, and its length stands at its end as at its beginning. */
  #isWhole(view: DataView, at: number, end: number, length: number, offset: number): boolean {
    if (end - at < length) {
      this.need = length
      return false
    }
    const trailer = view.getUint32(at + length - 4, this.#little)
    if (trailer !== length)
      throw new InputError(`a block's length is ${length} at its beginning and ${trailer} at its end`, { offset })
    return true
  }

  /** What the kernel or the interface dropped is missing somewhere in the span of the capture. */
  #closeSection(): void {
    const records = this.#interfaces.reduce(
      (sum, { dropped, droppedBefore }) => sum + Math.max(dropped, droppedBefore),
      0,
    )
    if (records > 0) this.#packets.dropped(records)
    this.#interfaces = []
  }

  #finish(): void {
    this.#closeSection()
    this.#packets.finish()
  }
}

function checkLength(length: number, least: number, offset: number): void {
  if (length < least || length % 4 !== 0)
    throw new InputError(
      `a block claims ${length} bytes, which must be a multiple of 4 and at least ${least}: the file is damaged here`,
      { offset },
    )
}

function checkCaptured(captured: number, room: number, described: CaptureInterface, offset: number): void {
  const limit = described.link.unsupported === null ? LONGEST_PACKET : LONGEST_OTHER_PACKET
  if (captured > room || captured > limit)
    throw new InputError(
      `a packet claims ${captured} captured bytes, more than ${captured > room ? 'its block has' : 'a packet may have'}: ` +
        'the file is damaged here',
      { offset },
    )
}
