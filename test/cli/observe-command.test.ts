import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../../functions/cli/observe-command.ts'
import type { Terminal } from '../../functions/cli/terminal.ts'
import type { Ledger } from '../../functions/model.ts'
import { evidenceId, ledgerKey } from '../../functions/observe/keys.ts'
import { readObservations } from '../../functions/observe/parquet.ts'

const log = `srcaddr dstaddr srcport dstport protocol packets bytes start end log-status
10.0.0.5 203.0.113.9 40000 443 6 10 1000 1414799990 1414799999 OK
10.0.0.5 203.0.113.9 40001 443 6 1 100 1414800000 1414800005 OK
- - - - - - - 1414800000 1414800060 NODATA
`

let folder = ''
let said: { out: string; err: string }
let terminal: Terminal

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'observe-'))
  said = { out: '', err: '' }
  terminal = {
    out: async (text) => {
      said.out += text
    },
    err: (text) => {
      said.err += text
    },
    interactive: false,
    color: false,
    stdin: (async function* () {})(),
    env: {},
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const filesOf = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort()

describe('domicile observe', () => {
  it('writes observations by UTC date and the ledger, and says so', async () => {
    writeFileSync(join(folder, 'flow.log'), log)
    const out = join(folder, 'evidence')
    expect(await run([join(folder, 'flow.log')], { out, campaign: 'mi' }, terminal)).toBe(0)
    const [ledgerFile = '', first = '', second = '', ...more] = filesOf(out)
    expect(more).toEqual([])
    const ledger = JSON.parse(readFileSync(join(out, ledgerFile), 'utf8')) as Ledger
    const id = evidenceId({ sha256: ledger.sha256, source: join(folder, 'flow.log'), sessionSha256: null })
    expect(ledger).toMatchObject({
      records: 3,
      used: 2,
      leftOut: { NODATA: 1 },
      flows: 2,
      session: 'unassigned',
      error: null,
    })
    expect([ledgerFile, first, second]).toEqual([
      `ledger/${id}.json`,
      `observations/campaign=mi/date=2014-10-31/${id}.parquet`,
      `observations/campaign=mi/date=2014-11-01/${id}.parquet`,
    ])
    const observations = await readObservations(readFileSync(join(out, first)))
    expect(observations).toMatchObject([{ remote: '203.0.113.9', port: 443, bytesOut: 1000, capture: ledger.sha256 }])
    expect(said.out).toContain(first)
  })

  it('names a capture of a session by its path within the campaign, wherever the command runs', async () => {
    const session = join(folder, 'mi', 'delhi', 'session.yaml')
    mkdirSync(join(folder, 'mi', 'delhi', 'captures'), { recursive: true })
    const text = 'apiVersion: domicile/v1\nkind: Session\nid: delhi\nrig: { id: rig-1, clockErrorMs: 5 }\n'
    writeFileSync(session, text)
    writeFileSync(join(folder, 'mi', 'delhi', 'captures', 'flow.log'), log)
    const out = join(folder, 'evidence')
    const paths = [join(folder, 'mi', 'delhi', 'captures', 'flow.log')]
    expect(await run(paths, { out, campaign: 'mi', session }, terminal)).toBe(0)
    const source = 'delhi/captures/flow.log'
    const sha256 = createHash('sha256').update(log).digest('hex')
    const sessionSha256 = createHash('sha256').update(text).digest('hex')
    const ledgerFile = join(out, ledgerKey(evidenceId({ sha256, source, sessionSha256 })))
    expect(JSON.parse(readFileSync(ledgerFile, 'utf8'))).toMatchObject({ source, session: 'delhi' })
  })

  it('writes the same bytes again', async () => {
    writeFileSync(join(folder, 'flow.log'), log)
    const bytes = async (name: string) => {
      const out = join(folder, name)
      await run([join(folder, 'flow.log')], { out, campaign: 'mi' }, terminal)
      return filesOf(out).map((file) => [file, readFileSync(join(out, file)).toString('base64')])
    }
    expect(await bytes('one')).toEqual(await bytes('two'))
  })

  it('goes on after files that cannot be read, keeps the account of what there was, and ends with 2', async () => {
    writeFileSync(join(folder, 'flow.log'), log)
    writeFileSync(join(folder, 'notes.txt'), 'nothing that was captured\n')
    const out = join(folder, 'evidence')
    const paths = ['notes.txt', 'missing.log', 'flow.log'].map((name) => join(folder, name))
    expect(await run(paths, { out, campaign: 'local' }, terminal)).toBe(2)
    expect(said.err).toMatch(/missing\.log: there is no such file/)
    expect(said.err).toMatch(/notes\.txt: .*not a capture/)
    expect(filesOf(out).filter((file) => file.startsWith('ledger/'))).toHaveLength(2)
    expect(filesOf(out).filter((file) => file.endsWith('.parquet'))).toHaveLength(2)
  })
})
