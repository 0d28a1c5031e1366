/** gzip (RFC 1952) and zlib (RFC 1950), unzipped in the thread pool while the caller works. */
import { createGunzip, createInflate } from 'node:zlib'
import { InputError } from '../errors.ts'

/**
 * Bytes that are unzipped at a time: the most that they can give stays in memory until it is parsed, and where they are
 * damaged zlib keeps what they gave before the damage to itself.
 */
const PIECE = 32 * 1024
/** In a long stream the pieces are larger, because each costs a way to the thread pool and back; what can be lost stays a small share. */
const LONG_PIECE = 128 * 1024
const longFrom = 4 * 1024 ** 2
const UNPACKED_CHUNK = 512 * 1024

/**
 * Unpacks members of gzip one after the other. While the caller works on what one piece gave, the next is unzipped in the thread pool,
 * and one more waits, so that the thread pool never waits for the caller. Output is taken as it comes, because a zlib stream
 * that fails throws away what it still holds.
 *
 * @throws InputError where the stream is damaged or cut short
 */
export function gunzip(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return unzip(packed, 'gzip')
}

/** Unpacks one zlib stream, in the same way. */
export function inflate(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  return unzip(packed, 'zlib')
}

type Packing = 'gzip' | 'zlib'

async function* unzip(packed: AsyncIterable<Uint8Array>, packing: Packing): AsyncGenerator<Uint8Array> {
  const stream = new UnzipStream(packing)
  try {
    for await (const chunk of packed) {
      for (let at = 0; at < chunk.length && stream.failure === null; ) {
        // The chunk is only there until the next is asked for, and a piece is longer. A Buffer's own slice would not copy.
        const piece = Uint8Array.prototype.slice.call(chunk, at, at + stream.pieceLength)
        stream.write(piece)
        at += piece.length
        yield* stream.take()
        while (stream.isFull) {
          await stream.news()
          yield* stream.take()
        }
      }
      if (stream.failure !== null) break
    }
    stream.end()
    while (!stream.isDone) {
      await stream.news()
      yield* stream.take()
    }
    yield* stream.take()
    if (stream.failure !== null) throw unzipError(packing, stream.failure, stream.bytes)
  } finally {
    stream.destroy()
  }
}

/** Pieces that zlib has at a time: the one it works on, and the next. */
const PIECES = 2

/** Node's unzipping stream with its events as state, which a generator can wait for. */
class UnzipStream {
  /** Unpacked bytes so far. */
  bytes = 0
  failure: Error | null = null
  #ended = false
  #given = 0
  #unpacked: Uint8Array[] = []
  /** Pieces that were given and are not unpacked yet. */
  #pieces: Uint8Array[] = []
  #hasNews = false
  #wake: () => void = () => undefined
  readonly #zlib: ReturnType<typeof createGunzip>

  constructor(packing: Packing) {
    this.#zlib = (packing === 'gzip' ? createGunzip : createInflate)({ chunkSize: UNPACKED_CHUNK })
    this.#zlib.on('data', (chunk: Uint8Array) => {
      this.bytes += chunk.length
      this.#unpacked.push(chunk)
      this.#tell()
    })
    this.#zlib.on('error', (error) => {
      this.failure = error
      this.#tell()
    })
    this.#zlib.on('end', () => {
      // Zeros behind the last member are padding, at which zlib ends.
      this.#ended = true
      for (const piece of this.#behindEnd()) this.#expectPadding(piece)
      this.#pieces = []
      this.#tell()
    })
  }

  get pieceLength(): number {
    return this.#given < longFrom ? PIECE : LONG_PIECE
  }

  get isFull(): boolean {
    return this.#pieces.length >= PIECES && this.failure === null
  }

  get isDone(): boolean {
    return this.#ended || this.failure !== null
  }

  write(piece: Uint8Array): void {
    if (this.#ended) {
      this.#expectPadding(piece)
      return
    }
    this.#given += piece.length
    this.#pieces.push(piece)
    this.#zlib.write(piece, () => {
      this.#pieces.shift()
      this.#tell()
    })
  }

  end(): void {
    if (!this.isDone) this.#zlib.end()
  }

  /** Waits until something happened since the last call. */
  async news(): Promise<void> {
    if (!this.#hasNews)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    this.#hasNews = false
  }

  /** What was unpacked since the last call. */
  take(): readonly Uint8Array[] {
    const taken = this.#unpacked
    this.#unpacked = []
    return taken
  }

  destroy(): void {
    this.#zlib.destroy()
  }

  #tell(): void {
    this.#hasNews = true
    this.#wake()
  }

  /** What zlib was given and did not want any more. */
  #behindEnd(): Uint8Array[] {
    let unwanted = this.#given - this.#zlib.bytesWritten
    const behind: Uint8Array[] = []
    for (const piece of this.#pieces.toReversed()) {
      behind.push(piece.subarray(Math.max(0, piece.length - unwanted)))
      unwanted = Math.max(0, unwanted - piece.length)
    }
    return behind
  }

  #expectPadding(bytes: Uint8Array): void {
    if (this.failure === null && bytes.some((byte) => byte !== 0))
      this.failure = new Error('something else stands behind its end')
  }
}

function unzipError(packing: Packing, failure: Error & { code?: string }, offset: number): InputError {
  const isCut = failure.code === 'Z_BUF_ERROR'
  return new InputError(
    isCut
      ? `the ${packing} stream is cut short; what it held up to here was read`
      : `the ${packing} stream is damaged (${failure.message}); what it held up to here was read`,
    { offset },
  )
}
