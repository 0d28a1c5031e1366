import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
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

/** A module and all that it imports before it runs; what `import()` asks for later is not among them. */
function loadedAtStart(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path)) return []
  seen.add(path)
  const imports = [...readFileSync(path, 'utf8').matchAll(/\bimport\s*(?:[\w$*{][^"'()]*?from\s*)?["'](\.[^"']+)["']/g)]
  return [path, ...imports.flatMap(([, target = '']) => loadedAtStart(resolve(dirname(path), target), seen))]
}

describe('the bundled program', () => {
  it('loads nothing but the command line for --help', () => {
    // What stands in the code of the databases' reader, of Parquet, of YAML and of the client for S3.
    const marks = ['node_modules/maxmind', 'parquet', 'YAMLParseError', 'ListObjectVersions']
    const chunks = readdirSync(join(root, 'dist/chunks')).filter((name) => name.endsWith('.js'))
    const everything = chunks.map((name) => readFileSync(join(root, 'dist/chunks', name), 'utf8')).join('')
    const atStart = loadedAtStart(program)
      .map((path) => readFileSync(path, 'utf8'))
      .join('')
    for (const mark of marks) {
      expect([mark, everything.includes(mark)]).toEqual([mark, true])
      expect([mark, atStart.includes(mark)]).toEqual([mark, false])
    }
    expect(domicile('--help').status).toBe(0)
  })

  it.each(['audit', 'flows', 'observe', 'locate', 'check', 'snapshots', 'explain'])(
    'loads the client for S3 in %s only where an s3:// path is used',
    (command) => {
      const chunk = readdirSync(join(root, 'dist/chunks')).find(
        (name) => name.startsWith(`${command}-command-`) && name.endsWith('.js'),
      )
      const atStart = loadedAtStart(join(root, 'dist/chunks', chunk ?? 'none'))
      expect(atStart.length).toBeGreaterThan(1)
      for (const path of [...atStart, ...loadedAtStart(join(root, 'dist/worker.js'))])
        expect([path, readFileSync(path, 'utf8').includes('ListObjectVersions')]).toEqual([path, false])
    },
  )

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

  it('takes one name each with --name, and the address behind it', () => {
    const run = domicile('locate', '--name', 'www.example.com', '10.0.0.1', '-r', folder)
    expect(run.stdout).toMatch(/^10\.0\.0\.1 /)
    expect(run.status).toBe(0)
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
