/** Bundles the command line before the tests, so that those that run it run what stands in the tree. */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

export default function setup(): void {
  execFileSync(process.execPath, ['build.mjs'], { cwd: root, stdio: 'inherit' })
}
