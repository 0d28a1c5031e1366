/** What the fuzzer found once stays found: every file of `test/fixtures/fuzz` is read under every law. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { examine, READINGS } from './laws.ts'

const folder = resolve(import.meta.dirname, '../fixtures/fuzz')

describe('bytes that broke a law once', () => {
  it.each(readdirSync(folder))('break none: %s', { timeout: 20_000 }, async (name) => {
    const bytes = new Uint8Array(readFileSync(join(folder, name)))
    for (const reading of READINGS)
      for (const cuts of [[], [1, 5, 40, 500], [...bytes.keys()].slice(0, 2000)])
        expect((await examine(bytes, reading, cuts)).fault).toBeNull()
  })
})
