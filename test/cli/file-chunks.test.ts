import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fileChunks } from '../../functions/cli/file-chunks.ts'

const folder = mkdtempSync(join(tmpdir(), 'file-chunks-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function lengthsAndBytes(path: string): Promise<{ lengths: number[]; bytes: Buffer }> {
  const lengths: number[] = []
  const copies: Uint8Array[] = []
  for await (const chunk of fileChunks(path)) {
    lengths.push(chunk.length)
    copies.push(new Uint8Array(chunk))
  }
  return { lengths, bytes: Buffer.concat(copies) }
}

const bytesOf = (length: number) => Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7) ^ (i >>> 9)))

test.each([
  [0, []],
  [5, [5]],
  [262_144, [262_144]],
  [600_000, [262_144, 262_144, 75_712]],
])('a file of %i bytes comes whole and in order', async (length, lengths) => {
  const path = join(folder, `of-${length}`)
  writeFileSync(path, bytesOf(length))
  const read = await lengthsAndBytes(path)
  expect(read.lengths).toEqual(lengths)
  expect(read.bytes.equals(bytesOf(length))).toBe(true)
})

test('a file that is not there is the error of the system', async () => {
  await expect(lengthsAndBytes(join(folder, 'none'))).rejects.toThrow(/ENOENT/)
})

test.skipIf(process.platform === 'win32')('what trickles through a pipe comes in full chunks', async () => {
  const path = join(folder, 'pipe')
  const script = `mkfifo '${path}' && for i in 1 2 3 4 5; do head -c 60000 /dev/zero; done > '${path}'`
  const writer = spawn('sh', ['-c', script])
  await new Promise((resolve) => setTimeout(resolve, 200))
  const { lengths } = await lengthsAndBytes(path)
  expect(lengths).toEqual([262_144, 300_000 - 262_144])
  writer.kill()
})
