/** The example of the Redmi 1S as the stack knows it: its rigs and where each may write, and the schedule of its audit. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../template/root.ts'

export const campaign = 'redmi-1s'
export const folder = join(root, 'examples/redmi-1s')
/** Of what was planted in August. */
export const seedKeyFile = `${folder}.seed-key`

export interface ExampleSession {
  readonly name: string
  readonly rig: string
}

/** Sessions, with the rig that each `session.yaml` names. */
export const sessions: readonly ExampleSession[] = readdirSync(folder)
  .filter((name) => /^\d{4}-/.test(name))
  .map((name) => {
    const [, rig = ''] = /^rig:\s+id: (\S+)/m.exec(readFileSync(join(folder, name, 'session.yaml'), 'utf8')) ?? []
    return { name, rig }
  })

/** The campaign of the storm, and the only rig that writes it. */
export const storm = { campaign: 'storm', rig: 'rig-storm-01' }

export const rigs = [
  ...[...new Set(sessions.map(({ rig }) => rig))].map((id) => ({
    id,
    prefixes: sessions.filter(({ rig }) => rig === id).map(({ name }) => `${campaign}/${name}/`),
  })),
  { id: storm.rig, prefixes: [`${storm.campaign}/`] },
]

export const audits = [campaign, storm.campaign].map((name) => ({ campaign: name, schedule: 'cron(0 6 * * ? *)' }))
