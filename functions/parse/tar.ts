/**
 * Files in a tar archive (POSIX.1-2017, pax, section "ustar Interchange Format"; with pax headers, and GNU's large sizes), one
 * after the other as their bytes come. Their names do not matter: a capture is known by its content. Archives put one behind the
 * other, as `cat` does, are read all: what stands behind the first one's end was uploaded, too.
 */
import { InputError } from '../errors.ts'
import { peek } from './decompress.ts'

const BLOCK = 512
/** A pax header holds names and times; a larger one than this is none. */
const LARGEST_PAX = 1 << 20

/** A stream of bytes that came alone, or was found in an archive. */
export interface Member {
  readonly inTar: boolean
  readonly chunks: AsyncIterable<Uint8Array>
}

/**
 * The files of a stream that is a tar archive; one that is none is yielded as it is.
 *
 * @throws InputError where the archive is damaged or cut short, or something else stands behind its end
 */
export async function* membersOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Member> {
  const { head, rest } = await peek(chunks, BLOCK)
  if (!isHeader(head)) {
    yield { inTar: false, chunks: rest }
    return
  }
  const bytes = new ArchiveBytes(rest)
  /** What a pax header says of the size of the file that follows. */
  let size: number | null = null
  for (;;) {
    let at = bytes.offset
    let header = await bytes.take(BLOCK)
    if (header.every((byte) => byte === 0)) {
      await bytes.passZeros()
      at = bytes.offset
      header = await bytes.takeUpTo(BLOCK)
      if (header.length === 0) return
      if (!isHeader(header))
        throw new InputError('behind the end of the tar archive stands something that is no tar archive', {
          offset: at,
        })
    }
    if (!isHeader(header))
      throw new InputError('the tar archive is damaged: here should be the header of a file', { offset: at })
    const type = String.fromCharCode(header[156] as number)
    const length: number = size ?? numberAt(header, 124, 12)
    size = null
    if (!Number.isSafeInteger(length))
      throw new InputError('the tar archive is damaged: a size is no number', { offset: at })
    const padding = (BLOCK - (length % BLOCK)) % BLOCK
    if (type === 'x' && length <= LARGEST_PAX) size = paxSize(await bytes.take(length))
    else {
      const content = bytes.next(length)
      if (type === '0' || type === '\0' || type === '7') yield { inTar: true, chunks: content }
      // What nobody wanted to read, and what is no file.
      for await (const _ of content);
    }
    await bytes.take(padding)
  }
}

/** Whether a block is a header of the ustar format whose checksum is right: the sum of its bytes, its own taken as blanks. */
function isHeader(block: Uint8Array): boolean {
  if (block.length < BLOCK || String.fromCharCode(...block.subarray(257, 262)) !== 'ustar') return false
  let sum = 8 * 32
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += block[i] as number
  return sum === numberAt(block, 148, 8)
}

/** A number in octal digits, or in GNU's base 256 where its first bit is set; NaN where it is neither. */
function numberAt(block: Uint8Array, at: number, length: number): number {
  if (((block[at] as number) & 0x80) !== 0) {
    let value = (block[at] as number) & 0x7f
    for (let i = 1; i < length; i++) value = value * 256 + (block[at + i] as number)
    return value
  }
  const digits = String.fromCharCode(...block.subarray(at, at + length))
    .replace(/[\0 ]+$/, '')
    .trimStart()
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : Number.NaN
}

/** The `size` of a pax header, whose records are `LENGTH KEY=VALUE` lines; null where it has none. */
function paxSize(bytes: Uint8Array): number | null {
  const text = new TextDecoder('latin1').decode(bytes)
  const size = /(?:^|\n)\d+ size=(\d+)\n/.exec(text)?.[1]
  return size === undefined ? null : Number(size)
}

/** Bytes that are taken in pieces of a known length. */
class ArchiveBytes {
  offset = 0
  readonly #chunks: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** The next bytes up to one that is not 0 are passed over. */
  async passZeros(): Promise<void> {
    while (await this.#hasMore()) {
      const found = this.#chunk.findIndex((byte) => byte !== 0)
      this.#pass(found < 0 ? this.#chunk.length : found)
      if (found >= 0) return
    }
  }

  /** The next bytes as {@link take} gives them, but fewer where they end. */
  async takeUpTo(length: number): Promise<Uint8Array> {
    const taken = new Uint8Array(length)
    let filled = 0
    while (filled < length && (await this.#hasMore())) {
      const piece = this.#pass(length - filled)
      taken.set(piece, filled)
      filled += piece.length
    }
    return taken.subarray(0, filled)
  }

  /** The next bytes as one array, which is the caller's. */
  async take(length: number): Promise<Uint8Array> {
    const taken = new Uint8Array(length)
    let filled = 0
    for await (const piece of this.next(length)) {
      taken.set(piece, filled)
      filled += piece.length
    }
    return taken
  }

  /** The next bytes as they come; read again, it goes on where it was left. */
  next(length: number): AsyncIterable<Uint8Array> {
    let left = length
    const pieces = async (): Promise<IteratorResult<Uint8Array>> => {
      if (left === 0) return { done: true, value: undefined }
      if (!(await this.#hasMore()))
        throw new InputError('the tar archive is cut short: it ends inside of a file', { offset: this.offset })
      const piece = this.#pass(left)
      left -= piece.length
      return { done: false, value: piece }
    }
    return { [Symbol.asyncIterator]: () => ({ next: pieces }) }
  }

  /** Whether a byte is there; then the chunk has one. */
  async #hasMore(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const { done, value } = await this.#chunks.next()
      if (done) return false
      this.#chunk = value
    }
    return true
  }

  /** What the chunk has of the next bytes. */
  #pass(most: number): Uint8Array {
    const piece = this.#chunk.subarray(0, most)
    this.#chunk = this.#chunk.subarray(piece.length)
    this.offset += piece.length
    return piece
  }
}
