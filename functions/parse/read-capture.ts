/** Reads one capture whole: fingerprints its bytes, unpacks them, finds the format, and parses. */
import { createHash } from 'node:crypto'
import { InputError } from '../errors.ts'
import type { CaptureReading, ParseAccount, Parser, ParseSink } from '../model.ts'
import { UNPACK_LIMITS, unpack } from './decompress.ts'
import { HEAD_LENGTH, openParser } from './detect.ts'
import { RecordAccount } from './record-account.ts'
import { type Member, membersOf } from './tar.ts'
import { ZeekJoin } from './zeek/join.ts'

/** What became of a capture. */
export interface CaptureRead extends ParseAccount {
  /** Hex, of the bytes as they were given. */
  readonly sha256: string
  /** Bytes as they were given. */
  readonly size: number
  /** What stopped the reading, with the byte or line; null where the capture was read whole. */
  readonly error: string | null
  /** SHA-256 of the captures that had a say in what was made of this one, sorted; left out where there are none. */
  readonly readWith?: readonly string[]
}

/** What a reader may be told about a capture, and who is told of its reading. */
export interface ReadOptions extends CaptureReading {
  /** Told about every {@link WATCH_EVERY} bytes how many records have been read; what it throws is thrown on. */
  readonly watch?: (records: number) => void
}

/** Unpacked bytes: rarely enough that counting costs nothing, often enough that what is read past a limit is little. */
export const WATCH_EVERY = 8 * 1024 ** 2

/** A capture that is to be read. */
export interface CaptureToRead {
  /** The bytes as they were uploaded, packed or not; each may be overwritten once the next is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>
  readonly options: ReadOptions
  readonly sink: ParseSink
}

/**
 * Reads a capture. What it holds goes to the sink; what was read before an error counts.
 *
 * @param chunks the bytes as they were uploaded; an error of this iterable itself is thrown on
 */
export async function readCapture(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions,
  sink: ParseSink,
): Promise<CaptureRead> {
  const [read] = await readCaptures([{ chunks, options, sink }])
  return read as CaptureRead
}

/**
 * Reads captures that belong together, in the order given: what one Zeek log says of a connection names the flow that another
 * has of it. Each is accounted for alone.
 *
 * @returns one for each, in the same order
 */
export async function readCaptures(captures: readonly CaptureToRead[]): Promise<CaptureRead[]> {
  const zeek = new ZeekJoin()
  const readings: OneReading[] = []
  for (const capture of captures) {
    const reading = new OneReading(capture, zeek)
    await reading.read()
    readings.push(reading)
  }
  zeek.end()
  const reads = readings.map((reading) => reading.result())
  return reads.map((read) => {
    const others = reads.filter((other) => other !== read && isZeek(other) && isZeek(read))
    return others.length === 0 ? read : { ...read, readWith: others.map(({ sha256 }) => sha256).sort() }
  })
}

const isZeek = ({ format }: CaptureRead) => /\bzeek\b/.test(format)

/** The reading of one capture: of one file, or of those in an archive one after the other. */
class OneReading {
  readonly #capture: CaptureToRead
  readonly #given: FingerprintedBytes
  readonly #zeek: ZeekJoin
  readonly #openings: Opening[] = []
  readonly #leftOut = new RecordAccount()
  #error: string | null = null
  #bytes = 0
  #unwatched = 0
  /** Flows of which content was handed on. */
  #said = 0

  constructor(capture: CaptureToRead, zeek: ZeekJoin) {
    this.#capture = capture
    this.#given = new FingerprintedBytes(capture.chunks)
    this.#zeek = zeek
  }

