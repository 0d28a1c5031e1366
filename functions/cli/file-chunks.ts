/** A file as bytes in order: read into one piece of memory again and again. */
import { closeSync, openSync, readSync } from 'node:fs'

/**
 * What a core's own cache holds, so that a chunk is still in it when it is hashed and parsed. Larger reads take a third more
 * time in all; smaller ones cost calls.
 */
const CHUNK = 1 << 18

/**
 * Reads a file from the beginning to the end. Every chunk but the last has {@link CHUNK} bytes, also of a pipe; each is
 * overwritten by the next.
 *
 * Reading is synchronous, because handing 256 kB to a thread and back costs more than copying them out of the page cache;
 * what is not cached yet, the system reads ahead.
 *
 * @throws the system's error where the file cannot be opened or read
 */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = openSync(path, 'r')
  try {
    const chunk = new Uint8Array(CHUNK)
    for (;;) {
      const length = fill(file, chunk)
      if (length > 0) yield length === CHUNK ? chunk : chunk.subarray(0, length)
      if (length < CHUNK) return
    }
  } finally {
    closeSync(file)
  }
}

/** Reads until the chunk is full or the file ends. @returns how many bytes were read */
function fill(file: number, chunk: Uint8Array): number {
  let length = 0
  while (length < chunk.length) {
    const read = readSync(file, chunk, length, chunk.length - length, null)
    if (read === 0) break
    length += read
  }
  return length
}
