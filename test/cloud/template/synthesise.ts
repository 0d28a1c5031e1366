/** Synthesises the stack of the development stage, as a deployment would. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './root.ts'

export interface Context {
  readonly rigs: readonly { readonly id: string; readonly prefixes: readonly string[] }[]
  readonly audits: readonly { readonly campaign: string; readonly schedule: string }[]
  readonly seedKeys: boolean
}

export interface Synthesised {
  /** Path of the template; its assets stand beside it. */
  readonly template: string
  remove(): void
}

/**
 * Runs `cdk synth` into a folder outside the project: there no function can find a package that its bundle or its layer lacks.
 * The template that CLOUD_TEMPLATE names is taken as it is instead.
 *
 * @throws Error with what the CDK says
 */
export function synthesise(context: Context): Synthesised {
  const { CLOUD_TEMPLATE } = process.env
  if (CLOUD_TEMPLATE) return { template: CLOUD_TEMPLATE, remove: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'domicile-cdk-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const chosen = Object.entries({ stage: 'dev', ...context }).flatMap(([name, value]) => [
    '-c',
    `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  ])
  try {
    execFileSync('npx', ['cdk', 'synth', '--quiet', '-o', folder, ...chosen], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: 300_000,
    })
    return { template: join(folder, 'domicile-dev.template.json'), remove }
  } catch (error) {
    remove()
    throw error
  }
}
