import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from './support/bundle.ts'

const readme = readFileSync(join(root, 'README.md'), 'utf8')
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'examples/redmi-1s/README.md'].concat(
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
)
/** The lines of every shell block of a document. */
const shellLines = (text: string) =>
  [...text.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'))

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'readme-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const domicile = (args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'dist/domicile.js'), ...args], { cwd: root, encoding: 'utf8' })

describe('README', () => {
  it('begins with two commands whose scripts exist', () => {
    expect(shellLines(readme).slice(0, 2)).toEqual(['npm ci && npm run demo', 'npm test'])
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']))
  })

  it('shows an audit that runs as written, ends with the status it says, and writes the files it names', () => {
    const line = shellLines(readme).find((l) => l.startsWith('npx domicile audit')) ?? ''
    const args = line.split(' ').slice(2)
    const out = args.at(-1) ?? ''
    const run = domicile([...args.slice(0, -1), join(folder, out)])
    expect(run.stderr).toBe('')
    expect(run.status).toBe(1)
    const named = [
      ...readme.matchAll(/`(report\.json|report\.html|findings\.csv|inventory\.csv|manifest\.json)`/g),
    ].map(([, name]) => name)
    expect(named).toHaveLength(5)
    expect(readdirSync(join(folder, out)).sort()).toEqual(named.sort())
  })

  it('lists the commands that there are', () => {
    const listed = [...readme.matchAll(/^\| `([a-z-]+)/gm)].map(([, name]) => name)
    const help = domicile(['--help']).stdout
    const commands = [...help.matchAll(/^ {2}([a-z][a-z-]*)/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== 'help')
    expect(listed.sort()).toEqual(commands.sort())
  })

  it('says truly how many sessions the example has', () => {
    const count = readdirSync(join(root, 'examples/redmi-1s')).filter((name) => name.startsWith('2014-')).length
    expect(count).toBe(11)
    expect(readme).toContain('eleven sessions')
  })
})

describe('every command', () => {
  const help = domicile(['--help']).stdout
  const commands = [...help.matchAll(/^ {2}([a-z][a-z-]*)/gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'help')

  it.each(commands)('%s has help with an example', (command) => {
    const run = domicile([command, '--help'])
    expect(run.status).toBe(0)
    const subcommands = [...run.stdout.matchAll(/^ {2}([a-z][a-z-]*) /gm)]
      .map(([, name]) => name ?? '')
      .filter((n) => n !== 'help')
    const texts = run.stdout.includes('Commands:')
      ? subcommands.map((name) => domicile([command, name, '--help']).stdout)
      : [run.stdout]
    for (const text of texts) expect(text).toMatch(new RegExp(`Examples?:\n {2}domicile ${command}`))
  })
})

describe('documents', () => {
  it.each(documents)('%s links to what is there', (document) => {
    const text = readFileSync(join(root, document), 'utf8')
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map(([, target]) => target ?? '')
    const missing = links.filter((target) => !existsSync(resolve(root, dirname(document), target)))
    expect(missing).toEqual([])
  })

  it.each(documents)('%s names npm scripts that exist', (document) => {
    const text = readFileSync(join(root, document), 'utf8')
    const named = [...text.matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name ?? '')
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})
