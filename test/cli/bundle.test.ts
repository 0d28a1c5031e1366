import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCapture } from '../../bench/pcap-data.ts'
import { root } from '../support/bundle.ts'

const program = join(root, 'dist/domicile.js')
const captures = join(root, 'examples/redmi-1s/2014-11-04-california-and-singapore/captures')
const [capture = ''] = readdirSync(captures)
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const domicile = (...args: readonly string[]) =>
  spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 })

describe('the bundled program', () => {
  it('loads nothing but the command line for --help', () => {
    // What it may load is what stands in its entry and that entry's own chunks; a command's code is asked for by import().
    const entry = readFileSync(program, 'utf8')
    expect(entry).not.toMatch(/^import .*(maxmind|hyparquet|yaml)/m)
    expect(entry).not.toContain('mmdb')
    expect(domicile('--help').status).toBe(0)
  })

  it('ends with status 2 and says what is wrong for a command that there is not', () => {
    const run = domicile('adit')
    expect(run.status).toBe(2)
    expect(run.stderr).toMatch(/unknown command 'adit'/)
  })

  it('ends with status 2 and one line, without a stack, where the input is wrong', () => {
    const run = domicile('audit', 'nowhere')
    expect(run.status).toBe(2)
    expect(run.stderr).toBe('domicile: nowhere is not there: name a campaign folder or log files\n')
  })

  it('is not troubled by a reader that has seen enough', () => {
    const run = spawnSync(
      'sh',
      ['-c', `"$0" "$1" flows "$2" | head -1 | wc -l`, process.execPath, program, join(captures, capture)],
      {
        cwd: root,
        encoding: 'utf8',
      },
    )
    expect(run.stdout.trim()).toBe('1')
    expect(run.stderr).toBe('')
  })

  it('gives the same observations on several threads as on one', () => {
    const made = ['a', 'b', 'c'].map((name) => join(folder, `${name}.pcap`))
    for (const [i, path] of made.entries()) makeCapture(path, 14_000 + 12_000 * i)
    const out = (name: string, files: readonly string[]) => {
      const run = domicile('observe', ...files, '-o', join(folder, name))
      expect(run.status).toBe(0)
      return run.stdout
    }
    // Together they are worth threads; each alone is not.
    const together = out('together', made)
    const alone = made.map((path) => out('alone', [path])).join('')
    expect(together).toBe(alone)
  })
})
