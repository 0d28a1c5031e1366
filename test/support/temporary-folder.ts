/** Gives a run of tests temporary folders of its own, and removes them with all that tests, and what they start, leave there. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-tests-'))
  process.env.TMPDIR = folder
  process.env.DOMICILE_CACHE = join(folder, 'cache')
  return () => rmSync(folder, { recursive: true, force: true })
}
