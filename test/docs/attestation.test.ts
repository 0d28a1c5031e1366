import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statementOf } from '../../functions/report/statement.ts'
import { root } from '../support/bundle.ts'

const page = readFileSync(join(root, 'docs/deploy.md'), 'utf8')
const [, commands = ''] = /```sh\n([^`]*campaign\.sha256\n)```/s.exec(page) ?? []
const installed = spawnSync('bash', ['-c', 'command -v jq && command -v sha256sum']).status === 0

describe.skipIf(!installed)('holding a campaign against its attestation as the page says (needs jq)', () => {
  let folder = ''
  let report = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'domicile-attested-'))
    report = join(folder, 'report')
    cpSync(join(root, 'examples/redmi-1s'), join(folder, 'examples/redmi-1s'), { recursive: true })
    const audit = [join(root, 'dist/domicile.js'), 'audit', 'examples/redmi-1s', '-o', report]
    spawnSync(process.execPath, audit, { cwd: folder, timeout: 60_000 })
    const read = (name: string) => JSON.parse(readFileSync(join(report, name), 'utf8'))
    const time = '2014-11-12T06:00:00.000Z'
    writeFileSync(join(folder, 'statement.json'), statementOf(read('report.json'), read('manifest.json'), [], time))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const check = () => spawnSync('bash', ['-c', commands], { cwd: report, encoding: 'utf8', timeout: 30_000 })

  it('finds every capture, session and the declaration as they were', () => {
    const { status, stdout, stderr } = check()
    expect(stderr).toBe('')
    expect(stdout.trim().split('\n')).toHaveLength(26)
    expect(stdout.match(/: OK$/gm)).toHaveLength(26)
    expect(status).toBe(0)
  })

  it('fails where a session was changed', () => {
    const session = join(folder, 'examples/redmi-1s/2014-10-28-before-the-deadline/session.yaml')
    writeFileSync(session, `${readFileSync(session, 'utf8')}# changed\n`)
    expect(check().status).not.toBe(0)
  })
})
