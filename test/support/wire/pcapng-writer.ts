/** Writes pcapng files (draft-ietf-opsawg-pcapng): one section, its interfaces, enhanced packet blocks. */
import { Buffer } from 'node:buffer'
import { type CapturedPacket, LinkType } from './pcap-writer.ts'

export interface Interface {
  readonly name?: string
  readonly linkType?: number
  readonly snapLength?: number
  /** Power of ten of a second's parts: 6 microseconds, 9 nanoseconds. */
  readonly resolution?: 6 | 9
}

export interface InterfacePacket extends CapturedPacket {
  /** Index into the section's interfaces; default 0. */
  readonly interface?: number
}

export interface Section {
  readonly application?: string
  readonly interfaces: readonly Interface[]
  readonly packets: readonly InterfacePacket[]
  /** Packets that the interface lost, for its statistics block; none is written where this is left out. */
  readonly dropped?: number
  readonly littleEndian?: boolean
  /** Secrets of TLS connections (SSLKEYLOGFILE), for a block before the packets; none is written where this is left out or empty. */
  readonly keyLog?: string
}

/** `TLSK` */
const tlsKeyLog = 0x544c534b

const pad = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])

/** Writes integers and blocks in the byte order of one section. */
class SectionWriter {
  readonly #littleEndian: boolean

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian
  }

  u16(...values: readonly number[]): Buffer {
    const bytes = Buffer.alloc(2 * values.length)
    for (const [i, value] of values.entries())
      this.#littleEndian ? bytes.writeUInt16LE(value, 2 * i) : bytes.writeUInt16BE(value, 2 * i)
    return bytes
  }

  u32(...values: readonly number[]): Buffer {
    const bytes = Buffer.alloc(4 * values.length)
    for (const [i, value] of values.entries())
      this.#littleEndian ? bytes.writeUInt32LE(value, 4 * i) : bytes.writeUInt32BE(value, 4 * i)
    return bytes
  }

  /** High and low half of a 64-bit count of `1 / perSecond`: the order is fixed, whatever the byte order. */
  timestamp(micros: number, resolution: 6 | 9): Buffer {
    const ticks = resolution === 6 ? BigInt(Math.floor(micros)) : BigInt(Math.round(micros * 1000))
    return this.u32(Number(ticks >> 32n), Number(ticks & 0xffff_ffffn))
  }

  block(type: number, ...parts: readonly Uint8Array[]): Buffer {
    const body = Buffer.concat(parts)
    return Buffer.concat([this.u32(type, 12 + body.length), body, this.u32(12 + body.length)])
  }

  option(code: number, value: Uint8Array): Buffer {
    return Buffer.concat([this.u16(code, value.length), pad(value)])
  }
}

/** A whole pcapng file, section after section. */
export function writePcapng(sections: readonly Section[]): Buffer {
  return Buffer.concat(sections.map(writeSection))
}

function writeSection(section: Section): Buffer {
  const w = new SectionWriter(section.littleEndian ?? true)
  const end = w.u16(0, 0)
  const application = section.application === undefined ? [] : [w.option(4, Buffer.from(section.application)), end]
  // A section length of -1 says that it is not known.
  const head = w.block(0x0a0d0d0a, w.u32(0x1a2b3c4d), w.u16(1, 0), w.u32(0xffff_ffff, 0xffff_ffff), ...application)
  const interfaces = section.interfaces.map((one) =>
    w.block(
      1,
      w.u16(one.linkType ?? LinkType.ethernet, 0),
      w.u32(one.snapLength ?? 262_144),
      ...(one.name === undefined ? [] : [w.option(2, Buffer.from(one.name))]),
      w.option(9, Buffer.from([one.resolution ?? 6])),
      end,
    ),
  )
  const keyLog = Buffer.from(section.keyLog ?? '')
  const secrets = keyLog.length === 0 ? [] : [w.block(10, w.u32(tlsKeyLog, keyLog.length), pad(keyLog))]
  const resolutionOf = (index: number) => section.interfaces[index]?.resolution ?? 6
  const packets = section.packets.map(({ time, bytes, originalLength, interface: index = 0 }) =>
    w.block(
      6,
      w.u32(index),
      w.timestamp(time, resolutionOf(index)),
      w.u32(bytes.length, originalLength ?? bytes.length),
      pad(bytes),
    ),
  )
  const last = section.packets.at(-1)
  const statistics =
    section.dropped === undefined || !last
      ? []
      : [
          w.block(
            5,
            w.u32(0),
            w.timestamp(last.time, resolutionOf(0)),
            w.option(
              4,
              w.u32(...(section.littleEndian === false ? [0, section.packets.length] : [section.packets.length, 0])),
            ),
            w.option(5, w.u32(...(section.littleEndian === false ? [0, section.dropped] : [section.dropped, 0]))),
            end,
          ),
        ]
  return Buffer.concat([head, ...interfaces, ...secrets, ...packets, ...statistics])
}
