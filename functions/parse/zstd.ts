/**
 * Unpacks zstd (RFC 8878). fzstd decodes the blocks; frames are walked here, so that a header's claim is checked first, and
 * a frame's checksum, of which fzstd takes no notice, at its end.
 */
import { Decompress } from 'fzstd'
import type { XXHash } from 'xxhash-wasm'
import { InputError } from '../errors.ts'
import { RecordCutter, type RecordReader } from './record-cutter.ts'

/** Frames may ask for as much memory as this: what zstd's levels up to 21 need. */
export const ZSTD_WINDOW_LIMIT = 64 * 1024 ** 2
/** Each block costs time however little it gives: so many may be tiny before their average is held against the least. */
const FREE_BLOCKS = 10_000
const LEAST_BYTES_A_BLOCK = 256

/** One block gives up to 128 KiB from 4 bytes: with few bytes at a time little output is held. */
const PIECE = 1024

const FRAME = 0xfd2f_b528
const SKIPPABLE = 0x184d_2a50
/** fzstd waits for 18 bytes before it decodes any: a frame of 18 bytes that is skipped makes it finish a shorter one. */
const FLUSH = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 10, ...new Uint8Array(13))

/**
 * @throws InputError where the stream is damaged or cut short, or gives other bytes than were packed; what was unpacked
 * before was yielded, and so was what a wrong checksum is of
 */
export async function* unzstd(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Few captures are packed by zstd: only they compile the hash.
  const { default: xxhash } = await import('xxhash-wasm')
  const { create64 } = await xxhash()
  const frames = new ZstdFrames(() => create64())
  for await (const chunk of packed)
    for (let at = 0; at < chunk.length; at += PIECE) {
      const error = frames.push(chunk.subarray(at, at + PIECE))
      yield* frames.take()
      if (error !== null) throw error
    }
  const error = frames.end()
  yield* frames.take()
  if (error !== null) throw error
}

