/** Long gzip streams, in chunks of every length that a disk or a server may hand over. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gunzip } from '../../functions/parse/gunzip.ts'

/** Bytes that cannot be packed, the same in every run, more than gunzip takes in small pieces. */
const plain = Buffer.concat(
  Array.from({ length: 200_000 }, (_, index) => createHash('sha256').update(String(index)).digest()),
)
const packed = gzipSync(plain, { level: 1 })

/** A first chunk of one length and the others of another, all in the same memory. */
async function* chunksOf(first: number, length: number, memory: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0, size = first; from < packed.length; from += size) {
    size = from === 0 ? first : length
    const part = packed.subarray(from, from + size)
    memory.set(part)
    yield memory.subarray(0, part.length)
  }
}

describe('gunzip of a long stream', () => {
  const lengths = [1, 1000, 17_000, 32_768, 60_000, 65_536, 100_001, 1_000_000]
  const cases = lengths.flatMap((first) => lengths.slice(1).map((length) => [first, length] as const))

  it.each(cases)('gives every byte where chunks have %i and then %i bytes', async (first, length) => {
    for (const memory of [new Uint8Array(1_000_000), Buffer.alloc(1_000_000)]) {
      const pieces: Uint8Array[] = []
      for await (const piece of gunzip(chunksOf(first, length, memory))) pieces.push(Uint8Array.from(piece))
      expect(Buffer.concat(pieces).equals(plain)).toBe(true)
    }
  })
})
