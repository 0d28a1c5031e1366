/** Files of export datagrams, one behind the other: IPFIX files (RFC 5655), and what collectors and tests keep of v5 and v9. */
import { InputError } from '../../errors.ts'
import type { ParseAccount, Parser, ParseSink } from '../../model.ts'
import { Datagrams } from './datagrams.ts'
import { datagramLength, NONE, UNKNOWN } from './frame.ts'
import { isSflow } from './looks-like-netflow.ts'

export const NO_SFLOW =
  'these are sFlow datagrams, samples of single packets, which are not read: have the switch export NetFlow v5, v9 or IPFIX'

export class DatagramFileParser implements Parser {
  readonly #datagrams: Datagrams
  /** A datagram that is not whole yet. */
  #held = new Uint8Array(1 << 12)
  #heldLength = 0
  /** In the file, of the first byte that is held. */
  #offset = 0

  constructor(sink: ParseSink) {
    this.#datagrams = new Datagrams(sink)
  }

  push(chunk: Uint8Array): void {
    if (this.#heldLength === 0) {
      const read = this.#take(chunk, chunk.length, false)
      this.#hold(chunk.subarray(read))
      return
    }
    this.#hold(chunk)
    const read = this.#take(this.#held, this.#heldLength, false)
    this.#held.copyWithin(0, read, this.#heldLength)
    this.#heldLength -= read
  }

  end(): void {
    const read = this.#take(this.#held, this.#heldLength, true)
    this.#datagrams.finish()
    const left = this.#heldLength - read
    this.#heldLength = 0
    if (left > 0)
      throw new InputError('the file of datagrams is cut short: it ends inside a datagram that begins here', {
        offset: this.#offset,
      })
  }

  account(): ParseAccount {
    return this.#datagrams.account('netflow')
  }

  /** Takes the whole datagrams. @returns how many bytes they were */
  #take(bytes: Uint8Array, end: number, isLast: boolean): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, end)
    let at = 0
    for (;;) {
      if (at === end) return at
      const length = datagramLength(view, at, end, isLast)
      if (length === NONE) throw this.#broken(view, at, end)
      if (length === UNKNOWN || length > end - at) {
        if (!isLast || end - at < 16) return at
        // What came of the last datagram counts.
        this.#datagrams.take(bytes, view, at, end, '', true)
        return at
      }
      this.#datagrams.take(bytes, view, at, at + length, '', false)
      at += length
      this.#offset += length
    }
  }

  #broken(view: DataView, at: number, end: number): InputError {
    const offset = this.#offset
    this.#datagrams.finish()
    this.#heldLength = 0
    if (isSflow(view, at, end)) return new InputError(NO_SFLOW, { offset })
    return new InputError(
      'no datagram of NetFlow v5, v9 or IPFIX begins here: the file is damaged, or holds something else',
      { offset },
    )
  }

  #hold(bytes: Uint8Array): void {
    const length = this.#heldLength + bytes.length
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(length, this.#held.length * 2))
      larger.set(this.#held.subarray(0, this.#heldLength))
      this.#held = larger
    }
    this.#held.set(bytes, this.#heldLength)
    this.#heldLength = length
  }
}
