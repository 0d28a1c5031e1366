/** Finds the ClientHello in the first packets of a QUIC connection: over several packets and datagrams, in any order. */
import { type ClientHello, readClientHello } from './client-hello.ts'
import { nameInChlo } from './gquic.ts'
import { type CryptoFrame, readCryptoFrames, readLongHeader } from './quic.ts'
import { InitialKeys } from './quic-keys.ts'

const CLIENT_HELLO = 1
/** Bytes of the handshake that are kept, packets that are tried, and keys that are kept of one flow. */
const LONGEST_HELLO = 16384
const MOST_PACKETS = 32
const MOST_KEYS = 3

export class QuicHello {
  /** Nothing more is to be tried. */
  over = false
  readonly #frames: CryptoFrame[] = []
  #bytes = 0
  #packets = 0
  /** Keys that opened a packet. The client keeps them when it is given another connection id to write to. */
  readonly #keys: InitialKeys[] = []

  /** Takes a datagram of either end; gives the hello once it is whole. */
  take(bytes: Uint8Array, offset: number, end: number): ClientHello | null {
    let at = offset
    while (at < end && !this.over) {
      const header = readLongHeader(bytes, at, end)
      if (!header || header.numberAt < 0) return null
      if (header.initial) {
        if (++this.#packets > MOST_PACKETS) this.over = true
        const frames = this.#open(bytes.subarray(at, header.end), header.numberAt - at, header.version, [
          header.idAt - at,
          header.idEnd - at,
        ])
        for (const frame of frames ? readCryptoFrames(frames, header.version) : []) this.#add(frame)
        const hello = frames ? this.#hello() : null
        if (hello) return hello
      }
      at = header.end
    }
    return null
  }

  #open(packet: Uint8Array, numberAt: number, version: number, id: readonly [number, number]): Uint8Array | null {
    for (const keys of this.#keys) {
      const frames = keys.open(packet, numberAt)
      if (frames) return frames
    }
    const keys = InitialKeys.of(version, packet.subarray(...id))
    const frames = keys?.open(packet, numberAt) ?? null
    if (keys && frames && this.#keys.length < MOST_KEYS) this.#keys.push(keys)
    return frames
  }

  #add(frame: CryptoFrame): void {
    this.#bytes += frame.data.length
    if (frame.data.length === 0) return
    if (this.#bytes > 4 * LONGEST_HELLO || frame.offset + frame.data.length > LONGEST_HELLO) return
    this.#frames.push({ offset: frame.offset, data: new Uint8Array(frame.data) })
  }

  /** The hello, where its bytes are there without a gap. */
  #hello(): ClientHello | null {
    const joined = new Uint8Array(this.#frames.reduce((most, f) => Math.max(most, f.offset + f.data.length), 0))
    let length = 0
    this.#frames.sort((a, b) => a.offset - b.offset)
    for (const { offset, data } of this.#frames) {
      if (offset > length) break
      joined.set(data, offset)
      length = Math.max(length, offset + data.length)
    }
    const legacy = nameInChlo(joined, 0, length)
    if (legacy !== null) return { serverName: legacy, encrypted: false }
    if (length < 4 || joined[0] !== CLIENT_HELLO) return null
    const wanted = 4 + (((joined[1] ?? 0) << 16) | ((joined[2] ?? 0) << 8) | (joined[3] ?? 0))
    return length >= wanted ? readClientHello(joined, 4, wanted) : null
  }
}
