/** The Redmi 1S example, observed: what an audit of it takes. */
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AuditInput, observeCapture } from '../../functions/audit.ts'
import { loadDeclaration, loadSession } from '../../functions/declare/load.ts'
import type { CaptureObservations, Observation, Session } from '../../functions/model.ts'
import { openReference } from '../../functions/reference/open-reference.ts'
import { FolderStore } from '../../functions/store/folder-store.ts'

const folder = join(import.meta.dirname, '../../examples/redmi-1s')

export async function exampleInput(): Promise<AuditInput & { readonly observations: readonly Observation[] }> {
  const { declaration } = loadDeclaration(readFileSync(join(folder, 'declaration.yaml'), 'utf8'), 'declaration.yaml')
  if (!declaration) throw new Error('the declaration of the example is wrong')
  const sessions: Session[] = []
  const observed: CaptureObservations[] = []
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('2014-'))) {
    const { session } = loadSession(readFileSync(join(folder, name, 'session.yaml'), 'utf8'), name)
    if (!session) throw new Error(`the session ${name} of the example is wrong`)
    sessions.push(session)
    for (const file of readdirSync(join(folder, name, 'captures'))) {
      const open = () => createReadStream(join(folder, name, 'captures', file))
      observed.push(await observeCapture({ source: `${name}/captures/${file}`, session, reading: {}, open }))
    }
  }
  return {
    declaration,
    sessions,
    ledgers: observed.map(({ ledger }) => ledger),
    observations: observed.flatMap(({ observations }) => observations),
    locator: await openReference(new FolderStore(join(folder, 'reference'))),
  }
}