/** Walks frames and blocks, and hands them to the decoder. */
class ZstdFrames implements RecordReader {
  need = 5
  skip = 0
  readonly #cutter = new RecordCutter(this)
  readonly #decoder = new Decompress((chunk) => {
    this.#bytes += chunk.length
    this.#hash?.update(chunk)
    if (chunk.length > 0) this.#unpacked.push(chunk)
  })
  readonly #newHash: () => XXHash<bigint>
  /** Of what the frame gave so far, where it ends with a checksum. */
  #hash: XXHash<bigint> | null = null
  #unpacked: Uint8Array[] = []
  #bytes = 0
  #blocks = 0
  #inFrame = false
  #checksumNext = false

  constructor(newHash: () => XXHash<bigint>) {
    this.#newHash = newHash
  }

  /** Returns what is wrong rather than throwing it, because the output before it counts. */
  push(piece: Uint8Array): InputError | null {
    return this.#guard(() => this.#cutter.push(piece))
  }

  end(): InputError | null {
    return this.#guard(() => {
      this.#cutter.end('zstd stream')
      if (this.#inFrame || this.#checksumNext)
        throw new InputError('the zstd stream is cut short: it ends inside a frame')
      this.#decoder.push(new Uint8Array(0), true)
    })
  }

  take(): Uint8Array[] {
    const taken = this.#unpacked
    this.#unpacked = []
    return taken
  }

  readRecords(bytes: Uint8Array, start: number, end: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = start
    while (this.skip === 0) {
      const read = this.#checksumNext
        ? this.#readChecksum(bytes, view, at, end)
        : this.#inFrame
          ? this.#readBlock(bytes, view, at, end)
          : this.#readFrameHeader(bytes, view, at, end)
      if (read === 0) break
      at += read
    }
    return at
  }

  /** RFC 8878, section 3.1.1.1, and skippable frames, section 3.1.2. */
  #readFrameHeader(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    if (!this.#has(5, at, end)) return 0
    const magic = view.getUint32(at, true)
    if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE) {
      if (!this.#has(8, at, end)) return 0
      this.skip = view.getUint32(at + 4, true)
      this.need = 5
      return 8
    }
    if (magic !== FRAME) throw new InputError('the zstd stream is damaged: what follows a frame is no frame')
    const descriptor = bytes[at + 4] as number
    const isSingle = (descriptor & 0x20) !== 0
    const dictionaryLength = [0, 1, 2, 4][descriptor & 3] as number
    const contentLength = [isSingle ? 1 : 0, 2, 4, 8][descriptor >>> 6] as number
    const length = 5 + (isSingle ? 0 : 1) + dictionaryLength + contentLength
    if (!this.#has(length, at, end)) return 0
    if ((descriptor & 8) !== 0) throw new InputError('the zstd stream is damaged: a reserved bit is set')
    const dictionaryAt = at + 5 + (isSingle ? 0 : 1)
    for (let i = 0; i < dictionaryLength; i++)
      if (bytes[dictionaryAt + i] !== 0)
        throw new InputError('the zstd stream needs a dictionary, which is not supported; pack it without one')
    const window = isSingle
      ? contentSize(view, dictionaryAt + dictionaryLength, contentLength)
      : windowSize(bytes[at + 5] as number)
    if (window > ZSTD_WINDOW_LIMIT)
      throw new InputError(
        `the zstd stream asks for a window of ${window} bytes, more than the limit of ${ZSTD_WINDOW_LIMIT}; ` +
          'pack it again without --long or --ultra',
      )
    this.#hash = (descriptor & 4) !== 0 ? this.#newHash() : null
    this.#inFrame = true
    this.#decoder.push(bytes.slice(at, at + length))
    return length
  }

  /** RFC 8878, section 3.1.1.2. */
  #readBlock(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    if (!this.#has(3, at, end)) return 0
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
    const type = (header >>> 1) & 3
    const size = header >>> 3
    if (type === 3 || size > 128 * 1024) throw new InputError('the zstd stream is damaged: a block cannot be')
    const length = 3 + (type === 1 ? 1 : size)
    if (!this.#has(length, at, end)) return 0
    if (++this.#blocks > FREE_BLOCKS && this.#bytes < (this.#blocks - FREE_BLOCKS) * LEAST_BYTES_A_BLOCK)
      throw new InputError(`unpacking stopped: ${this.#blocks} zstd blocks gave only ${this.#bytes} bytes`)
    // The decoder keeps what it is given until it can use it, and these bytes may be overwritten.
    this.#decoder.push(bytes.slice(at, at + length))
    if ((header & 1) === 1) {
      this.#inFrame = false
      this.#checksumNext = this.#hash !== null
      if (!this.#checksumNext) this.#decoder.push(FLUSH)
    }
    return length
  }

  /** The low four bytes of XXH64 with the seed 0 over all that the frame gave (RFC 8878, section 3.1.1). */
  #readChecksum(bytes: Uint8Array, view: DataView, at: number, end: number): number {
    if (!this.#has(4, at, end)) return 0
    this.#decoder.push(bytes.slice(at, at + 4))
    this.#decoder.push(FLUSH)
    const given = Number(BigInt.asUintN(32, this.#hash?.digest() ?? 0n))
    this.#hash = null
    this.#checksumNext = false
    if (given !== view.getUint32(at, true))
      throw new InputError(
        'the zstd stream is damaged (its content does not match its checksum); what it held up to here was read',
      )
    return 4
  }

  #has(length: number, at: number, end: number): boolean {
    this.need = length
    return end - at >= length
  }

  #guard(step: () => void): InputError | null {
    try {
      step()
      return null
    } catch (error) {
      // fzstd's own errors carry a code, but damaged tables can also make it leave its arrays.
      const reason = error instanceof Error ? error.message : String(error)
      return new InputError(error instanceof InputError ? reason : `the zstd stream is damaged (${reason})`, {
        offset: this.#bytes,
      })
    }
  }
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3))
  return base + (base / 8) * (descriptor & 7)
}

function contentSize(view: DataView, at: number, length: number): number {
  if (length === 1) return view.getUint8(at)
  if (length === 2) return view.getUint16(at, true) + 256
  if (length === 4) return view.getUint32(at, true)
  return Number(view.getBigUint64(at, true))
}
