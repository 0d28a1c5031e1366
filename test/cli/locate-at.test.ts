import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { run } from '../../functions/cli/locate-command.ts'
import { memoryTerminal } from '../support/memory-terminal.ts'

const reference = mkdtempSync(join(tmpdir(), 'locate-at-'))

it('says that a time is still to come, and answers all the same', async () => {
  const terminal = memoryTerminal()
  expect(await run(['192.0.2.1'], { reference, at: '2999-01-01' }, terminal)).toBe(0)
  expect(terminal.stderr).toMatch(
    /^domicile locate: --at 2999-01-01 is still to come: no snapshot can be of then or after it/,
  )
  expect(terminal.stdout).toContain('192.0.2.1')
  const past = memoryTerminal()
  await run(['192.0.2.1'], { reference, at: '2014-11-03' }, past)
  expect(past.stderr).toBe('')
})
