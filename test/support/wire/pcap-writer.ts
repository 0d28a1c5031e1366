/** Writes pcap files (draft-ietf-opsawg-pcap): one header, then packets. */
import { Buffer } from 'node:buffer'

/** A packet on its way into a capture file. */
export interface CapturedPacket {
  /** Microseconds since the epoch; a fraction carries nanoseconds where the file can. */
  readonly time: number
  readonly bytes: Uint8Array
  /** Octets on the wire, where the capture kept fewer of them. */
  readonly originalLength?: number
}

export const LinkType = { null: 0, ethernet: 1, raw: 101, linuxSll: 113, linuxSll2: 276 } as const

/** A whole pcap file. `littleEndian` and microseconds are what dumpcap writes on most machines. */
export function writePcap(
  packets: readonly CapturedPacket[],
  options: {
    readonly linkType?: number
    readonly littleEndian?: boolean
    readonly nanoseconds?: boolean
    readonly snapLength?: number
  } = {},
): Buffer {
  const { linkType = LinkType.ethernet, littleEndian = true, nanoseconds = false, snapLength = 262_144 } = options
  const words = (...values: readonly number[]) => {
    const bytes = Buffer.alloc(4 * values.length)
    for (const [i, value] of values.entries())
      littleEndian ? bytes.writeUInt32LE(value, 4 * i) : bytes.writeUInt32BE(value, 4 * i)
    return bytes
  }
  // Version 2.4: the two halves stand in the order of the file.
  const version = littleEndian ? 0x0004_0002 : 0x0002_0004
  const header = words(nanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4, version, 0, 0, snapLength, linkType)
  const records = packets.flatMap(({ time, bytes, originalLength }) => {
    const kept = bytes.subarray(0, snapLength)
    const seconds = Math.floor(time / 1e6)
    const rest = time - seconds * 1e6
    const fraction = nanoseconds ? Math.round(rest * 1000) : Math.floor(rest)
    return [words(seconds, fraction, kept.length, originalLength ?? bytes.length), kept]
  })
  return Buffer.concat([header, ...records])
}
