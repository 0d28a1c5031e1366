/** Unpacks what rigs and services upload: gzip (RFC 1952), zlib (RFC 1950) and zstd (RFC 8878), also one inside the other. */
import { InputError } from '../errors.ts'
import { gunzip, inflate } from './gunzip.ts'
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

/** One a level of compression. */
const ZLIB_FLAGS: ReadonlySet<number> = new Set([0x01, 0x5e, 0x9c, 0xda])

function packingOf(head: Uint8Array): Unpack | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return gunzip
  // RFC 1950, section 2.2: a window of 32 kB, no dictionary, and a check sum over both bytes.
  if (head[0] === 0x78 && ZLIB_FLAGS.has(head[1] ?? 0)) return inflate
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
export async function peek(
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
