/** Unpacks what rigs and services upload: gzip (RFC 1952) and zstd (RFC 8878), also one inside the other. */
import { createGunzip } from 'node:zlib'
import { InputError } from '../errors.ts'
import { unzstd } from './zstd.ts'

/** Where unpacking stops, so that a small file cannot cost days or disks. */
export const UNPACK_LIMITS = {
  /** Packings around each other. */
  depth: 3,
  /** Unpacked bytes of one capture. */
  bytes: 64 * 1024 ** 3,
  /** Unpacked bytes a packed one, once `ratioFrom` bytes are unpacked. Logs reach about 30, DEFLATE's end is 1032. */
  ratio: 500,
  ratioFrom: 64 * 1024 ** 2,
}

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
 * The bytes of a capture without their packings.
 *
 * @throws InputError where a packing is damaged or cut short, or a limit is passed; what was unpacked before was yielded,
 * but for the piece that is damaged
 */
export async function* unpack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let packed = 0
  const counted = async function* () {
    for await (const chunk of chunks) {
      packed += chunk.length
      yield chunk
    }
  }
  let stream: AsyncIterable<Uint8Array> = counted()
  for (let depth = 0; ; depth++) {
    const { head, rest } = await peek(stream, 4)
    const unpackOne = packingOf(head)
    if (unpackOne === null) {
      yield* rest
      return
    }
    if (depth === UNPACK_LIMITS.depth)
      throw new InputError(`packed more than ${UNPACK_LIMITS.depth} times over; unpack it before it is read`, {
        offset: 0,
      })
    stream = limited(unpackOne(rest), () => packed)
  }
}

type Unpack = (packed: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>

function packingOf(head: Uint8Array): Unpack | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return gunzip
  const isFrame = head[0] === 0x28 && head[1] === 0xb5
  // A zstd stream may begin with a frame to be skipped.
  const isSkippable = ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18
  return (isFrame && head[2] === 0x2f && head[3] === 0xfd) || isSkippable ? unzstd : null
}

async function* limited(unpacked: AsyncIterable<Uint8Array>, packed: () => number): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of unpacked) {
    bytes += chunk.length
    const { bytes: most, ratio, ratioFrom } = UNPACK_LIMITS
    if (bytes > most || (bytes > ratioFrom && bytes > packed() * ratio))
      throw new InputError(
        `unpacking stopped: ${packed()} packed bytes give more than ${bytes} (the limit is ${ratio} times as many, and ` +
          `${most} in all); if that is no trap, unpack the file before it is read`,
        { offset: bytes },
      )
    yield chunk
  }
}

/** The first bytes of a stream, and the whole stream still. */
async function peek(
  stream: AsyncIterable<Uint8Array>,
  length: number,
): Promise<{ head: Uint8Array; rest: AsyncIterable<Uint8Array> }> {
  const iterator = stream[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let bytes = 0
  while (bytes < length) {
    const { done, value } = await iterator.next()
    if (done) break
    bytes += value.length
    // A chunk is only there until the next: what has to wait for it is copied.
    first.push(bytes < length ? new Uint8Array(value) : value)
  }
  const rest = async function* () {
    yield* first
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  return { head: Buffer.concat(first).subarray(0, length), rest: rest() }
}

/**
 * Members of gzip one after the other. Each piece is unzipped in the thread pool while the caller works on what the piece
 * before it gave. Output is taken as it comes, because a zlib stream that fails throws away what it still holds.
 */
async function* gunzip(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const zlib = createGunzip({ chunkSize: UNPACKED_CHUNK })
  let unpacked: Uint8Array[] = []
  let bytes = 0
  let failure: Error | null = null
  let failed: () => void = () => undefined
  zlib.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length
    unpacked.push(chunk)
  })
  zlib.on('error', (error) => {
    failure = error
    failed()
  })
  // Zeros behind the last member are padding, at which zlib ends.
  let given = 0
  let ended = false
  zlib.on('end', () => {
    ended = true
  })
  const settled = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      failed = resolve
      start(resolve)
    })
  const take = () => {
    const taken = unpacked
    unpacked = []
    return taken
  }
  try {
    for await (const chunk of packed) {
      for (let at = 0, length = 0; at < chunk.length && failure === null; at += length) {
        length = given < longFrom ? PIECE : LONG_PIECE
        const piece = chunk.subarray(at, at + length)
        if (ended) {
          failure = somethingBehind(piece)
          continue
        }
        given += piece.length
        const before = take()
        const written = settled((done) => zlib.write(piece, () => done()))
        yield* before
        await written
        if (ended) failure = somethingBehind(piece.subarray(piece.length - (given - zlib.bytesWritten)))
      }
      if (failure !== null) break
    }
    if (failure === null && !ended)
      await settled((done) => {
        zlib.once('end', done)
        zlib.end()
      })
    yield* take()
    if (failure !== null) throw gzipError(failure, bytes)
  } finally {
    zlib.destroy()
  }
}

/** What is wrong where bytes that are not zero stand behind the end. */
function somethingBehind(padding: Uint8Array): Error | null {
  return padding.some((byte) => byte !== 0) ? new Error('something else stands behind its end') : null
}

function gzipError(failure: Error & { code?: string }, offset: number): InputError {
  const isCut = failure.code === 'Z_BUF_ERROR'
  return new InputError(
    isCut
      ? 'the gzip stream is cut short; what it held up to here was read'
      : `the gzip stream is damaged (${failure.message}); what it held up to here was read`,
    { offset },
  )
}
