import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cacheFolder, isWithin } from '../../functions/cli/prefix-cache-for.ts'
import { root } from '../support/bundle.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prefix-cache-for-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the folder of what can be made again', () => {
  it.each([
    [{ DOMICILE_CACHE: '/x', XDG_CACHE_HOME: '/y', HOME: '/z' }, '/x'],
    [{ DOMICILE_CACHE: '', XDG_CACHE_HOME: '/y', HOME: '/z' }, '/y/domicile'],
    [{ XDG_CACHE_HOME: 'y', HOME: '/z' }, '/z/.cache/domicile'],
    [{ HOME: '/z' }, '/z/.cache/domicile'],
    [{ HOME: 'z' }, null],
    [{}, null],
  ])('is by %j in %j', (env, expected) => expect(cacheFolder(env)).toBe(expected))
})

describe('a path', () => {
  it('is within a folder also through links, and where it is not there yet', () => {
    mkdirSync(join(folder, 'reference'))
    symlinkSync(join(folder, 'reference'), join(folder, 'link'))
    const within = (path: string) => isWithin(join(folder, path), join(folder, 'reference'))
    expect(['reference', 'reference/a/b', 'link', 'link/a/b', 'reference/..a'].map(within)).toEqual(Array(5).fill(true))
    expect(['reference2', '.', 'a/reference', 'reference/..'].map(within)).toEqual(Array(4).fill(false))
  })
})

describe('the bundled program', () => {
  const locate = (env: Readonly<Record<string, string>>, reference = join(root, 'examples/redmi-1s/reference')) =>
    spawnSync(
      process.execPath,
      [join(root, 'dist/domicile.js'), 'locate', '54.183.1.1', '--at', '2014-11-04', '--json', '-r', reference],
      { env: { PATH: process.env.PATH ?? '', ...env }, encoding: 'utf8' },
    )

  it('prints the same whether it keeps tables, finds them, or can keep none', () => {
    const DOMICILE_CACHE = join(folder, 'cache')
    const runs = [
      locate({ DOMICILE_CACHE }),
      locate({ DOMICILE_CACHE }),
      locate({ DOMICILE_CACHE: '/dev/null' }),
      locate({}),
    ]
    for (const { status, stdout, stderr } of runs)
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: runs[0]?.stdout, stderr: '' })
    expect(readdirSync(join(DOMICILE_CACHE, 'prefixes')).length).toBeGreaterThan(0)
  })

  it('keeps nothing within the reference data', () => {
    const reference = join(folder, 'reference')
    cpSync(join(root, 'examples/redmi-1s/reference'), reference, { recursive: true })
    const before = readdirSync(reference, { recursive: true }).sort()
    expect(locate({ DOMICILE_CACHE: join(reference, 'cache') }, reference).status).toBe(0)
    expect(readdirSync(reference, { recursive: true }).sort()).toEqual(before)
  })
})
