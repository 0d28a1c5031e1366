/** Reads one capture whole: fingerprints its bytes, unpacks them, finds the format, and parses. */
import { createHash } from 'node:crypto'
import { InputError } from '../errors.ts'
import type { CaptureReading, ParseAccount, Parser, ParseSink } from '../model.ts'
import { unpack } from './decompress.ts'
import { HEAD_LENGTH, openParser } from './detect.ts'

/** What became of a capture. */
export interface CaptureRead extends ParseAccount {
  /** Hex, of the bytes as they were given. */
  readonly sha256: string
  /** Bytes as they were given. */
  readonly size: number
  /** What stopped the reading, with the byte or line; null where the capture was read whole. */
  readonly error: string | null
}

/** What a reader may be told about a capture, and who is told of its reading. */
export interface ReadOptions extends CaptureReading {
  /** Told about every {@link WATCH_EVERY} bytes how many records have been read; what it throws is thrown on. */
  readonly watch?: (records: number) => void
}

/** Unpacked bytes: rarely enough that counting costs nothing, often enough that what is read past a limit is little. */
export const WATCH_EVERY = 8 * 1024 ** 2

/**
 * Reads a capture. What it holds goes to the sink; what was read before an error counts.
 *
 * @param chunks the bytes as they were uploaded, packed or not; each may be overwritten once the next is asked for. An error
 * of this iterable itself is thrown on
 */
export async function readCapture(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions,
  sink: ParseSink,
): Promise<CaptureRead> {
  const given = new FingerprintedBytes(chunks)
  const opening = new Opening(sink, options)
  let error: string | null = null
  let unwatched = 0
  try {
    for await (const chunk of unpack(given)) {
      opening.push(chunk)
      unwatched += chunk.length
      if (unwatched < WATCH_EVERY) continue
      options.watch?.(opening.parser?.account().records ?? 0)
      unwatched = 0
    }
    opening.end()
  } catch (thrown) {
    error = describe(thrown)
    if (!opening.ended) endQuietly(opening)
  }
  await given.drain()
  const account = opening.parser?.account() ?? { format: 'unknown', records: 0, used: 0, leftOut: {}, gaps: [] }
  return { ...account, sha256: given.sha256(), size: given.size, error }
}

/** Collects the head of a capture, opens the parser that fits, and hands the bytes on. */
class Opening {
  parser: Parser | null = null
  ended = false
  readonly #sink: ParseSink
  readonly #reading: CaptureReading
  #head: Uint8Array[] = []
  #headLength = 0

  constructor(sink: ParseSink, reading: CaptureReading) {
    this.#sink = sink
    this.#reading = reading
  }

  push(chunk: Uint8Array): void {
    if (this.parser !== null) {
      this.parser.push(plain(chunk))
      return
    }
    this.#headLength += chunk.length
    const isEnough = this.#headLength >= HEAD_LENGTH
    // A chunk is only there until the next: what has to wait for it is copied.
    this.#head.push(isEnough ? chunk : new Uint8Array(chunk))
    if (isEnough) this.#open()
  }

  end(): void {
    if (this.parser === null) this.#open()
    this.ended = true
    this.parser?.end()
  }

  #open(): void {
    const head = plain(Buffer.concat(this.#head))
    this.#head = []
    this.parser = openParser(head.subarray(0, HEAD_LENGTH), this.#sink, this.#reading)
    this.parser.push(head)
  }
}

/** The same bytes, not as Node's Buffer: parsers then see one type of array, and stay compiled for it. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** After an error in the bytes, what was parsed before still counts, and a second complaint adds nothing. */
function endQuietly(opening: Opening): void {
  try {
    opening.end()
  } catch (thrown) {
    if (!(thrown instanceof InputError)) throw thrown
  }
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof InputError)) throw thrown
  if (thrown.line !== undefined) return `line ${thrown.line}: ${thrown.message}`
  return thrown.offset === undefined ? thrown.message : `byte ${thrown.offset}: ${thrown.message}`
}

/** Bytes that pass by and leave their fingerprint, also those that nobody wanted to read any more. */
class FingerprintedBytes implements AsyncIterable<Uint8Array> {
  size = 0
  readonly #hash = createHash('sha256')
  readonly #bytes: AsyncIterator<Uint8Array>

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#bytes = chunks[Symbol.asyncIterator]()
  }

  /** Stopping early leaves the rest to {@link drain}. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#next() }
  }

  async drain(): Promise<void> {
    while (!(await this.#next()).done);
  }

  sha256(): string {
    return this.#hash.digest('hex')
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    const result = await this.#bytes.next()
    if (!result.done) {
      this.#hash.update(result.value)
      this.size += result.value.length
    }
    return result
  }
}
