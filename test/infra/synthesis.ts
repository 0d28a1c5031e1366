/** Synthesises both stages as `npx cdk synth` does, on a machine without credentials and without a network. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { STAGES, type Stage } from '../../infra/settings.ts'
import type { Template } from './template.ts'

export interface Synthesis {
  /** What stands in cdk.out. */
  readonly folder: string
  readonly seconds: number
  readonly status: number | null
  readonly printed: string
  readonly templates: Readonly<Record<Stage, Template>>
  readonly remove: () => void
}

export function synthesise(): Synthesis {
  const folder = mkdtempSync(join(tmpdir(), 'domicile-synth-'))
  const began = performance.now()
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', '--output', join(folder, 'out')],
    {
      encoding: 'utf8',
      timeout: 300_000,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        AWS_EC2_METADATA_DISABLED: 'true',
        // Nobody listens there: whatever asks the network fails.
        HTTPS_PROXY: 'http://127.0.0.1:9',
        HTTP_PROXY: 'http://127.0.0.1:9',
      },
    },
  )
  const seconds = (performance.now() - began) / 1000
  const printed = stdout + stderr
  if (status !== 0) throw new Error(`cdk synth ended with ${status}:\n${printed}`)
  const read = (stage: Stage) =>
    JSON.parse(readFileSync(join(folder, `out/domicile-${stage}.template.json`), 'utf8')) as Template
  return {
    folder: join(folder, 'out'),
    seconds,
    status,
    printed,
    templates: Object.fromEntries(STAGES.map((stage) => [stage, read(stage)])) as Record<Stage, Template>,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