  async read(): Promise<void> {
    try {
      for await (const member of membersOf(unpack(this.#given))) await this.#readMember(member)
    } catch (thrown) {
      this.#error = describe(thrown)
    }
    await this.#given.drain()
  }

  /** @throws InputError where it cannot be read (further), or no file of an archive is a capture */
  async #readMember({ inTar, chunks }: Member): Promise<void> {
    const { sink, options } = this.#capture
    const opening = new Opening(inTar ? this.#numbered(sink) : sink, options, this.#zeek)
    this.#openings.push(opening)
    try {
      for await (const chunk of inTar ? unpack(chunks) : chunks) {
        opening.push(chunk)
        this.#watch(chunk.length, inTar)
      }
      opening.end()
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown
      const { isUnknown } = opening
      if (!opening.ended) endQuietly(opening)
      if (!inTar || !isUnknown) throw thrown
      this.#leftOut.leaveOut(opening.isEmpty ? 'tar-member-empty' : 'tar-member-not-known')
    }
  }

  /** Flows of an archive's files are numbered on from file to file. */
  #numbered(sink: ParseSink): ParseSink {
    if (!sink.content) return sink
    const before = this.#said
    return {
      answer: (answer) => sink.answer(answer),
      flows: (batch) => {
        for (let row = 0; row < batch.length; row++)
          if (batch.content[row] !== 0) batch.content[row] = (batch.content[row] as number) + before
        sink.flows(batch)
      },
      content: (content) => {
        const flow = content.flow + before
        this.#said = Math.max(this.#said, flow)
        sink.content?.({ ...content, flow })
      },
    }
  }

  #watch(bytes: number, inTar: boolean): void {
    this.#bytes += bytes
    this.#unwatched += bytes
    if (inTar && this.#bytes > UNPACK_LIMITS.bytes)
      throw new InputError(`reading stopped: the archive holds more than ${UNPACK_LIMITS.bytes} bytes`)
    if (this.#unwatched < WATCH_EVERY) return
    this.#capture.options.watch?.(this.#account().records)
    this.#unwatched = 0
  }

  result(): CaptureRead {
    const account = this.#account()
    const isUnknown = account.format === 'unknown' && this.#error === null
    const error = isUnknown ? 'no file in the tar archive is a capture that is known' : this.#error
    return { ...account, sha256: this.#given.sha256(), size: this.#given.size, error }
  }

  /** The sum of the accounts of all files. */
  #account(): ParseAccount {
    const accounts = this.#openings.flatMap(({ parser }) => parser?.account() ?? [])
    const [only] = accounts
    if (only && accounts.length === 1 && this.#leftOut.records === 0) return only
    const sum = new RecordAccount()
    for (const { used, leftOut } of [...accounts, this.#leftOut.account('', [])]) {
      sum.used += used
      for (const [reason, records] of Object.entries(leftOut)) sum.leaveOut(reason, records)
    }
    const formats = [...new Set(accounts.map(({ format }) => format))].sort()
    const gaps = accounts.flatMap((account) => account.gaps)
    const account = sum.account(formats.join(' and ') || 'unknown', gaps)
    const opened = accounts.flatMap((one) => one.opened ?? [])
    return opened.length === 0 ? account : { ...account, opened: opened.reduce((all, some) => all + some, 0) }
  }
}

/** Collects the head of a capture, opens the parser that fits, and hands the bytes on. */
class Opening {
  parser: Parser | null = null
  ended = false
  /** Whether no format is known that begins so. */
  isUnknown = false
  readonly #sink: ParseSink
  readonly #reading: CaptureReading
  readonly #zeek: ZeekJoin
  #head: Uint8Array[] = []
  #headLength = 0

  constructor(sink: ParseSink, reading: CaptureReading, zeek: ZeekJoin) {
    this.#sink = sink
    this.#reading = reading
    this.#zeek = zeek
  }

  get isEmpty(): boolean {
    return this.#headLength === 0
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
    this.isUnknown = true
    this.parser = openParser(head.subarray(0, HEAD_LENGTH), this.#sink, this.#reading, this.#zeek)
    this.isUnknown = false
    this.parser.push(head)
  }
}

/** The same bytes, not as Node's Buffer: parsers then see one type of array, and stay compiled for it. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** After an error in the bytes, what was parsed before still counts, and a second complaint adds nothing. */
function endQuietly(opening: Opening): void {
  quietly(() => opening.end())
  // A short capture is opened at its end, and may be found damaged there: what was read of it before has to be ended as well.
  if (!opening.ended && opening.parser !== null) quietly(() => opening.end())
}

function quietly(act: () => void): void {
  try {
    act()
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
