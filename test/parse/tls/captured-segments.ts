/** What went between clients and a server, as segments of TCP: handed to a reader, or written into a capture. */
import {
  block,
  enhancedPacket,
  ethernet,
  interfaceDescription,
  ipv4,
  join,
  numbers,
  pcap,
  sectionHeader,
  tcp,
} from '../capture-builder.ts'

export interface Segment {
  readonly connection: number
  readonly from: 'a' | 'b'
  readonly bytes: Uint8Array
}

const TLS_KEY_LOG = 0x544c534b
const FIRST_PORT = 40_000
const START = 1_414_800_000_000_000n

/** A Decryption Secrets Block with a key log. */
export function secretsBlock(keyLog: string, little = true): Uint8Array {
  const { u32 } = numbers(little)
  const bytes = new TextEncoder().encode(keyLog)
  return block(10, join(u32(TLS_KEY_LOG), u32(bytes.length), bytes), little)
}

export class CapturedSegments {
  readonly list: Segment[] = []
  #connections = 0

  begin(): number {
    return this.#connections++
  }

  add(connection: number, from: 'a' | 'b', bytes: Uint8Array): void {
    this.list.push({ connection, from, bytes })
  }

  /**
   * @param server the server's port
   * @param most bytes of a packet's payload
   */
  frames(server = 443, most = 1400): Uint8Array[] {
    const sent = new Map<string, number>()
    const frame = (connection: number, from: 'a' | 'b', flags: number, payload: Uint8Array<ArrayBuffer>) => {
      const [mine, other] = [`${connection}${from}`, `${connection}${from === 'a' ? 'b' : 'a'}`]
      const sequence = sent.get(mine) ?? 1000
      sent.set(mine, sequence + payload.length + (flags & 2 ? 1 : 0))
      const port = FIRST_PORT + connection
      const [source, target] = from === 'a' ? [port, server] : [server, port]
      const ends = from === 'a' ? {} : { from: '192.0.2.1', to: '10.0.0.1' }
      return ethernet(0x800, ipv4(tcp(source, target, flags, sequence, sent.get(other) ?? 0, payload), ends))
    }
    const frames: Uint8Array[] = []
    for (let connection = 0; connection < this.#connections; connection++) {
      frames.push(frame(connection, 'a', 2, new Uint8Array(0)), frame(connection, 'b', 0x12, new Uint8Array(0)))
      frames.push(frame(connection, 'a', 0x10, new Uint8Array(0)))
      for (const { from, bytes } of this.list.filter((segment) => segment.connection === connection))
        for (let at = 0; at < bytes.length; at += most)
          frames.push(frame(connection, from, 0x18, new Uint8Array(bytes.subarray(at, at + most))))
    }
    return frames
  }

  pcap(server = 443): Uint8Array {
    return pcap(this.frames(server).map((bytes) => ({ bytes })))
  }

  /** @param secrets what stands before the packet of an index */
  pcapng(secrets: Readonly<Record<number, string>> = {}, little = true): Uint8Array {
    const blocks = [sectionHeader(little), interfaceDescription(1, undefined, 0, little)]
    const secretsAt = (index: number) => (secrets[index] === undefined ? [] : [secretsBlock(secrets[index], little)])
    const frames = this.frames()
    for (const [i, bytes] of frames.entries())
      blocks.push(...secretsAt(i), enhancedPacket(bytes, START + BigInt(i) * 1000n, 0, little))
    return join(...blocks, ...secretsAt(frames.length))
  }
}
