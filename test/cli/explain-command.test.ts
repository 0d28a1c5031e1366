import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { run } from '../../functions/cli/explain-command.ts'
import type { Terminal } from '../../functions/cli/terminal.ts'
import { renderJson } from '../../functions/report/json.ts'
import { reportOf } from '../report/sample.ts'

const out = mkdtempSync(join(tmpdir(), 'domicile-explain-'))
afterAll(() => rmSync(out, { recursive: true }))
const report = reportOf()
writeFileSync(join(out, 'report.json'), renderJson(report))

function terminal(): Terminal & { text: string } {
  const shown = {
    text: '',
    out: async (text: string) => {
      shown.text += text
    },
    err: () => {},
    interactive: false,
    color: false,
    stdin: (async function* () {})(),
    env: {},
  }
  return shown
}

it('explains a finding of the report in a folder', async () => {
  const shown = terminal()
  const id = report.findings[0]?.id ?? ''
  expect(await run(out, id, shown)).toBe(0)
  expect(shown.text).toContain(id)
  expect(shown.text).toContain('6. Judged')
})

it('of an id that is none names some that are', async () => {
  await expect(run(out, 'F-ffffffff', terminal())).rejects.toThrow(report.findings[0]?.id)
})

it('of a folder without a report says which folder to give', async () => {
  await expect(run(join(out, 'nowhere'), 'F-1', terminal())).rejects.toThrow('domicile audit -o')
})

it('of a file that is no report says so', async () => {
  const other = mkdtempSync(join(tmpdir(), 'domicile-explain-'))
  for (const [text, says] of [
    ['{"schema":1}', 'no report'],
    ['null', 'no report'],
    ['{', 'reading'],
  ] as const) {
    writeFileSync(join(other, 'report.json'), text)
    await expect(run(other, 'F-1', terminal())).rejects.toThrow(says)
  }
  rmSync(other, { recursive: true })
})
