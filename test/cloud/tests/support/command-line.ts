/** The same audit by the command line, to which the cloud's is held. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../template/root.ts'

/**
 * The files of a report by name, as `domicile audit` writes them over a campaign's folder.
 *
 * @param seedKey file with the key of what was planted
 */
export async function auditOnDisk(folder: string, seedKey?: string): Promise<ReadonlyMap<string, Buffer>> {
  const out = mkdtempSync(join(tmpdir(), 'domicile-report-'))
  const key = seedKey === undefined ? [] : ['--seed-key', seedKey]
  try {
    const status = await exitStatus([join(root, 'dist/domicile.js'), 'audit', folder, '-o', out, ...key])
    if (![0, 1, 3].includes(status)) throw new Error(`domicile audit ${folder} ended with ${status}`)
    const names = ['report.json', 'report.html', 'findings.csv', 'inventory.csv', 'manifest.json']
    return new Map(names.map((name) => [name, readFileSync(join(out, name))]))
  } finally {
    rmSync(out, { recursive: true })
  }
}

function exitStatus(args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { timeout: 120_000 })
    child.stderr?.pipe(process.stderr)
    child.once('close', (code) => resolve(code ?? -1))
  })
}
